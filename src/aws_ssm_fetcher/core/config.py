"""Settings: one table of names, defaults and meanings, read from the environment; command-line options override it.

A test compares the table in the reference docs with this one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast, get_args

from aws_ssm_fetcher.core.error_handling import SettingRefusedError
from aws_ssm_fetcher.core.model.codes import Detail, RegionCode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

_REGION: Final = r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}"
_URL: Final = r"https://\S+|http://(127\.0\.0\.1|localhost)(:\d+)?/\S*"
_SITE: Final = r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?/[^\s?#]*"
# AWS's paid setting allows 100 calls by path a second; the default quota is 40.
_MOST_TPS: Final = 100.0
_MOST_SECONDS: Final = 7 * 24 * 3600
_BUCKET: Final = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_KMS_KEY: Final = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+|(mrk-)?[0-9a-f-]{32,36}"
_TOPIC: Final = r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"
_MOST_CONFIRMATIONS: Final = 1000
_ALL_PERCENT: Final = 100

NO_BUCKET: Final = "none"
NO_KEY: Final = "none"
NO_TOPIC: Final = "none"
NO_SITE: Final = "none"
_BADGES: Final = r"none|all|[a-z0-9][a-z0-9._-]*(,[a-z0-9][a-z0-9._-]*)*"


class Setting(NamedTuple):
    """One row of the table."""

    name: str
    """In the environment."""
    default: str
    allowed: str
    meaning: str
    accepts: Callable[[str], bool]

    @property
    def field(self) -> str:
        """The field of ``Settings`` that it fills."""
        return self.name.lower()


class Caution(NamedTuple):
    """When a change is announced: which absence is a removal, and which run is quarantined."""

    confirm_removals: int = 2
    """Absent in at least this many different snapshots …"""
    confirm_days: int = 8
    """… of which the first and the last lie at least this many days apart. A bad publication stood for a week."""
    removed_percent: float = 1.0
    """Of the offerings, at most, in one step. From 2023 to 2026 no week lost more than 0.73."""
    lost_regions: int = 0
    """Regions that had offerings and have none, at most."""
    gap_percent: float = 5.0
    """Of the regions, unread, at most."""
    strand_percent: float = 25.0
    """Of a strand, such as the Wavelength Zones, at most in one step. From 2022 to 2026 the most that went for good was
    22 %; on 2026-10-11 it was 76 %."""


class Settings(NamedTuple):
    """The settings of a run."""

    ssm_region: RegionCode
    ssm_max_tps: float
    detail: Detail
    feed_url: str
    resource_types: str
    """``on`` or ``off``."""
    cache_ttl: int
    """Seconds."""
    confirm_removals: int
    confirm_days: int
    quarantine_removed_percent: float
    quarantine_lost_regions: int
    quarantine_gap_percent: float
    quarantine_strand_percent: float
    log_level: LogLevel
    output_s3_bucket: str
    output_kms_key: str
    notification_topic_arn: str
    site_url: str
    badges: str
    """``none``, ``all``, or codes of services with commas between them."""

    @property
    def topic(self) -> str | None:
        """The topic for notifications; ``None`` for none."""
        return None if self.notification_topic_arn == NO_TOPIC else self.notification_topic_arn

    @property
    def site(self) -> str | None:
        """The address at which ``reports/latest/`` is served; ``None`` for none."""
        return None if self.site_url == NO_SITE else self.site_url

    @property
    def caution(self) -> Caution:
        """The settings that stage two uses."""
        return Caution(
            confirm_removals=self.confirm_removals,
            confirm_days=self.confirm_days,
            removed_percent=self.quarantine_removed_percent,
            lost_regions=self.quarantine_lost_regions,
            gap_percent=self.quarantine_gap_percent,
            strand_percent=self.quarantine_strand_percent,
        )


def is_region(text: str) -> bool:
    """Check whether a text has the form of a region code. The region may not exist."""
    return re.fullmatch(_REGION, text) is not None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) is not None


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}", text) is not None


def _is_percent(text: str) -> bool:
    return _is_number(text) and float(text) <= _ALL_PERCENT


SETTINGS: Final = (
    Setting(
        name="SSM_REGION",
        default="us-west-1",
        allowed="a region code, such as us-west-1",
        meaning="The region whose Parameter Store is read; it can differ from the region the code runs in.",
        accepts=is_region,
    ),
    Setting(
        name="SSM_MAX_TPS",
        default="25",
        allowed="a number of calls a second, above 0 and up to 100",
        meaning="The request rate to Parameter Store; the account's other workloads share its quota of 40 a second.",
        accepts=lambda value: _is_number(value) and 0 < float(value) <= _MOST_TPS,
    ),
    Setting(
        name="DETAIL",
        default="full",
        allowed=", ".join(get_args(Detail)),
        meaning="How much of the tree is read: offerings and names; also endpoints; or both subtrees, to compare them.",
        accepts=lambda value: value in get_args(Detail),
    ),
    Setting(
        name="FEED_URL",
        default="https://docs.aws.amazon.com/global-infrastructure/latest/regions/regions.rss",
        allowed="an https address, http only on this machine itself, or none",
        meaning="The address of the regions feed with launch dates; none: do not read it.",
        accepts=lambda value: value == "none" or re.fullmatch(_URL, value) is not None,
    ),
    Setting(
        name="RESOURCE_TYPES",
        default="on",
        allowed="on, off",
        meaning="Whether AWS's public resource schemas are read: which CloudFormation resource types each region has.",
        accepts=lambda value: value in {"on", "off"},
    ),
    Setting(
        name="CACHE_TTL",
        default="3600",
        allowed="a whole number of seconds, from 0 to 604800",
        meaning="How long an answer of AWS is cached.",
        accepts=lambda value: re.fullmatch(r"[0-9]{1,6}", value) is not None and int(value) <= _MOST_SECONDS,
    ),
    Setting(
        name="CONFIRM_REMOVALS",
        default="2",
        allowed="a whole number of snapshots, from 1 to 1000",
        meaning="An absence is announced as a removal once at least this many different snapshots show it …",
        accepts=lambda value: _is_whole(value) and 1 <= int(value) <= _MOST_CONFIRMATIONS,
    ),
    Setting(
        name="CONFIRM_DAYS",
        default="8",
        allowed="a whole number of days, from 0 to 1000",
        meaning="… of which the first and the last lie at least this many days apart.",
        accepts=lambda value: _is_whole(value) and int(value) <= _MOST_CONFIRMATIONS,
    ),
    Setting(
        name="QUARANTINE_REMOVED_PERCENT",
        default="1",
        allowed="a number from 0 to 100",
        meaning="A run that would remove more of the offerings than this is quarantined.",
        accepts=_is_percent,
    ),
    Setting(
        name="QUARANTINE_LOST_REGIONS",
        default="0",
        allowed="a whole number of regions, from 0 to 1000",
        meaning="A run in which more regions than this have lost all their services is quarantined.",
        accepts=lambda value: _is_whole(value) and int(value) <= _MOST_CONFIRMATIONS,
    ),
    Setting(
        name="QUARANTINE_GAP_PERCENT",
        default="5",
        allowed="a number from 0 to 100",
        meaning="A run that could not read more of the regions than this is quarantined.",
        accepts=_is_percent,
    ),
    Setting(
        name="QUARANTINE_STRAND_PERCENT",
        default="25",
        allowed="a number from 0 to 100",
        meaning="A strand (a kind of zone, all names, a region's endpoints) that loses more than this is quarantined.",
        accepts=_is_percent,
    ),
    Setting(
        name="LOG_LEVEL",
        default="INFO",
        allowed=", ".join(get_args(LogLevel)),
        meaning="The minimum level of log lines on standard error; a terminal and --quiet default to WARNING.",
        accepts=lambda value: value.upper() in get_args(LogLevel),
    ),
    Setting(
        name="OUTPUT_S3_BUCKET",
        default=NO_BUCKET,
        allowed="the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens; or none",
        meaning="The bucket of the Lambda functions, which need one; the command writes to --store.",
        accepts=lambda value: re.fullmatch(_BUCKET, value) is not None,
    ),
    Setting(
        name="OUTPUT_KMS_KEY",
        default=NO_KEY,
        allowed="a KMS key's ARN or id, an alias's ARN, or none",
        meaning="The KMS key for objects that the Lambda functions write; none: the key of S3.",
        accepts=lambda value: value == NO_KEY or re.fullmatch(_KMS_KEY, value) is not None,
    ),
    Setting(
        name="NOTIFICATION_TOPIC_ARN",
        default=NO_TOPIC,
        allowed="the ARN of a standard SNS topic, or none",
        meaning="The topic for each run's changes and for quarantined runs; none: no notifications.",
        accepts=lambda value: value == NO_TOPIC or re.fullmatch(_TOPIC, value) is not None,
    ),
    Setting(
        name="SITE_URL",
        default=NO_SITE,
        allowed="an https address without ? and #, http only on this machine itself, or none",
        meaning="The address at which reports/latest/ is served, for links in feeds; none: they lead to AWS's pages.",
        accepts=lambda value: value == NO_SITE or re.fullmatch(_SITE, value) is not None,
    ),
    Setting(
        name="BADGES",
        default="none",
        allowed="none, all, or codes of services with commas between them",
        meaning="The services that have a badge for each region in the JSON API, besides that of the whole service.",
        accepts=lambda value: re.fullmatch(_BADGES, value) is not None,
    ),
)


QUESTIONS: Final = frozenset(
    {
        "DETAIL",
        "CONFIRM_REMOVALS",
        "CONFIRM_DAYS",
        "QUARANTINE_REMOVED_PERCENT",
        "QUARANTINE_LOST_REGIONS",
        "QUARANTINE_GAP_PERCENT",
    }
)
"""The settings that questions use; they log nothing."""
FUNCTIONS_ONLY: Final = frozenset({"OUTPUT_S3_BUCKET", "OUTPUT_KMS_KEY"})
COMMANDS: Final = frozenset(setting.name for setting in SETTINGS) - FUNCTIONS_ONLY
"""The settings that the command line uses."""


def settings_from(
    environment: Mapping[str, str], *, used: Collection[str] | None = None, **overrides: str | None
) -> Settings:
    """Read the settings; *overrides* by field name, ``None`` where the command line is silent.

    With *used* only these have to be right; of the others one that is not allowed has its default.
    Raises ``SettingRefusedError`` with name, value and what is allowed. An empty variable counts as not set.
    """
    values = {setting.field: _checked(setting, environment, overrides, used) for setting in SETTINGS}
    return Settings(
        ssm_region=RegionCode(values["ssm_region"]),
        ssm_max_tps=float(values["ssm_max_tps"]),
        detail=cast("Detail", values["detail"]),
        feed_url=values["feed_url"],
        resource_types=values["resource_types"],
        cache_ttl=int(values["cache_ttl"]),
        confirm_removals=int(values["confirm_removals"]),
        confirm_days=int(values["confirm_days"]),
        quarantine_removed_percent=float(values["quarantine_removed_percent"]),
        quarantine_lost_regions=int(values["quarantine_lost_regions"]),
        quarantine_gap_percent=float(values["quarantine_gap_percent"]),
        quarantine_strand_percent=float(values["quarantine_strand_percent"]),
        log_level=cast("LogLevel", values["log_level"].upper()),
        output_s3_bucket=values["output_s3_bucket"],
        output_kms_key=values["output_kms_key"],
        notification_topic_arn=values["notification_topic_arn"],
        site_url=values["site_url"],
        badges=values["badges"],
    )


def _checked(
    setting: Setting,
    environment: Mapping[str, str],
    overrides: Mapping[str, str | None],
    used: Collection[str] | None,
) -> str:
    # "or": an empty variable counts as not set.
    value = overrides.get(setting.field) or environment.get(setting.name)
    if value and not setting.accepts(value):
        if used is not None and setting.name not in used:
            return setting.default
        raise SettingRefusedError(setting.name, value, allowed=setting.allowed)
    return value or setting.default
