"""The feeds of single regions and services as they stand in a store, whatever happens while they are written."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

import pytest
from hooked_store import WRITES, CrashError, Events, HookedStore, crash
from some_news import added, analysis_of

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, StoreError
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.feeds import emptied as empty_feed
from aws_ssm_fetcher.outputs.feeds import feed_files, written
from aws_ssm_fetcher.outputs.file_lists import FileList
from aws_ssm_fetcher.outputs.published_feeds import FEEDS as FOLDER
from aws_ssm_fetcher.outputs.published_feeds import feed_bodies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis

T = TypeVar("T")

FEEDS: Final = "reports/latest/feeds/"
LIST: Final = f"{FEEDS}manifest.json"
FILES: Final = 13  # two regions and two services, three forms each, and the calendar
EARLIEST: Final = analysis_of(
    added("bedrock", "eu-south-2", announced=datetime(2026, 10, 12, tzinfo=UTC)),
    added("s3", "eu-north-1", announced=datetime(2026, 10, 12, tzinfo=UTC)),
    taken=datetime(2026, 10, 13, tzinfo=UTC),
    run_id="earliest",
)
FIRST: Final = analysis_of(added("bedrock", "eu-south-2"), taken=datetime(2026, 10, 20, tzinfo=UTC), run_id="first")
LATER: Final = analysis_of(
    added("bedrock", "eu-south-2"), added("s3", "eu-north-1"), taken=datetime(2026, 10, 27, tzinfo=UTC), run_id="later"
)


def published(store: MemoryStore, analysis: Analysis) -> int:
    return FOLDER.publish(store, analysis.inventory, feed_bodies(analysis, written(analysis)))


def undisturbed(*analyses: Analysis) -> dict[str, bytes]:
    store = MemoryStore()
    for analysis in analyses:
        published(store, analysis)
    return store.objects


def disturbed(objects: dict[str, bytes], event: Events, place: str) -> HookedStore:
    return HookedStore(objects, before=event) if place == "before" else HookedStore(objects, after=event)


def lies(store: MemoryStore) -> list[str]:
    """Name what the list lists and what does not stand so."""
    if LIST not in store.objects:
        return []
    listed = FOLDER.load(store.objects[LIST]).files
    return [
        name
        for name, sha256 in listed.items()
        if hashlib.sha256(store.objects.get(f"reports/latest/feeds/{name}", b"")).hexdigest() != sha256
    ]


def files_in(objects: Mapping[str, bytes]) -> dict[str, bytes]:
    return {key.removeprefix(FEEDS): body for key, body in objects.items() if key.startswith(FEEDS) and key != LIST}


def emptied(names: Iterable[str]) -> dict[str, bytes]:
    """Write as empty feeds what stands under these names."""
    folders = {name.rpartition("/")[0] for name in names if name != "calendar.ics"}
    return {f"{folder}/{name}": body for folder in folders for name, body in feed_files(empty_feed(folder)).items()}


def test_every_region_and_service_has_its_three_files_and_the_list_names_them_all() -> None:
    store = MemoryStore()

    assert published(store, LATER) == FILES
    listed = FOLDER.load(store.objects[LIST])
    assert (listed.run_id, listed.writer, sorted(listed.files)) == (
        "later",
        None,
        [
            "calendar.ics",
            *(
                f"{folder}/changes.{form}"
                for folder in ("regions/eu-north-1", "regions/eu-south-2", "services/bedrock", "services/s3")
                for form in ("atom.xml", "json", "md")
            ),
        ],
    )
    assert set(store.objects) == {LIST, *(f"reports/latest/feeds/{name}" for name in listed.files)}
    assert lies(store) == []


def test_a_run_writes_what_changed_and_the_list() -> None:
    store = HookedStore(undisturbed(FIRST))

    assert published(store, LATER) == 6
    written = [key.removeprefix("reports/latest/feeds/").rpartition("/")[0] for key in store.keys_of(*WRITES)]
    assert sorted(written) == ["", "", *["regions/eu-north-1"] * 3, *["services/s3"] * 3]


def test_a_run_without_news_writes_the_list_alone() -> None:
    store = HookedStore(undisturbed(FIRST))

    again = analysis_of(*FIRST.changes, taken=datetime(2026, 10, 27, tzinfo=UTC), run_id="again")
    assert (published(store, again), store.keys_of(*WRITES)) == (0, [LIST])


def test_the_same_run_again_writes_nothing() -> None:
    store = HookedStore(undisturbed(LATER))

    assert (published(store, LATER), store.keys_of(*WRITES)) == (0, [])


def test_an_older_record_leaves_the_feeds_alone() -> None:
    store = HookedStore(undisturbed(LATER))

    assert (published(store, FIRST), store.keys_of(*WRITES)) == (0, [])


def analysed(store: MemoryStore, analysis: Analysis) -> None:
    key = keys.analysis_key(analysis.inventory.taken, analysis.inventory.run_id)
    store.objects[key] = run_documents.dump_analysis(analysis)


def test_a_run_that_was_rejected_gives_way_to_an_older_record_and_what_it_alone_reported_is_gone() -> None:
    store = MemoryStore()
    published(store, LATER)
    analysed(store, FIRST)
    analysed(store, LATER._replace(quarantine=(QuarantineReason("rejected", "by a test"),)))

    published(store, FIRST)

    stand, listed = files_in(store.objects), FOLDER.load(store.objects[LIST])
    assert (listed.run_id, lies(store), set(listed.files)) == ("first", [], set(stand))
    assert stand == emptied(stand) | files_in(undisturbed(FIRST))
    assert json.loads(store.objects[f"{FEEDS}services/s3/changes.json"])["items"] == []
    assert b"# AWS services in eu-north-1: changes" in store.objects[f"{FEEDS}regions/eu-north-1/changes.md"]


def test_a_run_that_is_accepted_or_without_an_analysis_gives_way_to_none() -> None:
    for there in ([FIRST], [FIRST, LATER]):
        store = MemoryStore()
        for analysis in there:
            analysed(store, analysis)
        published(store, LATER)

        assert published(store, FIRST) == 0


def test_a_run_that_was_rejected_does_not_give_way_to_any_but_the_newest() -> None:
    store = MemoryStore()
    published(store, LATER)
    for analysis in (EARLIEST, FIRST, LATER._replace(quarantine=(QuarantineReason("rejected", "by a test"),))):
        analysed(store, analysis)

    assert published(store, EARLIEST) == 0


def test_threads_leave_the_same_bytes() -> None:
    store = MemoryStore()

    with ThreadPoolExecutor(4) as executor:
        FOLDER.publish(store, LATER.inventory, feed_bodies(LATER, written(LATER)), executor=executor)
    assert store.objects == undisturbed(LATER)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("when", range(1, FILES + 3))
def test_a_run_that_is_cut_off_never_leaves_a_false_list_and_ends_the_same_when_it_comes_again(
    when: int, place: str
) -> None:
    store = disturbed({}, Events({when: crash}), place)

    with pytest.raises(CrashError):
        published(store, LATER)

    assert lies(store) == []
    published(store, LATER)
    assert store.objects == undisturbed(LATER)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("when", range(1, 9))
def test_a_second_run_that_is_cut_off_is_mended_by_the_next(when: int, place: str) -> None:
    news = added("bedrock", "eu-south-2", announced=datetime(2026, 10, 26, tzinfo=UTC))
    changed = analysis_of(news, taken=datetime(2026, 10, 27, tzinfo=UTC), run_id="changed")
    store = disturbed(undisturbed(FIRST), Events({when: crash}), place)

    with pytest.raises(CrashError):
        published(store, changed)

    assert lies(store) == []
    next_run = analysis_of(*LATER.changes, taken=datetime(2026, 11, 3, tzinfo=UTC), run_id="next")
    published(store, next_run)
    assert lies(store) == []
    assert store.objects == undisturbed(next_run)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("when", range(1, 2 * FILES + 6))
@pytest.mark.parametrize("there", [(), (EARLIEST,)])
@pytest.mark.parametrize(
    "other", [FIRST, LATER, analysis_of(taken=datetime(2026, 11, 3, tzinfo=UTC), run_id="youngest")]
)
def test_a_run_that_comes_in_the_middle_of_another_leaves_the_feeds_of_the_younger(
    there: tuple[Analysis, ...], other: Analysis, when: int, place: str
) -> None:
    event = Events({when: lambda: published(store, other)}, lambda name, _: name in WRITES | {"read"})
    store = disturbed(undisturbed(*there), event, place)

    published(store, LATER)
    if event.count < when:  # it made fewer calls than that
        published(store, other)

    younger = max(LATER, other, key=lambda item: item.inventory.taken)
    stand, listed = files_in(store.objects), FOLDER.load(store.objects[LIST])
    assert (listed.run_id, listed.writer, lies(store), set(listed.files)) == (
        younger.inventory.run_id,
        None,
        [],
        set(stand),
    )
    assert stand == emptied(stand) | files_in(undisturbed(younger))


def test_files_that_no_list_knows_of_are_written_over() -> None:
    store = MemoryStore()
    store.objects = undisturbed(FIRST) | {"reports/latest/feeds/services/bedrock/changes.md": b"strange"}
    del store.objects[LIST]

    published(store, LATER)
    assert store.objects == undisturbed(LATER)


def test_a_run_that_never_gets_its_turn_says_so() -> None:
    def disturb(name: str, key: str) -> None:
        if name in WRITES:
            store.objects[key] += b" "

    store = HookedStore(after=disturb)

    with pytest.raises(StoreError, match=r"feeds/manifest.json: other runs wrote it in 20 attempts"):
        published(store, LATER)


def test_a_list_that_cannot_be_read_is_refused_by_its_key() -> None:
    store = MemoryStore()
    store.write(LIST, b'{"document": "feeds", "version": "2.0"}')

    with pytest.raises(DocumentRefusedError, match=f"{LIST}.*all feeds are then rewritten"):
        published(store, LATER)


@pytest.mark.parametrize("name", ["../x", "regions/../../x", "regions/a", "elsewhere/a/b", "regions/a/b/c", "/a/b"])
def test_a_list_of_feeds_with_foreign_names_is_refused(name: str) -> None:
    body = FOLDER.dump(FileList("feeds", "1.0", RunId("r"), datetime(2026, 10, 27, tzinfo=UTC), {name: "0"}))

    with pytest.raises(DocumentRefusedError, match="expected names such as"):
        FOLDER.load(body)
