"""What to look at, and how sure a report is, one line each. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.lifecycle import ended_services
from aws_ssm_fetcher.core.text import excerpt, many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis

SOON_DAYS: Final = 90
"""An end of life within so many days is worth a look."""
FEW_NAMES: Final = 5
LONGEST_SUBJECT: Final = 60  # characters of a finding's subject in a line
_KINDS: Final = {"bundled": "bundled snapshot", "aws": "read from AWS", "file": "imported"}


def worth_a_look(analysis: Analysis) -> tuple[str, ...]:
    """Return what waits for a decision or needs a check, the most urgent first."""
    return (*_decisions(analysis), *_endings(analysis), *_doubts(analysis))


def how_sure(analysis: Analysis) -> tuple[str, ...]:
    """Return what the report rests on: score, gaps, and the age of the second source."""
    inventory, quality = analysis.inventory, analysis.quality
    severities = Counter(finding.severity for finding in analysis.findings)
    counted = ", ".join(
        many(severities[severity], severity) for severity in ("error", "warning", "note") if severities[severity]
    )
    gaps = (
        f"{many(len(inventory.gaps), 'path')} could not be read" if inventory.gaps else "everything asked for was read"
    )
    lines = [f"Quality {quality.score} of 100 (grade {quality.grade}; {counted or 'no findings'}); {gaps}."]
    if analysis.types:
        lines.append(f"Resource types: {excerpt(analysis.types.origin)}, {analysis.types.taken:%Y-%m-%d}.")
    if analysis.history:
        lines.append(
            f"History since {analysis.history.since:%Y-%m-%d}; a removal counts once a later snapshot confirms it."
        )
    return tuple(lines)


def source_of(analysis: Analysis) -> str:
    """Return the day and the source of the snapshot: ``AWS as of 2026-10-27 (bundled snapshot, moto 5.2.5)``."""
    inventory = analysis.inventory
    asked = f" in {inventory.source.query_region}" if inventory.source.query_region else ""
    kind = _KINDS[inventory.source.kind]
    return f"AWS as of {inventory.taken:%Y-%m-%d} ({kind}, {excerpt(inventory.source.origin)}{asked})"


def totals(analysis: Analysis) -> str:
    """Return the totals in words: ``39 regions, 405 services, 9,289 available``."""
    inventory = analysis.inventory
    regions, services = many(len(inventory.regions), "region"), many(len(inventory.services), "service")
    return f"{regions}, {services}, {len(inventory.offerings):,} available (one service in one region each)"


def _decisions(analysis: Analysis) -> Iterator[str]:
    for reason in analysis.quarantine:
        yield f"The run is quarantined: {excerpt(reason.message)}. Accept or reject it."
    for reason in analysis.quarantined_strands:
        yield f"Quarantined, waits for a decision: {excerpt(reason.message)}."


def _endings(analysis: Analysis) -> Iterator[str]:
    day = analysis.inventory.taken.date()
    listed = {offering.service for offering in analysis.inventory.offerings}
    past = sorted({ended.name for code, ended in ended_services(lifecycle_table(), day).items() if code in listed})
    if past:
        yield f"{many(len(past), 'service')} past the end of support, still listed: {_some(past)}."
    soon = sorted(
        {
            (entry.ends_on, entry.feature or entry.name)
            for entry in lifecycle_table()
            if entry.ends_on and 0 <= (entry.ends_on - day).days <= SOON_DAYS and listed.intersection(entry.services)
        }
    )
    if soon:
        named = [f"{name} ({ends_on})" for ends_on, name in soon]
        yield f"{many(len(soon), 'end')} of support in the next {SOON_DAYS} days: {_some(named)}."


def _doubts(analysis: Analysis) -> Iterator[str]:
    for severity in ("error", "warning"):
        of_severity = [
            finding
            for finding in analysis.findings
            # Ends of life have a line of their own, with names and days.
            if finding.severity == severity and finding.rule != "service-past-its-end"
        ]
        if of_severity:
            named = [f"{excerpt(finding.subject, LONGEST_SUBJECT)} ({finding.rule})" for finding in of_severity]
            yield f"{many(len(of_severity), severity)} to check in the findings: {_some(named)}."


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:FEW_NAMES])
    return shown if len(names) <= FEW_NAMES else f"{shown} and {len(names) - FEW_NAMES} more"
