"""Offerings of a service that came and went together are followed together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings
from random_records import records
from timelines import history_of, seen

from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.history import History, Span, Subject
from aws_ssm_fetcher.processors.history.tracking.presences import ObservedValues, offered_services, presences

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

A, B, C = "eu-west-1", "eu-west-2", "us-east-1"
HISTORY = history_of(
    seen(0, {A: "s3", B: "s3", C: "s3 sqs"}, names={"s3": "Amazon S3"}, endpoints={"s3": "s3.{}"}),
    seen(1, {A: "s3", B: "", C: "s3"}, names={"s3": "S3"}, endpoints={"s3": "s3.{}"}),
    seen(2, {A: "s3", B: "s3", C: "s3"}, names={"s3": "S3"}, endpoints={"s3": "new.{}"}),
)


def test_regions_with_the_same_spans_are_one_strand_and_one_that_came_back_is_its_own() -> None:
    result = {(presence.service, presence.regions): presence.spans for presence in presences(offered_services(HISTORY))}

    assert result == {
        ("s3", (A, C)): (Span(0, None),),
        ("s3", (B,)): (Span(0, 0), Span(2, None)),
        ("sqs", (C,)): (Span(0, 0),),
    }


def test_a_strand_has_the_hint_of_its_first_span() -> None:
    hints = {Subject("offering", B, "s3"): date(2020, 1, 2)}

    hinted = History(HISTORY.lineage, HISTORY.runs, HISTORY.spans, hints)

    assert [
        presence.regions for presence in presences(offered_services(hinted)) if presence.hint == date(2020, 1, 2)
    ] == [(B,)]


@settings(deadline=None, max_examples=100)
@given(records())
def test_every_offering_is_in_one_strand_with_all_its_spans(inventories: list[Inventory]) -> None:
    history = load_history(dump_history(history_of(*inventories)), "key")

    pairs = [
        (region, presence.service, presence.spans)
        for presence in presences(offered_services(history))
        for region in presence.regions
    ]

    offerings = [(key, spans) for key, spans in history.spans.items() if key.kind == "offering"]
    assert sorted(pairs) == sorted((key.region, key.service, spans) for key, spans in offerings)


def test_what_was_said_is_reported_in_time_and_by_region() -> None:
    sayings = ObservedValues(HISTORY)

    assert sayings.of("name", "s3") == {"": [(Span(0, 0), "Amazon S3"), (Span(1, None), "S3")]}
    assert sayings.of("endpoint", "s3")[RegionCode(A)] == [(Span(0, 1), f"s3.{A}"), (Span(2, None), f"new.{A}")]


def test_only_what_was_said_again_since_is_looked_at() -> None:
    sayings = ObservedValues(HISTORY)

    assert [subject.service for subject, _ in sayings.revised("name", 0)] == [ServiceCode("s3")]
    assert list(sayings.revised("name", 1)) == []
