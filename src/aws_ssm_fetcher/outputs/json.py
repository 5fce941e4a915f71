"""The report as JSON, twice: in full, and compact for a browser or a small function.

The compact file has the same facts in at most a tenth of the bytes: tables as columns and rows, and for each
service its regions grouped by endpoint, protocols and reach::

    {"metadata": {…, "counts": {…}},
     "regions": {"columns": ["region_code", …], "rows": [["af-south-1", …], …]},
     "services": {"columns": […], "rows": […]},
     "offerings": {"s3": [["s3.{region}.{domain}", ["HTTP", "HTTPS"], [0, 1, 2], "regional", null], …]},
     "nearest_regions": {"columns": […], "rows": […]}, "partition_parity": {"columns": […], "rows": […]},
     "changes": {"columns": […], "rows": […]}, "aliases": {"columns": […], "rows": […]},
     "lifecycle": {"columns": […], "rows": […]},
     "resource_types": {"groups": [[[0, 1, 2], ["AWS::Lambda::Url", …]], …],
                        "depth": {"lambda": [[10, 11, [0, 1, 2]], …], …}},
     "statistics": […], "clusters": […], "findings": […], "quality": {…}, "quarantine": [],
     "last_names": […], "gaps": […]}

Numbers in a group are positions in ``regions.rows``. An endpoint is read like a Python format string: ``{region}`` is
the region's code and ``{domain}`` its domain (``metadata.domains`` by code), ``{{`` a brace.
A group of resource types is the regions and the types that exactly these have; one of ``depth`` is how many types of a
service its regions have, how many their partition has, and the regions.
"""

from __future__ import annotations

import io
import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.envelopes import to_json
from aws_ssm_fetcher.core.documents.run_documents import counts
from aws_ssm_fetcher.core.model.region_templates import to_template
from aws_ssm_fetcher.outputs import type_tables
from aws_ssm_fetcher.outputs.tables import all_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis, Reach
    from aws_ssm_fetcher.core.model.inventory import Offering, Region
    from aws_ssm_fetcher.core.model.resource_types import Depth, NameLists
    from aws_ssm_fetcher.outputs.layout import ReportTable

SCHEMA: Final = "aws_regions_services/2.0"
COMPACT_SCHEMA: Final = "aws_regions_services_compact/2.0"
LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "changes": ("region_name", "service_name"),
    "aliases": ("service_name", "note", "source"),
}
"""Columns left out of the compact file; codes and ``last_names`` lead to the names, a third of ``changes``."""

_TITLES: Final[Mapping[str, str]] = {
    "regions": "Region Summary",
    "services": "Service Summary",
    "offerings": "Regional Services",
    "nearest_regions": "Nearest Regions",
    "partition_parity": "Partition Parity",
    "changes": "Changes",
    "aliases": "Other Names",
    "lifecycle": "Lifecycle",
}
"""The title of each table, by its name here."""

BATCH: Final = 1000  # rows that are encoded at once
_BREAK, _ROW, _CELL, _ITEM = "\n  ", "\n    ", "\n      ", "\n        "
"""Before a member, a row of one, a cell of that, an item of a list in that."""
_LIST: Final = re.compile(rf': \[((?:"(?:[^"\\]|\\.)*"(?:,{_CELL})?)+)\]')
"""A list of texts as the C encoder writes it in a row; a line break of JSON is in no text."""

Json = dict[str, Any]


def json_file(analysis: Analysis, types: NameLists | None = None, made: Iterable[ReportTable] | None = None) -> bytes:
    """Return the full report: every row an object, every offering with its names. *made* are its tables."""
    out = io.BytesIO()  # in pieces: a report ten times as large stays within the function's memory
    for piece in _pieces(analysis, types, _by_name(analysis, types, made)):
        out.write(piece.encode())
    return out.getvalue()


def _by_name(analysis: Analysis, types: NameLists | None, made: Iterable[ReportTable] | None) -> dict[str, ReportTable]:
    """Return the tables by their names in JSON."""
    by_title = {table.title: table for table in (all_tables(analysis, types) if made is None else made)}
    return {name: by_title[title] for name, title in _TITLES.items()}


def _pieces(analysis: Analysis, types: NameLists | None, tables: Mapping[str, ReportTable]) -> Iterator[str]:
    yield f'{{{_BREAK}"metadata": {_spelled_out(_metadata(analysis, SCHEMA))}'
    for name, table in tables.items():
        yield f',{_BREAK}"{name}": '
        yield from _spelled_out_rows(table.objects())
    yield f',{_BREAK}"resource_types": '
    yield from _spelled_out_rows(type_tables.type_regions(types).objects())
    for name, value in _remarks(analysis).items():
        yield f',{_BREAK}"{name}": {_spelled_out(value)}'
    yield "\n}\n"


def compact_json_file(
    analysis: Analysis, types: NameLists | None = None, made: Iterable[ReportTable] | None = None
) -> bytes:
    """Return the compact report. *made* are the report's tables."""
    tables = _by_name(analysis, types, made)
    domains = {region.code: region.domain for region in analysis.inventory.regions}
    return to_json(
        {
            "metadata": _metadata(analysis, COMPACT_SCHEMA) | {"domains": domains},
            "regions": _columns_and_rows(tables["regions"]),
            "services": _columns_and_rows(tables["services"]),
            "offerings": _groups(analysis),
            "nearest_regions": _columns_and_rows(tables["nearest_regions"]),
            "partition_parity": _columns_and_rows(tables["partition_parity"]),
            "changes": _columns_and_rows(tables["changes"], without=LEFT_OUT["changes"]),
            "aliases": _columns_and_rows(tables["aliases"], without=LEFT_OUT["aliases"]),
            "lifecycle": _columns_and_rows(tables["lifecycle"]),
            "resource_types": {"groups": _types(analysis, types), "depth": _depths(analysis)},
            **_remarks(analysis),
        }
    )


def _spelled_out(value: object) -> str:
    """Return indented JSON, one level deep. A newline in JSON text is never inside a string, so it can be replaced."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2).replace("\n", _BREAK)


def _spelled_out_rows(rows: Iterator[Json]) -> Iterator[str]:
    """Do as ``_spelled_out`` for flat objects, in a quarter of the time: ``indent`` disables the C encoder."""
    batch = list(islice(rows, BATCH))
    if not batch:
        yield "[]"
        return
    yield f"[{_ROW}{{{_CELL}"
    while batch:
        # The C encoder does not indent, but takes any separator: one with a line break lays out a row.
        text = json.dumps(batch, ensure_ascii=False, allow_nan=False, separators=(f",{_CELL}", ": "))
        # Its separator also stands in lists within a row, where the indent is deeper.
        text = _LIST.sub(_spelled_out_list, text)
        yield text.removeprefix("[{").removesuffix("}]").replace(f"}},{_CELL}{{", f"{_ROW}}},{_ROW}{{{_CELL}")
        batch = list(islice(rows, BATCH))
        if batch:
            yield f"{_ROW}}},{_ROW}{{{_CELL}"
    yield f"{_ROW}}}{_BREAK}]"


def _spelled_out_list(match: re.Match[str]) -> str:
    return f": [{_ITEM}{match[1].replace(_CELL, _ITEM)}{_CELL}]"


def _metadata(analysis: Analysis, schema: str) -> Json:
    inventory = analysis.inventory
    return {
        "schema": schema,
        "run_id": inventory.run_id,
        "taken": encode(inventory.taken),
        "source": encode(inventory.source),
        "counts": counts(inventory),
        "resource_types": _lists(analysis),
    }


def _lists(analysis: Analysis) -> Json | None:
    """Return where the lists of resource types come from; ``None`` without lists."""
    types = analysis.types
    if types is None:
        return None
    return {"origin": types.origin, "taken": encode(types.taken), "unknown_regions": list(types.unknown)}


def _remarks(analysis: Analysis) -> Json:
    return {
        "statistics": encode(analysis.statistics),
        "clusters": encode(analysis.clusters),
        "findings": encode(analysis.findings),
        "quality": encode(analysis.quality),
        "quarantine": encode(analysis.quarantine),
        "last_names": encode(analysis.last_names),
        "gaps": encode(analysis.inventory.gaps),
    }


def _columns_and_rows(table: ReportTable, without: tuple[str, ...] = ()) -> Json:
    columns = [column.key for column in table.columns if column.key not in without]
    return {"columns": columns, "rows": [[row[name] for name in columns] for row in table.objects()]}


def _groups(analysis: Analysis) -> dict[str, list[list[Any]]]:
    # Positions instead of codes: a number is a third as long, and there are 9,289 offerings.
    position = {region.code: index for index, region in enumerate(analysis.inventory.regions)}
    groups: dict[str, dict[tuple[str | None, tuple[str, ...], Reach | None], list[int]]] = {}
    for offering, reach in zip(analysis.inventory.offerings, analysis.known_reaches, strict=True):
        index = position[offering.region]
        common = _template(offering, analysis.inventory.regions[index]), offering.protocols, reach
        groups.setdefault(offering.service, {}).setdefault(common, []).append(index)
    return {
        service: [
            [endpoint, [*protocols] or None, regions, reach and reach.kind, reach and reach.served_from]
            for (endpoint, protocols, reach), regions in by_common.items()
        ]
        for service, by_common in sorted(groups.items(), key=lambda group: group[0].casefold())
    }


def _depths(analysis: Analysis) -> dict[str, list[list[Any]]]:
    """Return the offerings by how many resource types their region has; those without any to compare are left out."""
    position = {region.code: index for index, region in enumerate(analysis.inventory.regions)}
    groups: dict[str, dict[Depth, list[int]]] = {}
    depths = analysis.types.depths if analysis.types else ()
    # Not strict: without lists there are no depths at all.
    for offering, depth in zip(analysis.inventory.offerings, depths, strict=False):
        if depth is not None:
            groups.setdefault(offering.service, {}).setdefault(depth, []).append(position[offering.region])
    return {service: [[*depth, regions] for depth, regions in own.items()] for service, own in sorted(groups.items())}


def _types(analysis: Analysis, types: NameLists | None) -> list[list[Any]]:
    """Return the resource types by the regions that have them, of those in the report."""
    if types is None:
        return []
    position = {region.code: index for index, region in enumerate(analysis.inventory.regions)}
    groups: list[list[Any]] = []
    for group in types.groups:
        # The lists also have regions that the snapshot does not have.
        known = [position[region] for region in group.regions if region in position]
        groups.append([known, list(group.names)])
    return groups


def _template(offering: Offering, region: Region) -> str | None:
    if offering.endpoint is None:
        return None
    host, domain = offering.endpoint, ""
    # The domain first: a template with it is shared by regions of aws and aws-cn.
    if region.domain and host.endswith(f".{region.domain}"):
        host, domain = host.removesuffix(region.domain), "{domain}"
    return to_template(host, region.code) + domain
