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
    summary = _cell(phrases.headline(fit.regions[0])) if len(fit.regions) == 1 else phrases.summary(fit)
    lines = [f"**{summary}** ({phrases.about(fit)})", ""]
    lines += ["| Region | Answer | Missing | Not decided |", "|---|---|---|---|"]
    lines += [_row(region) for region in fit.regions]
    problems = phrases.problems(fit)
    lines += _section("What is missing", [problem for problem in problems if problem.is_blocking])
    removals = [f"- {_code(blocker.name)}: {phrases.removal(blocker)}" for blocker in fit.blockers if blocker.alone_in]
    lines += ["", "### What would help", "", *removals] if removals else []
    lines += _section("What is not decided", [problem for problem in problems if not problem.is_blocking])
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
    unknown = [need_finding.need.name for need_finding in phrases.distinct(region.unknown)]
    unknown += [remark.what for remark in region.undecided]
    missing = [need_finding.need.name for need_finding in phrases.distinct(region.missing)]
    return f"| {name} | {_MARKS[region.answer]} | {_names(missing)} | {_names(list(dict.fromkeys(unknown)))} |"


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(map(_code, names[:_MOST])) + more


def _section(title: str, problems: list[phrases.Problem]) -> Iterator[str]:
    if not problems:
        return
    yield from ("", f"### {title}", "")
    for problem in problems:
        regions = phrases.some_regions(problem.regions)
        count = f" ({many(len(problem.regions), 'region')})" if len(problem.regions) > 1 else ""
        kind = problem.rule.replace("-", " ")
        subject = f"{_code(problem.name)} at {_code(str(problem.place))}"
        yield f"- {subject}: {kind} in {regions}{count}: {_cell(problem.reason)}"


def _code(text: str) -> str:
    return f"`{printable(text).replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def _cell(text: str) -> str:
    # A cell of GitHub's Markdown ends at "|", and "<" begins HTML.
    return printable(text).replace("|", "\\|").replace("<", "&lt;")
