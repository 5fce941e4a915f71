"""Which runs of a history show the same: a snapshot that was copied proves no more than its original. Pure."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from operator import xor
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.unreadable import unreadable_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.history import History, Interval, SubjectKind


class Contents:
    """What each run shows, as a fingerprint of 64 bits: ten years of daily runs hold too much to compare in full."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._fingerprints: dict[tuple[str, ...], list[int]] = {}
        """Of all runs, by the paths that are left out because a run could not read them."""

    def of(self, position: int) -> tuple[tuple[str, ...], int]:
        """Return what stands for the content of a run: the paths that it could not read, and a fingerprint of it."""
        unread = self._history.runs[position].unread
        if unread not in self._fingerprints:
            self._fingerprints[unread] = self._fingerprints_without(position)
        return unread, self._fingerprints[unread][position]

    def _fingerprints_without(self, position: int) -> list[int]:
        """Return the fingerprint of each run, of what the run at *position* could read: the hashes of it all, xored."""
        run = self._history.runs[position]
        unreadable = unreadable_in(run) if run.unread else None

        @cache
        def is_hidden(kind: SubjectKind, region: RegionCode) -> bool:
            return unreadable is not None and unreadable(Subject(kind, region))

        # A difference array: xor is its own inverse, so what an interval adds at its first run it takes away after its
        # last, and one pass gives the fingerprint of every run.
        steps = [0] * (len(self._history.runs) + 1)
        for interval in self._history.intervals:
            if interval.first == 0 and interval.last is None:
                continue  # all runs have it
            step = 0
            # Offerings and their endpoints are read by region: all of one are hidden, or none.
            by_region = interval.kind == "offering"
            for subject in _subjects(interval):
                kind, region, *_ = subject
                if not (is_hidden(kind, region) if by_region else unreadable and unreadable(Subject(*subject))):
                    # hash() of texts differs between processes, which is harmless: fingerprints are compared within one
                    # and never stored.
                    step ^= hash(subject)
            steps[interval.first] ^= step
            if interval.last is not None:
                steps[interval.last + 1] ^= step
        return [*accumulate(steps, xor)]


def _subjects(interval: Interval) -> Iterator[tuple[SubjectKind, RegionCode, str, str, str]]:
    """Yield the subjects of an interval as plain tuples, with the template of their values, which is the same."""
    # The template with {region} is hashed, not each value: equal templates give equal endpoints, and no value has to be
    # made for each region.
    kind, service, zone, value, regions, *_ = interval
    for region in regions:
        if kind == "offering":
            yield kind, region, service, "", ""
            if value:
                yield "endpoint", region, service, "", value
        else:
            yield kind, region, service, zone, value
