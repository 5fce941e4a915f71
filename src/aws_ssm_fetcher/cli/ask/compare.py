"""``compare``: two to eight regions side by side."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.ask.parts import by_schemas, facts, percentage
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.completion import complete_region
from aws_ssm_fetcher.cli.shared.layout import Blocks, Codes, CodesWithNames, FirstThatFits, TextTable, bold, dim
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.records import answers
from aws_ssm_fetcher.queries.records.answers import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.queries.records.answers import ManyCompared

_UNNAMED: Final = "Names are omitted at this width: use --csv."


def text(answer: Comparison | ManyCompared, snapshot: Snapshot) -> Iterator[Block]:
    """Yield what regions have in common and what not."""
    return _two(answer, snapshot) if isinstance(answer, Comparison) else _many(answer)


def _many(answer: ManyCompared) -> Iterator[Block]:
    """Yield a line per service, with a mark below each region that offers it."""
    yield bold(", ".join(map(printable, answer.regions)))
    yield facts(
        ("In all", f"{answer.in_all:,}"),
        ("Not in all", f"{sum(bool(service.missing_in) for service in answer.services):,}"),
    )
    if answer.services:
        yield ""
        yield FirstThatFits(_marks(answer, named=True), _marks(answer, named=False))
    if answer.only_differences:
        yield dim("Services in all regions are omitted: use --all to list them.")


def _marks(answer: ManyCompared, *, named: bool) -> TextTable:
    columns = [("", "Service"), *([("dim", "Name")] if named else []), *(("", region) for region in answer.regions)]
    kinds, titles = zip(*columns, strict=True)
    table = TextTable(*kinds, titles=titles)
    for service in answer.services:
        cells = [printable(service.service)]
        if named:
            cells.append(printable(service.name or ""))
        cells += ["yes" if region in service.offered_in else "-" for region in answer.regions]
        table.add_row(*cells)
    return table


def _two(answer: Comparison, snapshot: Snapshot) -> Iterator[Block]:
    """Yield how alike two regions are, then which services only one of them offers, and which both."""
    inventory = snapshot.analysis.inventory
    names = {region.code: region.name for region in inventory.regions}
    here, there = answer.here, answer.there
    # A dict, so that a region that is compared with itself stands once.
    only = {here: answer.only_here, there: answer.only_there}
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
        yield Codes([f"{depth.service} {depth.here.registered} {depth.there.registered}" for depth in answer.depths])
    if answer.both and answer.only_differences:
        yield f"\n{dim('Services in both are omitted: use --all to list them.')}"
    elif answer.both:
        yield f"\n{bold('In both')}"
        yield CodesWithNames(answer.both, services, alone=Blocks(Codes(answer.both), dim(_UNNAMED)))


@question(
    ANALYSIS,
    click.argument("texts", metavar="REGION OTHER...", nargs=-1, shell_complete=complete_region),
    click.option(
        "--only-differences/--all",
        default=None,
        help="Leave out what all of them offer, or not. [default: leave it out at a terminal]",
    ),
    text=text,
)
def compare(analysis: Analysis, texts: tuple[str, ...], *, only_differences: bool | None) -> Comparison | ManyCompared:
    """Compare two to eight regions.

    Each is given by its code, such as us-east-1, or by a name. For two: the services only in the
    first, only in the second, and in both. For more: a line per service, with a mark for each region that offers it.
    """
    if not 2 <= len(texts) <= answers.MOST_COMPARED:  # noqa: PLR2004 - a comparison is of two or more
        raise click.UsageError(f"Name 2 to {answers.MOST_COMPARED} regions (got {len(texts)}).")
    # In a pipe all of it: a program should not depend on whether somebody watches.
    shortened = sys.stdout.isatty() if only_differences is None else only_differences
    answer = answers.compare(analysis, texts, only_differences=shortened)
    if isinstance(answer, Comparison) and answer.here == answer.there:
        raise click.UsageError(f"All names stand for {answer.here}: name another region to compare it with.")
    return answer
