"""Records as Hypothesis makes them up: what comes, goes, changes and hides, of services or of regions.

A timeline is about one of the two, since all at once seldom meet as they have to.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st
from timelines import START, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.model.codes import FEED, ZoneId
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Launch, Zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.model.codes import ZoneKind

REGIONS: Final = ("eu-west-1", "us-east-1")
SERVICES: Final = ("__X__", "alpha", "beta", "s3")
KINDS: Final[tuple[ZoneKind, ...]] = ("availability-zone", "local-zone")
DAYS: Final = 28
A_DAY: Final = 4  # records of one day at most

CAUTIONS: Final = st.builds(Caution, confirm_removals=st.integers(1, 3), confirm_days=st.sampled_from([1.0, 3.0, 14.0]))
_MOMENTS: Final = st.lists(st.integers(0, DAYS * A_DAY), unique=True, min_size=3, max_size=8).map(sorted)
_OFFERED: Final = st.sets(st.sampled_from(SERVICES)).map(lambda codes: " ".join(sorted(codes)))
_SAID: Final = st.dictionaries(st.sampled_from(SERVICES), st.sampled_from(["one.{0}", "other.{0}"]))
_ZONES: Final = st.dictionaries(st.sampled_from(["z1", "z2"]), st.sampled_from(KINDS))
_LAUNCHES: Final = st.sampled_from([4, 12, 20, None])  # days after the first


@st.composite
def records(draw: st.DrawFn) -> list[Inventory]:
    """Make inventories of different moments, the earliest first."""
    made = _of_services if draw(st.booleans()) else _of_regions
    return [draw(made(moment / A_DAY)) for moment in draw(_MOMENTS)]


@st.composite
def _of_services(draw: st.DrawFn, number: float) -> Inventory:
    offered = draw(st.dictionaries(st.sampled_from(REGIONS), _OFFERED, min_size=1))
    paths = [*(f"regions/{region}" for region in REGIONS), "services", "endpoints"]
    return _with_gaps(draw, seen(number, offered, names=draw(_SAID), endpoints=draw(_SAID)), paths)


@st.composite
def _of_regions(draw: st.DrawFn, number: float) -> Inventory:
    day = draw(_LAUNCHES)
    launch = None if day is None else Launch((START + timedelta(days=day)).date(), "feed", "a test")
    inventory = seen(number, {"eu-west-1": "s3"}, launches={"eu-west-1": launch} if launch else {})
    return _with_gaps(draw, zoned(inventory, draw(_ZONES)), [FEED, "local-zones"])


def zoned(inventory: Inventory, kinds: Mapping[str, ZoneKind]) -> Inventory:
    """Add these zones to each region."""
    zones = tuple(Zone(ZoneId(name), kinds[name]) for name in sorted(kinds))
    return inventory._replace(regions=tuple(region._replace(zones=zones) for region in inventory.regions))


def _with_gaps(draw: st.DrawFn, inventory: Inventory, paths: list[str]) -> Inventory:
    """Mark some paths as not read; what they hide may be in the inventory all the same."""
    unread = draw(st.sampled_from([None, *paths]))
    return inventory._replace(gaps=(Gap(unread, "ThrottlingException", 5, None),) if unread else ())
