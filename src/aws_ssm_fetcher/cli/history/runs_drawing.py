"""How the runs of a store look: to a person, as JSON, as CSV."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.history.drawing import dim, folded
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.proposals import proposed, verdicts_on
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.outputs.csv import csv_text
from aws_ssm_fetcher.queries.history.columns import RUN
from aws_ssm_fetcher.queries.rows import cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_ssm_fetcher.outputs.tables import Cell
    from aws_ssm_fetcher.queries.history.runs import KnownRun, RunsAnswer, Status

WORDS: Final[Mapping[Status, str]] = {
    "in-history": "in the history",
    "quarantined": "in quarantine",
    "rejected": "rejected",
    "waiting": "waiting to be processed",
    "not-in-history": "believed but not in the history",
    "without-history": "in no history, since nobody knows which region answered",
}
WIDEST: Final = 24  # characters of a run id that has room beside its verdict
_MARGIN: Final = " " * 18
_TIME: Final = "%Y-%m-%d %H:%M"


def as_json(answer: RunsAnswer) -> str:
    """Write them for machines."""
    return json_text(encode({"store": str(answer.store), "counts": answer.counts(), "runs": answer.runs}))


def as_csv(answer: RunsAnswer) -> str:
    """Write a row a run."""
    return csv_text(RUN, (_row(run) for run in answer.runs), line_end="\n").removesuffix("\n")


def drawn(answer: RunsAnswer) -> str:
    """Lay them out below the line that counts them."""
    if not answer.runs:
        there = folded("", f"There is no run in {answer.store}.")
        return f"{there}\nMake one: {printable(proposed('run', answer.store))}"
    counted = ", ".join(f"{number:,} {WORDS[status]}" for status, number in answer.counts().items())
    headline = folded("", f"{many(len(answer.runs), 'run')} in {answer.store}: {counted}{_shipped(answer)}")
    width = max((size for run in answer.runs if (size := len(run.run_id)) <= WIDEST), default=WIDEST)
    several = len({(run.query_region, run.detail) for run in answer.runs}) > 1
    titles = dim(f"{'Taken, UTC':<18}{'Run':<{width}}  What became of it")
    lines = (line for run in answer.runs for line in _of_run(run, width, several=several))
    return "\n".join((headline, "", titles, *lines, *_advice(answer)))


def _shipped(answer: RunsAnswer) -> str:
    count = sum(run.shipped for run in answer.runs)
    if not count:
        return ""
    are, their, them = ("is", "its", "it") if count == 1 else ("are", "their", "them")
    return f". {count:,} {are} as shipped: {their} documents are not here, so nothing can be decided on {them}"


def _of_run(run: KnownRun, width: int, *, several: bool) -> Iterator[str]:
    start, text = f"{run.taken:{_TIME}}  {run.run_id:<{width}}  ", _verdict(run, several=several)
    if len(run.run_id) > width:
        yield folded("", start.rstrip())
        start = _MARGIN
    yield folded(start, text)
    for doubt in run.quarantine:
        if doubt.rule != "rejected":
            yield folded(_MARGIN, doubt.message)


def _verdict(run: KnownRun, *, several: bool) -> str:
    said = WORDS[run.status]
    if run.replaced_by:
        said = f"believed, and its history has run {run.replaced_by} of that moment"
    by_decision = run.status == "rejected" and run.decision and run.decision.verdict == "rejected"
    parts = [f"{said} on {run.decision.decided:%Y-%m-%d}" if by_decision and run.decision else said]
    if run.shipped:
        parts.append("as shipped")
    if run.latest:
        parts.append("the latest")
    if several:
        parts.append(f"{run.query_region or 'unknown region'} at {run.detail}")
    return ", ".join(parts) + (_reason(run) if by_decision else _decided(run))


def _reason(run: KnownRun) -> str:
    return f": {run.decision.reason}" if run.decision and run.decision.reason else ""


def _decided(run: KnownRun) -> str:
    if run.decision is None:
        return ""
    still = "" if _is_followed(run) else ", and not processed since"
    return f"; {run.decision.verdict} on {run.decision.decided:%Y-%m-%d}{_reason(run)}{still}"


def _is_followed(run: KnownRun) -> bool:
    """Tell whether the run is as it was decided; one without a history stays as it is, whatever was decided."""
    if run.status == "without-history" or run.decision is None:
        return True
    return run.decision.verdict == "accepted" and run.status in {"in-history", "not-in-history"}


def _advice(answer: RunsAnswer) -> Iterator[str]:
    open_ones = (run for run in answer.runs if run.status == "quarantined" and run.decidable and not run.decision)
    for run in islice(open_ones, 1):
        yield ""
        for line in verdicts_on(run, answer.names, answer.store):
            yield printable(line)


def _row(run: KnownRun) -> tuple[Cell, ...]:
    one = run.decision
    decided = cells(one, ("verdict", "decided", "reason")) if one else (None, None, None)
    doubts = (" ".join(doubt.rule for doubt in run.quarantine), "; ".join(doubt.message for doubt in run.quarantine))
    latest, decidable, shipped = ("yes" if one else "no" for one in (run.latest, run.decidable, run.shipped))
    about = cells(run, ("taken", "run_id", "status", "query_region", "detail", "origin"))
    return (*about, latest, *decided, *doubts, decidable, run.replaced_by, shipped)
