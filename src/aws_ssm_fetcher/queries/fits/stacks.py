"""The answer about a whole stack, for each region: what it needs, what is missing, and what keeps it out of most."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.data_sources.stacks.model import Need, StackRemark
from aws_ssm_fetcher.queries.fits.model import Blocker, NeedFinding, RegionFit, SourceDate, StackFit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aws_ssm_fetcher.data_sources.stacks.model import Stack
    from aws_ssm_fetcher.queries.fits.evidence import Candidate, Evidence
    from aws_ssm_fetcher.queries.fits.model import Answer
    from aws_ssm_fetcher.queries.fits.verdicts import Judge


def without_ignored(stack: Stack, ignored: Sequence[str]) -> Stack:
    """Return a stack without the types that some patterns name: ``Custom::*``."""

    def is_kept(need_or_remark: Need | StackRemark) -> bool:
        name = need_or_remark.name if isinstance(need_or_remark, Need) else need_or_remark.what
        return not any(fnmatchcase(name, pattern) for pattern in ignored)

    return replace(
        stack,
        needs=tuple(filter(is_kept, stack.needs)),
        undecided=tuple(filter(is_kept, stack.undecided)),
        unchecked=tuple(filter(is_kept, stack.unchecked)),
    )


def fit_stack(
    stack: Stack,
    judge: Judge,
    places: Iterable[Candidate],
    *,
    likeness: Mapping[RegionCode, float],
    ignored: Sequence[str] = (),
) -> StackFit:
    """Return the answer about a stack in some regions, the best first.

    *likeness* of a region, 0.0 to 1.0, decides between regions that lack as much.
    """
    stack = without_ignored(stack, ignored)
    families = judge.evidence.families
    # without any lists, as of an earlier day, an instance type is unknown; without those of a family, unchecked
    has_lists = judge.evidence.types.inventory.instances is not None
    is_unlisted = {need.family: has_lists and need.family not in families for need in stack.needs}
    unlisted = [need for need in stack.needs if need.kind == "instance" and is_unlisted[need.family]]
    needs = tuple(need for need in stack.needs if need.kind != "instance" or not is_unlisted[need.family])
    moving = [need for need in needs if not need.region]
    regions = [_fit_region(place, moving, stack.undecided, judge) for place in places]
    # Sorted before needs that stay elsewhere are added: they are the same for every region.
    regions.sort(key=lambda region_fit: (_order(region_fit), -likeness.get(region_fit.region, 0.0), region_fit.region))
    staying = [
        NeedFinding(need, RegionCode(need.region), judge.finding(need, RegionCode(need.region)))
        for need in needs
        if need.region
    ]
    return StackFit(
        files=stack.files,
        resources=stack.resources,
        home=stack.home,
        needs=needs,
        regions=tuple(_with_staying(region_fit, staying) for region_fit in regions),
        blockers=blockers(regions),
        elsewhere=tuple(staying),
        unchecked=(*stack.unchecked, *(_unlisted_family(need) for need in unlisted)),
        sources=sources_of(judge.evidence),
        ignored=tuple(ignored),
    )


def _fit_region(place: Candidate, needs: Iterable[Need], remarks: Iterable[StackRemark], judge: Judge) -> RegionFit:
    missing: list[NeedFinding] = []
    unknown: list[NeedFinding] = []
    names: set[tuple[str, str]] = set()
    available: set[tuple[str, str]] = set()
    for need in needs:
        if need.only_in is not None and place.region not in need.only_in:
            continue
        names.add((need.kind, need.name))
        finding = judge.finding(need, place.region)
        if finding.verdict == "available":
            available.add((need.kind, need.name))
        else:
            (missing if finding.is_blocking else unknown).append(NeedFinding(need, place.region, finding))
    undecided = tuple(remark for remark in remarks if remark.only_in is None or place.region in remark.only_in)
    return RegionFit(
        region=place.region,
        name=place.name,
        answer=_answer(missing, [*unknown, *undecided]),
        available=len(available),
        needed=len(names),
        missing=tuple(missing),
        unknown=tuple(unknown),
        undecided=undecided,
    )


def _with_staying(region: RegionFit, staying: Sequence[NeedFinding]) -> RegionFit:
    """Return a region's answer with what stays elsewhere: a stack does not fit where a part of it fits nowhere."""
    missing = [need_finding for need_finding in staying if need_finding.finding.is_blocking]
    unknown = [
        need_finding
        for need_finding in staying
        if need_finding.finding.verdict != "available" and not need_finding.finding.is_blocking
    ]
    if not missing and not unknown:
        return region
    return replace(
        region,
        answer=_answer([*region.missing, *missing], [*region.unknown, *unknown, *region.undecided]),
        missing=(*region.missing, *missing),
        unknown=(*region.unknown, *unknown),
    )


def _answer(missing: Sequence[object], unknown: Sequence[object]) -> Answer:
    if missing:
        return "does not fit"
    return "unknown" if unknown else "fits"


def _order(region: RegionFit) -> tuple[int, int, int]:
    ranks = {"fits": 0, "unknown": 1, "does not fit": 2}
    unknown = {need_finding.need.name for need_finding in region.unknown} | {remark.what for remark in region.undecided}
    return ranks[region.answer], len(region.missing_names), len(unknown)


def blockers(regions: Iterable[RegionFit]) -> tuple[Blocker, ...]:
    """Return the names that are missing, those that block most regions first."""
    by_name: defaultdict[str, list[tuple[RegionFit, NeedFinding]]] = defaultdict(list)
    for region in regions:
        # Each name once a region, with the first place that names it: reversed, so that it is written last.
        for need_finding in {
            need_finding.need.name: need_finding for need_finding in reversed(region.missing)
        }.values():
            by_name[need_finding.need.name].append((region, need_finding))
    result = []
    for name, pairs in by_name.items():
        # Removing this one name would make these regions fit.
        alone = [region for region, _ in pairs if region.missing_names == {name}]
        result.append(
            Blocker(
                name=name,
                regions=tuple(sorted(region.region for region, _ in pairs)),
                alone_in=tuple(
                    sorted(region.region for region in alone if not region.unknown and not region.undecided)
                ),
                alone_unknown_in=tuple(sorted(region.region for region in alone if region.unknown or region.undecided)),
                verdicts=tuple(Counter(finding.finding.verdict for _, finding in pairs).most_common()),
                example=pairs[0][1],
            )
        )
    return tuple(sorted(result, key=lambda blocker: (-len(blocker.regions), blocker.name)))


def sources_of(evidence: Evidence) -> tuple[SourceDate, ...]:
    """Return the sources of an answer, each with its day."""
    types, services = evidence.types, evidence.services
    sources = [
        SourceDate("services", services.origin, services.taken.isoformat()),
        SourceDate("resource types", f"AWS's resource schemas, as in {types.source}", types.taken.isoformat()),
    ]
    if types.instances_source and types.instances_taken:
        sources.append(
            SourceDate(
                "instance types", f"AWS's price list, as in {types.instances_source}", types.instances_taken.isoformat()
            )
        )
    checked = max((entry.checked for entry in evidence.lifecycle), default=None)
    if checked:
        sources.append(SourceDate("lifecycle", "AWS's lifecycle pages, collected by this project", checked.isoformat()))
    return tuple(sources)


def _unlisted_family(need: Need) -> StackRemark:
    reason = f"no published source lists instance types of {need.family} by region"
    return StackRemark(need.name, reason, need.place, need.only_in)
