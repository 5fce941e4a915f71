"""A history of another query region answers from the bundled past, and nothing is announced across the seam."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stored_runs import CAUTION, KEY, facts, processed
from timelines import LINEAGE, day, history_of, regions, seen

from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.changes import LastName
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.history import History, Lineage
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.changes import news, track
from aws_ssm_fetcher.processors.history.joined import Joined
from aws_ssm_fetcher.processors.history.last_names import last_names
from aws_ssm_fetcher.processors.history.reach import dated_by_release, reach_of
from aws_ssm_fetcher.processors.history.rebuild import rebuild_all

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

WHOLE = dict.fromkeys(regions(3), "ec2 s3")


def elsewhere(history: History) -> History:
    lineage = Lineage(RegionCode("us-west-1"), "full")
    return History(lineage, history.runs, history.spans, history.hints)


PAST = elsewhere(history_of(seen(0, WHOLE), seen(10, WHOLE | {"xx-test-1": "amp ec2 s3"})))
OWN = [seen(20, WHOLE | {"xx-test-2": "ec2 kms s3"}), seen(21, WHOLE | {"xx-test-2": "ec2 kms s3 sqs"})]


def test_the_past_answers_up_to_its_end_and_then_the_own_history() -> None:
    joined = Joined.of(PAST, history_of(*OWN))

    assert [run.taken for run in joined.runs] == [day(0), day(10), day(20), day(21)]
    assert offerings_as_of(joined, day(15)) == offerings_as_of(PAST, day(15))
    assert offerings_as_of(joined, day(20)) == offerings_as_of(history_of(*OWN), day(20))


def test_no_change_is_announced_across_the_seam() -> None:
    result = track(Joined.of(PAST, history_of(*OWN)), CAUTION)

    assert [(change.kind, change.service, change.announced) for change in result.changes] == [
        ("service-opened", "amp", day(10)),
        ("added", "amp", day(10)),
        ("service-opened", "sqs", day(21)),
        ("added", "sqs", day(21)),
    ]
    assert (result.pending, result.flaps) == ((), ())


def test_what_both_have_at_the_seam_is_there_all_along() -> None:
    joined = Joined.of(PAST, history_of(*OWN))

    spans = {(item.region, item.service): own for item, own in joined.spans.items() if item.kind == "offering"}
    assert spans["xx-test-1", "s3"] == ((0, None),)
    assert spans["xx-test-1", "amp"] == ((1, 1),)
    assert spans["xx-test-2", "kms"] == ((2, None),)


@pytest.mark.parametrize("begins", [5, 10])
def test_an_own_history_that_begins_earlier_cuts_the_past_there(begins: int) -> None:
    joined = Joined.of(PAST, history_of(seen(begins, WHOLE), *OWN))

    assert [run.taken for run in joined.runs] == [day(0), day(begins), day(20), day(21)]
    assert "amp" not in {span.service for span in joined.spans}
    assert isinstance(joined, Joined)
    assert joined.earlier == elsewhere(history_of(seen(0, WHOLE)))


def test_news_and_last_names_of_a_joined_history_make_no_spans() -> None:
    names = {"amp": "Prometheus", "ec2": "EC2", "s3": "S3"}
    past = elsewhere(history_of(seen(0, WHOLE), seen(10, WHOLE | {"xx-test-1": "amp ec2 s3"}, names=names)))
    joined = Joined.of(past, history_of(*OWN))

    changes = news(joined, CAUTION, day(21))
    names_of = last_names(joined, OWN[-1], changes)
    assert not {"spans", "intervals", "folded"} & vars(joined).keys()
    assert LastName("Prometheus", service=ServiceCode("amp")) in names_of
    assert names_of == last_names(History(joined.lineage, joined.runs, joined.spans, joined.hints), OWN[-1], changes)


def test_a_history_of_the_same_lineage_is_not_joined() -> None:
    own = history_of(*OWN)

    assert Joined.of(history_of(seen(0, WHOLE)), own) is own


def bundled(number: float, origin: str) -> Inventory:
    inventory = seen(number, WHOLE)
    return inventory._replace(source=inventory.source._replace(kind="bundled", origin=origin))


def test_bundled_runs_that_an_earlier_version_dated_by_their_releases_are_counted_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    past = history_of(bundled(0, "moto 1.0"), bundled(10, "moto 2.0"))
    store = MemoryStore()
    store.write(KEY, dump_history(history_of(bundled(5, "moto 1.0"), bundled(10, "moto 2.0"), seen(20, WHOLE))))

    assert dated_by_release(facts(store), past) == 1
    processed(store, seen(21, WHOLE), dump_history(past))
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        'The history dates 1 bundled snapshots by their releases, up to 35 days late: "history rebuild" corrects them'
    ]

    caplog.clear()
    rebuild_all(store, CAUTION, dump_history(past), drop=True)
    processed(store, seen(22, WHOLE), dump_history(past))
    assert [run.taken for run in facts(store).runs] == [day(0), day(10), day(21), day(22)]
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []


def test_an_analysis_carries_the_news_of_the_past_and_says_where_the_seam_is() -> None:
    analysis = processed(MemoryStore(), OWN[0], dump_history(PAST))

    assert [(change.kind, change.service) for change in analysis.changes] == [
        ("service-opened", "amp"),
        ("added", "amp"),
    ]
    assert analysis.history == reach_of(Joined.of(PAST, history_of(OWN[0])))
    assert analysis.history is not None
    assert analysis.history == (LINEAGE.query_region, LINEAGE.detail, day(0), day(10))
