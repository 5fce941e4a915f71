"""Where documents live."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aws_ssm_fetcher.core.error_handling import SettingRefusedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.memory import MemoryStore

TAKEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RUN = RunId("nightly-7")


def test_a_run_is_named_after_the_moment_its_record_was_taken() -> None:
    assert keys.run_id_of(TAKEN) == "20260102T030405Z"


def test_the_name_of_a_run_is_a_run_id() -> None:
    assert keys.parse_run_id(keys.run_id_of(TAKEN)) == "20260102T030405Z"


def test_a_place_leads_from_one_document_of_a_run_to_the_others() -> None:
    place = keys.place_of(keys.analysis_key(TAKEN, RUN))

    assert place == keys.place(TAKEN, RUN)
    assert (place.day, place.run_id, place.inventory) == (keys.day_of(TAKEN), RUN, keys.inventory_key(TAKEN, RUN))
    assert place.report(keys.MANIFEST) == keys.report_key(TAKEN, RUN, keys.MANIFEST)


def test_a_place_that_has_no_day_leads_to_its_own_documents_too() -> None:
    place = keys.place_of("processed-data/kept/analysis.json")

    assert (place.day, place.run_id, place.analysis) == ("", "kept", "processed-data/kept/analysis.json")


def test_the_day_of_a_record_is_in_the_keys_of_its_run_alone() -> None:
    assert keys.day_in(keys.analysis_key(TAKEN, RUN)) == "2026/01/02"
    assert [keys.day_in(key) for key in (keys.LATEST, "processed-data/kept/2026/01/02/r/analysis.json")] == ["", ""]


def test_each_stage_writes_under_its_own_prefix_by_day_and_run() -> None:
    written = (
        keys.inventory_key(TAKEN, RUN),
        keys.analysis_key(TAKEN, RUN),
        keys.report_key(TAKEN, RUN, "statistics.csv"),
        keys.latest_key("statistics.csv"),
    )

    assert written == (
        "raw-data/2026/01/02/nightly-7/inventory.json",
        "processed-data/2026/01/02/nightly-7/analysis.json",
        "reports/2026/01/02/nightly-7/statistics.csv",
        "reports/latest/statistics.csv",
    )


def test_keys_sort_by_the_day_of_the_record() -> None:
    days = [datetime(2026, 9, 30, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]

    in_time = [keys.inventory_key(day, RUN) for day in days]

    assert sorted(in_time) == in_time


@pytest.mark.parametrize("text", ["7", "20261027T000000Z", "a", "A.b_c-d", "x" * 64, "1..2"])
def test_letters_digits_dots_underscores_and_hyphens_make_a_run_id(text: str) -> None:
    assert keys.parse_run_id(text) == text


@pytest.mark.parametrize(
    "text",
    ["", ".hidden", "..", "-x", "_x", "a/b", "../a", "a\\b", "a b", "a\n", "\na", "a\0", "ä", "x" * 65, "a:b", "a%2Fb"],
)
def test_what_could_not_stand_in_a_key_is_no_run_id(text: str) -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        keys.parse_run_id(text)

    assert (refusal.value.name, refusal.value.value) == ("run id", text)


@pytest.mark.parametrize("text", ["A.b_c-d", "x" * 64, "1..2"])
def test_every_run_id_makes_keys_that_a_directory_takes(text: str, directory: DirectoryStore) -> None:
    run_id = keys.parse_run_id(text)
    written = [
        keys.analysis_key(TAKEN, run_id),
        keys.inventory_key(TAKEN, run_id),
        keys.report_key(TAKEN, run_id, keys.MANIFEST),
    ]
    memory = MemoryStore()
    for key in written:
        directory.write(key, b"")
        memory.write(key, b"")

    assert list(directory.keys("")) == list(memory.keys("")) == written


@pytest.fixture
def directory(tmp_path_factory: pytest.TempPathFactory) -> DirectoryStore:
    return DirectoryStore(tmp_path_factory.mktemp("store"))
