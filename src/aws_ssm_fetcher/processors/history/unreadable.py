"""What a run could not read, so that it says nothing of it, and which runs know of what. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.codes import FEED
from aws_ssm_fetcher.core.model.history import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_ssm_fetcher.core.model.history import Run, SubjectKind

Unknown = Callable[[Subject], bool]


class Knowing:
    """Which of some runs know of a subject."""

    def __init__(self, runs: Sequence[Run], quarantined: Mapping[int, tuple[str, ...]] | None = None) -> None:
        """Take the runs, and the strands that are quarantined in some of them, which count as unread."""
        self._count = len(runs)
        left_out = quarantined or {}
        self._unreadable = {
            position: unreadable_in(run, left_out.get(position, ()))
            for position, run in enumerate(runs)
            if run.unread or position in left_out
        }

    def knows(self, position: int, subject: Subject) -> bool:
        """Return whether a run could read a subject."""
        unknown = self._unreadable.get(position)
        return unknown is None or not unknown(subject)

    def first(self, subject: Subject, start: int = 0) -> int:
        """Find the first run from *start* on that knows of a subject; the number of runs if there is none."""
        if start not in self._unreadable:
            return start
        return next((position for position in range(start, self._count) if self.knows(position, subject)), self._count)

    def last(self, subject: Subject, before: int) -> int | None:
        """Find the last run before another that knows of a subject."""
        if before - 1 not in self._unreadable:
            return before - 1 if before else None
        return next((position for position in range(before - 1, -1, -1) if self.knows(position, subject)), None)


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
        "service": lambda _: "services" in paths or bool(regions),
        "zone": zone,
        "name": name,
        "launch": lambda _: FEED in paths,
    }
    return lambda subject: by_kind[subject.kind](subject)
