"""What the page on deployments states is what Terraform does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from aws_ssm_fetcher.core.function.functions import FUNCTIONS
from cost import memories, retentions
from make_contract import CONTRACT

ROOT: Final = Path(__file__).parent.parent.parent
MODULES: Final = ROOT / "terraform/modules"
PAGE: Final = (ROOT / "docs/reference/deployment.md").read_text()
ENVIRONMENTS: Final = ("dev", "staging", "prod")
DAYS: Final = {
    "days of `raw-data/`": "raw_data",
    "days of `processed-data/`": "processed_data",
    "days of the reports of runs": "reports",
    "days of `cache/` and `athena/`": "cache",
    "days of old versions": "old_versions",
    "days of logs": "logs",
}


def test_how_long_environments_keep_things_is_the_documented_time() -> None:
    text = (MODULES / "settings/main.tf").read_text()
    kept = {environment: retentions(text, environment) for environment in ENVIRONMENTS}

    rows = {row[0]: row[1:] for row in section("How environments differ")}

    assert {name: rows[title] for title, name in DAYS.items()} == {
        name: tuple(str(kept[environment][name]) for environment in ENVIRONMENTS) for name in DAYS.values()
    }


def test_what_functions_read_and_write_is_documented() -> None:
    contract = json.loads(CONTRACT.read_text())["functions"]

    rows = {
        name.strip("`"): (codes(reads), codes(writes))
        for name, reads, writes, _ in section("What functions may do")[1:]
    }

    assert rows == {
        function.name: (set(contract[function.name]["reads"]), set(function.writes)) for function in FUNCTIONS
    }


def test_functions_have_the_memory_that_their_page_suggests() -> None:
    page = (ROOT / "docs/reference/lambda-functions.md").read_text()

    suggested = {name: int(size) for name, size in re.findall(r"(?m)^\| (\w+) \| \d+ MB \| (\d+) MB \|$", page)}

    assert memories((MODULES / "settings/main.tf").read_text()) == suggested


def test_every_alarm_is_documented() -> None:
    own = re.findall(r'alarm_name +=\s"\$\{var\.name\}-([\w-]+)"', (MODULES / "function/alarms.tf").read_text())
    table = (MODULES / "monitoring/main.tf").read_text().partition("  alarms = {\n")[2].partition("\n  }\n}")[0]
    whole = re.findall(r"(?m)^    ([\w-]+) = \{$", table)

    documented = [name.strip("`") for name, *_ in section("Alarms")[1:]]

    assert documented == [f"<function>-{name}" for name in own] + [f"aws-ssm-data-dev-{name}" for name in whole]


def test_every_alarm_names_its_page_in_the_runbook_and_every_page_is_that_of_an_alarm() -> None:
    own = re.findall(r"\$\{var\.runbook\}/([\w-]+)\.md", (MODULES / "function/alarms.tf").read_text())
    table = (MODULES / "monitoring/main.tf").read_text().partition("  alarms = {\n")[2].partition("\n  }\n}")[0]
    whole = re.findall(r"(?m)^    ([\w-]+) = \{$", table)

    pages = sorted(path.stem for path in (ROOT / "docs/runbook").glob("*.md"))
    assert sorted([*own, *whole]) == pages
    assert "${var.runbook}/${each.key}.md" in (MODULES / "monitoring/main.tf").read_text()


def test_every_question_for_athena_is_documented_with_what_it_is_given() -> None:
    page = (ROOT / "docs/how-to/ask-athena.md").read_text()
    rows: dict[str, str] = dict(re.findall(r"(?m)^\| `(\w+)` \| [^|]+ \| ([^|]*?) ?\|$", page))

    questions = {path.stem: path.read_text().count("?") - 1 for path in MODULES.glob("analytics/queries/*.sql")}

    assert {name: len(given.split(", ")) if given else 0 for name, given in rows.items()} == questions


def section(title: str) -> list[tuple[str, ...]]:
    text = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def codes(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))
