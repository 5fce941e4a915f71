"""Questions about stacks as the command asks them: of ``--store``, and an unreadable stack is wrong usage."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any, Final

import click

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.shared.hints import listing
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.error_handling import ExtraMissingError, StackUnreadableError, UnknownCodeError
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.fits import asking
from aws_ssm_fetcher.queries.lookup import region_named
from aws_ssm_fetcher.queries.places import country_codes
from aws_ssm_fetcher.queries.records.current import current_analysis
from aws_ssm_fetcher.queries.records.current_types import current_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.store.located import Location
    from aws_ssm_fetcher.queries.fits.asking import Question
    from aws_ssm_fetcher.queries.fits.evidence import Candidate
    from aws_ssm_fetcher.queries.fits.model import StackFit

UNREADABLE: Final = 2


class UnreadableError(click.ClickException):
    """A gate that cannot read its stack has no answer: neither 1 nor 3."""

    exit_code = UNREADABLE

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the error as all others are printed."""
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {printable(self.message)}", err=True, file=file)


def open_question(root: Location, run_id: str | None, as_of: date | None = None) -> Question:
    """Open the sources in a store, at the level of detail that the settings name."""
    detail = settings_from(os.environ, used=QUESTIONS).detail
    return asking.open_question(open_store(root), run_id, detail, as_of)


def open_analysed(root: Location, run_id: str | None) -> tuple[Analysis, Question]:
    """Open the sources in a store, and the analysis of the snapshot."""
    store = open_store(root)
    analysis = current_analysis(store, run_id, detail=settings_from(os.environ, used=QUESTIONS).detail)
    return analysis, asking.question_of(analysis.inventory, current_types(store), store)


def region_asked(question: Question, text: str, root: Location, run_id: str | None) -> RegionCode:
    """Return the region that a name stands for. Raises ``UnknownCodeError`` with advice."""
    try:
        return region_named(question.inventory.regions, text)
    except UnknownCodeError as error:
        error.advice = error.advice or listing(error.noun, root, run_id)
        raise


def check_place(places: Sequence[Candidate], partition: str | None, country: str | None) -> None:
    """Raise ``BadParameter`` for a partition or a country in which no region is."""
    if partition is not None and all(place.partition != partition for place in places):
        known = ", ".join(sorted({place.partition for place in places if place.partition}))
        raise click.BadParameter(f'Unknown partition "{partition}". Partitions: {known}.', param_hint="--partition")
    countries = frozenset() if country is None else country_codes(country)
    if country is not None and all(place.country not in countries for place in places):
        known = ", ".join(sorted({place.country for place in places if place.country}))
        raise click.BadParameter(f'No region in "{country}". Countries: {known}.', param_hint="--country")


def ask_stack(
    question: Question,
    paths: Sequence[str],
    places: Iterable[Candidate],
    ignored: Sequence[str],
    read_input: Callable[[int], bytes],
    *,
    like: RegionCode | None = None,
) -> StackFit:
    """Read a stack and return the answer about it. A file that cannot be read is wrong usage."""
    try:
        return asking.ask_stack(question, paths, places, ignored, read_input, like=like)
    except (StackUnreadableError, ExtraMissingError) as error:
        raise UnreadableError(str(error)) from error
