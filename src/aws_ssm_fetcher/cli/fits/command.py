"""The command ``fits``: whether a stack can be deployed in a region."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Literal, get_args

import click

from aws_ssm_fetcher.cli.fits import reports
from aws_ssm_fetcher.cli.fits.asking import ask_stack, check_place, open_question, region_asked
from aws_ssm_fetcher.cli.fits.markdown import markdown
from aws_ssm_fetcher.cli.fits.phrases import sources
from aws_ssm_fetcher.cli.fits.switches import conditions, terraform_locals
from aws_ssm_fetcher.cli.fits.text import gate_text, table_text
from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.answering import print_rows
from aws_ssm_fetcher.cli.shared.headline import waiting_lines
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import show_text
from aws_ssm_fetcher.cli.shared.options import AS_CSV, AS_JSON, QUERIED_RUN, QUERIED_STORE, flagged_form
from aws_ssm_fetcher.queries.fits.asking import add_time
from aws_ssm_fetcher.queries.fits.documents import fit_document
from aws_ssm_fetcher.queries.places import country_codes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.store.located import Location
    from aws_ssm_fetcher.queries.fits.evidence import Candidate
    from aws_ssm_fetcher.queries.fits.model import StackFit

FITS: Final = 0
DOES_NOT_FIT: Final = 1
UNKNOWN: Final = 3
FitForm = Literal["text", "table", "json", "csv", "md", "sarif", "junit", "github"]
_EPILOG: Final = """\b
Examples:
  aws-ssm-fetcher fits template.yaml
  aws-ssm-fetcher fits cdk.out --in eu-south-2
  terraform show -json plan | aws-ssm-fetcher fits - --in eu-south-2
  aws-ssm-fetcher fits AWS::AppRunner::Service bedrock p5.48xlarge

\b
Exit codes with --in: 0 fits, 1 does not fit, 3 unknown, 2 wrong usage.
"""


@click.command("fits", epilog=_EPILOG)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--in", "inside", multiple=True, metavar="REGION", help="Only this region, and set the exit code; repeatable."
)
@click.option("--partition", metavar="NAME", help="Only regions of this partition: aws, aws-cn, aws-us-gov, aws-eusc.")
@click.option("--country", metavar="COUNTRY", help="Only regions in this country: DE, Germany.")
@click.option("--like", metavar="REGION", help="Sort equal regions by their similarity to this one.")
@click.option("--allow-unknown", is_flag=True, help="Exit with 0 where nothing is missing, but something is unknown.")
@click.option("--ignore", "ignored", multiple=True, metavar="TYPE", help="Leave a type out, such as Custom::*.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Answer as of this day, by the history: 2025-05-18.",
)
@click.option("--since", "with_since", is_flag=True, help="Add when other regions got what is missing.")
@AS_JSON
@AS_CSV
@click.option("--format", "form", type=click.Choice(get_args(FitForm)), help="How to print the answer. [default: text]")
@click.option("--emit", type=click.Choice(["conditions", "locals"]), help="Print switches for what regions lack.")
@QUERIED_STORE
@QUERIED_RUN
def fits(  # noqa: PLR0913 - options of a command
    *,
    paths: tuple[str, ...],
    inside: tuple[str, ...],
    partition: str | None,
    country: str | None,
    like: str | None,
    allow_unknown: bool,
    ignored: tuple[str, ...],
    as_of: datetime | None,
    with_since: bool,
    as_json: bool,
    as_csv: bool,
    form: FitForm | None,
    emit: str | None,
    root: Location,
    run_id: str | None,
) -> None:
    """Check whether a stack fits a region.

    PATH is a CloudFormation or SAM template, cdk.out, what "terraform show -json" writes (- for standard input), a
    folder of templates or of *.tf files, an IAM policy, JSON with ARNs, a list of names, or a name of a service or
    type.
    """
    chosen: FitForm = flagged_form(as_json=as_json, as_csv=as_csv, form=form) or form or "text"
    question = open_question(root, run_id, as_of.date() if as_of else None)
    wanted = [region_asked(question, text, root, run_id) for text in inside]
    model = None if like is None else region_asked(question, like, root, run_id)
    places = _places(question.evidence.services.places, wanted, partition, country)
    fit = ask_stack(question, paths, places, ignored, sys.stdin.buffer.read, like=model)
    if with_since:
        fit = add_time(question, fit)
    if emit is None and (chosen == "table" or chosen == "csv"):  # noqa: PLR1714 - narrows the type
        print_rows(fit.rows(), chosen, None, sources(fit))
    else:
        text = _emitted(fit, emit) if emit else _printed(fit, chosen, is_gate=bool(inside), allow_unknown=allow_unknown)
        is_newest = run_id is None and as_of is None and chosen == "text" and not emit
        waiting = waiting_lines(question.store, question.inventory.taken) if is_newest else ()
        show_text("\n".join([*waiting, text]), paged=chosen == "text" and not emit)
    # Without --in it is a question, not a gate: a list of regions of which some do not fit is no failure.
    code = exit_code(fit, allow_unknown=allow_unknown) if inside else FITS
    if code:
        raise click.exceptions.Exit(code)


def exit_code(fit: StackFit, *, allow_unknown: bool) -> int:
    """Return the exit code of a gate: the worst of its regions decides."""
    answers = {region.answer for region in fit.regions}
    if "does not fit" in answers:
        return DOES_NOT_FIT
    return UNKNOWN if "unknown" in answers and not allow_unknown else FITS


def _places(
    places: Sequence[Candidate], wanted: Sequence[str], partition: str | None, country: str | None
) -> list[Candidate]:
    """Return the regions that were asked for. Raises ``UsageError`` where there is none."""
    countries = country_codes(country) if country is not None else frozenset()
    chosen = [
        place
        for place in places
        if (not wanted or place.region in wanted)
        and (partition is None or place.partition == partition)
        and (country is None or place.country in countries)
    ]
    if chosen:
        return chosen
    check_place(places, partition, country)
    raise click.UsageError("No region is left by --in, --partition and --country together.")


def _printed(fit: StackFit, form: str, *, is_gate: bool, allow_unknown: bool) -> str:
    if form == "text":
        width = terminal.width() or 80
        return gate_text(fit, width) if is_gate else table_text(fit, width)
    if form == "md":
        return markdown(fit)
    if form == "json":
        return json_text(fit_document(fit))

    if form == "sarif":
        return json_text(reports.sarif(fit))
    return reports.junit(fit, allow_unknown=allow_unknown) if form == "junit" else reports.workflow_commands(fit)


def _emitted(fit: StackFit, emit: str) -> str:
    return conditions(fit) if emit == "conditions" else terraform_locals(fit)
