"""Questions about the past: the history that answers, and what stands above its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.shared.answering import QuestionSource
from aws_ssm_fetcher.cli.shared.hints import listing_ever, options_of, proposed
from aws_ssm_fetcher.cli.shared.layout import folded
from aws_ssm_fetcher.cli.shared.options import HISTORY as HISTORY_OPTIONS
from aws_ssm_fetcher.cli.shared.options import QUERIED_STORE
from aws_ssm_fetcher.core.error_handling import NotInHistoryError, UnknownCodeError
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.processors.history.bundled import is_dated_by_releases
from aws_ssm_fetcher.queries.history.source import Chosen, choose, choose_instances, choose_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.store.located import Location


class HistorySource(NamedTuple):
    """A history that is asked."""

    root: Location
    chosen: Chosen
    options: str
    """The options that choose it again, to be put behind a command."""

    def answer(self, query: Callable[..., Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as the query says
        """Call a query; name other histories where this begins too late, and how codes are listed for unknown ones."""
        history = self.chosen.history
        try:
            return query(history, **parameters)
        except NotInHistoryError as error:
            raise NotInHistoryError(error.asked, error.first, advice=self.chosen.beside()) from error
        except UnknownCodeError as error:
            last = max((run.taken for run in history.runs), default=None)
            error.advice = error.advice or listing_ever(error.noun, self.root, last, self.options)
            raise

    def document(self, answer: object) -> dict[str, object]:
        """Return the JSON document: the history and the answer."""
        return {"history": self.chosen.as_json(), "answer": answer}

    def headline(self, answer: object) -> Iterator[Block]:
        """Yield which history answers, and which others there are."""
        return (folded("", line) for line in self.short_headline(answer))

    def short_headline(self, answer: object) -> Iterator[str]:
        """Yield the same unfolded."""
        del answer
        yield from self.chosen.headline().split("\n")
        if is_dated_by_releases(self.chosen.history):
            yield printable(late_dates(self.root))


def late_dates(root: Location) -> str:
    """Return what to do with a history that an earlier version began: its bundled snapshots have other dates now."""
    return (
        "Its bundled snapshots are dated by their releases, up to 35 days late, as earlier versions did; "
        f"to correct that: {proposed('history rebuild', root)}"
    )


def open_past(
    root: Location,
    *,
    bundled: bool,
    own: bool,
    query_region: str | None,
    detail: str | None,
    level: str = "service",
    use: str | None = None,
) -> HistorySource:
    """Return the history that these options choose. Raises ``ObjectMissingError`` or ``SettingRefusedError``."""
    if level != "service" and (own or query_region or detail):
        raise click.UsageError("--own, --query-region and --detail choose a history of services, not of types.")
    if use and level != "instance":
        raise click.UsageError("--for chooses a history of instance types: give --level instance too.")
    if level == "instance":
        words = f" --level instance{f' --for {use}' if use else ''}{options_of(bundled=bundled)}"
        return HistorySource(root, choose_instances(use or "ec2"), words)
    if level == "type":
        return HistorySource(
            root, choose_types(open_store(root), bundled=bundled), f" --level type{options_of(bundled=bundled)}"
        )
    chosen = choose(open_store(root), query_region=query_region, detail=detail, bundled=bundled, own=own)
    return HistorySource(root, chosen, options_of(bundled=bundled, query_region=query_region, detail=detail, own=own))


HISTORY: Final = QuestionSource(
    open=open_past,
    options=(QUERIED_STORE, *HISTORY_OPTIONS),
    parameters=frozenset({"root", "bundled", "own", "query_region", "detail", "level", "use"}),
    epilog="Answers come from the store's history (of several, the one written last), or, if it has none, from the "
    "bundled history. Nothing is written.",
)
"""What questions about the past are asked of."""
