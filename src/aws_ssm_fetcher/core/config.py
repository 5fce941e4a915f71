"""Settings: one table of names, defaults and meanings, read from the environment; the command line has the last word.

A test holds the table in the reference docs against this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal, cast

from aws_ssm_fetcher.core.error_handling import SettingRefusedError
from aws_ssm_fetcher.core.model import RegionCode

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

_LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_REGION: Final = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    name: str
    """In the environment."""
    default: str
    allowed: str
    meaning: str
    accepts: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told from outside. Field names are the environment's in lower case."""

    ssm_region: RegionCode
    log_level: LogLevel


SETTINGS: Final = (
    Setting(
        name="SSM_REGION",
        default="us-east-1",
        allowed="a region code, such as us-east-1",
        meaning="The region whose parameter store is asked; it need not be the one that the code runs in.",
        accepts=lambda value: _REGION.fullmatch(value) is not None,
    ),
    Setting(
        name="LOG_LEVEL",
        default="WARNING",
        allowed=", ".join(_LOG_LEVELS),
        meaning="The least severe log lines that are written, to standard error.",
        accepts=lambda value: value in _LOG_LEVELS,
    ),
)


def settings_from(environment: Mapping[str, str], **overrides: str | None) -> Settings:
    """Read the settings; *overrides* by field name, ``None`` where the command line is silent.

    Raises ``SettingRefusedError`` with name, value and what is allowed. An empty variable counts as not set.
    """
    values = {}
    for setting, field in zip(SETTINGS, fields(Settings), strict=True):
        value = overrides.get(field.name) or environment.get(setting.name) or setting.default
        if not setting.accepts(value):
            raise SettingRefusedError(setting.name, value, allowed=setting.allowed)
        values[field.name] = value
    return Settings(RegionCode(values["ssm_region"]), cast("LogLevel", values["log_level"]))
