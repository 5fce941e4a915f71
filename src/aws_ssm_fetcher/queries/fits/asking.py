"""A question about stacks: its sources, read from a store or from what ships with the package, and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.aliases import service_of_cloudformation_type
from aws_ssm_fetcher.data_sources.stacks.model import Target
from aws_ssm_fetcher.data_sources.stacks.paths import read_stack
from aws_ssm_fetcher.queries.fits.evidence import Evidence, services_of
from aws_ssm_fetcher.queries.fits.naming import naming
from aws_ssm_fetcher.queries.fits.stacks import fit_stack
from aws_ssm_fetcher.queries.fits.verdicts import Judge
from aws_ssm_fetcher.queries.records.current import current_inventory
from aws_ssm_fetcher.queries.records.current_types import current_types, current_types_history
from aws_ssm_fetcher.queries.records.resource_types import TypeAvailability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Detail, RegionCode
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.core.store.located import LocatedStore
    from aws_ssm_fetcher.queries.fits.choice import Choice, Wish
    from aws_ssm_fetcher.queries.fits.evidence import Candidate
    from aws_ssm_fetcher.queries.fits.model import StackFit
    from aws_ssm_fetcher.queries.fits.time import Histories


class Question(NamedTuple):
    """The sources of an answer, opened."""

    inventory: Inventory
    evidence: Evidence
    judge: Judge
    store: LocatedStore


def open_question(store: LocatedStore, run_id: str | None, detail: Detail, as_of: date | None = None) -> Question:
    """Open the sources that a question about stacks is answered from, those of an earlier day if one is given."""
    return question_of(current_inventory(store, run_id, detail=detail), current_types(store), store, as_of)


def question_of(inventory: Inventory, types: ResourceTypes, store: LocatedStore, as_of: date | None = None) -> Question:
    """Return the sources for an inventory and lists that are open already."""
    evidence = evidence_of(inventory, types)
    if as_of:
        from aws_ssm_fetcher.queries.fits.time import evidence_as_of  # noqa: PLC0415 - the past is seldom asked for

        evidence = evidence_as_of(evidence, _histories(store), as_of)
    return Question(inventory, evidence, Judge(evidence, naming(evidence.services)), store)


def add_time(question: Question, fit: StackFit) -> StackFit:
    """Return an answer with the time that names took to come to regions."""
    from aws_ssm_fetcher.queries.fits.time import with_time  # noqa: PLC0415 - the past is seldom asked for

    regions = question.inventory.regions
    launched = {region.code: region.launch.date for region in regions if region.launch}
    return with_time(fit, question.judge, _histories(question.store), launched)


def _histories(store: LocatedStore) -> Histories:
    from aws_ssm_fetcher.queries.fits.time import Histories  # noqa: PLC0415 - see above
    from aws_ssm_fetcher.queries.history.source import choose  # noqa: PLC0415 - see above

    services = choose(store, query_region=None, detail=None, bundled=False).history
    return Histories(services, current_types_history(store))


def evidence_of(inventory: Inventory, resource_types: ResourceTypes) -> Evidence:
    """Return the sources, for the day of the latest of them: equal sources give equal answers."""
    kind = inventory.source.kind
    origin = "AWS's parameters" if kind == "aws" else f"AWS's parameters ({kind} snapshot)"
    types, lifecycle = TypeAvailability(resource_types), lifecycle_table()
    # Not today: equal sources must give equal answers on any day.
    day = max([inventory.taken.date(), types.taken, *(entry.checked for entry in lifecycle)])
    return Evidence(services_of(inventory, origin), types, lifecycle, day, service_of_cloudformation_type)


def ask_stack(
    question: Question,
    paths: Sequence[str],
    places: Iterable[Candidate],
    ignored: Sequence[str],
    read_input: Callable[[int], bytes],
    *,
    like: RegionCode | None = None,
) -> StackFit:
    """Read a stack and return the answer about it. Raises ``StackUnreadableError``, ``ExtraMissingError``."""
    services = question.evidence.services
    targets = [Target(place.region, place.partition) for place in services.places]
    stack = read_stack(paths, targets, read_input)
    likeness = services.likeness(like) if like else {}
    return fit_stack(stack, question.judge, places, likeness=likeness, ignored=ignored)


def ask_choice(analysis: Analysis, question: Question, fit: StackFit, wish: Wish) -> Choice:
    """Return the regions ranked for a stack that was answered about in all of them, by the inventory's analysis."""
    from aws_ssm_fetcher.queries.fits.choice import choose_region  # noqa: PLC0415 - not for the question whether it fits

    needed = frozenset(code for need in fit.needs for code in question.judge.decision(need).services)
    return choose_region(analysis, question.evidence, fit, wish, needed)
