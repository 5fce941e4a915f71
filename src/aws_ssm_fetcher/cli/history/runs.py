"""``history runs``: the runs of a store and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.shared.answering import QuestionSource, question
from aws_ssm_fetcher.cli.shared.headline import list_lines, verdicts_on
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.layout import Whole, dim, folded
from aws_ssm_fetcher.cli.shared.options import STORE, newest, not_shown
from aws_ssm_fetcher.cli.shared.past import late_dates
from aws_ssm_fetcher.core.store.located import LocatedStore, Location
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.history.columns import RUN
from aws_ssm_fetcher.queries.history.runs import RunsAnswer, runs_in
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.changes import QuarantineReason
    from aws_ssm_fetcher.outputs.layout import Cell
    from aws_ssm_fetcher.queries.history.runs import KnownRun, Status

WORDS: Final[Mapping[Status, str]] = {
    "in-history": "in the history",
    "quarantined": "quarantined",
    "rejected": "rejected",
    "waiting": "waiting to be processed",
    "not-in-history": "accepted but not in the history",
    "without-history": "in no history: its query region is unknown",
}
WIDEST: Final = 24  # characters of a run id that has room beside its verdict
MOST_PARTS: Final = 5  # parts whose command is printed: of a broken source each region's endpoints may be one
_MARGIN: Final = " " * 18
_TIME: Final = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class RunList:
    """The runs of a store, with their rows."""

    answer: RunsAnswer

    def rows(self) -> Rows:
        """Return a row per run."""
        return Rows(RUN, (_row(run) for run in self.answer.runs))


@dataclass(frozen=True, slots=True)
class StoreAsked:
    """A store whose runs are listed."""

    store: LocatedStore

    def answer(self, query: Callable[..., Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as the query says
        """Call a query."""
        return query(self.store, **parameters)

    def document(self, answer: RunList) -> dict[str, object]:
        """Return the JSON document: this one has no envelope."""
        runs = answer.answer
        lists = {"run_id": runs.lists.run_id, "lists": runs.lists.lists} if runs.lists else None
        return {
            "store": str(runs.store),
            "dated_by_releases": runs.dated_by_releases,
            "counts": runs.counts(),
            "runs": runs.runs,
            "resource_types": lists,
        }

    def headline(self, answer: RunList) -> Iterator[Block]:
        """Yield how many runs of each status there are."""
        yield from map(Whole, self.short_headline(answer))
        if not answer.answer.runs:
            yield Whole(f"To create one: {printable(proposed('run', self.store.root))}")

    def short_headline(self, answer: RunList) -> Iterator[str]:
        """Yield the same."""
        runs = answer.answer
        if not runs.runs:
            yield folded("", f"No runs in {runs.store}.")
            return
        counts = ", ".join(f"{number:,} {WORDS[status]}" for status, number in runs.counts().items())
        in_part = sum(any(reason.rule != "rejected" for reason in run.quarantined_strands) for run in runs.runs)
        parts = f", a part of {in_part:,} quarantined" if in_part else ""
        yield folded("", f"{many(len(runs.runs), 'run')} in {runs.store}: {counts}{parts}{_shipped(runs)}")
        if runs.dated_by_releases:
            yield folded("", printable(late_dates(self.store.root)))


def open_asked(root: Location) -> StoreAsked:
    """Return the store."""
    return StoreAsked(open_store(root))


def text(runs: RunList, _: object) -> Iterator[Block]:
    """Yield one line per run, with its quarantine reasons below."""
    answer = runs.answer
    if answer.runs:
        yield from _table(answer)
    if answer.lists:
        yield ""
        yield from list_lines(answer.lists, answer.store)


def _table(answer: RunsAnswer) -> Iterator[Block]:
    width = max((size for run in answer.runs if (size := len(run.run_id)) <= WIDEST), default=WIDEST)
    several = len({(run.query_region, run.detail) for run in answer.runs}) > 1
    yield Whole(dim(f"{'Taken, UTC':<18}{'Run':<{width}}  Status"))
    shown, earlier = newest(answer.runs)
    for run in shown:
        yield from _of_run(run, width, several=several)
    yield from not_shown(earlier, "run")
    yield from map(Whole, _advice(answer))


@question(
    QuestionSource(open_asked, (STORE,), frozenset({"root"}), "Nothing is written."),
    text=text,
    in_time=True,
)
def runs(store: LocatedStore) -> RunList:
    """List runs and their status.

    The newest come last. Each is in a history, quarantined, rejected, or waiting to be processed, with the reasons and
    any decision. Of an accepted run the quarantined parts are listed, with the commands that accept them.
    """
    return RunList(runs_in(store))


def _shipped(answer: RunsAnswer) -> str:
    count = sum(run.shipped for run in answer.runs)
    if not count:
        return ""
    are, they = ("is", "it") if count == 1 else ("are", "they")
    return f". {count:,} {are} from the bundled history: no documents here, so {they} cannot be accepted or rejected"


def _of_run(run: KnownRun, width: int, *, several: bool) -> Iterator[Block]:
    start, text = f"{run.taken:{_TIME}}  {run.run_id:<{width}}  ", _verdict(run, several=several)
    if len(run.run_id) > width:
        yield folded("", start.rstrip())
        start = _MARGIN
    yield folded(start, text)
    for reason in run.quarantine:
        if reason.rule != "rejected":
            yield folded(_MARGIN, reason.message)
    for reason in run.quarantined_strands:
        yield folded(_MARGIN, _of_part(reason))


def _of_part(reason: QuarantineReason) -> str:
    if reason.rule == "rejected":
        return f"part rejected: {printable(reason.strand or '')}"
    since = f", since {reason.since:%Y-%m-%d}" if reason.since else ""
    return f"part quarantined: {printable(reason.message)}{since}"


def _verdict(run: KnownRun, *, several: bool) -> str:
    words = WORDS[run.status]
    if run.replaced_by:
        words = f"accepted, but its history has run {run.replaced_by} of the same time"
    by_decision = run.status == "rejected" and run.decision and run.decision.verdict == "rejected"
    parts = [f"{words} on {run.decision.decided:%Y-%m-%d}" if by_decision and run.decision else words]
    if run.shipped:
        parts.append("bundled")
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
    """Return whether the run's status follows the decision; a run without a history does not change."""
    if run.status == "without-history" or run.decision is None:
        return True
    return run.decision.verdict == "accepted" and run.status in {"in-history", "not-in-history"}


def _advice(answer: RunsAnswer) -> Iterator[str]:
    # Only one proposal: the oldest, since later runs are re-evaluated once it is decided.
    open_ones = (run for run in answer.runs if run.status == "quarantined" and run.decidable and not run.decision)
    for run in islice(open_ones, 1):
        yield ""
        for line in verdicts_on(run, answer.names, answer.store):
            yield printable(line)
    parts = list(answer.undecided_parts())
    if parts:
        yield ""
    for run, reason in parts[:MOST_PARTS]:
        command = proposed(f"accept {answer.names.arguments(run)} --strand {reason.strand}", answer.store)
        yield printable(f"If AWS removed {reason.strand} in run {answer.names.of(run)}: {command}")
    if len(parts) > MOST_PARTS:
        yield f"and likewise each of {many(len(parts) - MOST_PARTS, 'more part')} listed above"


def _row(run: KnownRun) -> tuple[Cell, ...]:
    decision = run.decision
    decided = cells(decision, ("verdict", "decided", "reason")) if decision else (None, None, None)
    rules = " ".join(reason.rule for reason in run.quarantine)
    messages = "; ".join(reason.message for reason in run.quarantine)
    about = cells(run, ("taken", "run_id", "status", "query_region", "detail", "origin"))
    flags = (_yes_or_no(run.decidable), run.replaced_by, _yes_or_no(run.shipped))
    strands = " ".join(reason.strand or "" for reason in run.quarantined_strands)
    strand_messages = "; ".join(map(_of_part, run.quarantined_strands))
    return (*about, _yes_or_no(run.latest), *decided, rules, messages, *flags, strands, strand_messages)


def _yes_or_no(flag: object) -> str:
    return "yes" if flag else "no"
