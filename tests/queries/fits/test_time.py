from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from fit_evidence import decide, evidence, judge, need

from aws_ssm_fetcher.core.error_handling import NotInHistoryError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.history import History, Interval, Lineage, Run
from aws_ssm_fetcher.data_sources.stacks.model import Stack
from aws_ssm_fetcher.queries.fits.stacks import fit_stack
from aws_ssm_fetcher.queries.fits.time import Arrival, Histories, arrivals, evidence_as_of, wait_for, with_time
from aws_ssm_fetcher.queries.fits.verdicts import Judge

DAYS = (date(2024, 1, 1), date(2024, 6, 1), date(2025, 1, 1))


def _history(*offered: tuple[str, str, int, int | None], unread: str = "") -> History:
    """Return three runs; each row is a name, its regions, and its first and last run."""
    runs = tuple(
        Run(
            datetime.combine(day, datetime.min.time(), UTC),
            RunId(f"r{at}"),
            f"source {at}",
            (unread,) if unread else (),
        )
        for at, day in enumerate(DAYS)
    )
    intervals = [
        Interval("offering", ServiceCode(name), ZoneId(""), "", tuple(map(RegionCode, regions.split())), first, last)
        for name, regions, first, last in offered
    ]
    return History.of_intervals(Lineage(RegionCode("us-east-1"), "full"), runs, intervals)


SERVICES = _history(
    ("lambda", "us-east-1 eu-south-2", 0, None), ("apprunner", "us-east-1", 1, None), ("apprunner", "eu-west-9", 0, 0)
)
TYPES = _history(
    ("AWS::Lambda::Function", "us-east-1", 0, None),
    ("AWS::Lambda::Function", "eu-south-2", 2, None),
    ("AWS::Lambda::Alias", "eu-south-2", 0, None),
    unread="regions/eusc-de-east-1/services",
)
BOTH = Histories(SERVICES, TYPES)


def test_a_name_came_on_the_day_of_the_first_run_that_shows_it() -> None:
    assert arrivals(SERVICES, "apprunner") == {"us-east-1": Arrival(date(2024, 6, 1), is_seen=True)}
    assert arrivals(TYPES, "AWS::Lambda::Function") == {
        "us-east-1": Arrival(date(2024, 1, 1), is_seen=False),
        "eu-south-2": Arrival(date(2025, 1, 1), is_seen=True),
    }


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(date(2024, 3, 1), "type missing"), (date(2025, 1, 1), "available"), (date(2026, 1, 1), "available")],
)
def test_an_answer_as_of_a_day_is_by_the_last_runs_up_to_it(day: date, verdict: str) -> None:
    then = evidence_as_of(evidence(), BOTH, day)

    finding = Judge(then, decide).finding(need("type", "AWS::Lambda::Function"), RegionCode("eu-south-2"))

    assert finding.verdict == verdict


def test_no_instance_type_is_known_of_an_earlier_day() -> None:
    then = Judge(evidence_as_of(evidence(), BOTH, DAYS[0]), decide)

    fit = fit_stack(
        Stack(needs=(need("instance", "t3.micro", family="ec2"),)), then, then.evidence.services.places, likeness={}
    )

    assert {region.answer for region in fit.regions} == {"unknown"}


def test_before_a_history_begins_there_is_no_answer() -> None:
    with pytest.raises(NotInHistoryError, match="2023-12-31"):
        evidence_as_of(evidence(), BOTH, date(2023, 12, 31))


def test_since_when_a_region_fits_is_the_day_of_the_last_that_came() -> None:
    decides = judge()
    places = [place for place in decides.evidence.services.places if place.region in {"us-east-1", "eu-south-2"}]

    fit = with_time(
        fit_stack(Stack(needs=(need("type", "AWS::Lambda::Function"),)), decides, places, likeness={}),
        decides,
        BOTH,
        {},
    )

    assert [(item.region, item.day, item.is_seen, item.is_whole) for item in fit.fits_since] == [
        ("eu-south-2", date(2025, 1, 1), True, True),
        ("us-east-1", date(2024, 1, 1), False, True),
    ]


def test_the_wait_is_the_median_over_comparable_regions_that_were_open_at_the_start() -> None:
    regions = [RegionCode(f"eu-west-{number}") for number in range(1, 9)]
    came = {region: Arrival(date(2024, 1, 1 + 10 * at), is_seen=True) for at, region in enumerate(regions[:3])}
    came |= {region: Arrival(date(2024, 3, 1), is_seen=True) for region in regions[3:7]}
    came[regions[7]] = Arrival(date(2024, 3, 1), is_seen=False)
    launched = dict.fromkeys(regions, date(2020, 1, 1)) | {regions[6]: date(2024, 2, 1)}

    wait = wait_for("x", "x", came, dict.fromkeys(regions, "aws"), launched)

    assert (wait.first_region, wait.first_day, wait.cases, wait.median_days) == (
        "eu-west-1",
        date(2024, 1, 1),
        5,
        60,
    )


def test_with_few_cases_there_is_no_forecast() -> None:
    came = {RegionCode("a"): Arrival(date(2024, 1, 1), is_seen=True)}

    assert wait_for("x", "x", came, {}, {}).median_days is None
    assert wait_for("x", "x", {}, {}, {}).regions == 0
