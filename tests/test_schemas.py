"""The schemas describe the documents that the stages really write."""

from __future__ import annotations

import copy
import gzip
import json
import runpy
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest
from jsonschema import Draft202012Validator
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.core.documents import decisions, history, resource_types, run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, Verdict, dump_decision
from aws_ssm_fetcher.core.documents.decoding import defaults_of
from aws_ssm_fetcher.core.model import analysis as analysis_model
from aws_ssm_fetcher.core.model import changes, codes, stamp
from aws_ssm_fetcher.core.model import inventory as inventory_model
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.history import SubjectKind
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.core.ports import ROOT as ROOT_PATH
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_types_document
from aws_ssm_fetcher.data_sources.saved_answers import saved_answers
from aws_ssm_fetcher.outputs import file_lists, manifest, notifications, reports
from aws_ssm_fetcher.outputs import json as json_report
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.ports import ParameterStore

Json = dict[str, Any]

ROOT: Final = Path(__file__).parent.parent
SCHEMAS: Final = ROOT / "schemas"
MAKE: Final = runpy.run_path(str(ROOT / "tools/make_schemas.py"))
NAMES: Final = (
    "inventory",
    "resource-types",
    "analysis",
    "manifest",
    "feeds",
    "api",
    "notified",
    "aws_regions_services",
    "aws_regions_services_compact",
)
MAJORS: Final = dict.fromkeys(NAMES, 1) | {
    "aws_regions_services": 2,
    "aws_regions_services_compact": 2,
    "analysis": 2,
    "history-line": 2,
    "decision": 1,
}
FILES: Final = {name: f"{name}-{major}.schema.json" for name, major in MAJORS.items()}
NOUNS: Final = (
    stamp.Stamp,
    inventory_model.Zone,
    inventory_model.Launch,
    inventory_model.Region,
    inventory_model.Service,
    inventory_model.Gap,
    inventory_model.Oddity,
    inventory_model.Source,
    inventory_model.Effort,
    analysis_model.RegionProfile,
    analysis_model.ServiceProfile,
    analysis_model.Neighbour,
    analysis_model.RegionFigures,
    analysis_model.PartitionShare,
    analysis_model.ServiceFigures,
    analysis_model.Cluster,
    analysis_model.Parity,
    analysis_model.Statistic,
    analysis_model.Finding,
    analysis_model.RegionQuality,
    analysis_model.Quality,
    changes.Change,
)
ENUMERATED: Final = (
    ("Zone", "kind", codes.ZoneKind),
    ("Launch", "source", codes.LaunchSource),
    ("Source", "kind", codes.SourceKind),
    ("Source", "detail", codes.Detail),
    ("Offering", "only_in", codes.Subtree),
    ("Reached", "kind", codes.ReachKind),
    ("ServiceFigures", "tier", codes.Tier),
    ("Finding", "severity", codes.Severity),
    ("Finding", "scope", codes.Scope),
    ("Quality", "grade", codes.Grade),
    ("Statistic", "unit", codes.Unit),
)

RUN: Final = RunId("20261027T000000Z")
REGIONS: Final = tuple(f"xx-test-{number}" for number in range(1, 31))
"""As many as it takes for one gap to be less than the share that ends a run."""
SAVED: Final = {
    **{f"regions/{region}": region for region in REGIONS},
    **{f"regions/{region}/services/s3": "s3" for region in REGIONS[1:]},
    **{f"regions/{region}/services/s3/endpoint": f"s3.{region}.amazonaws.com" for region in REGIONS[1:]},
    "services/s3": "s3",
    "local-zones/usw2-lax1-az1": "usw2-lax1-az1",
    "local-zones/usw2-lax1-az1/parent-region": REGIONS[0],
    "local-zones/usw2-lax1-az1/network-border-group": "us-west-2-lax-1",
}
FEW: Final = {
    "regions/eu-west-3": "eu-west-3",
    "regions/eu-west-3/longName": "Europe (Paris)",
    "regions/eu-west-3/services/s3": "s3",
    "regions/eu-west-3/services/s3/endpoint": "s3.eu-west-3.amazonaws.com",
    "regions/eu-west-3/services/s3/protocols": "HTTPS",
    "regions/us-east-1": "us-east-1",
    "regions/us-east-1/services/s3": "s3",
    "services/s3": "s3",
    "services/ec2": "ec2",
    "availability-zones/euw3-az1": "euw3-az1",
    "availability-zones/euw3-az1/parent-region": "eu-west-3",
}


@pytest.fixture(scope="module")
def written(real_run: MemoryStore) -> dict[str, Json]:
    """The documents of the bundled tree by the name of their schema."""
    return _documents_in(real_run)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """The documents of two regions by the name of their schema: valid, and validated in no time."""
    file = tmp_path_factory.mktemp("saved") / "saved.json"
    file.write_text(json.dumps({"Parameters": [_saved(path, value) for path, value in FEW.items()]}))
    source = saved_answers([file], RegionCode("us-east-1"))
    made = _made_of(source, Launches(bundled_launches()), datetime(2025, 3, 1, tzinfo=UTC))
    types = made["resource-types"]["content"]["types"]
    types["groups"] = types["groups"][:3]
    return made


@pytest.mark.parametrize("name", NAMES)
def test_the_small_documents_are_valid(name: str, small: dict[str, Json]) -> None:
    assert _complaints(name, small[name]) == []


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_one_and_is_called_by_its_file_name(name: str) -> None:
    schema = _schema(name)

    Draft202012Validator.check_schema(schema)

    assert schema["$id"] == FILES[name]


def test_there_is_a_schema_for_each_document_and_no_other() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == set(FILES.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_document_of_the_bundled_tree_is_valid(name: str, written: dict[str, Json]) -> None:
    assert _complaints(name, written[name]) == []


@pytest.mark.parametrize("detail", [detail for detail in get_args(codes.Detail) if detail != "full"])
def test_the_documents_of_less_detail_are_valid(detail: codes.Detail) -> None:
    tree, store = bundled_tree(detail), MemoryStore()
    with ThreadPoolExecutor(1) as executor:
        launches = Launches(bundled_launches())
        inventory = collect(tree, lambda _: launches, store, run_id=RUN, taken=tree.taken, executor=executor)
    body = store.read(process(store, inventory).key).body
    analysis = run_documents.load_analysis(body, keys.ANALYSIS)

    assert _complaints("inventory", json.loads(store.read(inventory).body)) == []
    assert _complaints("analysis", json.loads(body)) == []
    assert _complaints("aws_regions_services", json.loads(json_report.json_file(analysis))) == []
    assert _complaints("aws_regions_services_compact", json.loads(json_report.compact_json_file(analysis))) == []


def test_the_documents_of_saved_answers_with_stamps_and_gaps_are_valid(tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    file.write_text(json.dumps({"Parameters": [_saved(path, value) for path, value in SAVED.items()]}))
    launches = Launches(bundled_launches(), Gap(codes.FEED, "Timeout", 2))

    made = _made_of(saved_answers([file], RegionCode("us-east-1")), launches, datetime(2025, 3, 1, tzinfo=UTC))

    assert [name for name in NAMES if not _accepts(name, made[name])] == []
    content = made["inventory"]["content"]
    assert [gap["path"] for gap in content["gaps"]] == [f"regions/{REGIONS[0]}", "feed"]
    assert content["offerings"][REGIONS[1]]["s3"]["stamp"] == {"version": 3, "modified": "2021-05-23T00:00:00Z"}
    assert content["regions"][0]["zones"][0]["border_group"] == "us-west-2-lax-1"


def test_every_line_of_the_shipped_history_is_valid() -> None:
    lines = [json.loads(line) for line in gzip.decompress(bundled_history()).splitlines()]

    assert [line for line in lines if not _accepts("history-line", line)] == []
    assert {line["kind"] for line in lines} == {"history", "run", *get_args(SubjectKind)}


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "wish", "first_seen": "2026-01-02T00:00:00Z"},
        {"kind": "offering", "service": "s3", "regions": [], "first_seen": "2026-01-02T00:00:00Z"},
        {"kind": "offering", "service": "s3", "regions": ["eu-west-1"]},
        {"kind": "run", "taken": "2026-01-02T00:00:00Z"},
        {"kind": "history", "version": "3.0", "query_region": "x", "detail": "full", "runs": 0, "lines": 0},
    ],
)
def test_a_line_that_is_none_of_a_history_is_refused(line: Json) -> None:
    assert not _accepts("history-line", line)


@pytest.mark.parametrize(("verdict", "accepted"), [("accepted", True), ("rejected", True), ("forgotten", False)])
def test_a_decision_is_valid_with_a_verdict_that_there_is(verdict: Verdict, *, accepted: bool) -> None:
    decision = Decision(RUN, verdict, datetime(2026, 10, 28, tzinfo=UTC), "AWS closed a region")

    assert _accepts("decision", json.loads(dump_decision(decision))) is accepted


def test_a_report_of_every_kind_of_change_is_valid() -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)

    assert _complaints("aws_regions_services", json.loads(json_report.json_file(analysis))) == []
    assert _complaints("aws_regions_services_compact", json.loads(json_report.compact_json_file(analysis))) == []


def test_an_effort_is_valid(inventory_of: Callable[..., inventory_model.Inventory]) -> None:
    effort = inventory_model.Effort(calls=1_097, retries=3, throttled=2, waited_seconds=43.5, from_cache=1)
    inventory = inventory_of({"eu-west-1": "s3"})._replace(effort=effort)

    assert _complaints("inventory", json.loads(run_documents.dump_inventory(inventory))) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_refuses_every_other_document(name: str, written: dict[str, Json]) -> None:
    accepted = [other for other, document in written.items() if other != name and _accepts(name, document)]

    assert accepted == []


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_a_newer_minor_version_is_no_fault(name: str, small: dict[str, Json]) -> None:
    newer = small[name] | {"novelty": {"of": "1.1"}}

    assert _accepts(name, newer)


@pytest.mark.parametrize("name", NAMES)
def test_each_field_is_missed_unless_a_minor_version_added_it(name: str, small: dict[str, Json]) -> None:
    document = small[name]

    added = {"aliases", "last_names", "lifecycle", "made_from", "resource_types"}
    missed = [field for field in document if not _accepts(name, {k: v for k, v in document.items() if k != field})]

    assert missed == [field for field in document if field not in added]


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
        ("resource-types", ("content", "types", "regions", 0, "status"), "perhaps"),
        ("resource-types", ("content", "types", "groups", 0, "names"), "AWS::S3::Bucket"),
        ("manifest", ("files", 0, "sha256"), "e3b0"),
        ("manifest", ("files", 0, "bytes"), -1),
        ("feeds", ("files", "regions/eu-west-3/changes.md"), "e3b0"),
        ("notified", ("told",), "all"),
        ("aws_regions_services", ("metadata", "schema"), "aws_regions_services/3.0"),
        ("aws_regions_services", ("regions", 0, "coverage_percent"), 100.1),
        ("aws_regions_services", ("regions", 0, "launch_date"), "soon"),
        ("aws_regions_services", ("offerings", 0, "service_code"), None),
        ("aws_regions_services_compact", ("regions", "columns", 0), "code"),
        ("aws_regions_services_compact", ("services", "rows", 0, 2), "four"),
        ("aws_regions_services_compact", ("offerings", "s3", 0, 2), []),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(
    name: str, path: tuple[str | int, ...], value: object, small: dict[str, Json]
) -> None:
    broken = copy.deepcopy(small[name])
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

    assert list(definition["properties"]) == list(defaults_of(noun))


def test_values_are_enumerated_as_the_model_does() -> None:
    definitions = _schema("analysis")["$defs"]

    stated = {(noun, field): tuple(definitions[noun]["properties"][field]["enum"]) for noun, field, _ in ENUMERATED}

    assert stated == {(noun, field): get_args(values) for noun, field, values in ENUMERATED}


def test_the_schemas_are_of_the_versions_that_are_written() -> None:
    versions: dict[str, str] = {
        "inventory": run_documents.VERSIONS["inventory"],
        "analysis": run_documents.VERSIONS["analysis"],
        "resource-types": resource_types.VERSION,
        "history-line": history.VERSION,
        "decision": decisions.VERSION,
        "manifest": manifest.VERSION,
        "feeds": file_lists.VERSION,
        "api": file_lists.VERSION,
        "notified": notifications.VERSION,
        "aws_regions_services": json_report.SCHEMA.rpartition("/")[2],
        "aws_regions_services_compact": json_report.COMPACT_SCHEMA.rpartition("/")[2],
    }

    files = {f"{name}-{version.partition('.')[0]}.schema.json" for name, version in versions.items()}

    assert files == {path.name for path in SCHEMAS.iterdir()}


def test_the_shipped_schemas_are_those_that_the_tool_makes() -> None:
    shipped = {path.name: path.read_text() for path in SCHEMAS.iterdir()}

    assert shipped == MAKE["schemas"]()


def test_a_check_names_what_differs_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    MAKE["main"]([], tmp_path)
    changed, gone = tmp_path / "inventory-1.schema.json", tmp_path / "manifest-1.schema.json"
    changed.write_text("{}")
    gone.unlink()
    capsys.readouterr()

    assert MAKE["main"](["--check"], tmp_path) == 1
    assert capsys.readouterr().out.split() == [changed.name, gone.name]
    assert (changed.read_text(), gone.exists()) == ("{}", False)


def test_a_check_of_what_was_just_made_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    MAKE["main"]([], tmp_path)
    capsys.readouterr()

    assert MAKE["main"](["--check"], tmp_path) == 0
    assert capsys.readouterr().out == ""


def _made_of(tree: ParameterStore, launches: Launches, taken: datetime) -> dict[str, Json]:
    """Take a tree through all three stages; the documents by the name of their schema."""
    store = MemoryStore()
    with ThreadPoolExecutor(1) as executor:
        run_id = keys.run_id_of(taken)
        inventory = collect(tree, lambda _: launches, store, run_id=run_id, taken=taken, executor=executor)
    reports.report(store, process(store, inventory).key)
    return _documents_in(store)


def _saved(path: str, value: str) -> Json:
    return {
        "Name": f"{ROOT_PATH}/{path}",
        "Value": value,
        "Version": 3,
        "LastModifiedDate": "2021-05-23T02:00:00+02:00",
    }


def _documents_in(store: MemoryStore) -> dict[str, Json]:
    result = {
        "inventory": next(store.keys(keys.RAW_DATA)),
        "analysis": next(store.keys(keys.PROCESSED_DATA)),
        "manifest": keys.latest_key(keys.MANIFEST),
        "feeds": keys.feed_key(keys.MANIFEST),
        "api": f"{keys.API}{keys.MANIFEST}",
        "aws_regions_services": keys.latest_key(reports.JSON),
        "aws_regions_services_compact": keys.latest_key(reports.COMPACT_JSON),
    }
    output = notifications.SentNote(
        notifications.KIND, notifications.VERSION, codes.RunId("r"), ("added/eu-west-3/s3",)
    )
    notified = json.loads(notifications.dump_note(output))
    return {name: json.loads(store.read(key).body) for name, key in result.items()} | {
        "notified": notified,
        "resource-types": json.loads(bundled_types_document()),
    }


def _schema(name: str) -> Json:
    schema: Json = json.loads((SCHEMAS / FILES[name]).read_bytes())
    return schema


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_schema(name))


def _complaints(name: str, document: Json) -> list[tuple[str | int, ...]]:
    """Return where a document breaks its schema."""
    return [tuple(error.absolute_path) for error in _validator(name).iter_errors(document)]


def _accepts(name: str, document: Json) -> bool:
    accepted: bool = _validator(name).is_valid(document)
    return accepted


def _put(document: Any, path: tuple[str | int, ...], value: object) -> None:  # noqa: ANN401 - a list or an object
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value
