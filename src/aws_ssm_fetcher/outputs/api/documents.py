"""The documents of the JSON API. Pure.

Each begins with its schema and its sources. A document has dates of what it says, and none of the run that wrote it:
so a document that says the same keeps its bytes, and is not written again. The run is in ``index.json`` alone.

Rows are those of the report's tables, by the same keys: a document, a CSV file and the page never disagree.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.run_documents import counts
from aws_ssm_fetcher.core.model.changes import regions_of, services_of
from aws_ssm_fetcher.core.model.resource_types import namespace_of
from aws_ssm_fetcher.core.store.keys import is_folder
from aws_ssm_fetcher.outputs import tables
from aws_ssm_fetcher.outputs.page.extras import other_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.resource_types import NameLists
    from aws_ssm_fetcher.outputs.api.since import FirstSeen
    from aws_ssm_fetcher.outputs.layout import ReportTable

VERSION: Final = "1.0"
SCHEMA: Final = "aws_ssm_fetcher_api"

Json = dict[str, Any]
Offered = dict["ServiceCode", dict["RegionCode", Json]]


class Documents:
    """What the documents of one run are made of, prepared once."""

    def __init__(
        self,
        analysis: Analysis,
        since: Mapping[tuple[ServiceCode, RegionCode], FirstSeen] | None = None,
        types: NameLists | None = None,
    ) -> None:
        self.analysis, self.types = analysis, types
        self.tables = {
            "region": tables.region_summary(analysis),
            "service": tables.service_summary(analysis),
            "change": tables.changes(analysis),
            "lifecycle": tables.lifecycle(analysis),
        }
        self.region_rows = _rows_by_code(self.tables["region"])
        self.service_rows = _rows_by_code(self.tables["service"])
        self._lifecycle = [*self.tables["lifecycle"].objects()]
        self._offered = _offered(analysis, since or {})
        self._other_names = other_names()
        self._last_changes = _last_changes(analysis)

    def index(self) -> Json:
        """Return the run, its counts, and which other documents there are."""
        inventory, quality = self.analysis.inventory, self.analysis.quality
        return self._document("index") | {
            "run_id": inventory.run_id,
            "taken": encode(inventory.taken),
            "counts": counts(inventory),
            "quality": {"score": quality.score, "grade": quality.grade},
            "unread_regions": sorted(inventory.unread_regions),
            "regions": [*_folders(self.region_rows)],
            "services": [*_folders(self.service_rows)],
            # A namespace has colons, which no file name on Windows may have.
            "namespaces": {name: file_of_namespace(name) for name in self._namespaces()},
        }

    def regions(self) -> Json:
        """Return every region with its figures."""
        return self._document("regions") | {"regions": self.region_rows}

    def services(self) -> Json:
        """Return every service with its figures."""
        return self._document("services") | {"services": self.service_rows}

    def region(self, code: RegionCode) -> Json:
        """Return a region, and the services that it offers."""
        offered = {
            service: {"service_name": self.service_rows[service]["service_name"], **regions[code]}
            for service, regions in self._offered.items()
            if code in regions
        }
        read = code not in self.analysis.inventory.unread_regions
        facts = {"read": read, "last_change": self._last_changes.get(code), "services": offered}
        return self._document("region") | self.region_rows[code] | facts

    def service(self, code: ServiceCode) -> Json:
        """Return a service, the regions that offer it, its other names and its lifecycle."""
        offered = {
            region: {"region_name": self.region_rows[region]["region_name"], **facts}
            for region, facts in self._offered.get(code, {}).items()
        }
        return (
            self._document("service")
            | self.service_rows[code]
            | {
                "last_change": self._last_changes.get(code),
                "unread_regions": sorted(self.analysis.inventory.unread_regions),
                "regions": offered,
                "other_names": self._other_names.get(code, []),
                "lifecycle": [row for row in self._lifecycle if row["service_code"] == code],
            }
        )

    def changes(self) -> Json:
        """Return the changes of the last 400 days, the newest first."""
        return self._document("changes") | {"changes": [*self.tables["change"].objects()]}

    def lifecycle(self) -> Json:
        """Return which services and features AWS has closed, ends, or has shut down."""
        return self._document("lifecycle") | {"entries": self._lifecycle}

    def namespaces(self) -> Iterator[tuple[str, Json]]:
        """Yield each namespace of resource types with the regions of each of its types."""
        lists = self.types
        if lists is None:
            return
        for name, own in self._namespaces().items():
            yield (
                name,
                self._document("types")
                | {
                    "namespace": name,
                    "known_regions": [*lists.known],
                    "unknown_regions": [*lists.unknown],
                    "types": {type_name: sorted(lists.regions_of[type_name]) for type_name in own},
                },
            )

    def _namespaces(self) -> dict[str, list[str]]:
        by_namespace: defaultdict[str, list[str]] = defaultdict(list)
        for name in self.types.regions_of if self.types else ():
            by_namespace[namespace_of(name)].append(name)
        return {name: own for name, own in sorted(by_namespace.items()) if is_folder(file_of_namespace(name))}

    def _document(self, kind: str) -> Json:
        return {"schema": f"{SCHEMA}/{VERSION}/{kind}", "sources": self._sources()}

    def _sources(self) -> Json:
        """Name where the facts come from."""
        source, figures = self.analysis.inventory.source, self.analysis.types
        named: Json = {
            "offerings": {"origin": source.origin, "query_region": source.query_region, "detail": source.detail}
        }
        if figures:
            named["resource_types"] = {"origin": figures.origin}
        return named


def file_of_namespace(name: str) -> str:
    """Return how the file of a namespace is called, without its ending: ``aws-lambda`` of ``AWS::Lambda``."""
    return name.replace("::", "-").lower()


def _folders(codes: Iterable[str]) -> Iterator[str]:
    """Yield the codes that can name a file; of those that differ in capitals alone, the first."""
    seen: set[str] = set()
    # Names of files: some file systems do not tell capitals apart.
    for code in sorted(filter(is_folder, codes), key=lambda code: (code != code.lower(), code)):
        if code.lower() not in seen:
            seen.add(code.lower())
            yield code


def _offered(analysis: Analysis, since: Mapping[tuple[ServiceCode, RegionCode], FirstSeen]) -> Offered:
    depths = analysis.types.depths if analysis.types else (None,) * len(analysis.inventory.offerings)
    offered: defaultdict[ServiceCode, dict[RegionCode, Json]] = defaultdict(dict)
    for offering, reach, depth in zip(analysis.inventory.offerings, analysis.known_reaches, depths, strict=True):
        seen = since.get((offering.service, offering.region))
        offered[offering.service][offering.region] = {
            "endpoint": offering.endpoint,
            "protocols": list(offering.protocols),
            "reach": reach.kind if reach else None,
            "served_from": reach.served_from if reach else None,
            "first_seen": seen.first_seen if seen else None,
            "last_absent": seen.last_absent if seen else None,
            "resource_types": {"registered": depth.registered, "of": depth.of} if depth else None,
        }
    return dict(offered)


def _rows_by_code(table: ReportTable) -> dict[Any, Json]:
    """Return the rows of a table by their first column."""
    first = table.columns[0].key
    return {row[first]: row for row in table.objects()}


def _last_changes(analysis: Analysis) -> dict[str, str]:
    """Return the day on which the last change of each region and of each service was first seen."""
    last: dict[str, str] = {}
    for change in analysis.changes:
        day = f"{change.seen:%Y-%m-%d}"
        for code in (*regions_of(change), *services_of(change)):
            last[code] = max(day, last.get(code, day))
    return last
