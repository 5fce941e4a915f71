"""Types of codes and kinds, and what each kind means.

Separate from the classes of the model, since creating one frozen class takes Python half a millisecond.
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
    "unknown-leaf": "There is a parameter where the layout has none.",
    "value-differs": "A parameter whose value differs from its name.",
    "endpoint-differs": "The two subtrees give an offering different endpoints.",
    "protocols-differ": "The two subtrees give an offering different protocols.",
    "launch-date-differs": "Feed and overlay give a region different launch dates.",
    "zone-without-region": "A zone names no parent region.",
}
"""What each kind of oddity means."""

REGION_FORM: Final = r"(?:us-gov|[a-z]{2}-iso[a-z]?|eusc-[a-z]{2}|[a-z]{2})-[a-z]+-[0-9]+"
"""The form of region codes, as a regular expression to be matched in full or between borders."""
YEAR_DAYS: Final = 365.25
AWS_BEGAN: Final = 2006
"""The year of its first service: no snapshot can be older."""
LAST_YEAR: Final = 2100
"""Of a time or date in a document: a later one is a mistake, and would keep its place as the newest for ever."""

FEED: Final = "feed"
"""The path of a gap that is the regions feed."""
Unit = Literal["count", "percent", "code", "date", "number"]
"""``percent``: 0 to 100. ``number``: whatever the definition says it is, with a fraction."""
ReachKind = Literal["regional", "remote", "global", "unlisted"]
REACHES: Final[Mapping[ReachKind, str]] = {
    "regional": "Its endpoint names the region itself.",
    "remote": "Its endpoint names another region: requests are answered there.",
    "global": "Its endpoint names no region: one for many regions.",
    "unlisted": "No endpoint is published.",
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
NEWS_DAYS: Final = 400  # a year and a month
"""For how many days before its snapshot an analysis lists changes."""
QuarantineRule = Literal[
    "empty", "too-many-gaps", "too-many-removals", "region-lost", "other-record", "rejected", "strand-lost"
]

FAMILIES: Final[Mapping[str, str]] = {
    "appstream": "AppStream fleets",
    "dax": "DAX nodes",
    "docdb": "DocumentDB instances",
    "ec2": "EC2 instances",
    "elasticache": "ElastiCache nodes",
    "elasticsearch": "Elasticsearch domains",
    "emr": "EMR clusters",
    "gamelift": "GameLift fleets",
    "managedblockchain": "Managed Blockchain nodes",
    "mq": "Amazon MQ brokers",
    "neptune": "Neptune instances",
    "opensearch": "OpenSearch domains",
    "rds": "RDS instances",
    "redshift": "Redshift nodes",
    "sagemaker-cluster": "SageMaker HyperPod clusters",
    "sagemaker-hosting": "SageMaker endpoints",
    "sagemaker-processing": "SageMaker processing jobs",
    "sagemaker-transform": "SageMaker batch transform jobs",
}
"""What the instance types of each family are for."""
