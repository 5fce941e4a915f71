"""The schemas describe the documents that the stages really write."""

from __future__ import annotations

import copy
import json
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest
from jsonschema import Draft202012Validator

from aws_ssm_fetcher.core import documents, keys, model
from aws_ssm_fetcher.outputs import json as json_report
from aws_ssm_fetcher.outputs import manifest, reports

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.stores import MemoryStore

Json = dict[str, Any]

SCHEMAS: Final = Path(__file__).parent.parent / "schemas"
NAMES: Final = ("inventory", "analysis", "manifest", "aws_regions_services", "aws_regions_services_compact")
NOUNS: Final = (
    model.Zone,
    model.Launch,
    model.Region,
    model.Service,
    model.Gap,
    model.Oddity,
    model.Source,
    model.RegionCoverage,
    model.ServiceCoverage,
    model.Statistic,
    model.Finding,
)
ENUMERATED: Final = (
    ("Zone", "kind", model.ZoneKind),
    ("Launch", "source", model.LaunchSource),
    ("Oddity", "kind", model.OddityKind),
    ("Source", "kind", model.SourceKind),
    ("Source", "detail", model.Detail),
    ("Offering", "only_in", model.Subtree),
    ("Finding", "rule", model.RuleId),
    ("Finding", "severity", model.Severity),
    ("Statistic", "unit", model.Unit),
)


@pytest.fixture(scope="module")
def written(real_run: MemoryStore) -> dict[str, Json]:
    """The documents of the bundled tree by the name of their schema."""
    found = {
        "inventory": next(real_run.keys(keys.RAW_DATA)),
        "analysis": next(real_run.keys(keys.PROCESSED_DATA)),
        "manifest": keys.latest_key(keys.MANIFEST),
        "aws_regions_services": keys.latest_key(reports.JSON),
        "aws_regions_services_compact": keys.latest_key(reports.COMPACT_JSON),
    }
    return {name: json.loads(real_run.read(key).body) for name, key in found.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_is_called_by_its_file_name(name: str) -> None:
    schema = _schema(name)

    Draft202012Validator.check_schema(schema)

    assert schema["$id"] == f"{name}-1.schema.json"


def test_there_is_a_schema_for_each_document_and_no_other() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{name}-1.schema.json" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_document_of_the_bundled_tree_is_valid(name: str, written: dict[str, Json]) -> None:
    assert _complaints(name, written[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_refuses_every_other_document(name: str, written: dict[str, Json]) -> None:
    accepted = [other for other, document in written.items() if other != name and _accepts(name, document)]

    assert accepted == []


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_a_newer_minor_version_is_no_fault(name: str, written: dict[str, Json]) -> None:
    newer = written[name] | {"novelty": {"of": "1.1"}}

    assert _accepts(name, newer)


@pytest.mark.parametrize("name", NAMES)
def test_each_required_field_is_missed(name: str, written: dict[str, Json]) -> None:
    document = written[name]

    missed = [field for field in document if not _accepts(name, {k: v for k, v in document.items() if k != field})]

    assert missed == list(document)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("inventory", ("version",), "2.0"),
        ("inventory", ("taken",), "yesterday"),
        ("inventory", ("run_id",), "../elsewhere"),
        ("inventory", ("counts", "gaps"), "none"),
        ("inventory", ("content", "regions", 0, "name"), None),
        ("inventory", ("content", "regions", 0, "zones", 0, "kind"), "moon-zone"),
        ("inventory", ("content", "offerings", "eu-west-3", "s3", "protocols"), "HTTPS"),
        ("analysis", ("content", "regions", 0, "share"), 1.01),
        ("analysis", ("content", "findings", 0, "severity"), "fatal"),
        ("analysis", ("content", "statistics", 0, "unit"), "furlong"),
        ("manifest", ("files", 0, "sha256"), "e3b0"),
        ("manifest", ("files", 0, "bytes"), -1),
        ("aws_regions_services", ("metadata", "schema"), "aws_regions_services/2.0"),
        ("aws_regions_services", ("regions", 0, "coverage_percent"), 100.1),
        ("aws_regions_services", ("regions", 0, "launch_date"), "soon"),
        ("aws_regions_services", ("offerings", 0, "service_code"), None),
        ("aws_regions_services_compact", ("regions", "columns", 0), "code"),
        ("aws_regions_services_compact", ("services", "rows", 0, 2), "four"),
        ("aws_regions_services_compact", ("offerings", "s3", 0, 2), []),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(
    name: str, path: tuple[str | int, ...], value: object, written: dict[str, Json]
) -> None:
    broken = copy.deepcopy(written[name])
    _put(broken, path, value)

    assert {place[: len(path)] for place in _complaints(name, broken)} == {path}


@pytest.mark.parametrize("name", ["inventory", "analysis"])
@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_a_noun_has_the_fields_of_the_model(name: str, noun: type) -> None:
    definition = _schema(name)["$defs"].get(noun.__name__)
    if definition is None:
        assert name == "inventory"
        assert noun.__name__ in _schema("analysis")["$defs"]
        return

    assert list(definition["properties"]) == [field.name for field in fields(noun)]


def test_values_are_enumerated_as_the_model_does() -> None:
    definitions = _schema("analysis")["$defs"]

    stated = {(noun, field): tuple(definitions[noun]["properties"][field]["enum"]) for noun, field, _ in ENUMERATED}

    assert stated == {(noun, field): get_args(values) for noun, field, values in ENUMERATED}


def test_the_schemas_are_of_the_versions_that_are_written() -> None:
    versions = {
        "inventory": documents.VERSION,
        "analysis": documents.VERSION,
        "manifest": manifest.VERSION,
        "aws_regions_services": json_report.SCHEMA.rpartition("/")[2],
        "aws_regions_services_compact": json_report.COMPACT_SCHEMA.rpartition("/")[2],
    }

    majors = {name: version.partition(".")[0] for name, version in versions.items()}

    assert majors == dict.fromkeys(NAMES, "1")


def _schema(name: str) -> Json:
    schema: Json = json.loads((SCHEMAS / f"{name}-1.schema.json").read_bytes())
    return schema


def _complaints(name: str, document: Json) -> list[tuple[str | int, ...]]:
    """Say where a document is at fault."""
    return [tuple(error.absolute_path) for error in Draft202012Validator(_schema(name)).iter_errors(document)]


def _accepts(name: str, document: Json) -> bool:
    accepted: bool = Draft202012Validator(_schema(name)).is_valid(document)
    return accepted


def _put(document: Any, path: tuple[str | int, ...], value: object) -> None:  # noqa: ANN401 - a list or an object
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value
