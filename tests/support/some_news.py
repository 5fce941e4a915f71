"""Analyses with news: a change of each kind, and as many as a test wants."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.model.changes import Change, QuarantineReason
from aws_ssm_fetcher.core.model.codes import ChangeKind, RegionCode, RunId, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.inventory import Inventory, Offering, Region, Service, Source
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model.analysis import Analysis

RUN: Final = RunId("20261027T000000Z")
TAKEN: Final = datetime(2026, 10, 27, tzinfo=UTC)
SPAIN, BEDROCK = RegionCode("eu-south-2"), ServiceCode("bedrock")


def change(kind: ChangeKind, identity: str, **parts: Any) -> Change:  # noqa: ANN401 - the fields of a change
    """Make a change that the run of ``TAKEN`` announced, unless *parts* say otherwise."""
    output: dict[str, Any] = {
        "seen": TAKEN,
        "announced": TAKEN,
        "run_id": RUN,
        "after": datetime(2026, 10, 20, tzinfo=UTC),
    }
    return Change(f"{kind}/{identity}", kind, **(output | parts))


def added(service: str, region: str, **parts: Any) -> Change:  # noqa: ANN401 - as above
    """Make the news that a service came to a region."""
    codes = {"region": RegionCode(region), "service": ServiceCode(service)}
    return change("added", f"{region}/{service}", **(codes | parts))


ONE_OF_EACH_KIND: Final = (
    added("bedrock", "eu-south-2", hint=date(2026, 10, 24)),
    change(
        "removed",
        "eu-south-2/robomaker",
        region=SPAIN,
        service=ServiceCode("robomaker"),
        seen=datetime(2026, 10, 6, tzinfo=UTC),
        after=datetime(2026, 9, 29, tzinfo=UTC),
    ),
    change("returned", "eu-south-2/s3", region=SPAIN, service=ServiceCode("s3"), absent_days=49),
    change("renamed", "phd/health", service=ServiceCode("health"), old="phd", new="health", regions=(SPAIN,)),
    change("region-opened", "eu-south-2", region=SPAIN),
    change("region-launched", "eu-south-2", region=SPAIN, launched=date(2026, 10, 21)),
    change("name-changed", "s3/0badcafe", service=ServiceCode("s3"), old="S3", new="Amazon S3"),
    change("endpoint-changed", "eu-south-2/s3/0badcafe", region=SPAIN, service=ServiceCode("s3"), old="a", new="b"),
    change("zone-added", "eu-south-2/eus2-az4", region=SPAIN, zone=ZoneId("eus2-az4"), new="availability-zone"),
    change("zone-removed", "eu-south-2/eus2-az1", region=SPAIN, zone=ZoneId("eus2-az1"), new="availability-zone"),
)


def analysis_of(
    *changes: Change,
    reasons: Iterable[QuarantineReason] = (),
    run_id: str = RUN,
    taken: datetime = TAKEN,
    names: tuple[str, str] = ("Europe (Spain)", "Amazon Bedrock"),
) -> Analysis:
    """Make an analysis of one region and one service with that news."""
    inventory = Inventory(
        run_id=RunId(run_id),
        taken=taken,
        source=Source("bundled", "a test", RegionCode("us-east-1"), "full"),
        regions=(Region(SPAIN, name=names[0], partition="aws", domain="amazonaws.com"),),
        services=(Service(BEDROCK, name=names[1]),),
        offerings=(Offering(BEDROCK, SPAIN),),
    )
    return analyse(inventory)._replace(changes=changes, quarantine=tuple(reasons))
