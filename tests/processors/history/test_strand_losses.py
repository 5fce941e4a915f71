"""Where much of one strand is gone at once, that strand is quarantined and the rest of the run is accepted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from random_records import zoned
from small_cloud import Cloud
from stored_runs import CAUTION, facts, processed, stored, straight
from timelines import history_of, regions, seen

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import StrandDecision, decide_on_strand
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.bundled import bundled_past
from aws_ssm_fetcher.processors.history.changes import track
from aws_ssm_fetcher.processors.history.record import sighting_at, sighting_of
from aws_ssm_fetcher.processors.history.strand_losses import strand_losses
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

ZONES = {f"wl-{number}": "wavelength-zone" for number in range(25)}
FEW = dict([*ZONES.items()][:5])
OFFERED = {"eu-west-1": "s3"}
DECIDED = datetime(2026, 3, 1, tzinfo=UTC)


def with_zones(number: float, zones: dict[str, str]) -> Inventory:
    return zoned(seen(number, OFFERED), zones)  # type: ignore[arg-type] # kinds of zones


RUNS = [with_zones(0, ZONES), with_zones(1, FEW), with_zones(9, FEW), with_zones(20, FEW)]


def load_analysis(store: MemoryStore, inventory: Inventory) -> Analysis:
    key = keys.analysis_key(inventory.taken, inventory.run_id)
    return run_documents.load_analysis(store.read(key).body, key)


def kinds(history: object) -> list[str]:
    return [change.kind for change in track(history, CAUTION).changes]  # type: ignore[arg-type] # a history


def test_20_of_25_wavelength_zones_gone_at_once_are_quarantined_and_not_announced() -> None:
    store = straight(*RUNS)
    analysis = processed(store, RUNS[1])

    assert analysis.quarantine == ()
    assert [(strand.rule, strand.strand, strand.message) for strand in analysis.quarantined_strands] == [
        (
            "strand-lost",
            "wavelength-zones",
            "wavelength-zones: 20 of 25 (80 %) gone at once, limit 25 %",
        )
    ]
    assert (len(facts(store).runs), kinds(facts(store))) == (4, [])


def test_the_rest_of_a_run_with_a_quarantined_strand_is_news() -> None:
    more = zoned(seen(1, {"eu-west-1": "amp s3"}), FEW)  # type: ignore[arg-type] # kinds of zones

    assert kinds(history_of(RUNS[0], more)) == ["service-opened", "added"]


def test_zones_that_are_back_in_the_next_run_were_never_gone() -> None:
    history = history_of(RUNS[0], RUNS[1], with_zones(2, ZONES), with_zones(20, ZONES))

    tracked = track(history, CAUTION)
    assert (tracked.changes, tracked.pending) == ((), ())


def test_every_order_of_the_runs_ends_in_the_same_bytes_and_the_same_changes() -> None:
    histories = [history_of(*order) for order in permutations(RUNS)]

    assert len({dump_history(history) for history in histories}) == 1
    assert all(kinds(history) == [] for history in histories)


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)])
def test_every_order_of_the_runs_reports_the_strand_in_the_same_ones(order: tuple[int, ...]) -> None:
    store = MemoryStore()
    for number in order:
        processed(store, RUNS[number])

    analyses = [load_analysis(store, run) for run in RUNS]
    assert [len(analysis.quarantined_strands) for analysis in analyses] == [0, 1, 1, 1]


def test_a_late_run_without_the_endpoints_that_the_next_one_lost_withdraws_the_quarantine() -> None:
    codes = "ec2 s3 sqs kms"
    hosts = {code: f"{code}.{{0}}" for code in codes.split()}
    store, last = straight(seen(0, {"eu-west-1": codes}, endpoints=hosts)), seen(2, {"eu-west-1": codes})
    reported = processed(store, last).quarantined_strands

    processed(store, seen(1, {"eu-west-1": codes}))

    assert [strand.strand for strand in reported] == ["endpoints/eu-west-1"]
    assert load_analysis(store, last).quarantined_strands == ()


@pytest.mark.parametrize("lost", [1, 2, 6])
def test_up_to_a_quarter_of_a_kind_may_go(lost: int) -> None:
    fewer = dict([*ZONES.items()][lost:])

    history = history_of(RUNS[0], with_zones(1, fewer), with_zones(9, fewer))

    assert kinds(history) == ["zone-removed"] * lost


def decided(verdict: str, strand: str = "wavelength-zones") -> MemoryStore:
    store = straight(*RUNS)
    decision = StrandDecision(strand, verdict, DECIDED)  # type: ignore[arg-type] # a verdict
    decide_on_strand(store, RUNS[1].run_id, RUNS[1].taken, decision)
    process(store, stored(store, RUNS[1]), caution=CAUTION)
    return store


def test_an_accepted_strand_is_removed_as_the_rest_is_once_it_is_confirmed() -> None:
    store = decided("accepted")

    assert facts(store).runs[1].accepted_strands == ("wavelength-zones",)
    assert kinds(facts(store)) == ["zone-removed"] * 20
    assert processed(store, RUNS[3]).quarantined_strands == ()


def test_what_an_accepted_strand_confirms_is_announced_once_and_by_the_run_that_confirms_it() -> None:
    cloud = Cloud()
    cloud.run(*RUNS)
    before = cloud.notes()
    decide_on_strand(
        cloud.store, RUNS[1].run_id, RUNS[1].taken, StrandDecision("wavelength-zones", "accepted", DECIDED)
    )

    cloud.run(RUNS[1])
    cloud.run(RUNS[1])

    announced = cloud.notes() - before
    gone = [f"zone-removed/eu-west-1/{zone}" for zone in ZONES if zone not in FEW]
    assert announced == Counter((RUNS[2].run_id, entry) for entry in gone)  # of day 9, with another of day 20 after it


def test_a_rejected_strand_stays_quarantined_whatever_else_is_accepted() -> None:
    small = dict([*ZONES.items()][1:])
    history = history_of(with_zones(0, ZONES), with_zones(1, small), with_zones(9, small))
    run = history.runs[1]._replace(rejected_strands=("wavelength-zones",))
    rejected = type(history)(history.lineage, (history.runs[0], run, history.runs[2]), history.spans, history.hints)

    assert kinds(history) == ["zone-removed"]
    assert kinds(rejected) == []


def test_a_decision_on_a_strand_that_is_withdrawn_leaves_no_trace() -> None:
    store = decided("accepted")
    decide_on_strand(store, RUNS[1].run_id, RUNS[1].taken, StrandDecision("wavelength-zones", "rejected", DECIDED))
    process(store, stored(store, RUNS[1]), caution=CAUTION)

    assert facts(store).runs[1].accepted_strands == ()
    assert kinds(facts(store)) == []


def losses(*inventories: Inventory) -> list[str | None]:
    return [loss.strand for loss in strand_losses(history_of(*inventories), sighting_of(inventories[-1]), CAUTION)]


def test_all_names_gone_are_a_quarantined_strand_and_other_names_are_none() -> None:
    codes = "ec2 s3 sqs kms"
    named = seen(0, {"eu-west-1": codes}, names={code: f"Amazon {code}" for code in codes.split()})
    renamed = seen(1, {"eu-west-1": codes}, names={code: f"AWS {code}" for code in codes.split()})

    assert losses(named, seen(1, {"eu-west-1": codes})) == ["names"]
    assert losses(named, renamed) == []


def test_one_regions_endpoints_gone_are_a_quarantined_strand() -> None:
    codes = "ec2 s3 sqs kms"
    offered = dict.fromkeys(regions(20), codes)
    hosts = {code: f"{code}.{{0}}" for code in codes.split()}
    whole, bare = seen(0, offered, endpoints=hosts), seen(1, offered, endpoints=hosts)
    without = bare._replace(
        offerings=tuple(
            offering._replace(endpoint=None) if offering.region == "xx-test-7" else offering
            for offering in bare.offerings
        ),
    )

    assert losses(whole, without) == ["endpoints/xx-test-7"]


def test_protocols_and_home_pages_gone_are_quarantined_strands() -> None:
    codes = "ec2 s3 sqs kms"
    plain = seen(0, {"eu-west-1": codes})
    rich = plain._replace(
        offerings=tuple(offering._replace(protocols=("HTTPS",)) for offering in plain.offerings),
        services=tuple(service._replace(home_page="https://aws.amazon.com/x") for service in plain.services),
    )

    assert losses(rich, seen(1, {"eu-west-1": codes})) == ["home-pages", "protocols"]


@pytest.mark.parametrize("unread", ["services", "regions/eu-west-1"])
def test_a_strand_is_compared_with_the_last_run_that_could_read_it(unread: str) -> None:
    codes = "ec2 s3 sqs kms"
    values = {code: f"{code} of {{0}}" for code in codes.split()}
    plain = seen(0, {"eu-west-1": codes}, names=values, endpoints=values)
    whole = plain._replace(offerings=tuple(offering._replace(protocols=("HTTPS",)) for offering in plain.offerings))
    blind = seen(1, {"eu-west-1": codes})._replace(gaps=(Gap(unread, "ThrottlingException", 5, None),))
    strands = {"services": "names", "regions/eu-west-1": "endpoints/eu-west-1"}

    result = losses(whole, blind, seen(2, {"eu-west-1": codes}))

    assert {strands[unread], "protocols"} <= {*result}


def test_over_the_bundled_past_one_strand_is_quarantined_that_of_2026_10_11() -> None:
    past = bundled_past()

    result = {
        (f"{run.taken:%Y-%m-%d}", loss.strand)
        for position, run in enumerate(past.runs)
        for loss in strand_losses(past, sighting_at(past, position), CAUTION)
    }

    assert result == {("2026-10-11", "wavelength-zones"), ("2026-10-27", "wavelength-zones")}
