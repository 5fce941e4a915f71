"""Since when a region has a type: by the store's own history of types, wherever a store is asked."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.api.dataset import load
from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import LIVE_TYPES_ORIGIN, TYPES_LINEAGE, History
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.bundled import bundled_types_past
from aws_ssm_fetcher.processors.types_history import keep_types
from aws_ssm_fetcher.queries.records.current_types import current_types_history

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.ports import ObjectStore

FIRST, SECOND = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
URL, BUCKET, SPAIN = "AWS::Lambda::Url", "AWS::S3::Bucket", RegionCode("eu-south-2")


def lists(taken: datetime, names: frozenset[str]) -> ResourceTypes:
    names_in = {SPAIN: names, RegionCode("us-east-1"): frozenset({URL, BUCKET, "AWS::SNS::Topic"})}
    return ResourceTypes(
        keys.run_id_of(taken), taken, name_lists(TypesSource("aws", LIVE_TYPES_ORIGIN, taken), names_in)
    )


def with_history(store: ObjectStore) -> None:
    """Fill a store with lists of its own, of which only the second shows the type in Spain."""
    for taken, names in ((FIRST, frozenset({BUCKET})), (SECOND, frozenset({BUCKET, URL}))):
        store.write(keys.resource_types_key(taken), dump_resource_types(lists(taken, names)))
    keep_types(store, Caution(), lambda: History(TYPES_LINEAGE))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    with_history(DirectoryStore(tmp_path))
    return tmp_path


def asked(folder: Path, *arguments: str) -> str:
    return CliRunner().invoke(cli, [*arguments, "--store", str(folder)], catch_exceptions=False).stdout


def test_type_and_types_have_the_day_of_the_stores_own_lists(folder: Path) -> None:
    in_regions = json.loads(asked(folder, "type", URL, "--json"))["answer"]["regions"]
    listed = json.loads(asked(folder, "types", "--in", SPAIN, "--since", "2026-11-10", "--json"))["answer"]["types"]

    spain = {"region": SPAIN, "registered": "registered", "since": "2026-11-20", "absent_on": "2026-11-01"}
    assert spain in in_regions
    assert [(row["name"], row["since"]) for row in listed] == [(URL, "2026-11-20")]


def test_the_tables_and_the_python_api_have_it_too(folder: Path, real_analysis: Analysis) -> None:
    query = "select type, seen_since from type_offerings where region = 'eu-south-2' order by type"
    data = load(folder)
    vars(data)["analysis"] = real_analysis  # instead of making it again

    assert f"{URL},2026-11-20" in asked(folder, "sql", query, "--csv")
    assert {row.region: row.since for row in data.type(URL).regions}[SPAIN] == date(2026, 11, 20)
    assert [row.since for row in data.find_types(region=SPAIN, since=date(2026, 11, 10)).types] == [date(2026, 11, 20)]


@pytest.mark.parametrize("hindrance", ["none", "older", "unreadable"])
def test_the_bundled_history_answers_where_the_stores_does_not_reach_as_far(
    hindrance: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryStore()
    if hindrance == "older":
        before = bundled_types_past().runs[-1].taken - timedelta(days=1)
        store.write(keys.resource_types_key(before), dump_resource_types(lists(before, frozenset({BUCKET}))))
        keep_types(store, Caution(), lambda: History(TYPES_LINEAGE))
    if hindrance == "unreadable":
        store.write(keys.TYPES_HISTORY, b"{")

    assert current_types_history(store) is bundled_types_past()
    assert ("bundled history of resource types answers" in caplog.text) == (hindrance == "unreadable")
