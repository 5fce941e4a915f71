"""The answer as text that reads at 80 columns."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.fits import phrases
from aws_ssm_fetcher.core.text import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.data_sources.stacks.model import StackRemark
    from aws_ssm_fetcher.queries.fits.model import Blocker, NeedFinding, RegionFit, StackFit

_WIDEST: Final = 100
"""Longer lines are hard to read, however wide the terminal."""
_PLACES: Final = 3
_BLOCKERS: Final = 10


def table_text(fit: StackFit, width: int) -> str:
    """Return the answer about many regions: a table, and below it what blocks most of them."""
    width = min(width, _WIDEST)
    lines = [*_head(fit, width), "", phrases.summary(fit), "", *_table(fit, width)]
    lines += _blockers(fit, width)
    lines += _elsewhere(fit, width)
    lines += undecided(fit, width)
    lines += _time(fit, width)
    lines += _unchecked(fit, width)
    return "\n".join(line.rstrip() for line in lines)


def gate_text(fit: StackFit, width: int) -> str:
    """Return the answer about named regions: each with its reasons, by file and line."""
    width = min(width, _WIDEST)
    lines = [*_head(fit, width)]
    for region in sorted(fit.regions, key=lambda region_fit: region_fit.region):
        lines += ["", *_wrapped(phrases.headline(region), width, "")]
        for need_finding in region.missing:
            lines += _reason(phrases.named_at(need_finding), need_finding, width)
        for need_finding in region.unknown:
            lines += _reason(phrases.named_at(need_finding), need_finding, width)
        for remark in region.undecided:
            lines += _remark(remark, width)
    lines += _elsewhere(fit, width)
    lines += _time(fit, width)
    lines += _unchecked(fit, width)
    return "\n".join(line.rstrip() for line in lines)


def _head(fit: StackFit, width: int) -> Iterator[str]:
    yield from _wrapped(phrases.about(fit), width, "")
    for source in phrases.sources(fit):
        yield from _wrapped(source, width, "")
    if fit.home:
        yield f"Written for {printable(fit.home)}"
    if fit.ignored:
        yield from _wrapped(f"Left out: {', '.join(fit.ignored)}", width, "")


def _table(fit: StackFit, width: int) -> Iterator[str]:
    rows = [(region.region, region.answer, _lacking(region)) for region in fit.regions]
    first = max([len("Region"), *(len(row[0]) for row in rows)])
    second = len("does not fit")
    rest = max(width - first - second - 5, 20)
    yield f" {'Region':<{first}}  {'Answer':<{second}}  Missing, or (?) not decided"
    for region, answer, lacking in rows:
        yield f" {region:<{first}}  {answer:<{second}}  {_fitted(lacking, rest)}"


def _lacking(region: RegionFit) -> list[str]:
    """Return what a region lacks; where it lacks nothing, what is not decided."""
    # What is missing decides already: names that are not decided beside it would hide it.
    if region.missing:
        return _names_in(region.missing)
    names = [*_names_in(region.unknown), *(remark.what for remark in region.undecided)]
    return [f"?{name}" for name in dict.fromkeys(names)]


def _names_in(findings: Iterable[NeedFinding]) -> list[str]:
    return [need_finding.need.name for need_finding in phrases.distinct(findings)]


def _fitted(names: list[str], width: int) -> str:
    """Return as many names as the width takes, and how many are left."""
    for count in range(len(names), 0, -1):
        rest = len(names) - count
        text = ", ".join(names[:count]) + (f" and {rest} more" if rest else "")
        if len(text) <= width:
            return printable(text)
    return printable(textwrap.shorten(names[0], width, placeholder="…")) if names else ""


def _blockers(fit: StackFit, width: int) -> Iterator[str]:
    if not fit.blockers:
        return
    yield from ("", "What keeps the stack out of most regions")
    for blocker in fit.blockers[:_BLOCKERS]:
        yield from _blocker(fit, blocker, width)
    if len(fit.blockers) > _BLOCKERS:
        yield f" and {many(len(fit.blockers) - _BLOCKERS, 'more name')}; --format json has all"


def _blocker(fit: StackFit, blocker: Blocker, width: int) -> Iterator[str]:
    places = list(dict.fromkeys(str(need.place) for need in fit.needs if need.name == blocker.name))
    more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    # A name on the command line is its own place.
    where = ", ".join(places[:_PLACES]) + more if places != [blocker.name] else ""
    missing = ", ".join(f"{verdict} in {many(count, 'region')}" for verdict, count in blocker.verdicts)
    yield from _wrapped(f"{blocker.name}: {missing}", width, " ")
    if where:
        yield from _wrapped(where, width, "   ")
    yield from _wrapped(phrases.removal(blocker), width, "   ")


def _elsewhere(fit: StackFit, width: int) -> Iterator[str]:
    """Yield what the stack needs in a region of its own."""
    if not fit.elsewhere:
        return
    yield from ("", "Stays where it is, whichever region the rest moves to")
    by_region: defaultdict[str, list[NeedFinding]] = defaultdict(list)
    for need_finding in fit.elsewhere:
        by_region[need_finding.region].append(need_finding)
    for region, members in sorted(by_region.items()):
        bad = [member for member in members if member.finding.verdict != "available"]
        names = many(len({member.need.name for member in members}), "name")
        yield f" {printable(region)}: {names}, {'all available' if not bad else many(len(bad), 'problem')}"
        for need_finding in bad:
            yield from _reason(phrases.named_at(need_finding), need_finding, width)


def undecided(fit: StackFit, width: int) -> Iterator[str]:
    """Yield what is not decided, each place once, with the regions."""
    undecided = [problem for problem in phrases.problems(fit) if not problem.is_blocking]
    if not undecided:
        return
    yield from ("", "Not decided")
    by_name: defaultdict[tuple[str, str], list[phrases.Problem]] = defaultdict(list)
    for problem in undecided:
        by_name[problem.name, problem.reason].append(problem)
    for (name, reason), members in by_name.items():
        regions = sorted({region for member in members for region in member.regions})
        where = "every region" if len(regions) == len(fit.regions) else phrases.some_regions(regions, 3)
        yield from _wrapped(f"{name} in {where}", width, " ")
        yield from _wrapped(f"{members[0].place}: {reason}", width, "   ")


def _time(fit: StackFit, width: int) -> Iterator[str]:
    for title, sentences in (
        ("When other regions got it", phrases.waits(fit)),
        ("Since when it fits", phrases.fits_since(fit)),
    ):
        lines = [line for sentence in sentences for line in _wrapped(sentence, width, " ")]
        yield from ["", title, *lines] if lines else []


def _unchecked(fit: StackFit, width: int) -> Iterator[str]:
    if not fit.unchecked:
        return
    yield from ("", "Not checked")
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for remark in fit.unchecked:
        by_reason[remark.reason].append(remark.what)
    for reason, names in sorted(by_reason.items()):
        yield from _wrapped(f"{', '.join(sorted(set(names)))}: {reason}", width, " ")


def _reason(start: str, need_finding: NeedFinding, width: int) -> Iterator[str]:
    yield from _wrapped(start, width, " ")
    yield from _wrapped(f"{need_finding.finding.verdict}: {need_finding.finding.reason}", width, "   ")


def _remark(remark: StackRemark, width: int) -> Iterator[str]:
    yield from _wrapped(f"{remark.place} ({remark.place.address}): {remark.what}", width, " ")
    yield from _wrapped(f"not decided: {remark.reason}", width, "   ")


def _wrapped(text: str, width: int, indent: str) -> Iterable[str]:
    return textwrap.wrap(
        printable(text),
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
