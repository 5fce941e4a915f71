"""A question about stacks: its sources, read from the store or from what ships with the package, and its answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

import click

from aws_ssm_fetcher.cli.run.sources import shipped_inventory
from aws_ssm_fetcher.cli.shared.session import Session, open_session
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.lifecycle import lifecycle_table
from aws_ssm_fetcher.core.error_handling import ExtraMissingError, ObjectMissingError, StackUnreadableError
from aws_ssm_fetcher.core.model.aliases import service_of_cloudformation_type
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.data_sources.stacks.model import Target
from aws_ssm_fetcher.data_sources.stacks.paths import read_stack
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.queries.fits.evidence import Evidence, services_of
from aws_ssm_fetcher.queries.fits.naming import naming
from aws_ssm_fetcher.queries.fits.stacks import fit_stack
from aws_ssm_fetcher.queries.fits.verdicts import Judge
from aws_ssm_fetcher.queries.records.resource_types import TypeAvailability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aws_ssm_fetcher.core.config import Settings
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.inventory import Inventory
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


def open_question(root: Path, run_id: str | None) -> Question:
    """Open the sources that a question about stacks is answered from."""
    analysis = analysis_at_hand(open_session(root, quiet=True), run_id)
    evidence = evidence_of(analysis.inventory)
    return Question(analysis, evidence, Judge(evidence, naming(evidence.services)))


def analysis_at_hand(session: Session, run_id: str | None) -> Analysis:
    """Read the analysis of the latest snapshot; where the store has none, analyse the bundled one."""
    try:
        key = session.youngest_analysis(run_id)
    except ObjectMissingError:
        if run_id is not None:
            raise
        return _bundled_analysis(session.settings)
    return run_documents.load_analysis(session.store.read(key).body, key)


@cache
def _bundled_analysis(settings: Settings) -> Analysis:
    nowhere = Session(DirectoryStore(Path()), settings, quiet=True, as_json=True)
    return analyse(shipped_inventory(nowhere))


def evidence_of(inventory: Inventory) -> Evidence:
    """Return the sources, for the day of the latest of them: equal sources give equal answers."""
    kind = inventory.source.kind
    origin = "AWS's parameters" if kind == "aws" else f"AWS's parameters ({kind} snapshot)"
    types, lifecycle = TypeAvailability(bundled_resource_types()), lifecycle_table()
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
