"""A question about stacks: its sources, read from the store or from what ships with the package, and its answer."""

from __future__ import annotations

import os
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

import click

from aws_ssm_fetcher.cli.shared.stores import open_store
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.documents.lifecycle import lifecycle_table
from aws_ssm_fetcher.core.error_handling import ExtraMissingError, StackUnreadableError
from aws_ssm_fetcher.core.model.aliases import service_of_cloudformation_type
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.data_sources.stacks.model import Target
from aws_ssm_fetcher.data_sources.stacks.paths import read_stack
from aws_ssm_fetcher.processors.history.bundled import bundled_types_history
from aws_ssm_fetcher.queries.fits.evidence import Evidence, services_of
from aws_ssm_fetcher.queries.fits.naming import naming
from aws_ssm_fetcher.queries.fits.stacks import fit_stack
from aws_ssm_fetcher.queries.fits.time import Histories, evidence_as_of, with_time
from aws_ssm_fetcher.queries.fits.verdicts import Judge
from aws_ssm_fetcher.queries.history.source import choose
from aws_ssm_fetcher.queries.records.bundled import bundled_analysis
from aws_ssm_fetcher.queries.records.current import current_analysis, stored_key
from aws_ssm_fetcher.queries.records.current_types import current_types
from aws_ssm_fetcher.queries.records.resource_types import TypeAvailability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Detail, RegionCode
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.core.store.located import LocatedStore, Location
    from aws_ssm_fetcher.queries.fits.evidence import Place
    from aws_ssm_fetcher.queries.fits.model import StackFit

UNREADABLE: Final = 2


class UnreadableError(click.ClickException):
    """A gate that cannot read its stack has no answer: neither 1 nor 3."""

    exit_code = UNREADABLE

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the error as all others are printed."""
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {printable(self.message)}", err=True, file=file)


class Question(NamedTuple):
    """The sources of an answer, opened."""

    analysis: Analysis
    evidence: Evidence
    judge: Judge
    store: LocatedStore


def open_question(root: Location, run_id: str | None, as_of: date | None = None) -> Question:
    """Open the sources that a question about stacks is answered from, those of an earlier day if one is given."""
    store = open_store(root)
    analysis = _newest_analysis(store, run_id, settings_from(os.environ, used=QUESTIONS).detail)
    evidence = evidence_of(analysis.inventory, current_types(store))
    histories = _histories(store) if as_of else None
    if as_of and histories:
        evidence = evidence_as_of(evidence, histories, as_of)
    return Question(analysis, evidence, Judge(evidence, naming(evidence.services)), store)


def add_time(question: Question, fit: StackFit) -> StackFit:
    """Return an answer with the time that names took to come to regions."""
    regions = question.analysis.inventory.regions
    launched = {region.code: region.launch.date for region in regions if region.launch}
    return with_time(fit, question.judge, _histories(question.store), launched)


def _histories(store: LocatedStore) -> Histories:
    services = choose(store, query_region=None, detail=None, bundled=False).history
    return Histories(services, bundled_types_history()[1])


def _newest_analysis(store: LocatedStore, run_id: str | None, detail: Detail) -> Analysis:
    """Return the analysis of the newest snapshot; where the store has none, the bundled one's, analysed once."""
    return current_analysis(store, run_id) if stored_key(store, run_id) else _bundled_analysis(detail)


@cache
def _bundled_analysis(detail: Detail) -> Analysis:
    return bundled_analysis(detail)


def evidence_of(inventory: Inventory, resource_types: ResourceTypes) -> Evidence:
    """Return the sources, for the day of the latest of them: equal sources give equal answers."""
    kind = inventory.source.kind
    origin = "AWS's parameters" if kind == "aws" else f"AWS's parameters ({kind} snapshot)"
    types, lifecycle = TypeAvailability(resource_types), lifecycle_table()
    day = max([inventory.taken.date(), types.taken, *(entry.checked for entry in lifecycle)])
    return Evidence(services_of(inventory, origin), types, lifecycle, day, service_of_cloudformation_type)


def ask_stack(
    question: Question,
    paths: Sequence[str],
    places: Iterable[Place],
    ignored: Sequence[str],
    read_input: Callable[[], bytes],
    *,
    like: RegionCode | None = None,
) -> StackFit:
    """Read a stack and return the answer about it. A file that cannot be read is wrong usage."""
    services = question.evidence.services
    targets = [Target(place.region, place.partition) for place in services.places]
    try:
        stack = read_stack(paths, targets, read_input)
    except (StackUnreadableError, ExtraMissingError) as error:
        raise UnreadableError(str(error)) from error
    likeness = services.likeness(like) if like else {}
    return fit_stack(stack, question.judge, places, likeness=likeness, ignored=ignored)
