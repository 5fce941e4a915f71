"""Make the JSON Schemas of all documents from the classes, and the words, of the model.

``python tools/make_schemas.py`` writes ``schemas/*.json``; with ``--check`` it writes nothing, names the files that
are not as it would write them, and ends with 1 if there are any.

A document's schema follows the fields of the class that is written, with their docstrings as descriptions; a
report's rows follow the columns of its tables. Whatever is not ``None`` is always written, so a field is required
unless it may be ``None``, or only a minor version added it. Every object may have more fields: a later one adds some.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    NewType,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from aws_ssm_fetcher.core.documents import decisions
from aws_ssm_fetcher.core.documents import history as history_document
from aws_ssm_fetcher.core.documents import resource_types as resource_types_document
from aws_ssm_fetcher.core.documents.analysis_content import AnalysisContent
from aws_ssm_fetcher.core.documents.decoding import defaults_of, is_record
from aws_ssm_fetcher.core.documents.inventory_content import InventoryContent, Tick
from aws_ssm_fetcher.core.documents.run_documents import VERSIONS, _Envelope
from aws_ssm_fetcher.core.model import analysis as analysis_model
from aws_ssm_fetcher.core.model import changes, codes, history
from aws_ssm_fetcher.core.model import inventory as inventory_model
from aws_ssm_fetcher.outputs import api, file_lists, manifest, notifications, published_feeds, tables, type_tables
from aws_ssm_fetcher.outputs import json as report_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aws_ssm_fetcher.core.documents.run_documents import Kind
    from aws_ssm_fetcher.outputs.layout import ReportColumn, ReportTable

Json: TypeAlias = dict[str, Any]

FOLDER: Final = Path(__file__).parent.parent / "schemas"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MOMENT: Final[Json] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
DAY: Final[Json] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
RUN_ID: Final[Json] = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
COUNT: Final[Json] = {"type": "integer", "minimum": 0}
NUMBERED: Final = ("regions", "services", "offerings", "gaps")

PLAIN: Final[dict[type, str]] = {str: "string", int: "integer", float: "number", bool: "boolean"}

WORDS: Final = {
    ("_Envelope", "run_id"): "The id of the run.",
    ("File", "name"): "The file's name, in reports/latest/ too.",
    ("File", "key"): "The key of the copy that no other run writes.",
    ("File", "bytes"): "Its size.",
    ("File", "sha256"): "SHA-256 of its bytes, hexadecimal.",
    ("Finding", "rule"): "Which rule it is of; a later version may know more rules.",
    ("FileList", "run_id"): "The id of the run.",
    ("Manifest", "run_id"): "The id of the run.",
    ("SentNote", "run_id"): "The id of the run.",
    ("SentNote", "told"): "Change ids, or quarantined, in the order of the message.",
}
"""Descriptions of fields whose name says enough in the code."""

LATER: Final = frozenset(
    {
        "aliases",
        "category",
        "exclusive_types",
        "last_names",
        "lifecycle",
        "mean_depth_percent",
        "resource_types",
        "types_in_partition",
    }
)
"""Fields and columns that a minor version added: a document of the one before has none, and is right as it is."""

RENAMED: Final[dict[str, tuple[str, str]]] = {
    "AnalysisContent": (
        "AnalysisContent",
        "The inventory, what was derived from it, its statistics and its findings.",
    ),
    "InventoryContent": (
        "InventoryContent",
        "What AWS publishes, and what could not be read. Regions and services are sorted by code.",
    ),
    "_Partial": ("Partial", "A service in regions that have fewer of its resource types than their partition has."),
    "_TypesContent": (
        "TypesContent",
        "What the lists of resource types add. An offering that is not among the partial ones has all types.",
    ),
    "_Reached": (
        "Reached",
        "Regions in which a service is remote, global or unlisted; offerings in no group are regional.",
    ),
    "Tick": ("Offering", "One service in one region; the path has the two codes."),
}
"""Classes that only the code knows: what they are called here, and what they are."""

CELLS: Final = {
    "subject": "What the row is about, by its name.",
    "feature": "The feature of the service; null for the whole service.",
    "stage": "maintenance, closed to new customers, sunset or shut down, on the day of the snapshot.",
    "closed_on": "From this day on there are no new customers.",
    "ends_on": "After this day there is no support.",
    "ended": "Whether its end had passed on the day of the snapshot.",
    "lifecycle_page": "The page on which it can be checked.",
    "checked_on": "When it was checked.",
    "remark": "What else is to be known.",
    "region_code": "The region's code, such as eu-west-3.",
    "region_name": "Null if AWS publishes none.",
    "service_code": "The service's code, such as s3.",
    "service_name": "Null if AWS publishes none.",
    "launch_date": "The opening of the region, by the source beside it. The UTC day.",
    "launch_date_source": "Who gives the date, and what it rests on, in words.",
    "announcement_url": "Where AWS announced it.",
    "availability_zones": "How many; null where they were left out.",
    "local_zones": "How many; null where they were left out.",
    "wavelength_zones": "How many; null where they were left out.",
    "service_count": "Services offered; null where the region could not be read.",
    "coverage_percent": "0 to 100, one decimal; never rounded to either end.",
    "region_count": "Regions that offer it, of those that could be read.",
    "endpoint": "Host name; null where none is published or was requested.",
    "protocols": "Sorted, upper case; null where none is published or was requested.",
    "home_page": "Its product page; null where none is published or was requested.",
    "reach": "Where it is served from: regional, remote, global or unlisted; null where endpoints were not requested.",
    "served_from": "The region that the endpoint of a remote offering names.",
    "opt_in": "Whether an account has to enable the region first; null where AWS's rule does not apply.",
    "age_years": "From launch to the snapshot.",
    "partition_coverage_percent": "Of the services of its partition; 0 to 100, one decimal, never rounded up.",
    "rank": "1 for the region with the most services, or for the most similar region.",
    "services_per_year": "Services over years since launch; null in its first year.",
    "exclusive_services": "Services that no other region has.",
    "only_in_region": "Services that the nearest region lacks.",
    "only_in_nearest": "Services that only the nearest region of the two has.",
    "missing_services": "Services of the widest region of its partition that it lacks.",
    "most_similar_region": "The region of its partition with the most similar services.",
    "similarity_percent": "Services in both over services in either; 0 to 100.",
    "cluster": "Number of its group of similar regions, 1 for the largest.",
    "quality_score": "100 minus the points of the findings about it.",
    "grade": "A to F.",
    "tier": "Its availability within the partitions that have it; null while a region could not be read.",
    "missing_in": "Where it is missing: all regions of its partitions by code, null if unknown; or a partition.",
    "sort_name": "Its name without Amazon or AWS in front.",
    "earlier_codes": "Codes that it had before.",
    "nearest_region": "The other region's code.",
    "in_both": "Services in both regions.",
    "kind": "What kind of change it is; a later version may know more.",
    "zone": "The zone that was added or removed.",
    "first_seen": "The day of the snapshot that first showed it; of a removal, the first snapshot without it.",
    "confirmed": "The day of the snapshot that confirmed it.",
    "previous_snapshot": "The day of the last snapshot with the state before.",
    "region_launched": "The day on which the region opened, from AWS's regions feed or the bundled list.",
    "parameter_created": "When AWS created the parameter, possibly the launch day of the offering.",
    "days_absent": "From the first snapshot without it to the one in which it returned.",
    "old": "The code, name or endpoint that was.",
    "new": "The code, name, endpoint or kind of zone that is.",
    "renamed_in": "The regions in which a service was renamed, by code.",
    "run_id": "The run that confirmed it.",
    "change_id": "The permanent id of the change.",
    "category": "What it is for, such as compute; null for one that the table of categories does not know.",
    "vocabulary": "Where the name is used, such as botocore.",
    "name": "As it is written there.",
    "decision": "service, feature, several, retired or unlisted.",
    "note": "Where there is something to add.",
    "source": "What the decision rests on.",
    "resource_type": "A CloudFormation resource type, such as AWS::Lambda::Url.",
    "resource_types": "CloudFormation resource types that the region has; null where no list of its own is published.",
    "types_in_partition": "Those of the service that any region of the partition has.",
    "mean_depth_percent": "Mean over the offerings: resource types in the region over those of its partition.",
    "exclusive_types": "Resource types that no other region has.",
    "regions": "The codes of the regions that have it.",
}
NEVER_NULL: Final = frozenset(
    {
        "grade",
        "in_both",
        "nearest_region",
        "place",
        "quality_score",
        "region_code",
        "region_count",
        "service_code",
        "sort_name",
    }
)
NEVER_NULL_IN: Final = {
    "Changes": frozenset({"announced", "id", "kind", "run", "seen"}),
    "Lifecycle": frozenset({"checked_on", "ended", "lifecycle_page", "stage", "subject"}),
    "Other Names": frozenset({"decision", "name", "source", "vocabulary"}),
    "Resource Types": frozenset({"region_count", "regions", "resource_type"}),
}
"""By title, where a table has rules of its own: not every change is about a region, or about a service."""
KINDS: Final[dict[str, Json]] = {
    "text": {"type": "string"},
    "link": {"type": "string"},
    "prose": {"type": "string"},
    "date": DAY,
    "count": COUNT,
    "number": {"type": "number"},
    "percent": {"type": "number", "minimum": 0, "maximum": 100},
    "codes": {"type": "array", "items": {"type": "string"}},
    "flag": {"type": "boolean"},
}

INTERVAL: Final[dict[str, tuple[str, Json]]] = {
    "kind": ("What the interval is of.", {"enum": list(get_args(history.SubjectKind))}),
    "service": ("The service's code.", {"type": "string"}),
    "zone": ("The zone's id.", {"type": "string"}),
    "value": (
        "What was said; of an offering the endpoint that it had all the while. {region} stands for the region.",
        {"type": "string"},
    ),
    "regions": ("Where it was so, sorted.", {"type": "array", "minItems": 1, "items": {"type": "string"}}),
    "first_seen": ("The record of the first run that shows it.", MOMENT),
    "last_seen": ("The record of the last run that shows it; absent while no later run showed it gone.", MOMENT),
    "hint": ("The earliest LastModifiedDate at version 1 that AWS gave.", DAY),
}

ROWS: Final[tuple[tuple[str, str, Callable[[analysis_model.Analysis], ReportTable]], ...]] = (
    ("regions", "A row per region.", tables.region_summary),
    ("services", "A row per service.", tables.service_summary),
    ("offerings", "A row per offering, by region and then service.", tables.regional_services),
    ("nearest_regions", "For each region those most like it, a row each.", tables.nearest_regions),
    ("partition_parity", "What one partition has and another has not, a row per service.", tables.partition_parity),
    ("changes", "What was announced, a row per change, the newest first.", tables.changes),
    ("aliases", "Names of services in other vocabularies, a row per name.", tables.other_names),
    ("lifecycle", "What AWS has closed to new customers, ends or has shut down, a row per entry.", tables.lifecycle),
    (
        "resource_types",
        "CloudFormation resource types by service, a row per type.",
        lambda _: type_tables.type_regions(None),
    ),
)

NOTHING: Final = analysis_model.Analysis(
    inventory=inventory_model.Inventory(
        run_id=codes.RunId("none"),
        taken=datetime(2000, 1, 1, tzinfo=UTC),
        source=inventory_model.Source("bundled", "nothing", None, "full"),
        regions=(),
        services=(),
        offerings=(),
    ),
    reaches=(),
    region_profiles=(),
    service_profiles=(),
    regions=(),
    services=(),
    clusters=None,
    parity=None,
    statistics=(),
    findings=(),
    quality=analysis_model.Quality(0, "F", ()),
)
"""Has all the columns and no rows."""


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """Write the schemas, or with ``--check`` only name those that differ."""
    parser = argparse.ArgumentParser(description="Make the JSON Schemas from the model.")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that differ")
    check = parser.parse_args(arguments).check
    differing = [(folder / name, text) for name, text in schemas().items() if _shipped(folder / name) != text]
    for path, text in differing:
        print(path.name)
        if not check:
            path.write_text(text, encoding="utf-8")
    return 1 if check and differing else 0


def schemas() -> dict[str, str]:
    """Make all schemas, by file name."""
    reports = (_manifest(), _feeds(), _api(), _notified(), _report(), _compact_report())
    made = (_inventory(), _resource_types(), _analysis(), _history(), _decision(), *reports)
    return {schema["$id"]: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for schema in made}


def _shipped(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _inventory() -> Json:
    description = "Stage one's result: what AWS's published data says, and what of it could not be read."
    return _document("inventory", "Inventory", description, InventoryContent)


def _resource_types() -> Json:
    definitions = _Definitions()
    body = definitions.record(resource_types_document.TypesEnvelope)
    kind, version = resource_types_document.KIND, resource_types_document.VERSION
    nouns = ("regions", "unknown_regions", "types", "pairs", "instance_types")
    body["properties"] |= {"document": {"const": kind}, "version": _version(version), "taken": _taken()}
    counts = _object({noun: dict(COUNT) for noun in nouns})
    body["properties"]["counts"] = _described("How many of each the content holds.", counts)
    body["properties"]["content"] = definitions.of(resource_types_document.TypesContent)
    body["required"].append("content")
    description = "Which CloudFormation resource types and which instance types each region has, as AWS publishes them."
    return _schema(f"{kind}-{_major(version)}", "Resource types", description, body, definitions)


def _analysis() -> Json:
    description = (
        "Stage two's result: the inventory, what was derived from and measured on it, and what is to be said of it."
    )
    return _document("analysis", "Analysis", description, AnalysisContent)


def _history() -> Json:
    definitions = _Definitions()
    head, run = definitions.record(history_document.Head), definitions.record(history.Run)
    head["properties"] |= {"kind": {"const": "history"}, "version": _version(history_document.VERSION)}
    head["properties"] |= {"runs": COUNT, "lines": _described("After this one.", dict(COUNT))}
    run["properties"] |= {"kind": {"const": "run"}, "taken": _taken()}
    run["required"] = ["kind", "taken", "origin"]
    interval = {name: _described(words, dict(schema)) for name, (words, schema) in INTERVAL.items()}
    definitions.made |= {"Head": head, "Run": run, "Interval": _object(interval, ["kind", "first_seen"])}
    lines = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("Head", "Run", "Interval")]}
    description = (
        "One line of a history, gzipped JSON Lines: the first is a head, then come the runs, then the intervals. "
        "A line has no field that would be empty."
    )
    return _schema(
        f"history-line-{_major(history_document.VERSION)}", "Line of a history", description, lines, definitions
    )


def _decision() -> Json:
    definitions = _Definitions()
    body = definitions.record(decisions.Decision)
    body["properties"] |= {"document": {"const": decisions.KIND}, "version": _version(decisions.VERSION)}
    body["required"] = ["document", "version", *body["required"]]
    description = "What a person decided on a run."
    return _schema(f"decision-{_major(decisions.VERSION)}", "Decision", description, body, definitions)


def _manifest() -> Json:
    description = "A report's files and what they were made from; written after all of them."
    return _flat(manifest.KIND, manifest.VERSION, description, manifest.Manifest)


def _feeds() -> Json:
    description = "The feeds of single regions and services that stand as they are listed."
    return _flat(published_feeds.FEEDS.kind, file_lists.VERSION, description, file_lists.FileList)


def _api() -> Json:
    description = "The files of the JSON API that stand as they are listed."
    return _flat(api.API.kind, file_lists.VERSION, description, file_lists.FileList)


def _notified() -> Json:
    description = "The changes that one message announced."
    return _flat(notifications.KIND, notifications.VERSION, description, notifications.SentNote)


def _flat(name: str, version: str, description: str, kind: type) -> Json:
    """Describe a document that has its fields beside its name and version."""
    definitions = _Definitions()
    body = definitions.record(kind)
    body["properties"] |= {"document": {"const": name}, "version": _version(version)}
    if "taken" in body["properties"]:
        body["properties"]["taken"] = _taken()
    return _schema(f"{name}-{_major(version)}", name.capitalize(), description, body, definitions)


def _document(name: Kind, title: str, description: str, content: type) -> Json:
    definitions = _Definitions()
    inside = definitions.of(content)
    envelope = definitions.record(_Envelope)
    envelope["properties"] |= {"document": {"const": name}, "version": _version(VERSIONS[name]), "taken": _taken()}
    envelope["properties"]["content"] = inside
    envelope["required"].append("content")
    absence = "A field that is not stated is absent."
    return _schema(f"{name}-{_major(VERSIONS[name])}", title, f"{description} {absence}", envelope, definitions)


def _report() -> Json:
    definitions = _Definitions()
    properties = {"metadata": _metadata(report_json.SCHEMA, definitions)}
    for name, description, table in ROWS:
        laid_out = table(NOTHING)
        row = _object({column.key: _cell(laid_out, column) for column in laid_out.columns})
        properties[name] = {"description": description, "type": "array", "items": row}
    properties |= _remarks(definitions)
    description = (
        "Every row an object, every offering with its names. "
        "What is not stated or not known is null in a row and absent elsewhere."
    )
    return _schema(_versioned(report_json.SCHEMA), "Report, spelled out", description, _object(properties), definitions)


def _compact_report() -> Json:
    definitions = _Definitions()
    definitions.made["Group"] = _group()
    domains = _described(
        "The DNS suffix of each region's endpoints, by region code.", _by_code({"type": ["string", "null"]})
    )
    properties = {"metadata": _metadata(report_json.COMPACT_SCHEMA, definitions, domains=domains)}
    for name, description, table in ROWS:
        if name not in {"offerings", "resource_types"}:
            properties[name] = _described(description, _columns_and_rows(name, table(NOTHING)))
    groups = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Group"}}
    words = "Groups of regions by service code; a service offered nowhere has no entry."
    properties["offerings"] = _described(words, _by_code(groups))
    properties["resource_types"] = _compact_types()
    properties |= _remarks(definitions)
    description = (
        "The same facts as aws_regions_services.json in few bytes: "
        "tables as columns and rows, offerings grouped by what they have in common."
    )
    return _schema(
        _versioned(report_json.COMPACT_SCHEMA), "Report, compact", description, _object(properties), definitions
    )


def _schema(name: str, title: str, description: str, body: Json, definitions: _Definitions) -> Json:
    head = {"$schema": DIALECT, "$id": f"{name}.schema.json", "title": title, "description": description}
    return head | body | head | {"$defs": dict(sorted(definitions.made.items()))}


def _major(version: str) -> str:
    return version.partition(".")[0]


def _versioned(layout: str) -> str:
    """Name a report's schema after its layout: ``name/1.1`` is ``name-1``."""
    name, _, version = layout.partition("/")
    return f"{name}-{_major(version)}"


class _Definitions:
    """The classes that a schema refers to, each described once."""

    def __init__(self) -> None:
        self.made: dict[str, Json] = {}

    def of(self, kind: Any) -> Json:  # noqa: ANN401 - any type form: a class, Literal[...], X | None, tuple[X, ...]
        """Describe one type of the model."""
        if isinstance(kind, NewType):
            return dict(RUN_ID) if kind is codes.RunId else self.of(kind.__supertype__)
        if is_record(kind):
            return self._reference(kind)
        if kind in (datetime, date):
            return dict(MOMENT if kind is datetime else DAY)
        if kind in PLAIN:
            return {"type": PLAIN[kind]}
        return self._compound(kind)

    def record(self, kind: Any) -> Json:  # noqa: ANN401 - a record
        """Describe a class by its fields."""
        hints, words = get_type_hints(kind, include_extras=True), _field_words(kind)
        properties = {}
        for field in defaults_of(kind):
            if field == "counts":
                properties["counts"] = _counts()
                continue
            properties[field] = _described(words.get(field), self.of(hints[field]))
        required = [field for field in defaults_of(kind) if NoneType not in get_args(hints[field])]
        return _described(_class_words(kind), _object(properties, required))

    def _reference(self, kind: Any) -> Json:  # noqa: ANN401 - a record
        name = _name(kind)
        if name not in self.made:
            self.made[name] = self.record(kind)
        return {"$ref": f"#/$defs/{name}"}

    def _compound(self, kind: Any) -> Json:  # noqa: ANN401 - see above
        form, parts = get_origin(kind), get_args(kind)
        if form is Annotated:
            limits = {name: limit for name, limit in parts[1]._asdict().items() if limit is not None}
            return self.of(parts[0]) | limits
        if form is Literal:
            return {"enum": list(parts)}
        if form is tuple:
            return {"type": "array", "items": self.of(parts[0])}
        if form is dict:
            return _by_code(self.of(parts[1]))
        if form in (Union, UnionType):
            return self._any_of([self.of(part) for part in parts if part is not NoneType])
        raise TypeError(f"no JSON Schema is known for {kind}")

    def _any_of(self, parts: list[Json]) -> Json:
        if len(parts) == 1:
            return parts[0]
        kinds = [part["type"] for part in parts]
        if "number" in kinds:  # each integer is one, too
            kinds.remove("integer")
        return {"type": kinds}


def _object(properties: Json, required: list[str] | None = None) -> Json:
    return {
        "type": "object",
        "required": [name for name in (properties if required is None else required) if name not in LATER],
        "properties": properties,
        "additionalProperties": True,
    }


def _by_code(values: Json) -> Json:
    return {"type": "object", "additionalProperties": values}


def _described(words: str | None, schema: Json) -> Json:
    return {"description": words, **schema} if words else schema


def _counts() -> Json:
    return _described("How many of each the inventory holds.", _object({noun: dict(COUNT) for noun in NUMBERED}))


def _version(written: str) -> Json:
    words = "Major and minor. Another major version is another schema; a minor one adds fields, rules or kinds."
    return {"description": words, "type": "string", "pattern": rf"^{_major(written)}\.\d+$"}


def _taken() -> Json:
    return _described(_field_words(inventory_model.Inventory)["taken"], dict(MOMENT))


def _metadata(layout: str, definitions: _Definitions, **more: Json) -> Json:
    name, _, version = layout.partition("/")
    pattern = rf"^{name}/{_major(version)}\.\d+$"
    properties = {
        "schema": {"description": "Name and version of this layout.", "type": "string", "pattern": pattern},
        "run_id": _described("The id of the run.", dict(RUN_ID)),
        "taken": _taken(),
        "source": definitions.of(inventory_model.Source),
        "counts": _counts(),
        "resource_types": _described(
            "Where the lists of resource types come from; null without lists.",
            _object(
                {
                    "origin": {"type": "string"},
                    "taken": _taken(),
                    "unknown_regions": {"type": "array", "items": {"type": "string"}},
                }
            )
            | {"type": ["object", "null"]},
        ),
        **more,
    }
    return _described("What the report was made from.", _object(properties))


def _remarks(definitions: _Definitions) -> Json:
    findings = {"type": "array", "items": definitions.of(analysis_model.Finding)}
    words = _field_words(analysis_model.Analysis)
    return {
        "statistics": {"type": "array", "items": definitions.of(analysis_model.Statistic)},
        "clusters": _described(
            words["clusters"], {"type": ["array", "null"], "items": definitions.of(analysis_model.Cluster)}
        ),
        "findings": _described(words["findings"], findings),
        "quality": definitions.of(analysis_model.Quality),
        "quarantine": _described(
            words["quarantine"], {"type": "array", "items": definitions.of(changes.QuarantineReason)}
        ),
        "last_names": _described(words["last_names"], {"type": "array", "items": definitions.of(changes.LastName)}),
        "gaps": {"type": "array", "items": definitions.of(inventory_model.Gap)},
    }


def _cell(table: ReportTable, column: ReportColumn) -> Json:
    schema = dict(KINDS[column.kind])
    if column.key not in NEVER_NULL_IN.get(table.title, NEVER_NULL):
        schema["type"] = [schema["type"], "null"]
    return _described(CELLS.get(column.key) or _field_words(inventory_model.Region)[column.key], schema)


def _columns_and_rows(name: str, table: ReportTable) -> Json:
    left_out = report_json.LEFT_OUT.get(name, ())
    columns = [column for column in table.columns if column.key not in left_out and column.key not in LATER]
    width = len(columns)
    names = {
        "description": "A minor version may add columns at the end.",
        "type": "array",
        "minItems": width,
        "prefixItems": [{"const": column.key} for column in columns],
        "items": {"type": "string"},
    }
    row = {"type": "array", "minItems": width, "prefixItems": [_cell(table, column) for column in columns]}
    return _object({"columns": names, "rows": {"type": "array", "items": row}})


def _compact_types() -> Json:
    depth = _described(
        "By service code: how many of its resource types the regions have, how many their partition has, the regions.",
        _by_code({"type": "array", "items": _tuple(dict(COUNT), dict(COUNT), _positions())}),
    )
    types = _described(
        "Regions, and the types that exactly these have.",
        {"type": "array", "items": _tuple(_positions(), {"type": "array", "items": {"type": "string"}})},
    )
    return _described("CloudFormation resource types by region.", _object({"groups": types, "depth": depth}))


def _positions() -> Json:
    return _described("Positions in regions.rows.", {"type": "array", "items": dict(COUNT)})


def _tuple(*members: Json) -> Json:
    return {"type": "array", "minItems": len(members), "prefixItems": list(members)}


def _group() -> Json:
    endpoint = (
        "Endpoint; {region} stands for the region's code, {domain} for its domain, {{ and }} for braces. "
        "Null where the record gives none."
    )
    protocols = "Null where none is published."
    positions = {"type": "array", "minItems": 1, "items": dict(COUNT)}
    return {
        "description": "Regions that offer a service under the same endpoint template and protocols: "
        "template, protocols, positions of the regions in regions.rows, reach, where a remote one is served from.",
        "type": "array",
        "minItems": 5,
        "prefixItems": [
            {"description": endpoint, "type": ["string", "null"]},
            {"description": protocols, "type": ["array", "null"], "items": {"type": "string"}},
            _described("Positions in regions.rows.", positions),
            _described(
                "From where it is served; null where endpoints were not requested.",
                {"enum": [*get_args(codes.ReachKind), None]},
            ),
            _described("The region that the endpoint names; null unless remote.", {"type": ["string", "null"]}),
        ],
    }


def _name(kind: type) -> str:
    return RENAMED[kind.__name__][0] if kind.__name__ in RENAMED else kind.__name__


def _class_words(kind: type) -> str:
    if kind.__name__ in RENAMED:
        return RENAMED[kind.__name__][1]
    return _plain((inspect.getdoc(kind) or "").partition("\n\n")[0])


def _field_words(kind: type) -> dict[str, str]:
    """Return the docstrings beneath the fields of a class; an offering's are those of the model's."""
    source = inventory_model.Offering if kind is Tick else kind
    words = {name: text for (owner, name), text in WORDS.items() if owner == kind.__name__}
    return dict(_docstrings(source)) | words


def _docstrings(kind: type) -> Iterator[tuple[str, str]]:
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    statements = definition.body if isinstance(definition, ast.ClassDef) else []
    for field, words in pairwise(statements):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(words, ast.Expr)
            and isinstance(words.value, ast.Constant)
        ):
            yield field.target.id, _plain(str(words.value.value))


def _plain(text: str) -> str:
    """Translate a docstring from Python's words to JSON's: absent for ``None``, lists for tuples, no code."""
    words = " ".join(text.split())
    words = re.sub(r"``\((.*?)\)``", r"[\1]", words)
    words = re.sub(r"(^|\. )``None``", r"\1Absent", words).replace("``None``", "absent")
    words = re.sub(r"``([A-Z_]+)``", _value, words)
    return re.sub(r"``|\*", "", words)


def _value(named: re.Match[str]) -> str:
    """Put in place of a constant's name what it holds, if it is the model's."""
    held = getattr(codes, named[1], named[1])
    return ", ".join(held) if isinstance(held, Mapping) else str(held)


if __name__ == "__main__":
    sys.exit(main())
