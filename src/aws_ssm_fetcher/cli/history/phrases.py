"""A change in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.text import many, quoted_if_spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.processors.history.selection import Noun
    from aws_ssm_fetcher.queries.history.timelines import Step

SHOWN: Final = 3  # regions of a rename that are named in one line
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


def said_of_step(step: Step, noun: Noun, *, pending: bool = False) -> str:
    """Return one step of a timeline in words; a pending step has no date of confirmation."""
    late = "" if pending or step.seen == step.announced else f", announced {step.announced:%Y-%m-%d}"
    if step.kind in _STEPS:
        verb, codes = _STEPS[step.kind], " ".join(step.codes)
        return f"{verb} ({len(step.codes)}{late}): {codes}"
    if step.kind == "renamed":
        where = f" in {_some(step.codes)}" if noun == "service" else ""
        return f"{step.old} is now {step.new}{where}"
    if step.kind == "region-launched":
        return f"reached its launch date, {step.launched}"
    if step.kind == "region-opened":
        return "opened: its first offerings"
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
    return ", ".join(codes) if len(codes) <= SHOWN else many(len(codes), "region")
