"""The description of the JSON API: OpenAPI 3.1, with a schema for each document.

Source: https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.outputs.api.documents import SCHEMA, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.outputs.layout import Kind, ReportTable

Json = dict[str, Any]

_TEXT: Final[Json] = {"type": "string"}
_CODES: Final[Json] = {"type": "array", "items": _TEXT}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_DAY: Final[Json] = {"type": "string", "format": "date"}
_MOMENT: Final[Json] = {"type": "string", "format": "date-time"}
_TYPES: Final[Mapping[Kind, str]] = {
    "text": "string",
    "prose": "string",
    "link": "string",
    "date": "string",
    "count": "integer",
    "number": "number",
    "percent": "number",
    "flag": "boolean",
}
_PATHS: Final = (
    ("/index.json", "index", "The run, and which other documents there are.", ()),
    ("/regions.json", "regions", "Every region with its figures, by code.", ()),
    ("/regions/{region}.json", "region", "A region, and the services that it offers.", ("region",)),
    ("/services.json", "services", "Every service with its figures, by code.", ()),
    ("/services/{service}.json", "service", "A service, and the regions that offer it.", ("service",)),
    ("/types/{namespace}.json", "types", "The CloudFormation resource types of a namespace.", ("namespace",)),
    ("/changes.json", "changes", "The changes of the last 400 days, the newest first.", ()),
    ("/lifecycle.json", "lifecycle", "Which services and features AWS has closed, ends, or has shut down.", ()),
)
_BADGES: Final = (
    ("/badge/{service}.svg", "How many regions offer a service.", ("service",)),
    (
        "/badge/{service}/{region}.svg",
        "Whether a region offers a service; only for the services that the setting BADGES names.",
        ("service", "region"),
    ),
)
_EXAMPLES: Final = {"region": "eu-south-2", "service": "bedrock", "namespace": "aws-lambda"}


def openapi(tables: Mapping[str, ReportTable]) -> Json:
    """Return the description; rows have the columns of the report's *tables*."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AWS services by region",
            "version": VERSION,
            "description": "Static files of the latest accepted run, written where they changed. No document but "
            "index.json names the run. A member is null where AWS publishes nothing or nothing is known.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ".", "description": "The folder of this file"}],
        "paths": {
            **{
                path: _path(kind, words, parts, "application/json", {"$ref": f"#/components/schemas/{kind}"})
                for path, kind, words, parts in _PATHS
            },
            **{
                path: _path(f"badge{len(parts)}", words, parts, "image/svg+xml", _TEXT)
                for path, words, parts in _BADGES
            },
        },
        "components": {"schemas": _schemas(tables)},
    }


def _path(name: str, words: str, parts: tuple[str, ...], media_type: str, schema: Json) -> Json:
    operation: Json = {
        "operationId": f"get_{name}",
        "summary": words,
        "responses": {
            "200": {
                "description": words,
                "headers": {"Cache-Control": {"description": "How long an answer may be kept.", "schema": _TEXT}},
                "content": {media_type: {"schema": schema}},
            },
            "404": {"description": "There is no such region, service or namespace."},
        },
    }
    if parts:
        operation["parameters"] = [
            {"name": part, "in": "path", "required": True, "schema": _TEXT, "example": _EXAMPLES[part]}
            for part in parts
        ]
    return {"get": operation}


def _schemas(tables: Mapping[str, ReportTable]) -> Json:
    rows = {name: _row(table) for name, table in tables.items()}
    region, service = rows["region"]["properties"], rows["service"]["properties"]
    return {
        **{f"{name}_row": row for name, row in rows.items()},
        "sources": _object(
            {
                "offerings": _object({"origin": _TEXT, "query_region": _TEXT, "detail": _TEXT}),
                "resource_types": _object({"origin": _TEXT}),
            },
            optional=("resource_types",),
        ),
        "index": _document(
            "index",
            {
                "run_id": _TEXT,
                "taken": _MOMENT,
                "counts": {"type": "object", "additionalProperties": _COUNT},
                "quality": _object({"score": _COUNT, "grade": _TEXT}),
                "unread_regions": _CODES,
                "regions": _CODES,
                "services": _CODES,
                "namespaces": {"type": "object", "additionalProperties": _TEXT},
            },
        ),
        "regions": _document("regions", {"regions": _by_code("region_row")}),
        "services": _document("services", {"services": _by_code("service_row")}),
        "region": _document(
            "region",
            {
                **region,
                "read": {"type": "boolean", "description": "Whether its offerings could be read."},
                "last_change": _or_null(_DAY),
                "services": _offers("service_name"),
            },
        ),
        "service": _document(
            "service",
            {
                **service,
                "last_change": _or_null(_DAY),
                "unread_regions": _CODES,
                "regions": _offers("region_name"),
                "other_names": _CODES,
                "lifecycle": _rows("lifecycle_row"),
            },
        ),
        "types": _document(
            "types",
            {
                "namespace": _TEXT,
                "known_regions": {**_CODES, "description": "Regions with a list of their own."},
                "unknown_regions": _CODES,
                "types": {"type": "object", "additionalProperties": _CODES},
            },
        ),
        "changes": _document("changes", {"changes": _rows("change_row")}),
        "lifecycle": _document("lifecycle", {"entries": _rows("lifecycle_row")}),
    }


def _offered() -> Json:
    return {
        "endpoint": _or_null(_TEXT),
        "protocols": _CODES,
        "reach": _or_null(_TEXT),
        "served_from": _or_null(_TEXT),
        "first_seen": {**_or_null(_DAY), "description": "The first snapshot with it, without a break since."},
        "last_absent": {
            **_or_null(_DAY),
            "description": "The last snapshot before that which shows it absent; null if none does.",
        },
        "resource_types": _or_null(_object({"registered": _COUNT, "of": _COUNT})),
    }


def _document(kind: str, members: Json) -> Json:
    schema = {"const": f"{SCHEMA}/{VERSION}/{kind}"}
    return _object({"schema": schema, "sources": {"$ref": "#/components/schemas/sources"}, **members})


def _object(members: Json, optional: tuple[str, ...] = ()) -> Json:
    """Describe an object with these members and no others."""
    required = [name for name in members if name not in optional]
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def _row(table: ReportTable) -> Json:
    return _object({column.key: _cell(column.kind) for column in table.columns})


def _cell(kind: Kind) -> Json:
    if kind == "codes":
        return _or_null(_CODES)
    schema: Json = {"type": [_TYPES[kind], "null"]}
    return {**schema, "format": "date"} if kind == "date" else schema


def _by_code(name: str) -> Json:
    return {"type": "object", "additionalProperties": {"$ref": f"#/components/schemas/{name}"}}


def _rows(name: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _offers(name: str) -> Json:
    members = {name: _or_null(_TEXT), **_offered()}
    return {"type": "object", "additionalProperties": _object(members)}


def _or_null(schema: Json) -> Json:
    return {**schema, "type": [schema["type"], "null"]}
