"""What tables that ship with the package say of services, for the page: lifecycle and other names."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.aliases import alias_table, fold
from aws_ssm_fetcher.core.model.lifecycle import by_service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from aws_ssm_fetcher.core.model.codes import ServiceCode
    from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry

Json = dict[str, Any]
VOCABULARIES: Final = frozenset({"product", "cli", "iam", "cloudformation", "botocore"})
"""Terraform's words are left out: they are beginnings of resource types, and nobody calls a service so."""


def lifecycles(day: date) -> dict[ServiceCode, Json]:
    """Return the lifecycle of each service, and of its features, on a day."""
    by_code: dict[ServiceCode, Json] = {}
    for service, entries in by_service(lifecycle_table()).items():
        stated = [(entry, stage) for entry in entries if (stage := entry.stage_on(day))]
        whole = next((_entry(entry, stage) for entry, stage in stated if entry.feature is None), None)
        parts = [{"feature": entry.feature} | _entry(entry, stage) for entry, stage in stated if entry.feature]
        members = {"lifecycle": whole, "features": parts}
        if kept := {name: value for name, value in members.items() if value}:
            by_code[service] = kept
    return by_code


def _entry(entry: LifecycleEntry, stage: str) -> Json:
    dates = {"ends": entry.ends_on, "closed": entry.closed_on, "entered": entry.entered_on}
    return {"stage": stage, "source": entry.source} | {name: encode(day) for name, day in dates.items() if day}


@cache
def other_names() -> dict[ServiceCode, list[str]]:
    """Return the names that each service has elsewhere, each once however it is spelled, product names first."""
    by_service: defaultdict[ServiceCode, dict[str, str]] = defaultdict(dict)
    for code, name in _names():
        if fold(name) != fold(code):
            by_service[code].setdefault(fold(name), name)
    return {code: [*names.values()] for code, names in by_service.items()}


def _names() -> Iterator[tuple[ServiceCode, str]]:
    aliases = [alias for alias in alias_table().aliases if alias.service and alias.vocabulary in VOCABULARIES]
    # Stable: product names first, since of names that differ in spelling alone the first is kept.
    for alias in sorted(aliases, key=lambda alias: alias.vocabulary != "product"):
        if alias.service and "::" not in alias.name:
            yield alias.service, alias.name
