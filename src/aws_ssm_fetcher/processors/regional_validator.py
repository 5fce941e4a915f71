"""Named rules, each a pure function of the inventory: what a reader should know before relying on it.

What AWS's own record really contains, however peculiar, is a note or a warning. An error is only what makes
this inventory itself unreliable.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, get_args

from aws_ssm_fetcher.core.model import Finding, Inventory, RegionCode, ServiceCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_NO_LETTER_OR_DIGIT: Final = re.compile(r"[\W_]+")
_GRAVITY: Final = {severity: rank for rank, severity in enumerate(get_args(Severity))}


def validate(inventory: Inventory) -> tuple[Finding, ...]:
    """Apply every rule. The gravest findings come first, then by rule and subject."""
    found = (finding for rule in RULES for finding in rule(inventory))
    return tuple(
        sorted(found, key=lambda finding: (_GRAVITY[finding.severity], finding.rule, finding.subject, finding.message))
    )


def region_not_read(inventory: Inventory) -> Iterator[Finding]:
    """A path of the record was asked for and not got."""
    for gap in inventory.gaps:
        message = f"could not be read: {gap.error} after {gap.attempts} attempts; nothing is known of what it holds"
        yield Finding("region-not-read", "error", gap.region or gap.path, message, (gap.path,))


def trees_disagree(inventory: Inventory) -> Iterator[Finding]:
    """Only one of the two subtrees names an offering, or they give it different endpoints or protocols."""
    lonely: defaultdict[tuple[ServiceCode, str], list[RegionCode]] = defaultdict(list)
    for offering in inventory.offerings:
        if offering.only_in:
            lonely[offering.service, offering.only_in].append(offering.region)
    for (service, subtree), regions in lonely.items():
        message = f"{_number(len(regions), 'offering')} listed only under {subtree}/"
        yield Finding("trees-disagree", "warning", service, message, tuple(sorted(regions)))
    for oddity in inventory.oddities:
        if oddity.kind in {"endpoint-differs", "protocols-differ"}:
            noun = oddity.kind.partition("-")[0]
            message = f"the two subtrees differ on the {noun}: {oddity.detail}"
            yield Finding("trees-disagree", "warning", oddity.path, message)


def service_without_name(inventory: Inventory) -> Iterator[Finding]:
    """A service has no long name."""
    for service in inventory.services:
        if service.name is None:
            yield Finding("service-without-name", "warning", service.code, "has no long name")


def service_in_no_region(inventory: Inventory) -> Iterator[Finding]:
    """The record names a service that no region offers."""
    offered = {offering.service for offering in inventory.offerings}
    for service in inventory.services:
        if service.code not in offered and not inventory.gaps:
            yield Finding("service-in-no-region", "note", service.code, "is named, and offered in no region")


def endpoint_in_another_region(inventory: Inventory) -> Iterator[Finding]:
    """An offering's endpoint names a region other than the one that offers it."""
    codes = [region.code for region in inventory.regions]
    remote: defaultdict[tuple[ServiceCode, RegionCode], list[RegionCode]] = defaultdict(list)
    for offering in inventory.offerings:
        answers = _region_named_by(offering.endpoint, codes)
        if answers is not None and answers != offering.region:
            remote[offering.service, answers].append(offering.region)
    for (service, answers), regions in remote.items():
        message = f"{_number(len(regions), 'region')} served from {answers}"
        yield Finding("endpoint-in-another-region", "note", service, message, tuple(sorted(regions)))


def equal_but_for_punctuation(inventory: Inventory) -> Iterator[Finding]:
    """Two service codes differ in punctuation or case alone, as one service under two spellings would."""
    spellings: defaultdict[str, list[ServiceCode]] = defaultdict(list)
    for service in inventory.services:
        spellings[_NO_LETTER_OR_DIGIT.sub("", service.code).casefold()].append(service.code)
    for codes in spellings.values():
        if len(codes) > 1:
            message = f"{' and '.join(codes)} differ in punctuation or case alone"
            yield Finding("equal-but-for-punctuation", "warning", codes[0], message, tuple(sorted(codes)))


RULES: Final[Sequence[Callable[[Inventory], Iterator[Finding]]]] = (
    region_not_read,
    trees_disagree,
    equal_but_for_punctuation,
    service_without_name,
    service_in_no_region,
    endpoint_in_another_region,
)


def _region_named_by(endpoint: str | None, codes: Sequence[RegionCode]) -> RegionCode | None:
    """Find the region that a host name contains as one of its labels: ``support.us-east-1.amazonaws.com``."""
    labels = set(endpoint.split(".")) if endpoint else set()
    return next((code for code in codes if code in labels), None)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
