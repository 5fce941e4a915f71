"""The JSON API as scripts read it: described, complete, and in agreement with every other form of the report."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from some_news import ONE_OF_EACH_KIND, added, analysis_of

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.api import API, Badges, api_files, badges_of
from aws_ssm_fetcher.outputs.layout import FEW
from aws_ssm_fetcher.outputs.page.content import page_content
from aws_ssm_fetcher.outputs.page.sources import besides
from aws_ssm_fetcher.processors.history.bundled import bundled_history

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

SVG: Final = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def published(real_run: MemoryStore) -> dict[str, bytes]:
    """The files of the API after a run over the bundled tree, by name."""
    return {key.removeprefix(keys.API): body for key, body in real_run.objects.items() if key.startswith(keys.API)}


def document(files: dict[str, bytes], name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files[name])
    return loaded


def rows_of(store: MemoryStore, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(store.objects[keys.latest_key(name)].decode(), newline="")))


def test_the_description_is_valid_openapi(published: dict[str, bytes]) -> None:
    description = document(published, "openapi.json")

    assert description["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(description).validate()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *((kind, f"{kind}.json") for kind in ("index", "regions", "services", "changes", "lifecycle")),
        ("region", "regions/eu-south-2.json"),
        ("region", "regions/cn-north-1.json"),
        ("service", "services/bedrock.json"),
        ("service", "services/appmesh.json"),
        ("types", "types/aws-lambda.json"),
    ],
)
def test_documents_are_what_the_description_says(published: dict[str, bytes], kind: str, name: str) -> None:
    components = document(published, "openapi.json")["components"]
    schema = {"components": components, "$ref": f"#/components/schemas/{kind}"}

    assert [error.message for error in Draft202012Validator(schema).iter_errors(document(published, name))] == []


def test_every_document_is_listed_in_the_index_and_described(published: dict[str, bytes]) -> None:
    index, paths = document(published, "index.json"), document(published, "openapi.json")["paths"]

    names = {
        *(f"regions/{code}.json" for code in index["regions"]),
        *(f"services/{code}.json" for code in index["services"]),
        *(f"badge/{code}.svg" for code in index["services"]),
        *(f"types/{file}.json" for file in index["namespaces"].values()),
        *(path[1:] for path in paths if "{" not in path),
        *("openapi.json", "404.html", keys.MANIFEST),
    }
    assert set(published) == names
    assert set(API.load(published[keys.MANIFEST]).files) == names - {keys.MANIFEST}
    assert all(API.accepts(name) for name in names - {keys.MANIFEST})


def test_page_csv_json_and_api_agree_cell_by_cell(real_run: MemoryStore, published: dict[str, bytes]) -> None:
    full = json.loads(real_run.objects[keys.latest_key("aws_regions_services.json")])
    compact = json.loads(real_run.objects[keys.latest_key("aws_regions_services_compact.json")])
    at = [row[0] for row in compact["regions"]["rows"]]
    services = document(published, "services.json")["services"]

    matrix = {
        (row["Service Code"], code)
        for row in rows_of(real_run, "service_matrix.csv")
        for code, tick in row.items()
        if tick == "1"
    }
    listed = {(row["Service Code"], row["Region Code"]) for row in rows_of(real_run, "regional_services.csv")}
    in_json = {(offering["service_code"], offering["region_code"]) for offering in full["offerings"]}
    in_compact = {
        (service, at[place])
        for service, groups in compact["offerings"].items()
        for _, _, places, *_ in groups
        for place in places
    }
    by_service = {
        (service, region)
        for service in services
        for region in document(published, f"services/{service}.json")["regions"]
    }
    by_region = {
        (service, region) for region in at for service in document(published, f"regions/{region}.json")["services"]
    }

    assert len(matrix) == 9289
    assert matrix == listed == in_json == in_compact == by_service == by_region


def test_the_page_has_the_same_cells_reaches_depths_and_dates(
    real_run: MemoryStore, real_analysis: Analysis, published: dict[str, bytes]
) -> None:
    page = page_content(real_analysis, *besides(real_run, real_analysis))
    regions = [region["code"] for region in page["regions"]]
    services = [service["code"] for service in page["services"]]

    cells = {
        (services[at], regions[place]): (kind, regions[served] if isinstance(served, int) else served)
        for at, groups in enumerate(page["offerings"])
        for kind, served, places in groups
        for place in places
    }
    depths = {
        (services[at], regions[place]): {"registered": registered, "of": of}
        for at, groups in enumerate(page["depth"]["services"])
        for registered, of, places in groups
        for place in places
    }
    past = page["history"]
    first = {
        (services[service], regions[place]): past["days"][start]
        for service, start, end, places in past["spans"]
        if end == -1 and service < len(services)
        for place in places
    }
    in_api = {
        (service, region): facts
        for service in services
        for region, facts in document(published, f"services/{service}.json")["regions"].items()
    }

    assert {pair: (facts["reach"], facts["served_from"]) for pair, facts in in_api.items()} == cells
    assert {pair: single for pair, facts in in_api.items() if (single := facts["resource_types"])} == depths
    assert {pair: facts["first_seen"] for pair, facts in in_api.items()} == first


def in_csv(key: str, value: object) -> str:
    """Write a value as a format without lists and booleans does."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"{len(value)} regions" if key == "missing_in" and len(value) > FEW else ", ".join(value)
    return "" if value is None else str(value)


def test_rows_of_regions_services_changes_and_lifecycle_are_those_of_the_csv_files(
    real_run: MemoryStore, published: dict[str, bytes]
) -> None:
    made = {
        "region_summary.csv": [*document(published, "regions.json")["regions"].values()],
        "service_summary.csv": [*document(published, "services.json")["services"].values()],
        "changes.csv": document(published, "changes.json")["changes"],
        "lifecycle.csv": document(published, "lifecycle.json")["entries"],
    }

    for name, rows in made.items():
        cells = [[in_csv(key, value) for key, value in row.items()] for row in rows]
        assert cells == [[value.removeprefix("'") for value in row.values()] for row in rows_of(real_run, name)]


def test_each_type_has_the_regions_that_the_lists_say(
    real_run: MemoryStore, real_analysis: Analysis, published: dict[str, bytes]
) -> None:
    types = besides(real_run, real_analysis).types
    assert types is not None

    files = document(published, "index.json")["namespaces"].values()
    made = [document(published, f"types/{name}.json") for name in files]

    pairs = {name: regions for item in made for name, regions in item["types"].items()}
    assert pairs == {name: sorted(regions) for name, regions in types.regions_of.items()}


def test_a_run_without_news_writes_the_index_alone(real_analysis: Analysis) -> None:
    inventory = real_analysis.inventory
    later = real_analysis._replace(inventory=inventory._replace(taken=inventory.taken + timedelta(days=1)))

    before, after = api_files(real_analysis), api_files(later)

    assert [name for name in before if before[name] != after[name]] == ["index.json"]


def test_a_service_that_left_leaves_a_document_and_a_badge_that_say_so() -> None:
    store, analysis = MemoryStore(), analysis_of()
    API.publish(store, analysis.inventory, api_files(analysis))
    rest = analysis.inventory._replace(services=(), offerings=(), taken=analysis.inventory.taken.replace(month=11))

    bare = analysis._replace(inventory=rest, services=(), service_profiles=(), reaches=())
    API.publish(store, rest, api_files(bare))

    assert json.loads(store.objects[f"{keys.API}services/bedrock.json"]) == {
        "schema": "aws_ssm_fetcher_api/1.0/gone",
        "was": "service",
        "code": "bedrock",
    }
    assert b"not in the latest snapshot" in store.objects[f"{keys.API}badge/bedrock.svg"]


def test_a_badge_says_how_many_regions_or_since_when_in_one(real_analysis: Analysis) -> None:
    history = load_history(bundled_history(), "bundled")
    files = api_files(real_analysis, history, badges=badges_of("bedrock,s3"))

    texts = {name: ET.fromstring(body).findtext(f"{SVG}title") for name, body in files.items() if name[:5] == "badge"}  # noqa: S314 - our own
    pairs = {name for name in texts if name.count("/") == 2}
    assert texts["badge/bedrock.svg"] == "Amazon Bedrock: 36 of 39 regions"
    assert texts["badge/bedrock/eu-south-2.svg"] == "Amazon Bedrock: eu-south-2: available since 2025-03-30"
    assert texts["badge/bedrock/cn-north-1.svg"] == "Amazon Bedrock: cn-north-1: not available"
    assert {name.split("/")[1] for name in pairs} == {"bedrock", "s3"}
    assert (len(pairs), len(texts)) == (2 * 39, 2 * 39 + 405)


@pytest.mark.parametrize(
    ("setting", "badges"),
    [
        ("none", Badges()),
        ("all", Badges(all=True)),
        ("bedrock,s3", Badges(services=frozenset({"bedrock", "s3"}))),
    ],
)
def test_the_setting_says_which_services_have_a_badge_of_each_region(setting: str, badges: Badges) -> None:
    assert badges_of(setting) == badges


def test_hostile_names_stay_text_in_documents_and_badges() -> None:
    hostile = "<script>&\"' ]]>\x00\u202e" + "x" * 32_768
    analysis = analysis_of(*ONE_OF_EACH_KIND, added("../up", "a/b"), names=("Spain", hostile))

    files = api_files(analysis, badges=Badges(all=True))

    assert document(files, "services/bedrock.json")["service_name"] == hostile
    badge = ET.fromstring(files["badge/bedrock/eu-south-2.svg"])  # noqa: S314 - our own
    assert len(badge.findtext(f"{SVG}title", "")) < 200
    assert [element.tag.removeprefix(SVG) for element in badge.iter()] == [
        *("svg", "title", "rect", "rect", "g", "text", "text")
    ]
    assert all(API.accepts(name) for name in files)


@pytest.mark.parametrize("name", ["../x", "services/.json", "services/a/b.json", "badge/a/b/c.svg", "other.json", "a"])
def test_a_list_of_the_api_with_foreign_names_is_refused(name: str) -> None:
    assert not API.accepts(name)
