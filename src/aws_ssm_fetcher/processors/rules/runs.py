"""Rules about the run: what of the record could not be read, and what in it has no place in the model."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import FEED, RuleId
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.inventory import Gap, Inventory

SHOWN: Final = 10  # paths given as evidence: a leaf that AWS adds everywhere comes nine thousand times


def _nothing_offered(seen: Seen) -> Iterator[Remark]:
    if not seen.inventory.offerings:
        regions = tuple(sorted(region.code for region in seen.inventory.regions))
        yield Remark("record", f"no offering in {many(len(regions), 'region')}", regions)


def _region_not_read(seen: Seen) -> Iterator[Remark]:
    for gap in seen.inventory.tree_gaps:
        if gap.path in _whole_regions(seen.inventory):
            yield Remark(gap.region or "", _unread(gap), (gap.path,))


def _path_not_read(seen: Seen) -> Iterator[Remark]:
    by_name: defaultdict[str, list[Gap]] = defaultdict(list)
    for gap in seen.inventory.tree_gaps:
        if _is_parameter(gap):
            by_name[gap.error].append(gap)
        elif gap.path not in _whole_regions(seen.inventory):
            yield Remark(gap.path, _unread(gap), (gap.region,) if gap.region else ())
    for error, gaps in by_name.items():
        attempts = many(max(gap.attempts for gap in gaps), "attempt")
        message = f"{many(len(gaps), 'parameter')} could not be read: {error} after {attempts}"
        yield Remark("record", message, tuple(sorted(gap.path for gap in gaps)))


def _feed_not_read(seen: Seen) -> Iterator[Remark]:
    for gap in seen.inventory.gaps:
        if gap.path == FEED:
            sources = sorted({region.launch.source for region in seen.inventory.regions if region.launch})
            message = f"could not be read: {gap.error}; launch dates are from {' and '.join(sources) or 'nowhere'}"
            yield Remark(gap.path, message)


def _unknown_leaf(seen: Seen) -> Iterator[Remark]:
    yield from _oddities(seen, "unknown-leaf", "parameter", "of that name where the layout foresees none")


def _node_without_parameter(seen: Seen) -> Iterator[Remark]:
    yield from _oddities(seen, "node-without-parameter", "place", "of that name with something below, and no value")


def _value_differs(seen: Seen) -> Iterator[Remark]:
    yield from _oddities(seen, "value-differs", "node", "of that name with another value than its name")


def _step_failed(seen: Seen) -> Iterator[Remark]:
    for failure in seen.failures:
        yield Remark(failure.step, f"could not be computed: {failure.error}")


def _oddities(seen: Seen, kind: str, noun: str, words: str) -> Iterator[Remark]:
    """Gather the oddities of one kind by the last name of their path."""
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for oddity in seen.inventory.oddities:
        if oddity.kind == kind:
            by_name[oddity.path.rpartition("/")[2]].append(oddity.path)
    for name, paths in by_name.items():
        yield Remark(name, f"{many(len(paths), noun)} {words}", tuple(sorted(paths)[:SHOWN]))


def _whole_regions(inventory: Inventory) -> frozenset[str]:
    """Name the paths without which a region's services are unknown."""
    return frozenset(
        path for code in inventory.unread_regions for path in (f"regions/{code}", f"regions/{code}/services")
    )


def _is_parameter(gap: Gap) -> bool:
    """Tell whether it is one parameter, asked for by its name. Such are asked for ten in a call, and fail together."""
    return gap.region is None and "/" in gap.path


def _unread(gap: Gap) -> str:
    return f"{gap.path} could not be read: {gap.error} after {many(gap.attempts, 'attempt')}"


REGION_NOT_READ: Final = Rule(
    RuleId("region-not-read"),
    "region",
    "error",
    "The services of a region were asked for and not got.",
    "Run again: answers that were got are in the cache, and only the gaps are asked for.",
    _region_not_read,
)
STEP_FAILED: Final = Rule(
    RuleId("step-failed"),
    "run",
    "warning",
    "A figure that the analysis can do without could not be computed.",
    "Report this as a bug, with the inventory of this run.",
    _step_failed,
)
RULES: Final = (
    Rule(
        RuleId("nothing-offered"),
        "run",
        "error",
        "The record names no offering at all.",
        "Do not use this run: the source was empty.",
        _nothing_offered,
        points=100,
    ),
    REGION_NOT_READ,
    Rule(
        RuleId("path-not-read"),
        "run",
        "error",
        "A path of the record, other than a region's services, was asked for and not got.",
        "Run again: answers that were got are in the cache, and only the gaps are asked for.",
        _path_not_read,
    ),
    Rule(
        RuleId("feed-not-read"),
        "run",
        "warning",
        "The regions feed was asked and did not answer well.",
        "Look up its code among the errors; behind a mandatory proxy set FEED_URL=none.",
        _feed_not_read,
    ),
    STEP_FAILED,
    Rule(
        RuleId("value-differs"),
        "run",
        "warning",
        "A node that is a name has another value than that name.",
        "Go by the name in the path, as the reports do, and check the value with AWS.",
        _value_differs,
    ),
    Rule(
        RuleId("node-without-parameter"),
        "run",
        "note",
        "A node has something below it and no parameter of its own, so that listings of its folder lack it.",
        "Nothing: it counts like any other.",
        _node_without_parameter,
    ),
    Rule(
        RuleId("unknown-leaf"),
        "run",
        "note",
        "The record has parameters where the layout foresees none.",
        "Look at what AWS added; the reports leave it out.",
        _unknown_leaf,
    ),
)
