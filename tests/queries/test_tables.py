"""Since when a service is there, in SQL: over a change of its code, and between which snapshots it began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timelines import day, history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.processors.history.changes import track
from aws_ssm_fetcher.queries.history.past import past
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.model.inventory import Inventory

ONE, TWO, THREE = regions(3)
REST = dict.fromkeys(regions(3), "ec2 s3")


def offered(number: float, *, unread: tuple[str, ...] = (), **codes: str) -> Inventory:
    """Return the snapshot of a day: ec2 and s3 everywhere, and more codes in the regions one, two and three."""
    services = {
        region: f"{REST[region]} {codes.get(name, '')}"
        for region, name in zip(REST, ("one", "two", "three"), strict=True)
    }
    return seen(
        number, {region: "" if region in unread else listed for region, listed in services.items()}, unread=unread
    )


RUNS = (
    offered(0),
    offered(10, one="appfabric"),
    offered(20, one="appfabric", unread=(TWO,)),
    offered(30, one="appfabric", two="appfabric"),
    offered(40, one="aws-appfabric", two="aws-appfabric"),
    offered(50, one="aws-appfabric", two="aws-appfabric", three="aws-appfabric"),
)


def rows(table: str) -> list[dict[str, Any]]:
    history = history_of(*RUNS)
    material = Material(history, track(history, Caution()).changes, RUNS[-1])
    chosen = next(item for item in TABLES if item.name == table)
    return [dict(zip([column.name for column in chosen.columns], row, strict=True)) for row in chosen.rows(material)]


def at(number: float) -> datetime:
    return day(number).replace(tzinfo=None)


def test_an_offering_carries_over_a_rename_with_both_codes_and_both_dates() -> None:
    output = {
        row["region"]: (row["first_seen"], row["last_absent"], row["earlier_codes"], row["seen_since"])
        for row in rows("offerings")
        if row["service"] == "aws-appfabric"
    }

    assert output == {
        ONE: (at(10), at(0), ["appfabric"], at(40)),
        TWO: (at(30), at(10), ["appfabric"], at(40)),  # on day 20 nobody could read it
        THREE: (at(50), at(40), [], at(50)),
    }


def test_a_service_carries_over_a_rename_as_its_timeline_does() -> None:
    by_code = {row["service"]: row for row in rows("services")}
    new, old, always = by_code["aws-appfabric"], by_code["appfabric"], by_code["ec2"]

    assert (new["first_seen"], new["last_absent"], new["earlier_codes"]) == (at(10), at(0), ["appfabric"])
    assert (old["first_seen"], old["last_absent"], old["earlier_codes"]) == (at(10), at(0), [])
    assert (always["first_seen"], always["last_absent"], always["earlier_codes"]) == (at(0), None, [])
    timeline = past(history_of(*RUNS), Caution(), "service", "aws-appfabric")
    assert (timeline.first_seen, timeline.last_absent, timeline.earlier_codes) == (day(10), day(0), ("appfabric",))


def test_a_snapshot_that_could_not_read_a_region_does_not_show_a_service_absent_there() -> None:
    history = history_of(offered(0), offered(10, unread=(ONE,)), offered(20, one="amp"))

    assert past(history, Caution(), "service", "amp").last_absent == day(0)
    unknown = history_of(offered(10, unread=(ONE,)), offered(20, one="amp"))
    assert past(unknown, Caution(), "service", "amp").last_absent is None
