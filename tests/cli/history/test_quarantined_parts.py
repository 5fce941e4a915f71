"""Parts of accepted runs that are quarantined, as ``history runs`` lists them."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from command_line import exit_code
from random_records import zoned
from stored_runs import CAUTION
from timelines import regions, seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.store.objects import Stored

CODES = "ec2 s3 sqs kms"
NAMES = {code: f"Amazon {code}" for code in CODES.split()}
ZONES = {f"wl-{number}": "wavelength-zone" for number in range(8)}
FEW = dict([*ZONES.items()][:2])

pytestmark = pytest.mark.usefixtures("short_past")


def of_day(number: int, zones: Mapping[str, str], names: Mapping[str, str]) -> Inventory:
    return zoned(seen(number, dict.fromkeys(["eu-west-1", *regions(1)], CODES), names=names), zones)  # type: ignore[arg-type] # kinds of zones


WHOLE, NAMELESS, ZONELESS, STILL = (
    of_day(0, ZONES, NAMES),
    of_day(1, ZONES, {}),
    of_day(2, FEW, {}),
    of_day(3, FEW, {}),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a store in which one run lost its names, and the next one its zones."""
    store = DirectoryStore(tmp_path)
    for inventory in (WHOLE, NAMELESS, ZONELESS, STILL):
        put(store, inventory)
    return tmp_path


def put(store: DirectoryStore, inventory: Inventory) -> None:
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    report(store, process(store, key, caution=CAUTION).key)


def asked(root: Path, *options: str) -> str:
    arguments = ["history", "runs", "--store", str(root), *options]
    return CliRunner().invoke(cli, arguments, catch_exceptions=False).stdout


def parts(root: Path) -> dict[str, list[tuple[str, str]]]:
    listed = json.loads(asked(root, "--json"))["runs"]
    return {
        run["run_id"]: [(reason["rule"], reason["strand"]) for reason in run["quarantined_strands"]] for run in listed
    }


def commands(root: Path) -> list[str]:
    return [line for line in asked(root).splitlines() if line.startswith("If AWS removed")]


def command(inventory: Inventory, strand: str, root: Path) -> str:
    run_id = inventory.run_id
    accept = f"aws-ssm-fetcher accept {run_id} --strand {strand} --store {root}"
    return f"If AWS removed {strand} in run {run_id}: {accept}"


def test_a_quarantined_part_is_listed_where_it_begins_and_with_the_newest_run(root: Path) -> None:
    assert parts(root) == {
        WHOLE.run_id: [],
        NAMELESS.run_id: [("strand-lost", "names")],
        ZONELESS.run_id: [("strand-lost", "wavelength-zones")],
        STILL.run_id: [("strand-lost", "wavelength-zones")],
    }


def test_the_text_has_the_reason_and_for_each_part_the_command_of_the_run_in_which_it_began(root: Path) -> None:
    text = asked(root)

    assert "4 in the history, a part of 3 quarantined" in text
    assert f"{' ' * 18}part quarantined: names: 4 of 4 (100 %) gone at once, limit 25 %\n" in text
    assert "gone at once, limit 25 %, since 2026-01-03\n" in text.replace(f"\n{' ' * 18}", " ")
    assert commands(root) == [command(NAMELESS, "names", root), command(ZONELESS, "wavelength-zones", root)]


def test_csv_has_the_parts_and_the_reasons_in_columns(root: Path) -> None:
    rows = list(csv.DictReader(StringIO(asked(root, "--csv"))))

    assert [row["strands"] for row in rows] == ["", "names", "wavelength-zones", "wavelength-zones"]
    assert rows[1]["strand_reasons"] == "part quarantined: names: 4 of 4 (100 %) gone at once, limit 25 %"


def test_the_command_for_zones_releases_them_in_all_runs_after_it(root: Path) -> None:
    exit_code("accept", ZONELESS.run_id, "--strand", "wavelength-zones", "--store", str(root))

    assert parts(root)[STILL.run_id] == []
    assert commands(root) == [command(NAMELESS, "names", root)]


def test_a_rejected_part_is_listed_as_that_and_without_a_command(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code("reject", NAMELESS.run_id, "--strand", "names", "--yes", "--store", str(root))

    assert capsys.readouterr().out == f"names of run {NAMELESS.run_id} is rejected\n"
    assert f"{' ' * 18}part rejected: names\n" in asked(root)
    assert commands(root) == [command(ZONELESS, "wavelength-zones", root)]


def test_zones_that_are_back_need_no_command(root: Path) -> None:
    put(DirectoryStore(root), of_day(4, ZONES, {}))

    assert parts(root)[ZONELESS.run_id] == [("strand-lost", "wavelength-zones")]
    assert commands(root) == [command(NAMELESS, "names", root)]


def test_only_the_analyses_of_runs_that_lost_something_are_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DirectoryStore(root)
    for number in range(4, 8):
        put(store, of_day(number, FEW, {}))
    read: list[str] = []
    original = DirectoryStore.read

    def noted(self: DirectoryStore, key: str) -> Stored:
        read.append(key)
        return original(self, key)

    monkeypatch.setattr(DirectoryStore, "read", noted)

    asked(root)

    days = sorted(key.split("/")[3] for key in read if key.endswith("analysis.json"))
    assert days == ["02", "03", "08"]
