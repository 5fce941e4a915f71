"""Rules about the run: what could not be read, and what does not fit the known layout."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import FEED, RuleId
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, RuleInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.inventory import Gap, Inventory

MOST_PATHS: Final = 10  # paths given as evidence: a leaf that AWS adds everywhere comes nine thousand times


def _nothing_offered(evidence: RuleInput) -> Iterator[Remark]:
    if not evidence.inventory.offerings:
        regions = tuple(sorted(region.code for region in evidence.inventory.regions))
        yield Remark("record", f"no offering in {many(len(regions), 'region')}", regions)


def _region_not_read(evidence: RuleInput) -> Iterator[Remark]:
    for gap in evidence.inventory.tree_gaps:
        # Without the region's node or its list of services, all of its services are unknown; any other gap below it is
        # smaller.
        if gap.path in _whole_regions(evidence.inventory):
            yield Remark(gap.region or "", _unread(gap), (gap.path,))


def _path_not_read(evidence: RuleInput) -> Iterator[Remark]:
    by_name: defaultdict[str, list[Gap]] = defaultdict(list)
    for gap in evidence.inventory.tree_gaps:
        if _is_parameter(gap):
            by_name[gap.error].append(gap)
        elif gap.path not in _whole_regions(evidence.inventory):
            yield Remark(gap.path, _unread(gap), (gap.region,) if gap.region else ())
    # GetParameters takes ten names a call and fails as a whole, so one failure would otherwise cost a hundred points.
    for error, gaps in by_name.items():
        attempts = many(max(gap.attempts for gap in gaps), "attempt")
        message = f"{many(len(gaps), 'parameter')} could not be read: {error} after {attempts}"
        yield Remark("record", message, tuple(sorted(gap.path for gap in gaps)))


def _feed_not_read(evidence: RuleInput) -> Iterator[Remark]:
    for gap in evidence.inventory.gaps:
        if gap.path == FEED:
            # What stands in for the feed: its last good copy, then the bundled list.
            sources = sorted({region.launch.source for region in evidence.inventory.regions if region.launch})
            message = f"could not be read: {gap.error}; launch dates are from {' and '.join(sources) or 'nowhere'}"
            yield Remark(gap.path, message)


def _unknown_leaf(evidence: RuleInput) -> Iterator[Remark]:
    yield from _oddities(evidence, "unknown-leaf", "parameter", "of that name in an unexpected place")


def _node_without_parameter(evidence: RuleInput) -> Iterator[Remark]:
    yield from _oddities(
        evidence, "node-without-parameter", "place", "of that name with children and no value of its own"
    )


def _value_differs(evidence: RuleInput) -> Iterator[Remark]:
    yield from _oddities(evidence, "value-differs", "node", "of that name with a value that differs from its name")


def _step_failed(evidence: RuleInput) -> Iterator[Remark]:
    for failure in evidence.failures:
        yield Remark(failure.step, f"could not be computed: {failure.error}")


def _oddities(evidence: RuleInput, kind: str, noun: str, words: str) -> Iterator[Remark]:
    """Yield a remark for each last path segment of the oddities of one kind."""
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for oddity in evidence.inventory.oddities:
        if oddity.kind == kind:
            by_name[oddity.path.rpartition("/")[2]].append(oddity.path)
    for name, paths in by_name.items():
        yield Remark(name, f"{many(len(paths), noun)} {words}", tuple(sorted(paths)[:MOST_PATHS]))


def _whole_regions(inventory: Inventory) -> frozenset[str]:
    """Return the paths without which a region's services are unknown."""
    return frozenset(
        path for code in inventory.unread_regions for path in (f"regions/{code}", f"regions/{code}/services")
    )


def _is_parameter(gap: Gap) -> bool:
    """Return whether a gap is a parameter requested by name. Ten are requested in a call, and fail together."""
    return gap.region is None and "/" in gap.path


def _unread(gap: Gap) -> str:
    return f"{gap.path} could not be read: {gap.error} after {many(gap.attempts, 'attempt')}"


REGION_NOT_READ: Final = Rule(
    RuleId("region-not-read"),
    "region",
    "error",
    "The services of a region could not be read.",
    "Run again: answers are cached, and only the gaps are requested.",
    _region_not_read,
)
STEP_FAILED: Final = Rule(
    RuleId("step-failed"),
    "run",
    "warning",
    "An optional statistic could not be computed.",
    "Report this as a bug, with the inventory of this run.",
    _step_failed,
)
RULES: Final = (
    Rule(
        RuleId("nothing-offered"),
        "run",
        "error",
        "The snapshot contains no offering.",
        "Do not use this run: the source was empty.",
        _nothing_offered,
        points=100,
    ),
    REGION_NOT_READ,
    Rule(
        RuleId("path-not-read"),
        "run",
        "error",
        "A path other than a region's services could not be read.",
        "Run again: answers are cached, and only the gaps are requested.",
        _path_not_read,
    ),
    Rule(
        RuleId("feed-not-read"),
        "run",
        "warning",
        "The regions feed could not be read.",
        "Look up its code in the reference of errors; behind a proxy set HTTPS_PROXY, or FEED_URL=none.",
        _feed_not_read,
    ),
    STEP_FAILED,
    Rule(
        RuleId("value-differs"),
        "run",
        "warning",
        "A parameter whose value differs from its name.",
        "Use the name in the path, as the reports do, and check the value with AWS.",
        _value_differs,
    ),
    Rule(
        RuleId("node-without-parameter"),
        "run",
        "note",
        "A node with children and no parameter of its own: listings of its folder miss it.",
        "No action: it counts like any other.",
        _node_without_parameter,
    ),
    Rule(
        RuleId("unknown-leaf"),
        "run",
        "note",
        "Parameters in an unexpected place.",
        "Check what AWS added; the reports leave it out.",
        _unknown_leaf,
    ),
)
