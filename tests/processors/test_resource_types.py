from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types
from aws_ssm_fetcher.core.documents.run_documents import dump_analysis, dump_inventory, load_analysis
from aws_ssm_fetcher.core.documents.shipped import witness
from aws_ssm_fetcher.core.model.aliases import namespace_decision, service_of_type
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode
from aws_ssm_fetcher.core.model.resource_types import Depth, ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.data_transformer import reaches
from aws_ssm_fetcher.processors.pipeline import analyse, process
from aws_ssm_fetcher.processors.regional_validator import validate
from aws_ssm_fetcher.processors.resource_types import types_besides
from aws_ssm_fetcher.processors.rules import RuleInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

DAY = datetime(2026, 10, 20, tzinfo=UTC)
A, B, C = "us-east-1", "eu-west-1", "eu-west-2"
LISTS = {A: {"AWS::S3::Bucket", "AWS::S3::AccessPoint", "AWS::SQS::Queue"}, B: {"AWS::S3::Bucket"}}


def types_of(lists: dict[str, set[str]], *expected: str) -> ResourceTypes:
    names_in = {RegionCode(region): names for region, names in lists.items()}
    result = name_lists(TypesSource("bundled", "lists", DAY), names_in, [RegionCode(code) for code in expected])
    return ResourceTypes(RunId("types"), DAY, result)


@pytest.fixture(name="inventory")
def _inventory(inventory_of: Callable[..., Inventory]) -> Inventory:
    return inventory_of({A: "s3 sqs", B: "s3 sqs", C: "s3"})._replace(taken=DAY + timedelta(days=1))


def test_a_depth_is_of_the_types_that_the_partition_has(inventory: Inventory) -> None:
    besides = types_besides(inventory, types_of(LISTS, C))
    assert besides is not None

    depths = {(o.region, o.service): d for o, d in zip(inventory.offerings, besides.figures.depths, strict=True)}
    assert depths == {
        (A, "s3"): Depth(2, 2),
        (A, "sqs"): Depth(1, 1),
        (B, "s3"): Depth(1, 2),
        (B, "sqs"): Depth(0, 1),
        (C, "s3"): None,
    }
    assert besides.figures.unknown == (C,)


def test_types_that_one_region_alone_has_are_its_own(inventory: Inventory) -> None:
    besides = types_besides(inventory, types_of(LISTS, C))
    assert besides is not None

    result = {row.region: (row.types, row.of, row.mean_depth, row.exclusive) for row in besides.figures.regions}
    assert result == {
        A: (3, 3, 1.0, ("AWS::S3::AccessPoint", "AWS::SQS::Queue")),
        B: (1, 3, 0.25, ()),
    }


def test_what_the_sources_disagree_on_is_a_note_that_names_both_and_their_day(inventory: Inventory) -> None:
    lists = {A: {"AWS::S3::Bucket", "AWS::SQS::Queue"}, B: {"AWS::S3::Bucket", "AWS::SNS::Topic"}}
    seen = inventory._replace(services=(*inventory.services, inventory.services[0]._replace(code=ServiceCode("sns"))))
    besides = types_besides(seen, types_of(lists, C))
    assert besides is not None

    entries = [
        entry for entry in validate(RuleInput(seen, reaches(seen), cells=besides.cells)) if "types" in entry.rule
    ]
    assert [(item.rule, item.subject, item.evidence, item.severity, item.cost) for item in entries] == [
        ("listed-without-types", "sqs", (B,), "note", 0),
        ("types-without-listing", "sns", (B,), "note", 0),
    ]
    assert entries[0].message == (
        "1 region where it is listed and AWS's schemas of 2026-10-20 (lists) register none of its resource types; "
        "the endpoints of botocore 1.44.5 say 1 yes"
    )


def test_an_analysis_without_resource_types_is_as_it_was_without_that_source(inventory: Inventory) -> None:
    analysis = analyse(inventory)
    document: dict[str, Any] = json.loads(dump_analysis(analysis))

    assert analysis.types is None
    assert "types" not in document["content"]
    assert [statistic.id for statistic in analysis.statistics if statistic.section == "Resource types"] == []


def test_an_analysis_with_depths_is_read_as_it_was_written(real_analysis: Analysis) -> None:
    assert real_analysis.types is not None
    assert load_analysis(dump_analysis(real_analysis), "k") == real_analysis


def test_means_are_rounded_once_so_that_every_python_computes_the_same(real_analysis: Analysis) -> None:
    """From Python 3.12 on ``sum`` adds floats exactly; before it rounds at each step."""
    figures = real_analysis.types
    assert figures
    shares: dict[str, list[Fraction]] = {}
    for offering, depth in zip(real_analysis.inventory.offerings, figures.depths, strict=True):
        if depth:
            shares.setdefault(offering.region, []).append(Fraction(depth.share))
    exact = {region: float(sum(own)) / len(own) for region, own in shares.items()}

    assert {row.region: row.mean_depth for row in figures.regions if row.region in exact} == exact
    [mean] = (statistic.value for statistic in real_analysis.statistics if statistic.id == "mean-depth")
    every = [share for own in shares.values() for share in own]
    assert mean == 100 * (float(sum(every)) / len(every))


def test_stage_two_takes_the_youngest_lists_that_are_not_after_the_run(inventory: Inventory) -> None:
    store = MemoryStore()
    for days, lists in ((-9, {A: {"AWS::SQS::Queue"}}), (0, LISTS), (2, {A: {"AWS::SNS::Topic"}})):
        taken = DAY + timedelta(days=days)
        store.write(keys.resource_types_key(taken), dump_resource_types(replace(types_of(lists), taken=taken)))
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, dump_inventory(inventory))

    made = process(store, key).key
    analysis = load_analysis(store.read(made).body, made)
    assert analysis.types is not None
    assert [row.types for row in analysis.types.regions] == [1, 3]


def test_lists_that_cannot_be_read_cost_an_analysis_its_depth_and_no_more(inventory: Inventory) -> None:
    analysis = analyse(inventory, b"{}")

    assert analysis.types is None
    assert [finding.subject for finding in analysis.findings if finding.rule == "step-failed"] == ["types"]


def cells(
    raw_trees: tuple[dict[str, Any], dict[str, Any]], left_out: frozenset[str]
) -> tuple[Counter[tuple[bool, bool]], Counter[tuple[bool, bool, str]]]:
    """Compare the dump with the release's own files, namespace by namespace; of the code only the table of names."""
    listed = {region: set(node.get("services", {})) for region, node in raw_trees[0].items()}
    folder = files("cfnlint") / "data" / "schemas" / "providers"
    bodies = {file.name[:-5]: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".json")}
    lists = {
        region: {name.split("::")[1] for name in json.loads(body) if name.startswith("AWS::")}
        for region, body in bodies.items()
        if region != "sam" and (region == "us-east-1" or body != bodies["us-east-1"])
    }
    counted: Counter[tuple[bool, bool]] = Counter()
    third: Counter[tuple[bool, bool, str]] = Counter()
    for namespace in set[str]().union(*lists.values()) - left_out:
        alias = namespace_decision(namespace)
        code = alias.service if alias else None
        if code is not None:
            for region, namespaces in lists.items():
                cell = code in listed.get(region, ()), namespace in namespaces
                counted[cell] += 1
                third[*cell, witness(code, RegionCode(region))] += 1
    return counted, third


def test_the_four_cells_of_both_sources_are_those_counted_by_hand(
    raw_trees: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    counted, _ = cells(raw_trees, left_out=frozenset({"HealthAgent"}))

    assert counted == {(True, True): 6339, (True, False): 497, (False, True): 367, (False, False): 3342}


def test_the_one_namespace_that_was_decided_since_makes_the_difference(
    raw_trees: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    before, after = (cells(raw_trees, frozenset(left_out))[0] for left_out in (["HealthAgent"], []))
    alias = namespace_decision("HealthAgent")
    assert alias is not None

    assert alias.service == "connecthealth"
    assert after - before == {(True, True): 2, (True, False): 1, (False, False): 34}


def test_the_third_source_says_no_nowhere_where_parameters_alone_list_a_service(
    raw_trees: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    _, third = cells(raw_trees, left_out=frozenset({"HealthAgent"}))

    assert {answer: third[True, False, answer] for answer in ("yes", "nothing", "no")} == {
        "yes": 440,
        "nothing": 57,
        "no": 0,
    }
    assert {answer: third[False, True, answer] for answer in ("yes", "nothing", "no")} == {
        "yes": 38,
        "nothing": 213,
        "no": 116,
    }


def test_a_type_belongs_to_the_finest_code_and_a_feature_to_its_service() -> None:
    names = ("AWS::Lambda::Url", "AWS::S3Tables::Table", "AWS::EC2::VPC", "AWS::QLDB::Ledger", "Alexa::ASK::Skill")

    assert [service_of_type(name) for name in names] == ["lambda", "s3", "vpc", None, None]


def test_the_page_on_both_sources_has_the_figures_of_the_day(
    raw_trees: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    counted, _ = cells(raw_trees, left_out=frozenset())
    page = (Path(__file__).parent.parent.parent / "docs/explanation/two-sources.md").read_text()

    assert f"| the parameters list the service | {counted[True, True]:,} | {counted[True, False]:,} |" in page
    assert f"| they do not | {counted[False, True]:,} | {counted[False, False]:,} |" in page
    assert f"Of the {sum(counted.values()) // 37} namespaces" in page
