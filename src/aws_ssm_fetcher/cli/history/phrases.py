"""A change in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.region_templates import to_template
from aws_ssm_fetcher.core.text import many, quoted_if_spaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.codes import ChangeKind
    from aws_ssm_fetcher.processors.history.selection import Noun
    from aws_ssm_fetcher.queries.history.timelines import TimelineStep

MOST_REGIONS: Final = 3  # regions of a rename that are named in one line
_STEPS: Final = {
    "added": "added",
    "removed": "removed",
    "returned": "back",
    "zone-added": "zones added",
    "zone-removed": "zones removed",
}


def phrase(change: Change) -> str:
    """Return what a change is about and what is known of its date, without its kind and snapshots."""
    return ", ".join(filter(None, (_what(change), _dates(change))))


_GROUPED: Final = frozenset({"added", "removed", "returned", "endpoint-changed"})


def grouped(changes: Iterable[Change]) -> Iterator[tuple[Change, str]]:
    """Yield a line for each change of one service in several regions, or of several zones of one kind.

    A line is the first change of its group, and the words for all.
    """
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        about: tuple[object, ...] = (change.id,)
        if change.kind in _GROUPED:
            # Endpoints differ by the region's code alone: as templates they are one line.
            values = tuple(value and to_template(value, change.region or "") for value in (change.old, change.new))
            about = (change.service, *values, change.absent_days)
        elif change.zone:
            about = (change.new,)
        groups.setdefault((change.announced, change.seen, change.after, change.kind, *about), []).append(change)
    for group in groups.values():
        first = group[0]
        yield first, phrase(first) if len(group) == 1 else _of_group(first, group)


def _of_group(first: Change, group: Sequence[Change]) -> str:
    regions = sorted({change.region for change in group if change.region})
    if first.zone:
        zones = " ".join(sorted(change.zone or "" for change in group))
        noun = (first.new or "zone").replace("-", " ")
        return f"{many(len(group), noun)} in {_some(regions)}: {zones}"
    where = many(len(regions), "region")
    absent = "" if first.absent_days is None else f", after {many(first.absent_days, 'day')}"
    if first.kind == "endpoint-changed":
        old, new = quoted_if_spaced(first.old or ""), quoted_if_spaced(first.new or "")
        return f"{first.service} in {where}, in {regions[0]}: {old} is now {new}"
    return f"{first.service} in {where}{absent}: {' '.join(regions)}"


def describe_step(step: TimelineStep, noun: Noun, *, pending: bool = False) -> str:
    """Return one step of a timeline in words; a pending step has no date of confirmation."""
    late = "" if pending or step.seen == step.announced else f", announced {step.announced:%Y-%m-%d}"
    if step.kind in _STEPS:
        verb, codes = _STEPS[step.kind], " ".join(step.codes)
        return f"{verb} ({len(step.codes)}{late}): {codes}"
    if step.kind == "renamed":
        where = f" in {_some(step.codes)}" if noun == "service" else ""
        return f"{step.old} is now {step.new}{where}"
    sentences: dict[ChangeKind, str] = {
        "region-launched": f"reached its launch date, {step.launched}",
        "region-opened": "opened: its first offerings",
        "service-opened": "opened: its first region",
        "service-ended": f"ended: gone from all regions{late}",
    }
    if step.kind in sentences:
        return sentences[step.kind]
    about = f" of {_some(step.codes)}" if step.codes else ""
    old, new = quoted_if_spaced(step.old or ""), quoted_if_spaced(step.new or "")
    return f"{step.kind.removesuffix('-changed')}{about}: {old} is now {new}"


def _what(change: Change) -> str:
    match change.kind:
        case "renamed":
            return f"{change.old} is now {change.new} in {_some(change.regions)}"
        case "region-opened" | "region-launched":
            return f"{change.region}"
        case "zone-added" | "zone-removed":
            return f"{change.zone} ({change.new}) in {change.region}"
        case "name-changed" | "endpoint-changed":
            return f"{_place(change)}: {quoted_if_spaced(change.old or '')} is now {quoted_if_spaced(change.new or '')}"
        case _:
            return _place(change)


def _place(change: Change) -> str:
    return " in ".join(filter(None, (change.service, change.region)))


def _dates(change: Change) -> str:
    absent = "" if change.absent_days is None else f"after {many(change.absent_days, 'day')}"
    launched = f"launch date {change.launched}" if change.launched else ""
    hint = f"created {change.hint} according to AWS" if change.hint else ""
    return ", ".join(filter(None, (absent, launched, hint)))


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes) if len(codes) <= MOST_REGIONS else many(len(codes), "region")
