from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, SourceError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.ports import ROOT, silent
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.parameter_store.reader import read_tree
from aws_ssm_fetcher.data_sources.saved_answers import saved_answers

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory

REGION = RegionCode("us-east-1")
TAKEN = datetime(2026, 10, 27, tzinfo=UTC)


def saved(path: Path, parameters: dict[str, str], **more: Any) -> Path:  # noqa: ANN401 - JSON
    """Save an answer as the command line writes it."""
    answer = {"Parameters": [{"Name": f"{ROOT}/{name}", "Value": value} for name, value in parameters.items()]}
    path.write_text(json.dumps(answer | more))
    return path


def imported(*files: Path) -> Inventory:
    store = MemoryStore()
    with ThreadPoolExecutor(1) as executor:
        key = collect(
            saved_answers(files, REGION),
            lambda _: Launches({}),
            store,
            run_id=RunId("r"),
            taken=TAKEN,
            executor=executor,
        )
    return run_documents.load_inventory(store.read(key).body, key)


def subtree(name: str) -> dict[str, str]:
    return {p.path: p.value for page in bundled_tree().pages(name, recursive=True) for p in page}


def test_a_saved_tree_gives_the_inventory_of_the_tree(tmp_path: Path, real_inventory: Inventory) -> None:
    regions = saved(tmp_path / "regions.json", subtree("regions"))
    services = tmp_path / "services.json.gz"
    services.write_bytes(gzip.compress(saved(tmp_path / "services.json", subtree("services")).read_bytes()))

    inventory = imported(regions, services)
    assert (inventory.offerings, inventory.services) == (real_inventory.offerings, real_inventory.services)
    assert [r.zones for r in inventory.regions] == [r.zones for r in real_inventory.regions]
    assert (inventory.source.kind, inventory.source.origin) == ("file", "2 files of saved answers")
    assert (inventory.source.detail, inventory.source.query_region) == ("full", "us-east-1")
    assert inventory.gaps == ()


def test_without_the_services_tree_it_is_a_gap(tmp_path: Path) -> None:
    inventory = imported(saved(tmp_path / "regions.json", subtree("regions")))

    assert [(gap.path, gap.error) for gap in inventory.gaps] == [("services", "NotInFiles")]
    assert (inventory.source.detail, len(inventory.offerings)) == ("endpoints", 9289)


def test_a_services_tree_that_was_saved_in_part_is_a_gap_and_no_pile_of_findings(tmp_path: Path) -> None:
    part = {name: value for name, value in subtree("services").items() if name.startswith("services/s")}
    inventory = imported(saved(tmp_path / "tree.json", subtree("regions") | part))

    assert [(gap.path, gap.error) for gap in inventory.gaps] == [("services", "NotInFiles")]
    assert {offering.only_in for offering in inventory.offerings} == {None}


def test_a_region_that_was_listed_and_not_saved_is_a_gap_and_not_an_empty_one(tmp_path: Path) -> None:
    parameters = subtree("regions") | subtree("services")
    kept = {name: value for name, value in parameters.items() if not name.startswith("regions/eu-west-3/")}

    inventory = imported(saved(tmp_path / "tree.json", kept))
    assert inventory.unread_regions == {"eu-west-3"}


def test_a_file_with_half_of_the_regions_is_refused_as_too_full_of_gaps(tmp_path: Path) -> None:
    parameters = subtree("regions")
    kept = {
        name: value for name, value in parameters.items() if not name.startswith("regions/us-") or name.count("/") < 2
    }

    with pytest.raises(SourceError, match="NotInFiles"):
        imported(saved(tmp_path / "regions.json", kept))


@pytest.mark.parametrize(
    "modified", ["2021-12-13T18:00:00.123000+00:00", "2021-12-13T19:00:00+01:00", 1639418400.123, 1639418400]
)
def test_version_and_date_are_kept_however_the_command_line_wrote_them(tmp_path: Path, modified: str | float) -> None:
    one = {"Name": f"{ROOT}/regions/a", "Value": "a", "Version": 1, "LastModifiedDate": modified}
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"Parameters": [one]}))

    (found,) = saved_answers([file], REGION).named(["regions/a"])
    assert found.stamp == Stamp(1, datetime(2021, 12, 13, 18, tzinfo=UTC))


def test_of_two_values_for_one_parameter_the_later_files_counts(tmp_path: Path) -> None:
    files = [saved(tmp_path / f"{name}.json", {"regions/a": name}) for name in ("old", "new")]

    assert [p.value for p in saved_answers(files, REGION).named(["regions/a"])] == ["new"]


BAD_STAMP = {"Name": f"{ROOT}/regions/a", "Value": "a", "Version": "x", "LastModifiedDate": "yesterday"}
ELSEWHERE = {"Name": "/aws/service/ami/x", "Value": "a"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "cut off"),
        (b'{"Parameters": [', "cut off"),
        (b"regions: all", "invalid JSON"),
        (b"[]", "a list"),
        (b'{"Parameters": "none"}', "text 'none'"),
        (b'{"Parameters": []}', "none of 0"),
        (b'{"Parameters": [{"Name": "x", "Value": null}]}', "null"),
        (b'{"Parameters": [{"Value": "x"}]}', "an object"),
        (json.dumps({"Parameters": [ELSEWHERE]}).encode(), "none of 1"),
        (json.dumps({"Parameters": [BAD_STAMP]}).encode(), "'x', 'yesterday'"),
        (json.dumps({"Parameters": [], "NextToken": "abc"}).encode(), "a NextToken"),
        (json.dumps({"Parameters": [{"Name": f"{ROOT}/regions/", "Value": ""}]}).encode(), "regions/"),
        (json.dumps({"Parameters": [{"Name": f"{ROOT}/", "Value": ""}]}).encode(), f"{ROOT}/'"),
        (b'{"Parameters": [{"Name": "x", "Value": "\\ud800"}]}', r"text '\ud800'"),
        (b'{"Parameters": [{"Name": "\\ud800", "Value": "x"}]}', r"text '\ud800'"),
        *(
            (
                json.dumps({"Parameters": [{"Name": f"{ROOT}/{path}", "Value": "x"}]}).encode(),
                f"{ROOT}/{path}', a folder",
            )
            for path in ("regions", "services", "regions/eu-west-3/services", "services/s3/regions")
        ),
        (b"\x1f\x8b\x08\x00", "ended before the end"),
        (gzip.compress(b"{}" * 500, mtime=0)[:20], "ended before the end"),
    ],
)
def test_what_is_no_whole_answer_is_refused_by_the_files_name(tmp_path: Path, body: bytes, found: str) -> None:
    file = tmp_path / "saved.json"
    file.write_bytes(body)

    with pytest.raises(DocumentRefusedError) as refused:
        saved_answers([file], REGION)
    assert refused.value.key == str(file)
    assert found in refused.value.found


def test_a_zip_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    file = tmp_path / "bomb.json.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for _ in range(257):
            packed.write(bytes(1_000_000))

    with pytest.raises(DocumentRefusedError, match="more than 256 MB"):
        saved_answers([file], REGION)


def test_least_detail_is_recognised_and_read_as_such(tmp_path: Path) -> None:
    parameters = {"regions/a": "a", "regions/a/services/s": "s", "services/s": "s", "services/s/longName": "S"}
    store = saved_answers([saved(tmp_path / "a.json", parameters)], REGION)

    with ThreadPoolExecutor(1) as executor:
        reading = read_tree(store, executor, max_gap_share=1.0, progress=silent)
    assert (store.source.detail, reading.left_out[:2]) == ("offerings", ("endpoints", "home-pages"))
    assert {p.path for p in reading.parameters} == set(parameters)
