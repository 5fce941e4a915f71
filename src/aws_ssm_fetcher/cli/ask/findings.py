"""``findings``: what is wrong or odd in the data."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, get_args

import click

from aws_ssm_fetcher.cli.ask.parts import facts, score
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import Blocks, FirstThatFits, Indented, TextTable, Whole, bold, dim, styled
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.model.codes import Severity
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.processors.rules import RULES
from aws_ssm_fetcher.queries.records import answers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis, Finding
    from aws_ssm_fetcher.queries.records.answers import FindingsAnswer


def text(answer: FindingsAnswer, _: object) -> Iterator[Block]:
    """Yield the score, then the findings rule by rule."""
    yield facts(("Quality", score(answer.quality)))
    if not answer.findings:
        yield "\nNo matching findings."
    # Findings are sorted by severity and rule, so those of a rule are neighbours.
    for rule, group in groupby(answer.findings, key=lambda finding: finding.rule):
        of_rule = tuple(group)
        points = sum(finding.cost for finding in of_rule)
        cost = f", {many(points, 'point')}" if points else ""
        yield f"\n{styled(of_rule[0].severity)} {bold(printable(rule))} {dim(f'({len(of_rule)}{cost})')}"
        yield f"  {dim(printable(of_rule[0].advice))}"
        yield with_evidence(of_rule)


@question(
    ANALYSIS,
    click.option(
        "--severity",
        "severities",
        multiple=True,
        type=click.Choice(get_args(Severity)),
        help="Only findings of this severity; repeatable.",
    ),
    click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only findings of this rule; repeatable."),
    text=text,
)
def findings(analysis: Analysis, severities: tuple[Severity, ...], rules: tuple[str, ...]) -> FindingsAnswer:
    """List data-quality findings.

    The most severe come first, each rule with what to do and the points it costs the quality score.
    """
    known = sorted(rule.id for rule in RULES)
    for rule in rules:
        if rule not in known:
            raise click.BadParameter(f"unknown rule {rule!r}. Rules: {', '.join(known)}.", param_hint="--rule")
    return answers.findings(analysis, severities, rules)


def with_evidence(findings: Collection[Finding]) -> FirstThatFits:
    """Return a layout of findings with their evidence beside them, or below if that does not fit."""
    table = TextTable("", "", "dim")
    for finding in findings:
        table.add_row(printable(finding.subject), printable(finding.message), printable(", ".join(finding.evidence)))
    return FirstThatFits(table, Blocks(*_evidence_below(findings)))


def _evidence_below(findings: Collection[Finding]) -> Iterator[Block]:
    for finding in findings:
        yield Indented(1, f"{printable(finding.subject)}  {printable(finding.message)}")
        if any("://" in evidence for evidence in finding.evidence):
            yield from (Whole(f"   {dim(printable(evidence))}") for evidence in finding.evidence)
        elif finding.evidence:
            yield Indented(3, dim(printable(", ".join(finding.evidence))))
