"""Codes that a snapshot does not have and a history does: which command shows their timeline."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, cast

from aws_ssm_fetcher.cli.shared.hints import options_of, proposed
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.queries.history.source import choose, histories_in
from aws_ssm_fetcher.queries.lookup import code_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.store.located import LocatedStore
    from aws_ssm_fetcher.processors.history.selection import Noun


def timeline_of(store: LocatedStore, unknown: UnknownCodeError) -> str:
    """Return the advice to look at the timeline of a removed code; empty if no history has it."""
    noun = cast("Noun", unknown.noun)
    for options, history in _histories(store):
        if code := _code(history, noun, unknown.code):
            command = proposed(f"history {noun} {quote(code)}{options}", store.root)
            return f'It is in the history: "{command}"'
    return ""


def _code(history: History, noun: Noun, text: str) -> str | None:
    try:
        return code_in(history, noun, text)
    except UnknownCodeError:
        return None


def _histories(store: LocatedStore) -> Iterator[tuple[str, History]]:
    """Yield the default history, then all others, each with the options that choose it."""
    # The default first: the command that is proposed then needs no options.
    yield "", _chosen(store, bundled=False)
    for history in histories_in(store):
        teller, detail = history.lineage
        yield options_of(bundled=False, query_region=teller, detail=detail), history
    yield options_of(bundled=True, query_region=None, detail=None), _chosen(store, bundled=True)


def _chosen(store: LocatedStore, *, bundled: bool) -> History:
    return choose(store, query_region=None, detail=None, bundled=bundled).history
