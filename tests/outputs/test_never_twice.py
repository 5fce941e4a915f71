"""Whatever comes, in whatever order: nothing is told twice, and what is shown is what is accepted."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest
from hooked_store import CrashError, crashing_store
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cloud import Cloud
from timelines import LINEAGE, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.evaluations import load_evaluation
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.accepted import newest_accepted
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.outputs.notifications import ALL
from aws_ssm_fetcher.outputs.reports import FILES, report
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.model.inventory import Inventory

pytestmark = pytest.mark.usefixtures("short_workbooks")

SHOWN: Final = ("ec2 s3", "amp ec2 s3", "ec2", "")
"""What a region offers; the whole is 15 offerings at most, of which one may go."""
CAUTION: Final = Caution(confirm_removals=2, confirm_days=3, removed_percent=10.0, lost_regions=0)
LENIENT: Final = Caution(removed_percent=50.0)
"""With it a run that lacks what a late one shows stays in the history, which has few offerings here."""
ACTS: Final = st.sampled_from(["comes", "comes", "comes", "accepted", "rejected"])


@st.composite
def inventories(draw: st.DrawFn) -> list[Inventory]:
    """Make records of some days, most of which differ in little."""
    offered = st.fixed_dictionaries(
        {regions(1)[0]: st.sampled_from(SHOWN), regions(2)[1]: st.sampled_from(SHOWN[:2])},
        optional={},
    )
    rest = dict.fromkeys(regions(5)[2:], "amp ec2 s3")
    return [seen(number, draw(offered) | rest) for number in range(draw(st.integers(3, 6)))]


@settings(deadline=None, max_examples=20)
@given(inventories(), st.data())
def test_nothing_is_reported_twice_and_what_is_shown_is_what_is_accepted(
    records: list[Inventory], data: st.DataObject
) -> None:
    cloud = Cloud(caution=CAUTION)
    output: dict[str, RunId] = {}
    about: dict[str, object] = {}
    for single, act in data.draw(st.lists(st.tuples(st.sampled_from(records), ACTS), min_size=3, max_size=9)):
        before = cloud.notes()
        if act == "comes":
            cloud.run(single)
        else:
            cloud.decide(single, act)  # type: ignore[arg-type] # one of the two
        if act == "rejected":  # what it told is withdrawn, and numbers behind ids are given anew
            output = {}
        news = cloud.notes() - before
        # What a run reported is withdrawn, too, where a late run shows that it lacks too much.
        withdrawn = {run_id for run_id, change in news if change == "quarantined"}
        output = {change: run_id for change, run_id in output.items() if run_id not in withdrawn}
        for run_id, change in news:
            assert change == "quarantined" or change not in output
            output[change] = run_id
        _shown_is_believed(cloud)
        _feed_is_steady(cloud, about)


def _shown_is_believed(cloud: Cloud) -> None:
    analyses = [key for key in cloud.store.keys(keys.PROCESSED_DATA) if key.endswith(keys.ANALYSIS)]
    judged = [load_evaluation(cloud.store.read(key).body, key) for key in analyses]
    accepted = sorted((item.taken, item.run_id) for item in judged if not item.quarantine)
    assert accepted == [(run.taken, run.run_id) for run in history_in(cloud.store, LINEAGE).runs]
    shown = latest_in(cloud.store)
    if accepted and shown:
        assert keys.analysis_key(shown.taken, shown.run_id) == newest_accepted(cloud.store)


def _feed_is_steady(cloud: Cloud, about: dict[str, object]) -> None:
    """See that an id in the feed of all changes is about the same thing as ever."""
    feed = cloud.store.objects.get(keys.latest_key("changes.json"))
    items = json.loads(feed)["items"] if feed else []
    changes = [change for item in items for change in item["_aws_ssm_fetcher"]["changes"]]
    assert len({change["id"] for change in changes}) == len(changes)
    for change in changes:
        thing = [change.get(name) for name in ("kind", "region", "service", "zone", "old", "new")]
        assert about.setdefault(change["id"], thing) == thing


def test_a_late_record_reports_what_it_alone_shows_and_not_of_what_a_younger_one_reported() -> None:
    here, there = regions(2)
    cloud = Cloud(caution=LENIENT)
    early, last = seen(0, {here: "s3", there: "s3"}), seen(2, {here: "ec2 s3", there: "s3"})
    cloud.run(early, last)

    cloud.run(seen(1, {here: "ec2 s3", there: "sqs s3"}))

    of_younger = (f"added/{here}/ec2", "service-opened/ec2")
    assert cloud.told() == dict.fromkeys((*of_younger, f"added/{there}/sqs", "service-opened/sqs"), 1)


def test_a_run_that_a_late_record_exposes_is_quarantined_and_reported_as_that() -> None:
    here, there = regions(2)
    cloud = Cloud()
    early, last = seen(0, {here: "s3", there: "s3"}), seen(2, {here: "ec2 s3", there: "s3"})
    cloud.run(early, last)
    assert cloud.latest() == last.run_id

    cloud.run(late := seen(1, {here: "ec2 s3", there: "sqs s3"}))

    assert cloud.in_history() == [early.run_id, late.run_id]
    assert cloud.latest() == late.run_id
    assert cloud.notes()[last.run_id, "quarantined"] == 1


def test_what_a_rejected_run_reported_may_be_reported_by_a_late_one() -> None:
    here, there = regions(2)
    cloud = Cloud()
    first, wrong = seen(0, {here: "s3", there: "s3"}), seen(2, {here: "ec2 s3", there: "s3"})
    cloud.run(first, wrong, seen(3, {here: "s3", there: "s3"}))
    cloud.decide(wrong, "rejected")

    cloud.run(seen(1, {here: "ec2 s3", there: "s3"}))

    assert (seen(1, {}).run_id, f"added/{here}/ec2") in cloud.notes()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_write_loses_no_run_and_repeats_one_message_at_most(*, after: bool) -> None:
    """A late record with news of its own, between two that were reported."""
    whole = dict.fromkeys(regions(5), "ec2 s3")
    early, late, last = (
        seen(number, whole | {regions(1)[0]: offered}) for number, offered in enumerate(("ec2 s3", "amp ec2 s3", ""))
    )
    earlier, straight = Cloud(caution=LENIENT), Cloud(caution=LENIENT)
    for cloud in (earlier, straight):
        cloud.run(early, last._replace(offerings=early.offerings))
    straight.run(late)
    key = keys.inventory_key(late.taken, late.run_id)

    for writes in count(1):
        store = crashing_store({**earlier.store.objects, key: straight.store.objects[key]}, writes, after=after)
        crashed = Cloud(store)
        try:
            report(store, process(store, key, caution=LENIENT).key, notifier=crashed.notifier)
        except CrashError:
            report(store, process(store, key, caution=LENIENT).key, notifier=crashed.notifier)
            assert store.objects == straight.store.objects
            assert len(crashed.notifier.notices) <= 1 + len(straight.notifier.notices)
        else:
            break
    assert [notice.attributes["scope"] for notice in straight.notifier.notices].count(ALL) == 1
    assert writes > FILES
