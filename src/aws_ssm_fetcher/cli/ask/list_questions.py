"""What there is, a line each: ``regions``, ``services``. They write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click

from aws_ssm_fetcher.cli.ask.questions import question
from aws_ssm_fetcher.core.model.codes import Tier

if TYPE_CHECKING:
    from aws_ssm_fetcher.cli.ask.answer_drawing import Answer
    from aws_ssm_fetcher.core.model.analysis import Analysis


@question(
    click.option(
        "--partition",
        "partitions",
        multiple=True,
        metavar="NAME",
        help="Only regions of this partition; may be given more than once.",
    )
)
def regions(analysis: Analysis, partitions: tuple[str, ...]) -> Answer:
    """List the regions.

    Each has its code, name, partition, launch date, availability zones and how many services it offers.
    """
    from aws_ssm_fetcher.queries.records import lists  # noqa: PLC0415 - stage two is not for --help

    known = lists.partitions_of(analysis)
    for name in partitions:
        if name not in known:
            told = f"{name!r} is no partition. Partitions: {', '.join(known)}."
            raise click.BadParameter(told, param_hint="--partition")
    return lists.regions(analysis, partitions)


@question(
    click.option(
        "--in",
        "offered_in",
        multiple=True,
        metavar="REGION",
        help="Only services that this region offers; of several, those that all of them offer.",
    ),
    click.option(
        "--tier",
        "tiers",
        multiple=True,
        type=click.Choice(get_args(Tier)),
        metavar="TIER",
        help=f"Only services of this tier: {', '.join(get_args(Tier))}; may be given more than once.",
    ),
)
def services(analysis: Analysis, offered_in: tuple[str, ...], tiers: tuple[Tier, ...]) -> Answer:
    """List the services.

    Each has its code, name, how many regions offer it, their share of all, and its tier.
    """
    from aws_ssm_fetcher.queries.records import lists  # noqa: PLC0415 - see above

    return lists.services(analysis, offered_in, tiers)
