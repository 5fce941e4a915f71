"""Questions about a snapshot: the analysis that answers, and what stands above its answers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.shared.answering import QuestionSource
from aws_ssm_fetcher.cli.shared.headline import headline, plain_headline, quarantine_lines, waiting_lines
from aws_ssm_fetcher.cli.shared.hints import listing
from aws_ssm_fetcher.cli.shared.options import QUERIED_RUN, QUERIED_STORE
from aws_ssm_fetcher.cli.shared.stored import missing_advice
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.error_handling import ObjectMissingError, UnknownCodeError
from aws_ssm_fetcher.core.model.analysis import Analysis
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.located import LocatedStore, Location
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.records.current import current_analysis, newer_quarantined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that is asked."""

    store: LocatedStore
    run_id: str | None
    """The run that was named, if one was."""
    analysis: Analysis
    now: datetime

    def answer(self, query: Callable[..., Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as the query says
        """Call a query; for an unknown code, advise where it is known or how all codes are listed."""
        try:
            return query(self.analysis, **parameters)
        except UnknownCodeError as error:
            from aws_ssm_fetcher.cli.shared.former_codes import timeline_of  # noqa: PLC0415 - reads all histories

            # A code that AWS removed is still in the history: that helps more than similar codes.
            known = timeline_of(self.store, error)
            error.advice = known or error.advice or listing(error.noun, self.store.root, self.run_id)
            raise

    def document(self, answer: object) -> dict[str, object]:
        """Return the JSON document: the snapshot and the answer."""
        inventory = self.analysis.inventory
        newer = newer_quarantined(self.store, inventory.taken) if self.run_id is None else None
        return {
            "run_id": inventory.run_id,
            "taken": inventory.taken,
            "source": inventory.source,
            "quarantine": self.analysis.quarantine,
            "newer_quarantined": newer and {"run_id": newer.run_id, "taken": newer.taken, "reasons": newer.quarantine},
            "answer": answer,
        }

    def headline(self, answer: object) -> Iterator[Block]:
        """Yield of when the snapshot is, why it is in quarantine, and which codes were matched."""
        yield from headline(self.analysis.inventory, self.store.root, self.now)
        yield from quarantine_lines(self.analysis, self.store)
        yield from self._waiting()
        yield from _matched(answer)

    def short_headline(self, answer: object) -> Iterator[str]:
        """Yield the same without styles."""
        yield from plain_headline(self.analysis, self.now)
        yield from self._waiting()
        yield from _matched(answer)

    def _waiting(self) -> Iterator[str]:
        """Yield that a newer run is quarantined, if no run was named."""
        if self.run_id is None:
            yield from waiting_lines(self.store, self.analysis.inventory.taken)


def open_snapshot(root: Location, run_id: str | None) -> Snapshot:
    """Return the snapshot that answers. Raises ``ObjectMissingError`` for a run that has no analysis."""
    store, settings = open_store(root), settings_from(os.environ, used=QUESTIONS)
    try:
        analysis = current_analysis(store, run_id, detail=settings.detail)
    except ObjectMissingError as error:
        error.advice = missing_advice(store, keys.PROCESSED_DATA, keys.ANALYSIS, run_id, made_by="process")
        raise
    return Snapshot(store, run_id, analysis, datetime.now(UTC))


def _matched(answer: object) -> Iterator[str]:
    for match in getattr(answer, "matched", ()):
        yield printable(f'"{match.words}" matches {match.code}')


ANALYSIS: Final = QuestionSource(
    open=open_snapshot,
    options=(QUERIED_STORE, QUERIED_RUN),
    parameters=frozenset({"root", "run_id"}),
    epilog="Answers come from the newest snapshot in the store, or, if it has none, from the bundled snapshot. "
    "Nothing is written.",
)
"""What questions about a snapshot are asked of."""
