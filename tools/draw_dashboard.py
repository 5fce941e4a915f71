"""Draw the dashboard of an environment as an image, from what its functions leave in the local cloud.

``python tools/draw_dashboard.py FILE.png`` applies ``dev`` to a cloud on this machine, starts a run for each of some
days, of which one fails, and draws each widget from its data, as CloudWatch lays them out. It needs Terraform and
Chromium, and takes a minute or two.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from build_packages import ROOT, build, version_of, write

sys.path += [str(ROOT), str(ROOT / "tests/support")]

from interpreters import interpreters
from local_cloud.cloud import LocalCloud
from local_cloud.environment import Environment
from local_cloud.insights import Line, ask
from local_cloud.looking import log_lines
from local_cloud.runtimes import runtime_of
from local_cloud.terraform import Workspace, copied, surroundings
from ssm_server import SsmServer, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


DAYS: Final = [datetime(2026, 10, day, 6, tzinfo=UTC) for day in (20, 21, 22, 23, 24, 25, 26, 27)]
REGIONS: Final = ("ap-south-2", "eu-west-3", "us-east-1")
SETTINGS: Final = {"SSM_REGION": "us-east-1", "CACHE_TTL": "0"}
COLUMN, ROW, GRID = 56, 44, 24
"""Pixels of a column and a row, and columns of a dashboard."""
COLOURS: Final = ("#0972d3", "#d13212", "#037f0c")
HEAD: Final = """<!doctype html><meta charset="utf-8"><style>
body { font: 13px sans-serif; margin: 8px; background: #f2f3f3 }
section { position: absolute; background: #fff; border: 1px solid #ccc; box-sizing: border-box; padding: 6px;
  overflow: hidden }
h2 { font-size: 14px; margin: 0 0 4px } table { border-collapse: collapse; width: 100% } svg { display: block }
td, th { text-align: left; border-bottom: 1px solid #eee; padding: 1px 8px; white-space: nowrap }
.OK { color: #037f0c } .ALARM { color: #d13212; font-weight: bold } span { margin-right: 18px }
</style>"""


def main() -> int:
    """Draw it."""
    target = Path(sys.argv[1]).resolve()
    with TemporaryDirectory() as scratch:
        page = Path(scratch, "dashboard.html")
        page.write_text(_page(Path(scratch)))
        chromium = shutil.which("chromium") or "google-chrome"
        shown = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1370,2300"]
        subprocess.run([chromium, *shown, f"--screenshot={target}", page.as_uri()], check=True)  # noqa: S603 - named in full
    return 0


def _page(scratch: Path) -> str:
    world = {"FEED_URL": "none", "RESOURCE_TYPES": "off"}
    runtimes = [runtime_of(interpreter) for interpreter in interpreters()]
    with (
        SsmServer(part(REGIONS, "es")) as ssm,
        LocalCloud(runtimes, {"AWS_ENDPOINT_URL_SSM": ssm.url, **world}) as cloud,
    ):
        ssm.allows = cloud.guard.allows_parameters
        write(build(ROOT, ROOT / ".cache/wheels"), scratch / "dist", version_of(ROOT))
        copied(scratch / "terraform", {"dev": {"settings": SETTINGS}})
        folder = scratch / "terraform/environments/dev"
        workspace = Workspace(folder, {"packages": str(scratch / "dist")}, surroundings(cloud.url))
        workspace.apply()
        environment = Environment(cloud, workspace, workspace.outputs())
        lines = [line for day in DAYS for line in _run(environment, day)]
        name = environment.outputs["dashboard_name"]
        body = json.loads(cloud.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])
        return HEAD + "".join(_sections(body["widgets"], lines))


def _run(environment: Environment, day: datetime) -> list[Line]:
    """Let a day's schedule come, and return the log lines that it leaves, dated by that day."""
    before = _texts(environment)
    environment.tick(day)
    if day == DAYS[-2]:
        environment.put("raw-data/2026/10/26/broken/inventory.json", b'{"document": "recipe"}')
    environment.settled()
    return [
        Line(f"/aws/lambda/{name}", day, text)
        for name, texts in _texts(environment).items()
        for text in (texts - before.get(name, Counter())).elements()
    ]


def _texts(environment: Environment) -> dict[str, Counter[str]]:
    """Count the log lines of each function."""
    written = environment.cloud.client("logs").describe_log_groups()["logGroups"]
    there = {group["logGroupName"] for group in written}
    return {
        name: Counter(log_lines(environment.cloud, name))
        for name in environment.outputs["function_names"].values()
        if f"/aws/lambda/{name}" in there
    }


def _sections(widgets: list[dict[str, Any]], lines: list[Line]) -> Iterator[str]:
    """Place widgets as CloudWatch does: from left to right, and below where there is no room."""
    x = y = height = 0
    for widget in widgets:
        if x + widget["width"] > GRID:
            x, y, height = 0, y + height, 0
        size = f"left:{8 + x * COLUMN}px;top:{8 + y * ROW}px;width:{widget['width'] * COLUMN - 6}px"
        drawn = _DRAWN[widget["type"]](widget["properties"], lines, widget)
        title = escape(widget["properties"]["title"])
        yield f'<section style="{size};height:{widget["height"] * ROW - 6}px"><h2>{title}</h2>{drawn}</section>'
        x, height = x + widget["width"], max(height, widget["height"])


def _graph(properties: Mapping[str, Any], lines: list[Line], widget: Mapping[str, Any]) -> str:
    """Draw a line for each metric over the days."""
    series = {metric[-1]: _values(metric, properties["stat"], lines) for metric in properties["metrics"]}
    top = max([1.0, *(value for values in series.values() for value in values if value is not None)])
    width, height = widget["width"] * COLUMN - 90, widget["height"] * ROW - 80
    drawn = [
        f'<text x="0" y="10" font-size="11">{top:,.6g}</text>',
        f'<text x="0" y="{height}" font-size="11">0</text>',
    ]
    for colour, values in zip(COLOURS, series.values(), strict=False):
        points = [
            (60 + place * width / (len(DAYS) - 1), height - (height - 8) * value / top)
            for place, value in enumerate(values)
            if value is not None
        ]
        drawn += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2.5" fill="{colour}"/>' for x, y in points]
        drawn += [
            f'<line x1="{a:.0f}" y1="{b:.0f}" x2="{c:.0f}" y2="{d:.0f}" stroke="{colour}"/>'
            for (a, b), (c, d) in pairwise(points)
        ]
    legend = "".join(f'<span style="color:{c}">{n}</span>' for c, n in zip(COLOURS, series, strict=False))
    return f'<svg width="{width + 70}" height="{height + 6}">{"".join(drawn)}</svg>{legend}'


def _values(metric: list[str], statistic: str, lines: list[Line]) -> list[float | None]:
    """Return a metric's value of each day."""
    namespace, name, _, function = metric
    gathered = []
    for day in DAYS:
        of_day = [line.fields for line in lines if line.time.date() == day.date() and line.log.endswith(f"/{function}")]
        measured = [float(value) for value in _measured(of_day, namespace, name)]
        gathered.append((sum(measured) if statistic == "Sum" else max(measured)) if measured else None)
    return gathered


def _measured(of_day: list[dict[str, Any]], namespace: str, name: str) -> Iterator[float]:
    if namespace != "AWS/Lambda":
        yield from (fields[name] for fields in of_day if name in fields and "_aws" in fields)
    elif name == "Duration":
        yield from (fields["record.metrics.durationMs"] for fields in of_day if "record.metrics.durationMs" in fields)
    else:
        counted = {"Invocations": ("type", "platform.report"), "Errors": ("level", "ERROR"), "Throttles": ("type", "-")}
        field, value = counted[name]
        yield from (float(fields.get(field) == value) for fields in of_day)


def _table(properties: Mapping[str, Any], lines: list[Line], _: object) -> str:
    """Answer a query, and show what it gives."""
    rows = ask(properties["query"], lines)
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    cells = [[f"<td>{escape(str(row.get(name, '')))}</td>" for name in names] for row in rows]
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    return f"<table><tr>{head}</tr>{body}</table>"


def _alarms(properties: Mapping[str, Any], _lines: object, _: object) -> str:
    return "".join(f"<span>{escape(arn.rpartition(':')[2])}</span>" for arn in properties["alarms"])


_DRAWN: Final = {"metric": _graph, "log": _table, "alarm": _alarms}


if __name__ == "__main__":
    sys.exit(main())
