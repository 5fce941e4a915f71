"""``compare``: two regions side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.ask.parts import by_schemas, facts, percentage
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.completion import complete_region
from aws_ssm_fetcher.cli.shared.layout import Codes, CodesWithNames, Stack, bold, dim
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.records import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.queries.records.answers import Comparison

_UNNAMED: Final = "Names are omitted at this width: use --csv."


def text(answer: Comparison, snapshot: Snapshot) -> Iterator[Block]:
    """Yield how alike two regions are, then which services only one of them offers, and which both."""
    inventory = snapshot.analysis.inventory
    names = {region.code: region.name for region in inventory.regions}
    here, there = answer.here, answer.there
    only = {here: answer.only_here, there: answer.only_there}  # one, where a region is compared with itself
    yield f"{bold(printable(names[here] or here))} and {bold(printable(names[there] or there))}"
    yield facts(
        ("Similarity", f"{percentage(answer.similarity)} {dim('services in both over services in either')}"),
        *((f"Only {printable(code)}", f"{len(codes):,}") for code, codes in only.items()),
        ("In both", f"{len(answer.both):,}"),
    )
    services: dict[str, str | None] = {service.code: service.name for service in inventory.services}
    for code, codes in only.items():
        if codes:
            yield f"\n{bold(f'Only in {printable(code)}')}"
            yield CodesWithNames(codes, services)
    if answer.depths and answer.types_source:
        words = f"Other numbers of resource types: {printable(here)} and {printable(there)}"
        yield f"\n{bold(words)} {by_schemas(answer.types_source)}"
        yield Codes([f"{one.service} {one.here.registered} {one.there.registered}" for one in answer.depths])
    if answer.both:
        yield f"\n{bold('In both')}"
        yield CodesWithNames(answer.both, services, alone=Stack(Codes(answer.both), dim(_UNNAMED)))


@question(
    ANALYSIS,
    click.argument("here", metavar="REGION", shell_complete=complete_region),
    click.argument("there", metavar="OTHER", shell_complete=complete_region),
    text=text,
)
def compare(analysis: Analysis, here: str, there: str) -> Comparison:
    """Compare two regions.

    REGION and OTHER are codes, such as us-east-1, or names. Lists the services that only one of them offers, and those
    in both.
    """
    return answers.compare(analysis, here, there)
