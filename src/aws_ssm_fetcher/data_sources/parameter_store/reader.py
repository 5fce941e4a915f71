"""Read the paths of each level of detail, many at once, and turn those that fail into gaps.

========== ==================================================================== ===================
detail     asked for                                                            calls on a real tree
========== ==================================================================== ===================
offerings  each region's services, by code; names by name; zones                1,094
endpoints  everything below each region; the services' codes and names          2,809
full       everything below each region, everything below ``services/``         5,413
========== ==================================================================== ===================

The pages of one path follow each other, but paths do not depend on each other: the way to go wide is a path a region.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import MalformedAnswerError, PathUnreadError, SourceError
from aws_ssm_fetcher.core.model.codes import Detail, RegionCode, Topic
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.data_sources.parameter_store.tree import REGION_LEAVES, SERVICE_LEAVES, ZONE_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.ports import Parameter, ParameterStore, Progress

STEP: Final = "Reading the snapshot"
NAMES_PER_CALL: Final = 10  # GetParameters takes no more
REFRESH_SECONDS: Final = 0.5  # between two notes of progress while nothing ends
STALLED_SECONDS: Final = 600.0  # without a page: eight attempts of 20 s and their pauses take 300
STALLED: Final = "Stalled"

_ADVICE: Final = "Try again later; if the same paths stay unread, look at one of them by itself"
_ADVICE_ON_FILES: Final = "Name all files of the archive at once, those of regions and those of services"

_LOGGER = logging.getLogger(__name__)


class TreeReading(NamedTuple):
    """What was read, what could not be read, and what was left out."""

    parameters: tuple[Parameter, ...]
    gaps: tuple[Gap, ...]
    left_out: tuple[Topic, ...]


class Ask(NamedTuple):
    """A path to list, or, with *names*, parameters to fetch by name."""

    path: str
    recursive: bool = False
    region: RegionCode | None = None
    names: tuple[str, ...] = ()
    is_list: bool = False
    """Whether it lists the regions: nothing can be read without it, except from an archive. It is not counted."""


def read_tree(
    store: ParameterStore,
    executor: Executor,
    *,
    max_gap_share: float,
    progress: Progress,
    stalled_seconds: float = STALLED_SECONDS,
) -> TreeReading:
    """Read the tree at the store's level of detail.

    A path that cannot be read is a gap; the others go on. Raises ``SourceError`` without the list of regions, with more
    gaps than *max_gap_share* of all paths, and for errors that concern more than one path.
    """
    gatherer = _Gatherer(store, executor, progress, stalled_seconds)
    # First and alone: all other paths are made of these codes.
    listed = gatherer.gather([Ask("regions", is_list=True)])
    if not listed and not gatherer.gaps:
        raise SourceError("AWS's list of regions is empty", code="Empty")
    regions = [RegionCode(parameter.path.removeprefix("regions/")) for parameter in listed]
    detail = store.source.detail
    parameters = [*listed, *gatherer.gather(_listings(detail, regions))]
    zones = [p.path for p in parameters if p.path.partition("/")[0] in ZONE_FOLDERS]
    parameters += gatherer.gather(_by_name(detail, regions, parameters, zones))
    gatherer.check(max_gap_share, len(regions))
    if store.source.kind == "file":  # an archive without a region's services may well say what the region is
        lost = [gap.region for gap in gatherer.gaps if gap.region]
        parameters += store.named([f"regions/{region}/{leaf}" for region in lost for leaf in REGION_LEAVES])
    gaps = tuple(sorted(gatherer.gaps, key=lambda gap: gap.path))
    return TreeReading(tuple(parameters), gaps, _left_out(detail, zones))


def _listings(detail: Detail, regions: Iterable[RegionCode]) -> list[Ask]:
    """Ask for what lies below the regions, below services, and for the zones that stand on their own."""
    deep = detail != "offerings"
    below = "" if deep else "/services"
    return [
        # The longest path first (2,726 pages), so that it does not begin when the regions are done.
        Ask("services", recursive=detail == "full"),
        *(Ask(f"regions/{region}{below}", recursive=deep, region=region) for region in regions),
        *(Ask(folder, recursive=deep) for folder in ZONE_FOLDERS),
    ]


def _by_name(
    detail: Detail, regions: Sequence[RegionCode], parameters: Iterable[Parameter], zones: Sequence[str]
) -> list[Ask]:
    """Ask for what the listings did not give: services' names, and at the least detail regions' names and zones."""
    if detail == "full":
        return []
    # From both subtrees: a service whose node has no parameter of its own is missing in the listing of services/.
    services = sorted({service for parameter in parameters if (service := _service_in(parameter.path))})
    if detail == "endpoints":
        return _batches(_leaves("services", services, SERVICE_LEAVES))
    names = [f"services/{service}/longName" for service in services]
    names += _leaves("regions", regions, REGION_LEAVES)
    names += [f"{zone}/parent-region" for zone in zones]
    asks = _batches(names)
    # The zone trees are documented and missing in some snapshots; then each region's own list is asked.
    if not any(zone.startswith("availability-zones/") for zone in zones):
        asks += [Ask(f"regions/{region}/availability-zones", region=region) for region in regions]
    return asks


def _leaves(folder: str, codes: Iterable[str], leaves: Iterable[str]) -> list[str]:
    return [f"{folder}/{code}/{leaf}" for code, leaf in product(codes, leaves)]


def _service_in(path: str) -> str | None:
    parts = path.split("/")
    if parts[0] == "services":
        return parts[1]
    return parts[3] if len(parts) > len(("regions", "<region>", "services")) and parts[2] == "services" else None


def _left_out(detail: Detail, zones: Iterable[str]) -> tuple[Topic, ...]:
    """Return what the least detail does not read: Local and Wavelength Zones only if they have no tree of their own."""
    if detail != "offerings":
        return ()
    trees = {zone.partition("/")[0] for zone in zones}
    unasked: tuple[Topic, ...] = ("local-zones", "wavelength-zones")
    return ("endpoints", "home-pages", *(topic for topic in unasked if topic not in trees))


def _batches(names: Sequence[str]) -> list[Ask]:
    starts = range(0, len(names), NAMES_PER_CALL)
    return [Ask(names[start], names=tuple(names[start : start + NAMES_PER_CALL])) for start in starts]


class _Gatherer:
    """Reads many paths at once and counts them."""

    def __init__(self, store: ParameterStore, executor: Executor, progress: Progress, stalled_seconds: float) -> None:
        self._store, self._executor, self._progress = store, executor, progress
        self._started = time.monotonic()
        self._stopped = threading.Event()
        self._stalled_seconds = stalled_seconds
        self._last_page: dict[Ask, float] = {}
        self._asked = self._done = self._failed = 0
        self.gaps: list[Gap] = []

    def gather(self, asks: Sequence[Ask]) -> list[Parameter]:
        """Read all paths; what fails for one path alone becomes a gap, anything else ends it all."""
        self._asked += sum(not ask.is_list for ask in asks)
        pending = {self._executor.submit(self._read, ask): ask for ask in asks}
        order = list(pending)
        listings: dict[Future[list[Parameter]], list[Parameter]] = {}
        try:
            while pending:
                self._note()
                # With a timeout, so that progress moves and stalled paths are seen while nothing ends.
                ended, _ = wait(pending, timeout=REFRESH_SECONDS, return_when=FIRST_COMPLETED)
                for future in ended:
                    listings[future] = self._take(future, pending.pop(future))
                for future in [future for future, ask in pending.items() if self._is_stalled(ask)]:
                    ask = pending.pop(future)  # its thread cannot be stopped, and is left behind
                    listings[future] = self._miss(ask, PathUnreadError(ask.path, code=STALLED, attempts=1))
        finally:
            if pending:
                # Threads cannot be stopped from outside: each looks at this between two pages.
                self._stopped.set()
            for future in pending:
                future.cancel()
        self._note()
        # In the order of the asks, not of their ends: of two values for one path the later counts.
        return [parameter for future in order for parameter in listings[future]]

    def check(self, max_gap_share: float, regions: int) -> None:
        """Raise if so much is missing that the rest is worth nothing.

        That is more than the share of the regions, or of all paths, or what is known of services. Only an archive
        may hold one subtree alone.
        """
        lost = len({gap.region for gap in self.gaps if gap.region})
        missing = {gap.path for gap in self.gaps}
        is_file = self._store.source.kind == "file"
        services = "services" in missing and (not is_file or "regions" in missing)
        if is_file and "regions" in missing and not services:
            return  # the subtree of services alone: its offerings list the regions
        # Names asked for by tens count among the paths, so the share of regions is checked by itself.
        if services or lost > max_gap_share * regions or self._failed > max_gap_share * self._asked:
            codes = ", ".join(sorted({gap.error for gap in self.gaps}))
            what = f"services and {lost} of {regions} regions" if services else f"{lost} of {regions} regions"
            message = f"{self._failed} of {self._asked} paths could not be read ({codes}), so {what} would be missing"
            advice = _ADVICE_ON_FILES if is_file else _ADVICE
            raise SourceError(message, code=self.gaps[-1].error, advice=f"Nothing was written. {advice}")

    def _read(self, ask: Ask) -> list[Parameter]:
        self._last_page[ask] = time.monotonic()
        if ask.names:
            return list(self._store.named(ask.names))
        parameters: list[Parameter] = []
        for page in self._store.pages(ask.path, recursive=ask.recursive):
            parameters += page
            self._last_page[ask] = time.monotonic()
            if self._stopped.is_set():
                break
        return parameters

    def _take(self, future: Future[list[Parameter]], ask: Ask) -> list[Parameter]:
        try:
            parameters = future.result()
        except PathUnreadError as error:
            return self._miss(ask, error)
        self._done += not ask.is_list
        return parameters

    def _miss(self, ask: Ask, error: PathUnreadError) -> list[Parameter]:
        if ask.is_list and self._store.source.kind != "file":
            raise error
        why = error.reason if isinstance(error, MalformedAnswerError) else error.code
        _LOGGER.warning("Gap: %s could not be read (%s)", ask.path, why)
        self._done += not ask.is_list
        self._failed += not ask.is_list
        # A failed call for ten names leaves ten gaps, since each name is unknown by itself.
        for path in ask.names or (ask.path,):
            self.gaps.append(Gap(path, error.code, error.attempts, ask.region))
        return []

    def _is_stalled(self, ask: Ask) -> bool:
        last = self._last_page.get(ask)  # none while it waits for a thread
        return last is not None and time.monotonic() - last > self._stalled_seconds

    def _note(self) -> None:
        effort = self._store.effort
        spent = time.monotonic() - self._started
        note = f"{effort.calls:,} calls, {effort.calls / spent:.0f}/s" if effort and spent else ""
        self._progress(STEP, self._done, self._asked or 1, note)  # 1: the list of regions, while it is read
