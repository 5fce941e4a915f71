"""The resource types of all regions as AWS publishes them now; what cannot be read is the last good copy, named so."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import CircuitOpenError
from aws_ssm_fetcher.core.model.history import LIVE_TYPES_ORIGIN
from aws_ssm_fetcher.core.model.resource_types import (
    NameLists,
    RegionList,
    ResourceTypes,
    TypesSource,
    grouped,
    inverted,
    name_lists,
)
from aws_ssm_fetcher.core.retrying import FIRST_WAIT_SECONDS, CircuitBreaker, retried
from aws_ssm_fetcher.core.store.keys import run_id_of
from aws_ssm_fetcher.data_sources.resource_types.archive import SchemasRefusedError
from aws_ssm_fetcher.data_sources.resource_types.quarantine import doubt_of, is_unchanged, list_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.data_sources.resource_types.reader import SchemaReader

ORIGIN: Final = LIVE_TYPES_ORIGIN
ATTEMPTS: Final = 2  # the last good copy is no worse than a third
DEADLINE_SECONDS: Final = 60.0  # for all regions together
OUTAGE: Final = "ConnectionFailed"

_LOGGER = logging.getLogger(__name__)


class _RegionReading(NamedTuple):
    """What came of one region."""

    names: frozenset[str] | None
    etag: str | None = None
    error: str | None = None
    current: bool = False
    """Whether the server says that the last good copy is current."""


def read_types(
    domains: Mapping[RegionCode, str],
    reader: SchemaReader,
    before: ResourceTypes,
    *,
    taken: datetime,
    executor: Executor,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> ResourceTypes | None:
    """Read the lists of all regions; ``None`` if not one could be read.

    *before* are the youngest lists until now: a region that cannot be read keeps its list of then, and so does one
    whose list is quarantined: ``quarantine.py`` has the rules.
    """
    breaker, ends = CircuitBreaker(ORIGIN, is_outage=_is_outage), clock() + DEADLINE_SECONDS
    known = tuple(before.types.regions_of)
    # Only of lists that are a region's own: a copy is read again, since it may have become one.
    versions = {row.region: row.etag for row in before.types.regions if row.status == "own"}

    def read(region: RegionCode) -> _RegionReading:
        def ask() -> _RegionReading:
            if clock() > ends:
                raise SchemasRefusedError("no time is left", code="Timeout")
            listing = breaker.call(lambda: reader.read(region, domains[region], known, versions.get(region)))
            return (
                _RegionReading(None, current=True) if listing is None else _RegionReading(listing.names, listing.etag)
            )

        def may_ask_again(error: Exception) -> bool:
            return _is_outage(error) and clock() + FIRST_WAIT_SECONDS < ends

        try:
            return retried(ask, attempts=ATTEMPTS, retryable=may_ask_again, sleep=sleep)
        except SchemasRefusedError as error:
            _LOGGER.warning("Gap: the resource types of %s could not be read (%s)", region, error.code)
            return _RegionReading(None, error=error.code)
        except CircuitOpenError:
            return _RegionReading(None, error=OUTAGE)

    # executor.map keeps the order of the regions, whichever ends first.
    reads = dict(zip(domains, executor.map(read, domains), strict=True))
    if not any(region_read.names is not None or region_read.current for region_read in reads.values()):
        return None
    lists = _lists(reads, before, TypesSource("aws", ORIGIN, taken))
    return ResourceTypes(run_id_of(taken), taken, lists)


def _lists(reads: Mapping[RegionCode, _RegionReading], before: ResourceTypes, source: TypesSource) -> NameLists:
    """Return the new lists, and the last good copy where there is no better."""
    read = {region: region_read.names for region, region_read in reads.items() if region_read.names is not None}
    read |= {region: before.types.names_in[region] for region, region_read in reads.items() if region_read.current}
    fresh = name_lists(source, read, expected=reads)
    refused = {region: region_read.error for region, region_read in reads.items() if region_read.error}
    refused |= {row.region: reason for row in fresh.regions if (reason := doubt_of(row, read, before, source.taken))}
    names_in = {region: names for region, names in fresh.names_in.items() if region not in refused}
    rows = []
    for row in fresh.regions:
        region = row.region
        etag = reads[region].etag or _etag(before, region) if row.status == "own" else None
        if region not in refused:
            is_own = row.status == "own" or is_unchanged(region, read, before)
            names_in |= {region: read[region]} if is_own else {}
            rows.append(row._replace(status="own" if is_own else row.status, etag=etag))
        elif region in before.types.known_set:
            names_in[region] = before.types.names_in[region]
            taken, error = before.types.taken_of(region), refused[region]
            other = list_beside(before, region, read.get(region), error)
            rows.append(RegionList(region, "own", taken, _etag(before, region), error, other))
        else:
            rows.append(row._replace(status="none" if row.status == "own" else row.status, error=refused[region]))
    return NameLists(source, tuple(rows), grouped(inverted(names_in)))


def _etag(before: ResourceTypes, region: RegionCode) -> str | None:
    row = before.types.row_of(region)
    return row.etag if row else None


def _is_outage(error: Exception) -> bool:
    return isinstance(error, SchemasRefusedError) and error.passing
