"""``stats``: all overall statistics."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.ask.parts import facts, score
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import TextTable, bold
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.layout import rounded
from aws_ssm_fetcher.queries.records.answers import figures
from aws_ssm_fetcher.queries.records.unread import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
    from aws_ssm_fetcher.core.model.analysis import Analysis, Statistic
    from aws_ssm_fetcher.queries.records.answers import FiguresAnswer

_NUMBER: Final = re.compile(r"(?P<whole>-?[0-9,]+)(?P<fraction>\.[0-9]+)?(?P<unit> %)?")


def text(answer: FiguresAnswer, snapshot: Snapshot) -> Iterator[Block]:
    """Yield the score, then the statistics section by section."""
    yield facts(("Quality", score(answer.quality)))
    if words := uncounted(snapshot.analysis.inventory):
        yield f"\n{printable(words)}"
    for section, group in groupby(answer.statistics, key=lambda statistic: statistic.section):
        yield f"\n{bold(printable(section))}"
        table, statistics = TextTable("", "", "dim"), tuple(group)
        for statistic, value in zip(statistics, aligned([*map(_value, statistics)]), strict=True):
            explanation = printable(statistic.reason or ", ".join(statistic.codes))
            table.add_row(printable(statistic.label), printable(value), explanation)
        yield table


@question(ANALYSIS, text=text)
def stats(analysis: Analysis) -> FiguresAnswer:
    """List overall statistics.

    Totals, partitions, distributions, and how many findings there are of each rule.
    """
    return figures(analysis)


def aligned(values: Sequence[str]) -> list[str]:
    """Bring texts to one width so that decimal points stand below each other; what is no number ends at the right.

    ``220``, ``157.6`` and ``0.458`` are ``220    ``, ``157.6  `` and ``  0.458``.
    """
    # Numbers alone have a decimal point to align; codes such as eu-south-2 end at the right.
    numbers = [_NUMBER.fullmatch(value) for value in values]
    matches = [number for number in numbers if number]
    fraction = max((len(number["fraction"] or "") for number in matches), default=0)
    unit = max((len(number["unit"] or "") for number in matches), default=0)
    padded = []
    for value, number in zip(values, numbers, strict=True):
        if number:
            behind = (number["fraction"] or "").ljust(fraction) + (number["unit"] or "").ljust(unit)
            padded.append(number["whole"] + behind)
        else:
            padded.append(value)
    width = max(map(len, padded), default=0)
    return [value.rjust(width) for value in padded]


def _value(statistic: Statistic) -> str:
    if statistic.value is None:
        return "absent"
    if isinstance(statistic.value, str):
        return statistic.value
    return f"{rounded(statistic.value):,}{' %' if statistic.unit == 'percent' else ''}"
