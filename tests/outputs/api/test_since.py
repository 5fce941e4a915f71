"""Between which two snapshots an offering came, as the JSON API says it."""

from __future__ import annotations

from timelines import history_of, regions, seen

from aws_ssm_fetcher.outputs.api.since import FirstSeen, since_of

HERE, THERE = regions(2)
RUNS = (
    seen(0, {HERE: "s3", THERE: "s3"}),
    seen(10, {HERE: "s3", THERE: ""}, unread=(THERE,)),
    seen(20, {HERE: "s3 sqs", THERE: "s3 sqs"}),
)


def test_a_snapshot_that_could_not_read_the_region_does_not_show_an_offering_absent() -> None:
    days = [f"{run.taken:%Y-%m-%d}" for run in RUNS]

    output = {
        region: facts for (service, region), facts in since_of(RUNS[-1], history_of(*RUNS)).items() if service == "sqs"
    }

    assert output == {HERE: FirstSeen(days[2], days[1]), THERE: FirstSeen(days[2], days[0])}


def test_nothing_is_known_before_the_first_snapshot_that_could_read_the_region() -> None:
    runs = RUNS[1:]

    assert since_of(runs[-1], history_of(*runs))["sqs", THERE].last_absent is None  # type: ignore[index] # plain codes
