"""The command ``choose``: which region to choose for a stack, and why."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.fits.phrases import sources
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import show_text
from aws_ssm_fetcher.cli.shared.options import AS_JSON, QUERIED_RUN, QUERIED_STORE
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.queries.fits.choice import Choice, RankedRegion

_GEOGRAPHIES: Final = (
    "AFRICA",
    "ASIA",
    "EU",
    "EUROPE",
    "MIDDLE-EAST",
    "NORTH-AMERICA",
    "OCEANIA",
    "SOUTH-AMERICA",
)
_EPILOG: Final = """\b
Examples:
  aws-ssm-fetcher choose --like eu-central-1 --geo EU
  aws-ssm-fetcher choose --stack cdk.out --like eu-central-1 --min-azs 3
  aws-ssm-fetcher choose --needs bedrock --needs AWS::Lambda::Url
"""
_WIDTH: Final = 80


@click.command("choose", epilog=_EPILOG)
@click.option("--stack", "stacks", multiple=True, metavar="PATH", help="What it must have: any PATH that fits takes.")
@click.option("--needs", "needs", multiple=True, metavar="NAME", help="What it must have: a service or type.")
@click.option("--like", metavar="REGION", help="The present region: those most like it come first.")
@click.option("--partition", metavar="NAME", help="Only regions of this partition.")
@click.option("--country", metavar="COUNTRY", help="Only regions in this country: DE, Germany.")
@click.option(
    "--geo",
    type=click.Choice(_GEOGRAPHIES, case_sensitive=False),
    metavar="PART",
    help="Only this part of the world: EU, EUROPE, ASIA, OCEANIA, AFRICA, MIDDLE-EAST, NORTH-AMERICA, SOUTH-AMERICA.",
)
@click.option(
    "--min-azs", type=click.IntRange(min=1), metavar="N", help="Only regions with at least N availability zones."
)
@click.option("--opt-in", type=click.Choice(["yes", "no"]), help="Whether an account has to enable it first.")
@click.option("--data-residency", is_flag=True, help="Services answered from another region count against it.")
@click.option("--ignore", "ignored", multiple=True, metavar="TYPE", help="Leave a type out, such as Custom::*.")
@QUERIED_STORE
@QUERIED_RUN
@AS_JSON
def choose(  # noqa: PLR0913 - options of a command
    *,
    stacks: tuple[str, ...],
    needs: tuple[str, ...],
    like: str | None,
    partition: str | None,
    country: str | None,
    geo: str | None,
    min_azs: int | None,
    opt_in: str | None,
    data_residency: bool,
    ignored: tuple[str, ...],
    root: Path,
    run_id: str | None,
    as_json: bool,
) -> None:
    """Rank the regions for a stack."""
    from aws_ssm_fetcher.cli.fits.asking import ask_stack, open_question  # noqa: PLC0415 - documents are not for --help
    from aws_ssm_fetcher.queries.fits.asking import ask_choice  # noqa: PLC0415 - see above
    from aws_ssm_fetcher.queries.fits.choice import Wish  # noqa: PLC0415 - see above
    from aws_ssm_fetcher.queries.fits.documents import choice_document  # noqa: PLC0415 - see above
    from aws_ssm_fetcher.queries.records.answers import region_code  # noqa: PLC0415 - see above

    question = open_question(root, run_id)
    wish = Wish(
        partition=partition,
        country=country,
        geography=geo.upper() if geo else None,
        min_zones=min_azs,
        opt_in=None if opt_in is None else opt_in == "yes",
        like=region_code(question.analysis, like) if like else None,
        data_residency=data_residency,
    )
    fit = ask_stack(question, (*stacks, *needs), question.evidence.services.places, ignored, sys.stdin.buffer.read)
    choice = ask_choice(question, fit, wish)
    text = json_text(choice_document(choice)) if as_json else _text(choice, is_alike=like is not None)
    show_text(text, paged=not as_json)


def _text(choice: Choice, *, is_alike: bool) -> str:
    lines = [*sources(choice.fit), ""]
    if not choice.ranked:
        lines.append("No region is left. Left out:")
        lines += [f" {left.region}: {left.reason}" for left in choice.left]
        return "\n".join(lines)
    similar = "  Similar" if is_alike else ""
    lines.append(f" {'':>3}  {'Region':<15} {'Answer':<13}{similar}  Services  Zones  Opt-in")
    lines += [_line(row, is_alike=is_alike) for row in choice.ranked]
    lines += ["", "Why"]
    for row in choice.ranked:
        text = printable(f"{row.rank}. {row.region} {row.name or ''}: {'; '.join(row.reasons)}")
        lines += textwrap.wrap(text, _WIDTH, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(line.rstrip() for line in lines)


def _line(row: RankedRegion, *, is_alike: bool) -> str:
    similar = f"  {row.similarity or 0.0:>6.1%}" + " " if is_alike else ""
    zones = "?" if row.zones is None else str(row.zones)
    opt_in = {True: "yes", False: "no", None: "?"}[row.opt_in]
    return f" {row.rank:>3}  {row.region:<15} {row.fit.answer:<13}{similar}  {row.services:>8}  {zones:>5}  {opt_in}"
