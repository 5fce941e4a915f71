"""What the answers about regions and services have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.shared.layout import Codes, TextTable, bold, dim, styled
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.layout import percent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Finding, Quality
    from aws_ssm_fetcher.queries.records.answers import TypesTaken

UNKNOWN: Final = "unknown"
NOT_ASKED: Final = "not requested"


def title(name: str | None, code: str) -> str:
    """Return a name with its code behind it."""
    return f"{bold(printable(name))} {dim(printable(code))}" if name else bold(printable(code))


def facts(*pairs: tuple[str, str]) -> TextTable:
    """Return a table of labels and values."""
    table = TextTable("dim", "")
    for label, value in pairs:
        table.add_row(label, value)
    return table


def codes_below(heading: str, codes: Collection[str] | None) -> Iterator[Block]:
    """Yield codes below a heading that counts them; nothing if there are none, or if nobody knows them."""
    if codes:
        yield f"\n{heading} {count(codes)}"
        yield Codes(codes)


def count(things: Collection[object]) -> str:
    """Return how many there are, as it stands behind a heading."""
    return dim(f"({len(things)})")


def finding_lines(findings: Collection[Finding]) -> Iterator[Block]:
    """Yield the findings of a region or a service."""
    if findings:
        yield f"\n{bold('Findings')} {count(findings)}"
        table = TextTable("", "", "")
        for finding in findings:
            table.add_row(styled(finding.severity), printable(finding.subject), printable(finding.message))
        yield table


def score(quality: Quality) -> str:
    """Return the quality score in words."""
    return f"{quality.score} of 100, grade {quality.grade}"


def percentage(share: float | None) -> str:
    """Return a share as a percentage, with one decimal."""
    value = percent(share)
    return UNKNOWN if value is None else f"{value:.1f} %"


def by_schemas(source: TypesTaken) -> str:
    """Return which lists of resource types a number rests on."""
    return dim(f"(AWS's schemas of {source.taken:%Y-%m-%d}, {printable(source.origin)})")
