"""What is shown after a person's decision: what would be, had the run that was rejected never been there.

As in the cloud: whatever analysis is written anew, and no other, is reported.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hooked_store import healed
from memory_notifier import MemoryNotifier
from timelines import regions, seen

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.core.store.views import SkipUnchanged
from aws_ssm_fetcher.outputs.accepted import newest_accepted
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.outputs.notifications import ALL
from aws_ssm_fetcher.outputs.reports import FILES, report
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.documents.decisions import Verdict
    from aws_ssm_fetcher.core.model.inventory import Inventory

pytestmark = pytest.mark.usefixtures("short_workbooks")

WHOLE: Final = dict.fromkeys(regions(5), "ec2 s3")
RUNS: Final = tuple(
    seen(number, WHOLE | {regions(1)[0]: offered})
    for number, offered in enumerate(("ec2 s3", "ec2 s3 amp", "ec2 s3 amp bedrock", "ec2 s3 amp bedrock connect"))
)
DECIDED: Final = datetime(2026, 2, 1, tzinfo=UTC)


def processed(store: MemoryStore, inventory: Inventory) -> list[str]:
    """Process a run, and give the keys of the analyses that came out otherwise than they were."""
    key, before = keys.inventory_key(inventory.taken, inventory.run_id), dict(store.objects)
    store.write(key, run_documents.dump_inventory(inventory))
    process(SkipUnchanged(store), key)
    analyses = list(store.keys(keys.PROCESSED_DATA))
    return [analysis for analysis in analyses if store.objects[analysis] != before.get(analysis)]


def ran(*inventories: Inventory, store: MemoryStore | None = None) -> MemoryStore:
    """Let runs go through, each with the reports that follow."""
    store = store or MemoryStore()
    for inventory in inventories:
        for key in processed(store, inventory):
            report(store, key)
    return store


def decided(store: MemoryStore, inventory: Inventory, verdict: Verdict) -> None:
    decide(store, Decision(inventory.run_id, verdict, DECIDED))


def latest(store: MemoryStore) -> RunId | None:
    shown = latest_in(store)
    return shown.run_id if shown else None


def shown(store: MemoryStore) -> dict[str, bytes]:
    """Return what ``reports/latest/`` holds, but for the lists of files, and files in place of what is gone."""
    api_list, gone = f"{keys.API}{keys.MANIFEST}", (b"aws_ssm_fetcher_api/1.0/gone", b"not in the latest snapshot")
    result = {
        key: body
        for key, body in store.objects.items()
        if key.startswith(keys.LATEST) and key != api_list and not any(words in body for words in gone)
    }
    folders = {key.rpartition("/")[0] for key in result if key.startswith(keys.FEEDS) and key.endswith(".json")}
    empty = {
        folder for folder in folders if not json.loads(result.get(f"{folder}/changes.json", b'{"items": []}'))["items"]
    }
    return {key: body for key, body in result.items() if key.rpartition("/")[0] not in empty}


@pytest.mark.parametrize("rejected", [(1,), (2,), (3,), (1, 3), (3, 1), (3, 2), (1, 2, 3)], ids=str)
@pytest.mark.parametrize("newest_first", [False, True])
def test_what_is_shown_is_what_would_be_without_the_runs_that_were_rejected(
    rejected: tuple[int, ...], *, newest_first: bool
) -> None:
    store = ran(*RUNS)

    for number in rejected:
        decided(store, RUNS[number], "rejected")
        for key in sorted(processed(store, RUNS[number]), reverse=newest_first):
            report(store, key)

    left = [run for number, run in enumerate(RUNS) if number not in rejected]
    assert latest(store) == left[-1].run_id
    assert shown(store) == shown(ran(*left))


def test_a_run_that_is_accepted_again_is_shown_again() -> None:
    store = ran(*RUNS)
    before = shown(store)

    for verdict in ("rejected", "accepted"):
        decided(store, RUNS[3], verdict)
        ran(RUNS[3], store=store)
    assert shown(store) == before


def test_the_feed_of_what_only_the_rejected_run_had_is_empty() -> None:
    store = ran(*RUNS)
    feed = keys.feed_key("services/connect/changes.json")
    items = json.loads(store.objects[feed])["items"]
    changes = [change["id"] for item in items for change in item["_aws_ssm_fetcher"]["changes"]]
    assert changes == ["service-opened/connect", f"added/{regions(1)[0]}/connect"]

    decided(store, RUNS[3], "rejected")
    ran(RUNS[3], store=store)
    assert json.loads(store.objects[feed])["items"] == []


def rejected_last() -> tuple[MemoryStore, str]:
    """Return a store whose last run was rejected and not reported since, and the key of its analysis."""
    store = ran(*RUNS)
    decided(store, RUNS[3], "rejected")
    [key] = processed(store, RUNS[3])
    return store, key


def test_a_crash_before_any_write_is_healed_by_the_same_report_again() -> None:
    earlier, key = rejected_last()
    straight = MemoryStore()
    straight.objects = dict(earlier.objects)
    report(straight, key)

    assert healed(earlier.objects, straight.objects, lambda store: report(store, key)) > FILES


def test_a_crash_while_a_decision_is_followed_is_healed_by_the_same_run_again() -> None:
    earlier = ran(*RUNS)
    key = keys.inventory_key(RUNS[1].taken, RUNS[1].run_id)
    decided(earlier, RUNS[1], "rejected")
    straight = MemoryStore()
    straight.objects = dict(earlier.objects)
    process(straight, key)

    assert healed(earlier.objects, straight.objects, lambda store: process(store, key)) == 3


def test_a_late_record_does_not_take_the_place_of_a_rejected_run_before_the_newest_does() -> None:
    store, key = rejected_last()

    late = seen(1.25, WHOLE | {regions(1)[0]: "ec2 s3 amp"})

    ran(late, store=store)
    assert keys.report_key(late.taken, late.run_id, keys.MANIFEST) in store.objects
    assert latest(store) == RUNS[3].run_id
    report(store, key)
    assert latest(store) == RUNS[2].run_id


def test_a_rejected_run_stays_where_there_is_no_other_until_there_is_one() -> None:
    store = ran(RUNS[2])
    decided(store, RUNS[2], "rejected")

    ran(RUNS[2], store=store)
    assert latest(store) == RUNS[2].run_id
    ran(RUNS[1], store=store)
    assert latest(store) == RUNS[1].run_id


def test_the_newest_run_of_a_day_is_reported_by_its_record_and_not_by_its_name() -> None:
    later = RUNS[1]._replace(run_id=RunId("0"), taken=RUNS[1].taken + timedelta(hours=1))
    store = ran(RUNS[1], later)

    assert newest_accepted(store) == keys.analysis_key(later.taken, later.run_id)


def test_whoever_got_the_rejection_gets_what_a_later_run_confirmed_instead() -> None:
    store, notifier = ran(*RUNS), MemoryNotifier()
    decided(store, RUNS[1], "rejected")

    for key in processed(store, RUNS[1]):
        report(store, key, notifier=notifier)
    kinds = [notice.attributes["kind"] for notice in notifier.notices if notice.attributes["scope"] == ALL]
    assert kinds == [("quarantined",), ("added", "service-opened")]
