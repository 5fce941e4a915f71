from __future__ import annotations

import gzip
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, SourceError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.ports import ROOT, Parameter, silent
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.parameter_store.reader import read_tree
from aws_ssm_fetcher.data_sources.saved_answers import saved_answers

if TYPE_CHECKING:
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
    single = {"Name": f"{ROOT}/regions/a", "Value": "a", "Version": 1, "LastModifiedDate": modified}
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"Parameters": [single]}))

    (result,) = saved_answers([file], REGION).named(["regions/a"])
    assert result.stamp == Stamp(1, datetime(2021, 12, 13, 18, tzinfo=UTC))


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
        (b"[]", "none of them"),
        (b'{"Parameters": "none"}', "text 'none'"),
        (b'{"Parameters": []}', "none of them"),
        (b'{"Parameters": [{"Name": "x", "Value": null}]}', "null"),
        (b'{"Parameters": [{"Value": "x"}]}', "an object"),
        (json.dumps({"Parameters": [ELSEWHERE]}).encode(), "none of them"),
        (json.dumps({"Parameters": [BAD_STAMP]}).encode(), "'x', 'yesterday' of"),
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


def test_packed_files_within_a_zip_file_share_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws_ssm_fetcher.data_sources.saved_files.LARGEST_BYTES", 1_000)
    page = saved(tmp_path / "a.json", {"regions/a": "a", "services/s": "s"}).read_bytes()
    with zipfile.ZipFile(tmp_path / "bombs.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.json.gz", gzip.compress(page.ljust(600)))

    with pytest.raises(DocumentRefusedError, match="a saved tree"):
        saved_answers([tmp_path / "bombs.zip"], REGION)


def test_least_detail_is_recognised_and_read_as_such(tmp_path: Path) -> None:
    parameters = {"regions/a": "a", "regions/a/services/s": "s", "services/s": "s", "services/s/longName": "S"}
    store = saved_answers([saved(tmp_path / "a.json", parameters)], REGION)

    with ThreadPoolExecutor(1) as executor:
        reading = read_tree(store, executor, max_gap_share=1.0, progress=silent)
    assert (store.source.detail, reading.left_out[:2]) == ("offerings", ("endpoints", "home-pages"))
    assert {p.path for p in reading.parameters} == set(parameters)


SMALL = {
    "regions/eu-west-3": "eu-west-3",
    "regions/eu-west-3/longName": "Europe (Paris)",
    "regions/eu-west-3/services/s3": "s3",
    "services/s3": "s3",
    "services/s3/longName": "Amazon S3",
}
WRITTEN = "2019-05-01T12:00:00Z"
ENTRIES = [
    {
        "Name": f"{ROOT}/{path}",
        "Type": "String",
        "Value": value,
        "Version": 1,
        "LastModifiedDate": "2019-05-01T12:00:00Z",
    }
    for path, value in SMALL.items()
]
PAGES = [{"Parameters": ENTRIES[:3], "NextToken": "abc"}, {"Parameters": ENTRIES[3:]}]
WHOLE = {"Parameters": ENTRIES}
POWERSHELL = [
    entry | {"Type": {"Value": "String"}, "LastModifiedDate": "/Date(1556712000000)/", "Selector": None}
    for entry in ENTRIES
]
YAML = "Parameters:\n" + "".join(
    f"- DataType: text\n  LastModifiedDate: '2019-05-01T12:00:00+00:00'\n  Name: {entry['Name']}\n  Type: String\n"
    f"  Value: {entry['Value']}\n  Version: 1\n"
    for entry in ENTRIES
)
TEXT = "".join(
    f"PARAMETERS\tarn:aws:ssm:us-east-1::parameter{entry['Name']}\ttext\t2019-05-01T12:00:00+00:00\t{entry['Name']}\t"
    f"String\t{entry['Value']}\t1\n"
    for entry in ENTRIES
)
NAMES_AND_VALUES = "".join(f"{entry['Name']}\t{entry['Value']}\n" for entry in ENTRIES)
STAMPED = Stamp(1, datetime(2019, 5, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("body", "stamp"),
    [
        (json.dumps(WHOLE).encode(), STAMPED),
        (json.dumps(WHOLE).encode("utf-8-sig"), STAMPED),
        (json.dumps(WHOLE, indent=4).replace("\n", "\r\n").encode("utf-16"), STAMPED),
        (b"\xfe\xff" + json.dumps(WHOLE).encode("utf-16-be"), STAMPED),
        (json.dumps(ENTRIES).encode(), STAMPED),
        (json.dumps([{"Name": entry["Name"], "Value": entry["Value"]} for entry in ENTRIES]).encode(), None),
        ("\n".join(map(json.dumps, PAGES)).encode(), STAMPED),
        ("\n".join(map(json.dumps, ENTRIES)).encode(), STAMPED),
        ("".join(json.dumps(page, indent=2) for page in PAGES).encode(), STAMPED),
        (json.dumps(PAGES).encode(), STAMPED),
        (json.dumps(POWERSHELL).encode("utf-16"), STAMPED),
        (json.dumps({"value": POWERSHELL, "Count": len(POWERSHELL)}).encode(), STAMPED),
        (YAML.encode(), STAMPED),
        (TEXT.encode(), STAMPED),
        (NAMES_AND_VALUES.encode(), None),
        (gzip.compress(YAML.encode()), STAMPED),
    ],
)
def test_every_form_that_the_tools_write_gives_the_same_parameters(
    tmp_path: Path, body: bytes, stamp: Stamp | None
) -> None:
    file = tmp_path / "saved"
    file.write_bytes(body)

    result = saved_answers([file], REGION).named([*SMALL])
    assert result == tuple(Parameter(path, value, stamp) for path, value in SMALL.items())


def test_a_folder_and_a_zip_file_are_read_in_natural_order_without_foreign_files(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    entries = [*ENTRIES]
    for number in range(11):  # page-10 comes after page-9, not after page-1
        rest = entries[number:] if number == 10 else entries[number : number + 1]
        answer: dict[str, Any] = {"Parameters": rest or [ENTRIES[4]]}
        (folder / f"page-{number}.json").write_text(json.dumps(answer))
    (folder / "README.md").write_text("not an answer")
    (folder / ".hidden.json").write_text("not an answer")
    packed = tmp_path / "archive.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, f"archive/{file.name}")

    for path in (folder, packed):
        answers = saved_answers([path], REGION)
        assert [p.value for p in answers.named([*SMALL])] == [*SMALL.values()]
        assert answers.source.origin == "11 files of saved answers"


def test_pages_in_files_of_their_own_follow_each_other_and_a_missing_one_is_noticed(tmp_path: Path) -> None:
    first = tmp_path / "regions-1.json"
    first.write_text(json.dumps({"Parameters": ENTRIES[:2], "NextToken": "abc"}))
    second = tmp_path / "regions-2.json"
    second.write_text(json.dumps({"Parameters": ENTRIES[2:3]}))
    services = tmp_path / "services.json"
    services.write_text(json.dumps({"Parameters": ENTRIES[3:]}))

    assert len(saved_answers([first, second, services], REGION).named([*SMALL])) == 5
    for files in ([first, services], [second, first]):
        with pytest.raises(DocumentRefusedError, match=r"regions-1.json: expected a whole answer, found a NextToken"):
            saved_answers(files, REGION)


def test_standard_input_is_a_file_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(WHOLE).encode())))

    assert len(saved_answers([Path("-")], REGION).named([*SMALL])) == 5


def test_the_services_alone_are_an_inventory_whose_regions_come_from_its_offerings(
    tmp_path: Path, real_inventory: Inventory
) -> None:
    inventory = imported(saved(tmp_path / "services.json", subtree("services")))

    assert [(gap.path, gap.error) for gap in inventory.gaps] == [("regions", "NotInFiles")]
    assert [region.code for region in inventory.regions] == [region.code for region in real_inventory.regions]
    assert {region.name for region in inventory.regions} == {None}
    by_services = {(o.service, o.region) for o in real_inventory.offerings if o.only_in != "regions"}
    assert {(o.service, o.region) for o in inventory.offerings} == by_services
    assert {offering.only_in for offering in inventory.offerings} == {None}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"Parameters": [], "Parameters": []}', "the key 'Parameters' twice in one object"),
        (b"Parameters:\n- Name: a\n  Name: b\n", "the key 'Name' twice in one object"),
        (json.dumps({"Parameters": [ENTRIES[0] | {"Version": -1}]}).encode(), "'-1'"),
        (json.dumps({"Parameters": [ENTRIES[0] | {"Version": 1.5}]}).encode(), "'1.5'"),
        (json.dumps({"Parameters": [ENTRIES[0] | {"Version": True}]}).encode(), "'True'"),
        (b"[" * 100_000, "unreadable JSON (maximum recursion depth"),
        (b"\xff\xfe\x00", "bytes that are not UTF-16"),
        (b"\xe9\xe9", "bytes that are not UTF-8, at byte 0"),
        (b"Parameters:\n- &a\n  Name: *a\n", "an anchor or alias"),
        (b"Parameters: [", "found "),
        (b"PK\x03\x04 no zip", "File is not a zip file"),
        (b"[NaN]", "NaN is not valid JSON"),
    ],
)
def test_what_no_tool_writes_is_refused_in_one_line(tmp_path: Path, body: bytes, found: str) -> None:
    file = tmp_path / "saved.json"
    file.write_bytes(body)

    with pytest.raises(DocumentRefusedError) as refused:
        saved_answers([file], REGION)
    assert found in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_a_plain_file_has_the_same_limit_as_a_packed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws_ssm_fetcher.data_sources.saved_files.LARGEST_BYTES", 100)
    file = tmp_path / "saved.json"
    file.write_bytes(b" " * 101)

    with pytest.raises(DocumentRefusedError, match="a saved tree"):
        saved_answers([file], REGION)
