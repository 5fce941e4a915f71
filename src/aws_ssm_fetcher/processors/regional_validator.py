"""Named rules, each over the inventory alone: what a reader should know before relying on it.

What AWS's own record really contains, however peculiar, is a note or a warning. An error is only what makes
this inventory itself unreliable.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from aws_ssm_fetcher.core.model import FEED, Finding, Inventory, RegionCode, RuleId, ServiceCode, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_LETTER_OR_DIGIT: Final = re.compile(r"[\W_]+")
_GRAVITY: Final = {severity: rank for rank, severity in enumerate(get_args(Severity))}


class Remark(NamedTuple):
    """What a rule found, once: the last three fields of a ``Finding``."""

    subject: str
    message: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One named check."""

    id: RuleId
    severity: Severity
    meaning: str
    """What a finding of this rule says, in one sentence."""
    look: Callable[[Inventory], Iterator[Remark]]


def validate(inventory: Inventory) -> tuple[Finding, ...]:
    """Apply every rule. The gravest findings come first, then by rule and subject."""
    found = (Finding(rule.id, rule.severity, *remark) for rule in RULES for remark in rule.look(inventory))
    return tuple(
        sorted(found, key=lambda finding: (_GRAVITY[finding.severity], finding.rule, finding.subject, finding.message))
    )


def _path_not_read(inventory: Inventory) -> Iterator[Remark]:
    for gap in inventory.tree_gaps:
        message = f"{gap.path} could not be read: {gap.error} after {_number(gap.attempts, 'attempt')}"
        yield Remark(gap.region or gap.path, message, (gap.path,))


def _feed_not_read(inventory: Inventory) -> Iterator[Remark]:
    for gap in inventory.gaps:
        if gap.path == FEED:
            sources = sorted({region.launch.source for region in inventory.regions if region.launch})
            message = f"could not be read: {gap.error}; launch dates are from {' and '.join(sources) or 'nowhere'}"
            yield Remark(gap.path, message)


def _launch_dates_disagree(inventory: Inventory) -> Iterator[Remark]:
    for oddity in inventory.oddities:
        if oddity.kind == "launch-date-differs":
            yield Remark(oddity.path.removeprefix("regions/"), f"launch dates differ: {oddity.detail}")


def _trees_disagree(inventory: Inventory) -> Iterator[Remark]:
    lonely: defaultdict[tuple[ServiceCode, str], list[RegionCode]] = defaultdict(list)
    for offering in inventory.offerings:
        if offering.only_in:
            lonely[offering.service, offering.only_in].append(offering.region)
    for (service, subtree), regions in lonely.items():
        message = f"{_number(len(regions), 'offering')} listed only under {subtree}/"
        yield Remark(service, message, tuple(sorted(regions)))
    for oddity in inventory.oddities:
        if oddity.kind in {"endpoint-differs", "protocols-differ"}:
            noun = oddity.kind.partition("-")[0]
            message = f"the two subtrees differ on the {noun}: {oddity.detail}"
            yield Remark(oddity.path, message)


def _service_without_name(inventory: Inventory) -> Iterator[Remark]:
    unread = {gap.path for gap in inventory.tree_gaps}
    for service in inventory.services:
        if service.name is None and unread.isdisjoint({"services", f"services/{service.code}/longName"}):
            yield Remark(service.code, "has no long name")


def _service_in_no_region(inventory: Inventory) -> Iterator[Remark]:
    offered = {offering.service for offering in inventory.offerings}
    for service in inventory.services:
        if service.code not in offered and not inventory.tree_gaps:
            yield Remark(service.code, "is named, and offered in no region")


def _endpoint_in_another_region(inventory: Inventory) -> Iterator[Remark]:
    codes = [region.code for region in inventory.regions]
    remote: defaultdict[tuple[ServiceCode, RegionCode], list[RegionCode]] = defaultdict(list)
    for offering in inventory.offerings:
        answers = _region_named_by(offering.endpoint, codes)
        if answers is not None and answers != offering.region:
            remote[offering.service, answers].append(offering.region)
    for (service, answers), regions in remote.items():
        message = f"{_number(len(regions), 'region')} served from {answers}"
        yield Remark(service, message, tuple(sorted(regions)))


def _equal_but_for_punctuation(inventory: Inventory) -> Iterator[Remark]:
    spellings: defaultdict[str, list[ServiceCode]] = defaultdict(list)
    for service in inventory.services:
        spellings[_NO_LETTER_OR_DIGIT.sub("", service.code).casefold()].append(service.code)
    for codes in spellings.values():
        if len(codes) > 1:
            message = f"{' and '.join(codes)} differ in punctuation or case alone"
            yield Remark(codes[0], message, tuple(sorted(codes)))


RULES: Final = (
    Rule(RuleId("path-not-read"), "error", "A path of the record was asked for and not got.", _path_not_read),
    Rule(RuleId("feed-not-read"), "warning", "The regions feed was asked and did not answer well.", _feed_not_read),
    Rule(
        RuleId("launch-dates-disagree"),
        "note",
        "Two sources give a region different launch dates.",
        _launch_dates_disagree,
    ),
    Rule(
        RuleId("trees-disagree"),
        "warning",
        "Only one of the two subtrees names an offering, or they give it different endpoints or protocols.",
        _trees_disagree,
    ),
    Rule(
        RuleId("equal-but-for-punctuation"),
        "warning",
        "Service codes that differ in punctuation or case alone, as one service under two spellings would.",
        _equal_but_for_punctuation,
    ),
    Rule(RuleId("service-without-name"), "warning", "A service that has no long name.", _service_without_name),
    Rule(
        RuleId("service-in-no-region"),
        "note",
        "A service that the record names and no region offers.",
        _service_in_no_region,
    ),
    Rule(
        RuleId("endpoint-in-another-region"),
        "note",
        "An offering whose endpoint names a region other than the one that offers it.",
        _endpoint_in_another_region,
    ),
)
"""Every rule, the order of no account."""


def _region_named_by(endpoint: str | None, codes: Sequence[RegionCode]) -> RegionCode | None:
    """Find the region that a host name contains as one of its labels: ``support.us-east-1.amazonaws.com``."""
    labels = set(endpoint.split(".")) if endpoint else set()
    return next((code for code in codes if code in labels), None)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
