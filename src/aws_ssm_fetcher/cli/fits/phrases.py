"""Sentences that several forms of the answer share."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.text import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_ssm_fetcher.data_sources.stacks.model import FileLocation
    from aws_ssm_fetcher.queries.fits.model import Blocker, NeedFinding, RegionFit, StackFit, Wait


class Problem(NamedTuple):
    """What speaks against a stack at one place, in the regions where it does."""

    rule: str
    """``type-missing``, ``unknown``, ``undecided``: the verdict as an identifier."""
    is_blocking: bool
    name: str
    place: FileLocation
    reason: str
    regions: tuple[str, ...]

    @property
    def message(self) -> str:
        """The whole as one sentence."""
        where = some_regions(self.regions)
        return printable(f"{self.name} in {where}: {self.rule.replace('-', ' ')}: {self.reason}")


def problems(fit: StackFit) -> list[Problem]:
    """Return what speaks against a stack, each place and reason once, in the files' order."""
    regions: defaultdict[tuple[str, bool, str, FileLocation, str], list[str]] = defaultdict(list)
    for region in fit.regions:
        for need_finding in (*region.missing, *region.unknown):
            finding = need_finding.finding
            # Without its region, so that one reason in many regions is one problem.
            reason = finding.reason.replace(f" for {need_finding.region}", "").replace(
                f" of {need_finding.region} ", " "
            )
            rule = finding.verdict.replace(" ", "-")
            where = regions[rule, finding.is_blocking, need_finding.need.name, need_finding.need.place, reason]
            if need_finding.region not in where:
                where.append(need_finding.region)
        for remark in region.undecided:
            regions["undecided", False, remark.what, remark.place, remark.reason].append(region.region)
    distinct_problems = [Problem(*key, tuple(sorted(where))) for key, where in regions.items()]
    return sorted(
        distinct_problems,
        key=lambda problem: (problem.place, not problem.is_blocking, problem.name, problem.rule, problem.regions),
    )


def summary(fit: StackFit) -> str:
    """Return how many regions fit, are unknown and do not fit."""
    counts = Counter(region.answer for region in fit.regions)
    fits, unknown, not_fit = counts["fits"], counts["unknown"], counts["does not fit"]
    fit_verb = "fits" if fits == 1 else "fit"
    not_fit_verb = "does" if not_fit == 1 else "do"
    return f"{many(fits, 'region')} {fit_verb}, {unknown} unknown, {not_fit} {not_fit_verb} not fit"


def about(fit: StackFit) -> str:
    """Return what was read."""
    names = len({(need.kind, need.name) for need in fit.needs})
    files = f" in {many(len(fit.files), 'file')}" if fit.files else ""
    return f"{many(fit.resources, 'resource')}{files}, {many(names, 'name')} to check"


def sources(fit: StackFit) -> Iterator[str]:
    """Yield each source with its day."""
    for source in fit.sources:
        yield f"{source.name.capitalize()}: {source.origin}, {source.taken}"


def headline(region: RegionFit) -> str:
    """Return a region's answer as one sentence."""
    name = f"{region.region} {region.name}" if region.name else region.region
    return printable(f"{name}: {region.answer}{reason_in_short(region)}")


def reason_in_short(region: RegionFit) -> str:
    """Return how many names are missing or unknown, to follow the answer."""
    unknown = {need_finding.need.name for need_finding in region.unknown} | {remark.what for remark in region.undecided}
    if region.needed == 1 and region.missing:
        return ", the only name it needs is missing"
    if region.missing:
        return f", {len(region.missing_names)} of {many(region.needed, 'name')} missing"
    if unknown:
        return f", {many(len(unknown), 'name')} not decided"
    if region.needed == 1:
        return ", the only name it needs is available"
    return f", all {region.needed} names available" if region.needed else ", nothing is needed there"


def removal(blocker: Blocker) -> str:
    """Return what removing a name would do."""
    fits, unknown = len(blocker.alone_in), len(blocker.alone_unknown_in)
    if fits:
        more = f", and {unknown} become unknown" if unknown else ""
        return f"Remove it and {many(fits, 'more region')} {'fits' if fits == 1 else 'fit'}{more}."
    if unknown:
        return f"Remove it and {many(unknown, 'more region')} {'becomes' if unknown == 1 else 'become'} unknown."
    return "Each of these regions lacks something else too."


def some_regions(regions: Sequence[str], limit: int = 6) -> str:
    """Return regions in a row, the first ones of many."""
    if len(regions) <= limit:
        return ", ".join(regions)
    return f"{', '.join(regions[:limit])} and {len(regions) - limit} more"


def place_of(need_finding: NeedFinding) -> str:
    """Return where a need stands: file, line and address."""
    place = need_finding.need.place
    address = f" ({place.address})" if place.address and place.address != place.file else ""
    return printable(f"{place}{address}")


def named_at(need_finding: NeedFinding) -> str:
    """Return a need's place and name: ``template.yaml:4 (Web): AWS::AppRunner::Service``."""
    place, name = place_of(need_finding), printable(need_finding.need.name)
    return name if place == name else f"{place}: {name}"


def distinct(findings: Iterable[NeedFinding]) -> list[NeedFinding]:
    """Return one finding for each name, the first in the files."""
    return list(
        {
            # Reversed twice: the first in the files is written last and stays, and the order is that of the files.
            need_finding.need.name: need_finding
            for need_finding in sorted(findings, key=lambda it: it.need.place, reverse=True)
        }.values()
    )[::-1]


def waits(fit: StackFit) -> Iterator[str]:
    """Yield, for each missing name, when other regions got it and how long that took."""
    for wait in fit.waits:
        what = wait.name if wait.subject == wait.name else f"{wait.name} ({wait.subject})"
        if wait.first_day is None:
            yield f"{what}: no history"
            continue
        first = "" if wait.is_first_seen else " or earlier"
        yield (
            f"{what}: first in {wait.first_region} on {wait.first_day}{first}, now in {many(wait.regions, 'region')}, "
            f"last in {wait.last_region} on {wait.last_day}; {forecast(wait)}"
        )


def forecast(wait: Wait) -> str:
    """Return how long a name took to comparable regions, or that too few are known."""
    cases = many(wait.cases, "comparable region")
    if wait.median_days is None:
        return f"no forecast ({cases} with a known day)"
    return f"{wait.median_days:,.0f} days to a comparable region in the median of {wait.cases}"


def fits_since(fit: StackFit) -> Iterator[str]:
    """Yield since when each region would have fitted."""
    for since in fit.fits_since:
        if since.day is None:
            yield f"{since.region}: no history"
            continue
        earlier = "" if since.is_seen else " or earlier"
        partly = "" if since.is_whole else ", names without a history left out"
        yield f"{since.region}: would have fitted since {since.day}{earlier}{partly}"
