"""What a run could not read, so that it says nothing of it, and which runs know of what. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.codes import FEED
from aws_ssm_fetcher.core.model.history import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.model.history import Run, SubjectKind

Unknown = Callable[[Subject], bool]


class RunCoverage:
    """Which of some runs know of a subject."""

    def __init__(self, runs: Sequence[Run], quarantined: Mapping[int, tuple[str, ...]] | None = None) -> None:
        """Take the runs, and the strands of zones that are quarantined in some of them, which count as unread."""
        left_out = quarantined or {}
        self._count = len(runs)
        self._all = _stretches(run.unread for run in runs)
        # Zones have stretches of their own, since a quarantined kind of zone hides nothing else of its run.
        self._zones = self._all
        if left_out:
            self._zones = _stretches(run.unread + left_out.get(position, ()) for position, run in enumerate(runs))

    def could_read(self, position: int, subject: Subject) -> bool:
        """Return whether a run could read a subject."""
        unknown = self._of(subject).by_run.get(position)
        return unknown is None or not unknown(subject)

    def all_could_read(self, subject: Subject) -> bool:
        """Return whether all runs could read all of a subject's kind."""
        return not self._of(subject).by_run

    def first(self, subject: Subject, start: int = 0) -> int:
        """Find the first run from *start* on that knows of a subject; the number of runs if there is none."""
        # Nearly all runs could read everything, and this is asked for every presence: without a call of _of.
        stretches = self._zones if subject.kind == "zone" else self._all
        if start not in stretches.by_run:
            return start
        known = (first for first, last, unknown in stretches.from_run(start) if unknown is None or not unknown(subject))
        return max(start, next(known, self._count))

    def last(self, subject: Subject, before: int) -> int | None:
        """Find the last run before another that knows of a subject."""
        stretches = self._zones if subject.kind == "zone" else self._all
        if before - 1 not in stretches.by_run:
            return before - 1 if before else None
        known = (
            last for _, last, unknown in stretches.until_run(before - 1) if unknown is None or not unknown(subject)
        )
        position = next(known, None)
        return None if position is None else min(before - 1, position)

    def _of(self, subject: Subject) -> _Stretches:
        return self._zones if subject.kind == "zone" else self._all


class _Stretches:
    """Which runs say nothing of what, with neighbours that say nothing of the same together: mostly there are few."""

    def __init__(self, unknown: Sequence[Unknown | None]) -> None:
        self.by_run = {position: unread for position, unread in enumerate(unknown) if unread is not None}
        self._stretches: list[tuple[int, int, Unknown | None]] = []
        for position, unread in enumerate(unknown):
            # "is" suffices: _unreadable is cached, so equal unread paths give the same function.
            if self._stretches and self._stretches[-1][2] is unread:
                self._stretches[-1] = (self._stretches[-1][0], position, unread)
            else:
                self._stretches.append((position, position, unread))

    def from_run(self, position: int) -> Iterator[tuple[int, int, Unknown | None]]:
        """Yield first run, last run and what they say nothing of, from the stretch of a run on."""
        begin = bisect_right(self._stretches, position, key=lambda stretch: stretch[0]) - 1
        return (stretch for stretch in self._stretches[begin:])

    def until_run(self, position: int) -> Iterator[tuple[int, int, Unknown | None]]:
        """Yield the same from the stretch of a run back."""
        end = bisect_right(self._stretches, position, key=lambda stretch: stretch[0])
        return reversed(self._stretches[:end])


def _stretches(unread: Iterable[tuple[str, ...]]) -> _Stretches:
    return _Stretches([_unreadable(paths) if paths else None for paths in unread])


def unreadable_in(run: Run, quarantined: tuple[str, ...] = ()) -> Unknown:
    """Return a function that checks whether a run could not read a subject."""
    return _unreadable(run.unread + quarantined)


@cache
def _unreadable(unread: tuple[str, ...]) -> Unknown:
    """Return that function for a run with these unread paths, topics left out, and quarantined strands."""
    if not unread:
        return lambda _: False
    # Unread are paths of AWS's tree, topics that were not asked for, such as "endpoints", and kinds of zones.
    # "regions/eu-west-1" hides a region with all below it, "regions/eu-west-1/services" only its offerings.
    paths = frozenset(unread)
    below_regions = [path.split("/")[1:] for path in unread if path.startswith("regions/")]
    whole = {names[0] for names in below_regions if len(names) == 1}
    regions = whole | {names[0] for names in below_regions if names[1:] == ["services"]}
    folders = {path.partition("/")[0] for path in unread}
    no_endpoints, no_regions = "endpoints" in paths, "regions" in paths

    def zone(subject: Subject) -> bool:
        # AWS's folders are in the plural: availability-zones, local-zones, wavelength-zones.
        folder = f"{subject.value}s"
        return (
            no_regions or folder in folders or subject.region in whole or f"regions/{subject.region}/{folder}" in paths
        )

    def name(subject: Subject) -> bool:
        if subject.service:
            return not paths.isdisjoint({"services", f"services/{subject.service}/longName"})
        return no_regions or subject.region in whole or f"regions/{subject.region}/longName" in paths

    by_kind: dict[SubjectKind, Unknown] = {
        "offering": lambda subject: subject.region in regions,
        "endpoint": lambda subject: no_endpoints or subject.region in regions,
        "region": lambda _: no_regions,  # an archive of the subtree of services alone
        # A service is derived from both subtrees: one that is listed under a region alone is missed if that was not
        # read.
        "service": lambda _: "services" in paths or bool(regions),
        "zone": zone,
        "name": name,
        "launch": lambda _: FEED in paths,
    }
    return lambda subject: by_kind[subject.kind](subject)
