"""Derive from an inventory's own fields: where an offering is served from, a region's age, a name to sort by."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.analysis import Reach, RegionProfile, ServiceProfile
from aws_ssm_fetcher.core.model.codes import REGION_FORM, RegionCode
from aws_ssm_fetcher.processors.earlier_codes import EARLIER_CODES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from aws_ssm_fetcher.core.model.inventory import Inventory, Offering, Region, Service

OPT_IN_AFTER: Final = date(2019, 3, 20)
"""Regions that AWS launched after this day have to be enabled by an account first.

Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""
OPT_IN_PARTITION: Final = "aws"  # the rule speaks of accounts there; elsewhere an account is for its partition anyway
OLDER_THAN_ITS_LAUNCH: Final = frozenset({RegionCode("ap-northeast-3")})
"""Osaka opened in February 2018 as a local region; its launch as a whole one, in 2021, did not make it opt-in."""

_VENDOR: Final = re.compile(r"(?:Amazon|AWS)\s+")
_REGION_LABEL: Final = re.compile(REGION_FORM)  # an endpoint may name a region that the snapshot does not list

_REGIONAL: Final = Reach("regional")
_GLOBAL: Final = Reach("global")
_UNLISTED: Final = Reach("unlisted")


def reaches(inventory: Inventory) -> tuple[Reach, ...]:
    """Return where each offering is served from, in the inventory's order."""
    codes = frozenset(region.code for region in inventory.regions)
    return tuple(reach(offering, codes) for offering in inventory.offerings)


def reach(offering: Offering, codes: Collection[RegionCode]) -> Reach:
    """Return where an offering is served from, by the labels of its endpoint's host name.

    ``s3.eu-west-3.amazonaws.com`` is regional in eu-west-3, ``support.us-east-1.amazonaws.com`` remote there, and
    ``iam.amazonaws.com`` global. A code inside a longer label, as in ``s-eu-west-3``, names no region.
    """
    if offering.endpoint is None:
        return _UNLISTED
    labels = offering.endpoint.split(".")
    if offering.region in labels:
        return _REGIONAL
    # A code of the snapshot first or the form of one: an endpoint may be in a region that the snapshot does not list.
    named = next((label for label in labels if label in codes or _REGION_LABEL.fullmatch(label)), None)
    return _GLOBAL if named is None else Reach("remote", RegionCode(named))


def region_profiles(inventory: Inventory) -> tuple[RegionProfile, ...]:
    """Return each region's age, opt-in status and zone counts, in the inventory's order."""
    return tuple(
        RegionProfile(
            region=region.code,
            age_days=_age_days(region, inventory.taken),
            opt_in=_opt_in(region),
            availability_zones=inventory.zone_count(region, "availability-zone"),
            local_zones=inventory.zone_count(region, "local-zone"),
            wavelength_zones=inventory.zone_count(region, "wavelength-zone"),
        )
        for region in inventory.regions
    )


def service_profiles(inventory: Inventory) -> tuple[ServiceProfile, ...]:
    """Return each service's sort name and earlier codes, in the inventory's order."""
    return tuple(
        ServiceProfile(service.code, _sort_name(service), EARLIER_CODES.get(service.code, ()))
        for service in inventory.services
    )


def _sort_name(service: Service) -> str:
    name = " ".join((service.name or service.code).split())
    return _VENDOR.sub("", name, count=1) if _VENDOR.match(name) else name


def _age_days(region: Region, taken: datetime) -> int | None:
    # Regions can be in AWS's data before they open: ap-southeast-6 two days, eusc-de-east-1 32 days.
    if region.launch is None or region.launch.date > taken.date():
        return None
    return (taken.date() - region.launch.date).days


def _opt_in(region: Region) -> bool | None:
    if region.partition != OPT_IN_PARTITION or region.launch is None:
        return None
    return region.launch.date > OPT_IN_AFTER and region.code not in OLDER_THAN_ITS_LAUNCH
