"""The codes by which things are named, and the words that say of what kind they are.

Nouns that are made of them are in ``model`` and ``changes``. Whoever needs the codes alone starts sooner: making a
frozen class takes Python half a millisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NewType, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

RegionCode = NewType("RegionCode", str)
ServiceCode = NewType("ServiceCode", str)
ZoneId = NewType("ZoneId", str)
RunId = NewType("RunId", str)
RuleId = NewType("RuleId", str)
OddityKind = NewType("OddityKind", str)

ZoneKind = Literal["availability-zone", "local-zone", "wavelength-zone"]
Subtree = Literal["regions", "services"]
Severity = Literal["error", "warning", "note"]
Detail = Literal["offerings", "endpoints", "full"]
Topic = Literal["endpoints", "home-pages", "availability-zones", "local-zones", "wavelength-zones"]
SourceKind = Literal["bundled", "aws", "file"]
LaunchSource = Literal["feed", "feed copy", "overlay"]
ODDITIES: Final[Mapping[str, str]] = {
    "node-without-parameter": "A node has something below it and no parameter of its own.",
    "unknown-leaf": "A parameter stands where the layout foresees none.",
    "value-differs": "A node that is a name has another value than that name.",
    "endpoint-differs": "The two subtrees give an offering different endpoints.",
    "protocols-differ": "The two subtrees give an offering different protocols.",
    "launch-date-differs": "Feed and overlay give a region different launch dates.",
    "zone-without-region": "A zone names no parent region.",
}
"""What each kind of oddity means."""

REGION_FORM: Final = r"(?:us-gov|us-iso[a-z]?|eusc-[a-z]{2}|[a-z]{2})-[a-z]+-[0-9]+"
"""How AWS forms region codes, as a regular expression to be matched in full or between borders."""
YEAR_DAYS: Final = 365.25
AWS_BEGAN: Final = 2006
"""The year of its first service: no record can be older."""

FEED: Final = "feed"
"""The path of a gap that is the regions feed."""
Unit = Literal["count", "percent", "code", "date", "number"]
"""``percent``: 0 to 100. ``number``: whatever the definition says it is, with a fraction."""
ReachKind = Literal["regional", "remote", "global", "unlisted"]
REACHES: Final[Mapping[ReachKind, str]] = {
    "regional": "Its endpoint names the region itself.",
    "remote": "Its endpoint names another region: requests are answered there.",
    "global": "Its endpoint names no region: one for many regions.",
    "unlisted": "The record gives it no endpoint.",
}
"""What each kind of reach means."""
Tier = Literal["universal", "wide", "moderate", "limited", "rare", "single", "none"]
Scope = Literal["run", "region", "service", "offering"]
Grade = Literal["A", "B", "C", "D", "F"]
ChangeKind = Literal[
    "service-opened",
    "service-ended",
    "added",
    "removed",
    "returned",
    "renamed",
    "region-opened",
    "region-launched",
    "name-changed",
    "endpoint-changed",
    "zone-added",
    "zone-removed",
]
CHANGE_KINDS: Final[tuple[ChangeKind, ...]] = get_args(ChangeKind)
NEWS_DAYS: Final = 400  # a year, and a month for whoever reads late
"""For how many days before its record an analysis carries changes."""
DoubtRule = Literal[
    "empty", "too-many-gaps", "too-many-removals", "region-lost", "other-record", "rejected", "strand-lost"
]
