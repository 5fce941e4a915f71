from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hooked_store import WRITES, CrashError, Events, HookedStore, crash, healed, is_write
from memory_notifier import MemoryNotifier
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, StoreError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs import fingerprint, reports
from aws_ssm_fetcher.outputs.manifest import dump_manifest, load_manifest, manifest_of
from aws_ssm_fetcher.outputs.reports import render, report
from aws_ssm_fetcher.processors.pipeline import analyse, process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]

LATEST = "reports/latest/manifest.json"
NAMES = [
    "aliases.csv",
    "aws_regions_services.json",
    "aws_regions_services.xlsx",
    "aws_regions_services_compact.json",
    "brief.html",
    "brief.md",
    "changes.atom.xml",
    "changes.csv",
    "changes.json",
    "changes.md",
    "findings.csv",
    "index.html",
    "lifecycle.csv",
    "manifest.json",
    "nearest_regions.csv",
    "partition_parity.csv",
    "region_summary.csv",
    "regional_services.csv",
    "resource_types.csv",
    "service_depth.csv",
    "service_matrix.csv",
    "service_summary.csv",
    "statistics.csv",
]

FEEDS = [
    "api/v1/404.html",
    "api/v1/badge/s.svg",
    *(
        f"api/v1/{name}.json"
        for name in ("changes", "index", "lifecycle", "manifest", "openapi", "regions", "services")
    ),
    "api/v1/regions/a.json",
    "api/v1/services/s.json",
    "feeds/calendar.ics",
    "feeds/manifest.json",
    *(f"feeds/{code}/changes.{form}" for code in ("regions/a", "services/s") for form in ("atom.xml", "json", "md")),
]


def reported(store: MemoryStore, inventory: Inventory) -> str:
    key = keys.analysis_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_analysis(analyse(inventory)))
    return report(store, key)


def run(inventory: Inventory, name: str, day: int) -> Inventory:
    return inventory._replace(run_id=RunId(name), taken=datetime(2026, 10, day, tzinfo=UTC))


def latest_is_whole(store: MemoryStore) -> str:
    """Go by the manifest, as a reader would; give the run that it names."""
    manifest = load_manifest(store.objects[LATEST], LATEST)
    for file in manifest.files:
        for key in (file.key, f"reports/latest/{file.name}"):
            body = store.objects[key]
            assert (len(body), hashlib.sha256(body).hexdigest()) == (file.bytes, file.sha256)
    return manifest.run_id


def test_a_report_stands_under_its_run_and_as_the_latest(inventory_of: Maker) -> None:
    store = MemoryStore()

    key = reported(store, run(inventory_of({"a": "s"}), "r", 27))
    assert key == "reports/2026/10/27/r/manifest.json"
    assert list(store.keys("reports/")) == [
        *(f"reports/2026/10/27/r/{name}" for name in NAMES),
        *sorted(f"reports/latest/{name}" for name in [*NAMES, *FEEDS]),
    ]
    assert latest_is_whole(store) == "r"


@pytest.mark.usefixtures("short_workbooks")
def test_a_crash_before_any_write_is_healed_by_the_same_report_again(inventory_of: Maker) -> None:
    earlier, straight = MemoryStore(), MemoryStore()
    for store in (earlier, straight):
        reported(store, run(inventory_of({"a": "s"}), "r1", 26))
    ours = run(inventory_of({"a": "s t"}), "r2", 27)
    key = keys.analysis_key(ours.taken, ours.run_id)
    earlier.write(key, run_documents.dump_analysis(analyse(ours)))
    reported(straight, ours)

    assert healed(earlier.objects, straight.objects, lambda store: report(store, key)) > len(NAMES)


def test_a_second_report_of_the_same_run_leaves_every_byte_as_it_was(inventory_of: Maker) -> None:
    store = MemoryStore()
    reported(store, inventory_of({"a": "s"}))
    before = dict(store.objects)

    reported(store, inventory_of({"a": "s"}))
    assert store.objects == before


def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each file that is rendered."""
    names: list[str] = []

    def noting(*of: Any) -> Iterator[tuple[str, bytes]]:  # noqa: ANN401 - passed on
        for name, body in render(*of):
            names.append(name)
            yield name, body

    monkeypatch.setattr(reports, "render", noting)
    return names


@pytest.mark.usefixtures("short_workbooks")
def test_a_report_from_the_same_documents_settings_and_code_is_not_rendered_again(
    inventory_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, store = rendered(monkeypatch), MemoryStore()
    key = keys.report_key(inventory_of({"a": "s"}).taken, inventory_of({"a": "s"}).run_id, "brief.md")
    analysis = reported(store, inventory_of({"a": "s"})).replace("reports/", "processed-data/")
    analysis = analysis.replace("manifest.json", keys.ANALYSIS)
    whole, names[:] = dict(store.objects), []

    report(store, analysis)
    assert (names, store.objects) == ([], whole)
    monkeypatch.setattr(fingerprint, "rendering_code", lambda: "other code")
    report(store, analysis)
    report(store, analysis, site="https://example.com/")
    assert len(names) == 2 * len(NAMES[:-1])

    names[:] = []
    store.objects[key] = b"damaged"
    report(store, analysis, site="https://example.com/")
    assert len(names) == len(NAMES) - 1
    assert latest_is_whole(store)


def test_latest_follows_the_younger_record_and_never_goes_back(inventory_of: Maker) -> None:
    store = MemoryStore()

    for name, day in (("second", 20), ("first", 10), ("third", 30), ("late", 25)):
        reported(store, run(inventory_of({"a": name}), name, day))
    assert latest_is_whole(store) == "third"


def test_of_two_runs_over_one_record_the_later_is_the_latest(inventory_of: Maker) -> None:
    store = MemoryStore()

    for name in ("one", "another"):
        reported(store, run(inventory_of({"a": "s"}), name, 27))
    assert latest_is_whole(store) == "another"


def below_latest(name: str, key: str) -> bool:
    """Check whether a call writes below ``reports/latest/``, feeds and the API aside."""
    return is_write(name, key) and key.startswith("reports/latest/") and not key.startswith((keys.FEEDS, keys.API))


def store_with_events(events: Mapping[int, Callable[[], object]]) -> HookedStore:
    return HookedStore(before=Events(events, below_latest))


@pytest.mark.parametrize("when", range(1, len(NAMES) + 1))
@pytest.mark.parametrize(("other_day", "winner"), [(10, "slow"), (27, "slow"), (30, "other")])
def test_a_run_that_finishes_in_the_middle_of_another_leaves_whole_reports(
    inventory_of: Maker, when: int, other_day: int, winner: str
) -> None:
    other = run(inventory_of({"a": "s t"}), "other", other_day)
    store = store_with_events({when: lambda: reported(store, other)})

    reported(store, run(inventory_of({"a": "s"}), "slow", 27))
    assert latest_is_whole(store) == winner


@pytest.mark.parametrize("when", range(1, len(NAMES) + 1))
def test_whoever_goes_by_the_manifest_is_never_misled_by_a_run_that_was_cut_off(inventory_of: Maker, when: int) -> None:
    store = store_with_events({len(NAMES) + when: crash})  # the first run makes as many writes below latest/
    reported(store, run(inventory_of({"a": "s"}), "whole", 20))
    with pytest.raises(CrashError):
        reported(store, run(inventory_of({"a": "s t"}), "cut", 27))

    manifest = load_manifest(store.objects[LATEST], LATEST)
    assert manifest.run_id == "whole"
    assert all(hashlib.sha256(store.objects[file.key]).hexdigest() == file.sha256 for file in manifest.files)
    reported(store, run(inventory_of({"a": "s t"}), "cut", 27))
    assert latest_is_whole(store) == "cut"


def torn(inventory_of: Maker, when: int = len(NAMES) - 1) -> tuple[HookedStore, Inventory, Inventory]:
    """Return a store where a run wrote files, from the n-th on, over a younger one's and was cut off; and both runs."""
    older, younger = run(inventory_of({"a": "s"}), "older", 27), run(inventory_of({"a": "s t"}), "younger", 30)
    store = store_with_events({when: lambda: reported(store, younger), 2 * len(NAMES): crash})
    with pytest.raises(CrashError):
        reported(store, older)
    return store, older, younger


@pytest.mark.parametrize("when", [1, 8, len(NAMES) - 1])
def test_what_a_run_that_was_cut_off_left_beside_the_manifest_of_a_younger_is_put_right_by_the_same_run_again(
    inventory_of: Maker, when: int
) -> None:
    store, older, younger = torn(inventory_of, when)
    whole = MemoryStore()
    reported(whole, younger)
    assert differing(store, whole)

    reported(store, older)
    assert latest_is_whole(store) == "younger"
    assert differing(store, whole) == {"reports/latest/manifest.json"}
    assert load_manifest(store.objects[LATEST], LATEST).mended == 1


def differing(store: MemoryStore, other: MemoryStore) -> set[str]:
    return {key for key in other.keys("reports/latest/") if store.objects[key] != other.objects[key]}


def test_it_is_put_right_too_if_that_run_is_quarantined_any_more(inventory_of: Maker) -> None:
    store, older, _ = torn(inventory_of)
    decide(store, Decision(older.run_id, "rejected", datetime(2026, 11, 1, tzinfo=UTC)))
    key = keys.inventory_key(older.taken, older.run_id)
    store.write(key, run_documents.dump_inventory(older))

    report(store, process(store, key).key)
    assert latest_is_whole(store) == "younger"


@pytest.mark.parametrize("when", [1, 8, len(NAMES)])
@pytest.mark.parametrize("again", ["older", "younger"])
def test_a_run_under_way_while_another_puts_right_what_is_there_publishes_whole(
    inventory_of: Maker, when: int, again: str
) -> None:
    store, *runs = torn(inventory_of)
    other = next(run for run in runs if run.run_id == again)
    store.before = Events({when: lambda: reported(store, other)}, below_latest)

    reported(store, run(inventory_of({"a": "s t u"}), "youngest", 31))
    assert latest_is_whole(store) == "youngest"


@pytest.mark.parametrize("when", [1, 8, len(NAMES)])
def test_a_run_under_way_while_the_one_before_is_reported_again_publishes_whole(inventory_of: Maker, when: int) -> None:
    before = run(inventory_of({"a": "s"}), "before", 27)
    store = store_with_events({len(NAMES) + when: lambda: reported(store, before)})
    reported(store, before)

    reported(store, run(inventory_of({"a": "s t"}), "after", 28))
    assert latest_is_whole(store) == "after"


@pytest.mark.parametrize("body", [None, b"something else"])
def test_what_its_run_has_not_any_more_cannot_be_put_right(inventory_of: Maker, body: bytes | None) -> None:
    store, older, _ = torn(inventory_of)
    [key] = [
        file.key
        for file in load_manifest(store.objects[LATEST], LATEST).files
        if hashlib.sha256(store.objects[f"reports/latest/{file.name}"]).hexdigest() != file.sha256
    ]
    del store.objects[key]
    if body:
        store.objects[key] = body

    with pytest.raises(StoreError, match=f"{key}: it differs from the manifest of its run. Report that run again"):
        reported(store, older)


def test_a_run_that_is_the_youngest_reads_no_file_of_the_one_before(inventory_of: Maker) -> None:
    store = HookedStore()
    reported(store, run(inventory_of({"a": "s"}), "before", 27))
    store.calls.clear()

    reported(store, run(inventory_of({"a": "s"}), "after", 28))
    read = [
        key
        for key in store.keys_of("read")
        if key.startswith("reports/") and not key.startswith((keys.FEEDS, keys.API))
    ]
    own = "reports/2026/10/28/after/manifest.json"
    assert read == [own, LATEST, *(file.key for file in load_manifest(store.objects[LATEST], LATEST).files)]
    assert all("/28/after/" in key for key in read[2:])


MESSAGES = 7  # of a region, of five services and of all
WRITES_OF_A_RUN = 79 + MESSAGES  # 23 files twice, 19 of feeds and 10 of the API and twice their lists, notes


def send(store: MemoryStore, notifier: MemoryNotifier) -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)
    store.objects["processed-data/a/analysis.json"] = run_documents.dump_analysis(analysis)
    report(store, "processed-data/a/analysis.json", notifier=notifier)


@pytest.mark.parametrize("when", range(1, WRITES_OF_A_RUN + 1))
def test_wherever_the_stage_is_cut_off_the_same_run_again_leaves_what_an_undisturbed_one_leaves(when: int) -> None:
    whole, store, notifier = MemoryStore(), HookedStore(before=Events({when: crash})), MemoryNotifier()
    send(whole, MemoryNotifier())

    with pytest.raises(CrashError):
        send(store, notifier)
    send(store, notifier)
    assert store.objects == whole.objects
    note_was_cut = when > WRITES_OF_A_RUN - MESSAGES  # the last writes of all: what was sent before is sent again
    assert len(notifier.notices) == MESSAGES + note_was_cut


def test_the_stage_makes_as_many_writes_as_are_cut_off() -> None:
    store = HookedStore()
    send(store, MemoryNotifier())

    assert len(store.keys_of(*WRITES)) == WRITES_OF_A_RUN


def test_a_run_that_never_gets_its_turn_says_so(inventory_of: Maker) -> None:
    other = dump_manifest(manifest_of(run(inventory_of({"a": "s"}), "other", 1), ()))

    def disturb(name: str, key: str) -> None:
        if name in WRITES:
            store.objects[key] = store.objects.get(key, other) + b" "

    store = HookedStore(before=disturb)

    with pytest.raises(StoreError, match=r"reports/latest/manifest.json: other runs wrote it in 20 attempts"):
        reported(store, run(inventory_of({"a": "s"}), "r", 27))


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"document":"manifest"', b'{"document": "manifest", "version": "2.0"}']
)
def test_a_manifest_that_cannot_be_read_is_refused_by_its_key(inventory_of: Maker, body: bytes) -> None:
    store = MemoryStore()
    store.write(LATEST, body)

    with pytest.raises(DocumentRefusedError, match=LATEST):
        reported(store, inventory_of({"a": "s"}))
    assert store.objects[LATEST] == body


def test_a_manifest_of_a_newer_major_version_is_refused_by_name(inventory_of: Maker) -> None:
    manifest = json.loads(dump_manifest(manifest_of(inventory_of({"a": "s"}), ())))

    with pytest.raises(DocumentRefusedError) as refused:
        load_manifest(json.dumps(manifest | {"version": "2.1"}).encode(), "k")
    assert (refused.value.key, refused.value.found) == ("k", "manifest document, version 2.1")
