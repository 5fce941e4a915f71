from __future__ import annotations

import gzip
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.data_sources.bundled import BundledTree, bundled_launches, bundled_tree, pack

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = files("aws_ssm_fetcher.data_sources") / "shipped"


def everything(tree: BundledTree) -> dict[str, str]:
    return {
        parameter.path: parameter.value
        for subtree in ("regions", "services")
        for page in tree.pages(subtree, recursive=True)
        for parameter in page
    }


def raw_parameters(node: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, below in node.items():
        if name == "Value":
            yield path, below
        else:
            yield from raw_parameters(below, f"{path}/{name}")


def test_the_shipped_tree_is_the_dump_parameter_by_parameter(raw_trees: tuple[dict[str, Any], dict[str, Any]]) -> None:
    regions, services = raw_trees
    raw = dict([*raw_parameters(regions, "regions"), *raw_parameters(services, "services")])

    assert everything(bundled_tree()) == raw


def test_origin_states_how_many_parameters_there_are() -> None:
    origin = json.loads((SHIPPED / "origin.json").read_bytes())

    assert len(everything(bundled_tree())) == origin["parameters"]


def test_packing_the_shipped_parameters_gives_what_is_shipped() -> None:
    parameters = [Parameter(path, value) for path, value in reversed(everything(bundled_tree()).items())]

    packed = pack(parameters)
    assert packed == pack(parameters)
    assert packed[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\x03"  # the same whichever version of Python packs it
    # compressed bytes differ with the compressor's version, what is in them does not
    assert gzip.decompress(packed) == gzip.decompress((SHIPPED / "tree.json.gz").read_bytes())


def test_pages_hold_ten_parameters_and_the_last_one_the_rest() -> None:
    sizes = [len(page) for page in bundled_tree().pages("regions", recursive=False)]

    assert sizes == [10, 10, 10, 9]


def test_a_shallow_listing_passes_over_a_node_without_a_parameter_of_its_own() -> None:
    listed = {p.path for page in bundled_tree().pages("services", recursive=False) for p in page}

    assert "services/qapps" in listed
    assert "services/bcm-data-exports" not in listed


def test_below_a_path_that_is_not_there_or_that_is_a_value_stands_nothing() -> None:
    tree = bundled_tree()

    assert list(tree.pages("regions/atlantis-1", recursive=True)) == []
    assert list(tree.pages("regions/eu-west-3/longName", recursive=True)) == []


def test_every_launch_date_has_its_evidence_and_a_page_of_aws() -> None:
    launches = bundled_launches()

    assert len(launches) == 39
    assert all(
        launch.evidence and (launch.url or "").startswith("https://aws.amazon.com/") for launch in launches.values()
    )
