"""Which region to choose: regions ranked by what they have of what is needed, and by what else speaks for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.queries.fits.model import RegionFit, StackFit
from aws_ssm_fetcher.queries.places import country_codes
from aws_ssm_fetcher.queries.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Region
    from aws_ssm_fetcher.outputs.layout import Cell
    from aws_ssm_fetcher.queries.fits.evidence import Evidence
    from aws_ssm_fetcher.queries.fits.model import Answer

_EUROPEAN_UNION: Final = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
GEOGRAPHIES: Final[Mapping[str, frozenset[str]]] = {
    "AFRICA": frozenset({"ZA"}),
    "ASIA": frozenset({"CN", "HK", "ID", "IN", "JP", "KR", "MY", "SG", "TH", "TW"}),
    "EU": _EUROPEAN_UNION,
    "EUROPE": _EUROPEAN_UNION | {"CH", "GB", "NO"},
    "MIDDLE-EAST": frozenset({"AE", "BH", "IL", "SA"}),
    "NORTH-AMERICA": frozenset({"CA", "MX", "US"}),
    "OCEANIA": frozenset({"AU", "NZ"}),
    "SOUTH-AMERICA": frozenset({"BR", "CL"}),
}
"""Countries of each geography. ``EU`` is the European Union: neither London nor Zurich is in it."""
CHOICE: Final = (
    "rank",
    "region",
    "name",
    "country",
    "answer",
    "missing",
    "unknown",
    "services",
    "resource_types",
    "availability_zones",
    "opt_in",
    "launched",
    "other_partition",
    "quality",
    "similarity",
    "missing_services",
    "remote_services",
    "reasons",
)
"""The columns of a ranked region: as in the JSON."""
_ORDER: Final[Mapping[Answer, int]] = {"fits": 0, "unknown": 1, "does not fit": 2}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a region must be."""

    partition: str | None = None
    country: str | None = None
    """By its code or a name."""
    geography: str | None = None
    """A key of ``GEOGRAPHIES``."""
    min_zones: int | None = None
    """Availability zones, at least."""
    opt_in: bool | None = None
    """``False``: no account has to enable it first."""
    like: RegionCode | None = None
    """The present region: it is not ranked, and those most like it come first."""
    data_residency: bool = False
    """Services that are answered from another region count against a region."""


@dataclass(frozen=True, slots=True)
class RankedRegion:
    """A region, its place among the others, and what decided it."""

    rank: int
    region: RegionCode
    name: str | None
    country: str | None
    fit: RegionFit
    services: int
    types: int | None
    """Resource types registered there; ``None`` where AWS publishes no list of the region's own."""
    zones: int | None
    opt_in: bool | None
    launched: date | None
    quality: int
    """0 to 100: how far what is known of it can be relied on."""
    other_partition: str | None
    """Its partition, where that is another than the present region's: accounts and roles do not reach it."""
    similarity: float | None
    """To the present region, 0.0 to 1.0; ``None`` without one."""
    missing_services: int | None
    """Services that the present region has besides."""
    remote: tuple[ServiceCode, ...]
    """Services, of those needed or else of all, whose endpoint is in another region."""
    reasons: tuple[str, ...]
    """What speaks for and against it, in the order in which it counted."""


@dataclass(frozen=True, slots=True)
class Left:
    """A region that a wish leaves out."""

    region: RegionCode
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Regions in their order, and those that were left out."""

    ranked: tuple[RankedRegion, ...]
    left: tuple[Left, ...]
    fit: StackFit

    def rows(self) -> Rows:
        """Return a row per ranked region."""
        return Rows(CHOICE, (_cells(row) for row in self.ranked))


def choose_region(
    analysis: Analysis, evidence: Evidence, fit: StackFit, wish: Wish, needed: Collection[ServiceCode]
) -> Choice:
    """Rank regions: by the stack's answer and what is missing, then by residency, likeness, services and age."""
    reasons = {region.code: _why_left(analysis, place, wish) for place, region in enumerate(analysis.inventory.regions)}
    # Regions that a wish leaves out are named with the reason, so that nobody has to guess why one is missing.
    left = tuple(Left(region, reason) for region, reason in reasons.items() if reason)
    fits = {region_fit.region: region_fit for region_fit in fit.regions}
    rows = [
        _row(analysis, evidence, place, fits[region.code], wish, needed)
        for place, region in enumerate(analysis.inventory.regions)
        if not reasons[region.code] and region.code in fits
    ]
    rows.sort(key=lambda row: _key(row, wish))
    ranked = tuple(_ranked(row, rank) for rank, row in enumerate(rows, 1))
    return Choice(ranked, left, fit)


def _why_left(analysis: Analysis, place: int, wish: Wish) -> str:
    region, profile = analysis.inventory.regions[place], analysis.region_profiles[place]
    return next(_objections(region, profile.availability_zones, wish, opt_in=profile.opt_in), "")


def _objections(region: Region, zones: int | None, wish: Wish, *, opt_in: bool | None) -> Iterator[str]:
    country = (region.country or "").upper()
    if wish.like == region.code:
        yield "it is the present region"
    if wish.partition is not None and region.partition != wish.partition:
        yield f"it is of partition {region.partition}"
    if wish.country is not None and country not in country_codes(wish.country):
        yield f"it is in {country or 'no known country'}"
    if wish.geography is not None and country not in GEOGRAPHIES[wish.geography]:
        yield f"it is in {country or 'no known country'}, not in {wish.geography}"
    if wish.min_zones is not None and (zones is None or zones < wish.min_zones):
        yield "its availability zones are not known" if zones is None else f"it has {zones} availability zones"
    if wish.opt_in is not None and opt_in is not wish.opt_in:
        yield {
            True: "an account has to enable it first",
            False: "it is enabled in every account",
            None: "it is not known whether an account has to enable it first",
        }[opt_in]


def _row(
    analysis: Analysis,
    evidence: Evidence,
    place: int,
    fit: RegionFit,
    wish: Wish,
    needed: Collection[ServiceCode],
) -> RankedRegion:
    region, profile = analysis.inventory.regions[place], analysis.region_profiles[place]
    offered = evidence.services.offered[region.code]
    types = evidence.types.types_in(region.code)
    own = evidence.services.offered.get(wish.like, frozenset()) if wish.like else frozenset()
    return RankedRegion(
        rank=0,
        region=region.code,
        name=region.name,
        country=region.country,
        fit=fit,
        services=len(offered),
        types=None if types is None else len(types),
        zones=profile.availability_zones,
        opt_in=profile.opt_in,
        launched=region.launch.date if region.launch else None,
        quality=analysis.quality.regions[place].score,
        other_partition=_other_partition(evidence, region.code, wish),
        similarity=evidence.services.likeness(wish.like)[region.code] if wish.like else None,
        missing_services=len(own - offered) if wish.like else None,
        remote=tuple(_remote(analysis, region.code, needed)),
        reasons=(),
    )


def _other_partition(evidence: Evidence, region: RegionCode, wish: Wish) -> str | None:
    partition_of = evidence.services.partition_of
    own = partition_of.get(wish.like) if wish.like else None
    return partition_of[region] if own is not None and partition_of[region] != own else None


def _remote(analysis: Analysis, region: RegionCode, needed: Collection[ServiceCode]) -> Iterator[ServiceCode]:
    for offering, reach in zip(analysis.inventory.offerings, analysis.reaches, strict=True):
        if offering.region == region and reach.kind == "remote" and (not needed or offering.service in needed):
            yield offering.service


def _key(row: RankedRegion, wish: Wish) -> tuple[object, ...]:
    return (
        _ORDER[row.fit.answer],
        len(row.fit.missing_names),
        len(row.fit.unknown_names),
        # An endpoint in another region matters only to those who must keep data in place.
        len(row.remote) if wish.data_residency else 0,
        # Negative: more is better. The code is last, so that no order depends on chance.
        -(row.similarity or 0.0),
        -row.services,
        -(row.types or 0),
        -row.quality,
        row.launched or date.max,
        row.region,
    )


def _ranked(row: RankedRegion, rank: int) -> RankedRegion:
    return replace(row, rank=rank, reasons=tuple(_reasons(row)))


def _reasons(row: RankedRegion) -> Iterator[str]:
    fit = row.fit
    if fit.missing:
        yield f"lacks {', '.join(sorted(fit.missing_names))}"
    if fit.unknown_names:
        yield f"not decided: {', '.join(sorted(fit.unknown_names))}"
    if fit.answer == "fits" and fit.needed:
        yield f"has {_all(fit.needed)}"
    if row.other_partition is not None:
        yield f"another partition ({row.other_partition}): accounts and roles do not reach it"
    if row.remote:
        yield f"answered from another region: {', '.join(row.remote)}"
    if row.similarity is not None:
        similar = f"{row.similarity * 100:.1f} % similar to the present region"
        yield f"{similar}, {row.missing_services} of its services missing"
    types = "no list of its own types" if row.types is None else f"{row.types:,} resource types"
    yield f"{row.services} services, {types}"
    if row.launched is not None:
        yield f"open since {row.launched:%Y}"
    if row.opt_in:
        yield "an account has to enable it first"


def _cells(row: RankedRegion) -> tuple[Cell, ...]:
    opt_in = {True: "yes", False: "no", None: None}[row.opt_in]
    similarity = None if row.similarity is None else round(row.similarity, 4)
    return (
        *(row.rank, row.region, row.name, row.country, row.fit.answer),
        *(" ".join(sorted(names)) for names in (row.fit.missing_names, row.fit.unknown_names)),
        *(row.services, row.types, row.zones, opt_in, row.launched, row.other_partition, row.quality),
        *(similarity, row.missing_services, " ".join(row.remote), "; ".join(row.reasons)),
    )


def _all(count: int) -> str:
    return "what is needed" if count == 1 else f"all {count} names"
