"""The command ``choose``: which region to choose for a stack, and why."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.fits.asking import ask_stack, check_place, open_analysed, region_asked
from aws_ssm_fetcher.cli.fits.phrases import sources
from aws_ssm_fetcher.cli.fits.text import undecided
from aws_ssm_fetcher.cli.shared.answering import print_rows
from aws_ssm_fetcher.cli.shared.headline import waiting_lines
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import show_text
from aws_ssm_fetcher.cli.shared.options import QUERIED_RUN, QUERIED_STORE, chosen_form, with_ranked_forms
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.fits.asking import ask_choice
from aws_ssm_fetcher.queries.fits.choice import GEOGRAPHIES, Wish
from aws_ssm_fetcher.queries.fits.documents import choice_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.cli.shared.options import Form
    from aws_ssm_fetcher.core.store.located import Location
    from aws_ssm_fetcher.queries.fits.choice import Choice, RankedRegion

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
    type=click.Choice(sorted(GEOGRAPHIES), case_sensitive=False),
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
@with_ranked_forms
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
    root: Location,
    run_id: str | None,
    as_json: bool,
    as_csv: bool,
    form: Form | None,
    limit: int | None,
) -> None:
    """Rank the regions for a stack."""
    chosen = chosen_form(as_json=as_json, as_csv=as_csv, form=form, limit=limit, limits_text=True)
    analysis, question = open_analysed(root, run_id)
    wish = Wish(
        partition=partition,
        country=country,
        geography=geo.upper() if geo else None,
        min_zones=min_azs,
        opt_in=None if opt_in is None else opt_in == "yes",
        like=None if like is None else region_asked(question, like, root, run_id),
        data_residency=data_residency,
    )
    check_place(question.evidence.services.places, partition, country)
    named = [name for listed in needs for name in _names(listed)]
    fit = ask_stack(question, (*stacks, *named), question.evidence.services.places, ignored, sys.stdin.buffer.read)
    waiting = () if run_id else waiting_lines(question.store, question.inventory.taken)
    _print(ask_choice(analysis, question, fit, wish), chosen, limit, waiting, is_alike=like is not None)


def _names(listed: str) -> list[str]:
    """Return the names in a value. Raises ``BadParameter`` if there is none."""
    # No name has a comma: who lists several in one value means each of them.
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if not names:
        raise click.BadParameter("the name is empty: name a service or a type.", param_hint="--needs")
    return names


def _print(choice: Choice, form: Form, limit: int | None, waiting: Iterable[str], *, is_alike: bool) -> None:
    if form == "json":
        click.echo(json_text(choice_document(choice)))
    elif form == "text":
        show_text("\n".join([*waiting, _text(choice, limit, is_alike=is_alike)]), paged=True)
    else:
        print_rows(choice.rows(), form, limit, (*waiting, *sources(choice.fit)))


def _text(choice: Choice, limit: int | None, *, is_alike: bool) -> str:
    lines = [*sources(choice.fit), ""]
    if not choice.ranked:
        lines.append("No region is left. Left out:")
        lines += [f" {left.region}: {left.reason}" for left in choice.left]
        return "\n".join(lines)
    shown = choice.ranked[:limit]
    similar = "  Similar" if is_alike else ""
    lines.append(f" {'':>3}  {'Region':<15} {'Answer':<13}{similar}  Services  Zones  Opt-in")
    lines += [_line(row, is_alike=is_alike) for row in shown]
    lines += ["", "Why"]
    for row in shown:
        text = printable(f"{row.rank}. {row.region} {row.name or ''}: {'; '.join(row.reasons)}")
        # A no-break space while it is wrapped: a line should not begin with the sign of the number before it.
        whole = text.replace(" %", "\xa0%")
        wrapped = textwrap.wrap(whole, _WIDTH, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)
        lines += [line.replace("\xa0", " ") for line in wrapped]
    lines += undecided(choice.fit, _WIDTH)
    if left := len(choice.ranked) - len(shown):
        lines += ["", f"{many(left, 'more region')} not shown."]
    return "\n".join(line.rstrip() for line in lines)


def _line(row: RankedRegion, *, is_alike: bool) -> str:
    share = "?" if row.similarity is None else f"{row.similarity * 100:.1f} %"
    similar = f"  {share:>7}" if is_alike else ""
    zones = "?" if row.zones is None else str(row.zones)
    opt_in = {True: "yes", False: "no", None: "?"}[row.opt_in]
    return f" {row.rank:>3}  {row.region:<15} {row.fit.answer:<13}{similar}  {row.services:>8}  {zones:>5}  {opt_in}"
