"""What a person is told where a region could not be read: each count says of which regions it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.envelopes import to_json
from aws_ssm_fetcher.core.error_handling import PathUnreadError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.tables import statistics
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.queries.records.unread import uncounted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Captured = pytest.CaptureFixture[str]

NOTE = (
    "Could not be read: b. The 4 offerings in total include 1 there, listed under services/ only; partitions and "
    "coverage are of the 2 regions read, and what depends on the others is unknown."
)


def printed(capsys: Captured, *arguments: str) -> list[str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 0
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def unread(perfect_of: Callable[..., Inventory]) -> Inventory:
    """Return three regions, of which b was not read: the other subtree has s there."""
    inventory = perfect_of({"a": "s t", "b": "s", "c": "s"})
    a, *others = inventory.regions
    nameless = tuple(other._replace(name=None) if other.code == "b" else other for other in others)
    return inventory._replace(regions=(a, *nameless), gaps=(Gap("regions/b", "NotInFiles", 1, RegionCode("b")),))


@pytest.fixture
def store(tmp_path: Path, unread: Inventory) -> str:
    key = keys.inventory_key(unread.taken, unread.run_id)
    DirectoryStore(tmp_path).write(key, run_documents.dump_inventory(unread))
    return str(tmp_path)


def test_a_service_is_counted_against_the_regions_read_and_reported_apart_where_they_were_not(
    store: str, capsys: Captured
) -> None:
    printed(capsys, "process", "--quiet", "--store", store)

    lines = [" ".join(line.split()) for line in printed(capsys, "service", "s", "--store", store)]

    assert "Regions 2 of 2 read, 100.0 %" in lines
    begun = lines.index("Offered (2)")
    assert [line.partition(" ")[0] for line in lines[begun + 1 : begun + 3]] == ["a", "c"]
    begun = lines.index("Listed under services/ only, where the region could not be read (1)")
    assert lines[begun + 1] == "b regional s.b.amazonaws.com"


def test_a_service_of_a_record_that_was_read_whole_is_counted_against_all_regions(capsys: Captured) -> None:
    lines = printed(capsys, "service", "bedrock")

    assert [line.split(None, 1)[1] for line in lines if line.startswith(" Regions")] == ["36 of 39, 92.3 %"]


def test_beside_the_figures_stands_which_of_them_leave_out_the_region(store: str, capsys: Captured) -> None:
    for command in ("process", "stats"):
        assert NOTE in " ".join(printed(capsys, command, "--store", store))


def test_of_a_record_that_was_read_whole_nothing_is_left_out(perfect_of: Callable[..., Inventory]) -> None:
    assert uncounted(perfect_of({"a": "s"})) is None


def test_a_region_without_a_name_is_titled_by_its_code_once(store: str, capsys: Captured) -> None:
    printed(capsys, "process", "--quiet", "--store", store)

    lines = printed(capsys, "region", "b", "--store", store)
    assert lines[lines.index("") + 1] == "b"


def test_one_attempt_is_reported_as_one(store: str, tmp_path: Path, capsys: Captured) -> None:
    archive = tmp_path / "saved.json"
    name = "/aws/service/global-infrastructure/regions"
    below = ("", "/services/s", "/services/s/endpoint")
    given = [f"{name}/r{code}{rest}" for code in range(45) for rest in below if (code, rest[:1]) != (7, "/")]
    values = [{"Name": item, "Value": item.rpartition("/")[2]} for item in given]
    archive.write_text(to_json({"Parameters": values}).decode())

    lines = printed(
        capsys, "import", str(archive), "--taken", "2026-11-01", "--query-region", "us-east-1", "--store", store
    )

    gaps = [" ".join(line.split()) for line in lines if "Could not be read" in line]
    assert "Could not be read regions/r7: NotInFiles after 1 attempt" in gaps
    assert str(PathUnreadError("services", code="NotInFiles", attempts=1)) == "services: NotInFiles after 1 attempt."


def test_the_workbook_says_which_regions_were_not_read(unread: Inventory) -> None:
    rows = {row[1]: row[2:] for row in statistics(analyse(unread)).rows}

    assert rows["Regions not read"][0] == "b"


def test_an_archive_without_the_services_of_a_region_says_what_the_region_is(tmp_path: Path) -> None:
    name = "/aws/service/global-infrastructure/regions"
    below = ("", "/longName", "/partition", "/services/s", "/services/s/endpoint", "/availability-zones/z")
    given = [f"{name}/r{code}{rest}" for code in range(45) for rest in below if (code, rest[:5]) != (7, "/serv")]
    archive = tmp_path / "saved.json"
    archive.write_bytes(to_json({"Parameters": [{"Name": item, "Value": item.rpartition("/")[2]} for item in given]}))

    with pytest.raises(SystemExit) as ended:
        main(["import", str(archive), "--taken", "2026-11-01", "--query-region", "us-east-1", "--store", str(tmp_path)])
    assert ended.value.code == 0

    store = DirectoryStore(tmp_path)
    key = next(store.keys(keys.RAW_DATA))
    read = run_documents.load_inventory(store.read(key).body, key)
    assert read.unread_regions == {"r7"}
    assert [(region.name, region.partition) for region in read.regions if region.code == "r7"] == [
        ("longName", "partition")
    ]
