"""``accept`` and ``reject`` with a list of resource types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from timelines import regions, seen
from type_lists import FULL, NORTH, SHORT, SOUTH, first_lists, next_lists, put

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import ObjectMissingError, SettingRefusedError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.queries.records.current_types import current_types

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

pytestmark = pytest.mark.usefixtures("short_past")

SHRUNK = next_lists(first_lists(), 1, {NORTH: SHORT})
STRAND = ("--strand", f"types/{NORTH}")


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> DirectoryStore:
    store = DirectoryStore(tmp_path)
    put(store, first_lists())
    put(store, SHRUNK)
    return store


def asked(store: DirectoryStore, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--store", str(store.root)], catch_exceptions=False)


def answering(store: DirectoryStore) -> frozenset[str]:
    return current_types(store).types.names_in[NORTH]


def test_accepting_a_list_says_what_it_does_and_how_to_go_back_and_rejecting_it_goes_back(
    store: DirectoryStore,
) -> None:
    accepted = asked(store, "accept", SHRUNK.run_id, *STRAND, "--reason", "AWS withdrew them")
    assert answering(store) == SHORT
    assert accepted.stdout == "The list of eu-north-1 of 2026-11-02 is accepted: that of 2026-11-02 answers\n"
    assert "15 types fewer and 0 more than that of 2026-11-01: it will answer in its place" in accepted.stderr
    assert f"to go back: reject {SHRUNK.run_id} --strand types/eu-north-1" in accepted.stderr

    rejected = json.loads(asked(store, "reject", SHRUNK.run_id, *STRAND, "--json").stdout)
    assert answering(store) == FULL
    assert (rejected["verdict"], rejected["documents"]) == ("rejected", 1)


def test_a_list_that_waits_is_listed_with_the_commands_that_decide_on_it(store: DirectoryStore) -> None:
    sentence = (
        "the list of eu-north-1 of 2026-11-02 waits for a decision: 15 of 20 resource types fewer; "
        "that of 2026-11-01 answers"
    )
    command = f"accept {SHRUNK.run_id} --strand types/eu-north-1"

    for words in (("history", "runs"), ("types", "--in", NORTH), ("type", "AWS::EC2::T1")):
        text = " ".join(asked(store, *words).stdout.split())
        assert sentence in text
        assert command in text
    assert "waits for a decision" not in asked(store, "types", "--in", SOUTH).stdout
    listed = json.loads(asked(store, "history", "runs", "--json").stdout)["resource_types"]
    assert (listed["run_id"], [row["region"] for row in listed["lists"]]) == (SHRUNK.run_id, [NORTH])


def test_the_latest_run_is_processed_and_reported_again(store: DirectoryStore) -> None:
    inventory = seen(330, {**dict.fromkeys(regions(3), "ec2"), NORTH: "ec2"})
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    report(store, process(store, key).key)

    def findings() -> list[str]:
        analysis = keys.analysis_key(inventory.taken, inventory.run_id)
        return [finding.rule for finding in run_documents.load_analysis(store.read(analysis).body, analysis).findings]

    assert "list-of-types-quarantined" in findings()
    outcome = asked(store, "accept", SHRUNK.run_id, *STRAND, "--yes")
    assert f"run {inventory.run_id} is processed and reported again" in outcome.stdout
    assert "list-of-types-quarantined" not in findings()


@pytest.mark.parametrize(
    ("run_id", "strand", "advice"),
    [
        ("20200101T000000Z", f"types/{NORTH}", f"There are: {SHRUNK.run_id}"),
        (SHRUNK.run_id, f"types/{SOUTH}", f"types/{NORTH}"),
    ],
)
def test_a_list_that_there_is_not_is_refused_with_those_that_there_are(
    store: DirectoryStore, run_id: str, strand: str, advice: str
) -> None:
    with pytest.raises((ObjectMissingError, SettingRefusedError)) as refused:
        asked(store, "accept", run_id, "--strand", strand)
    assert advice in f"{refused.value} {refused.value.advice}"


def later(types: ResourceTypes) -> ResourceTypes:
    return next_lists(types, 2, {NORTH: SHORT})


def test_a_decision_on_the_first_day_holds_for_the_days_after_it(store: DirectoryStore) -> None:
    put(store, later(SHRUNK))

    asked(store, "accept", SHRUNK.run_id, *STRAND)
    assert answering(store) == SHORT
