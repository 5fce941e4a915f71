"""The answer as Markdown, to be pasted into a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.fits import phrases
from aws_ssm_fetcher.core.text import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.queries.fits.model import RegionFit, StackFit

_MARKS: Final = {"fits": "✅ fits", "unknown": "❔ unknown", "does not fit": "❌ does not fit"}
_MOST: Final = 5


def markdown(fit: StackFit) -> str:
    """Return the answer as Markdown: a table of regions, what is in the way, what is not decided, and the sources."""
    lines = [f"**{phrases.summary(fit)}** ({phrases.about(fit)})", ""]
    lines += ["| Region | Answer | Missing | Not decided |", "|---|---|---|---|"]
    lines += [_row(region) for region in fit.regions]
    found = phrases.problems(fit)
    lines += _section("What is missing", [one for one in found if one.is_blocking])
    removals = [f"- {_code(one.name)}: {phrases.removal(one)}" for one in fit.blockers if one.alone_in]
    lines += ["", "### What would help", "", *removals] if removals else []
    lines += _section("What is not decided", [one for one in found if not one.is_blocking])
    for title, sentences in (
        ("When other regions got it", phrases.waits(fit)),
        ("Since when it fits", phrases.fits_since(fit)),
    ):
        entries = [f"- {_cell(sentence)}" for sentence in sentences]
        lines += ["", f"### {title}", "", *entries] if entries else []
    if fit.unchecked:
        names = sorted({_code(remark.what) for remark in fit.unchecked})
        lines += ["", f"Not checked, since no published source lists them by region: {', '.join(names)}"]
    lines += ["", f"Sources: {'; '.join(_cell(source) for source in phrases.sources(fit))}"]
    return "\n".join(lines)


def _row(region: RegionFit) -> str:
    name = f"`{region.region}` {_cell(region.name or '')}".rstrip()
    unknown = [one.need.name for one in phrases.distinct(region.unknown)]
    unknown += [remark.what for remark in region.undecided]
    missing = [one.need.name for one in phrases.distinct(region.missing)]
    return f"| {name} | {_MARKS[region.answer]} | {_names(missing)} | {_names(list(dict.fromkeys(unknown)))} |"


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(map(_code, names[:_MOST])) + more


def _section(title: str, found: list[phrases.Problem]) -> Iterator[str]:
    if not found:
        return
    yield from ("", f"### {title}", "")
    for one in found:
        regions = phrases.some_regions(one.regions)
        count = f" ({many(len(one.regions), 'region')})" if len(one.regions) > 1 else ""
        kind = one.rule.replace("-", " ")
        yield f"- {_code(one.name)} at {_code(str(one.place))}: {kind} in {regions}{count}: {_cell(one.reason)}"


def _code(text: str) -> str:
    return f"`{printable(text).replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def _cell(text: str) -> str:
    return printable(text).replace("|", "\\|").replace("<", "&lt;")
