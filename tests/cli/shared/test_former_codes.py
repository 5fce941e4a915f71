"""Codes that the record does not name any more."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from timelines import seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.cli.shared.former_codes import timeline_of
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    """Return a store that is two days old: the service *old*, in one of many regions, is gone, and so is region *r*."""
    store = DirectoryStore(tmp_path / "a store")
    many = {f"a{number}": " ".join(f"s{item}" for item in range(60)) for number in range(3)}
    for number, offered in enumerate(({**many, "a0": f"{many['a0']} old", "r": ""}, many)):
        kept(store, seen(number, offered))
    return store


def kept(store: DirectoryStore, inventory: Inventory) -> None:
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    process(store, key)


def refused(*arguments: str) -> str:
    output = CliRunner().invoke(cli, arguments)
    assert isinstance(output.exception, UnknownCodeError)
    return str(output.exception)


@pytest.mark.parametrize(
    ("question", "story"),
    [
        ("service old", "history service old"),
        ("service OLD", "history service old"),
        ("region r", "history region r"),
        ("compare a0 r", "history region r"),
        ("services --in r", "history region r"),
        ("service opsworks", "history service opsworks"),
    ],
)
def test_of_what_left_the_record_the_story_is_proposed_and_reported(
    store: DirectoryStore, question: str, story: str
) -> None:
    place = ["--store", str(store.root)]

    _, _, command = refused(*question.split(), *place).rstrip('".').partition('It is in the history: "aws-ssm-fetcher ')
    assert shlex.split(command) == [*story.split(), *place]
    output = CliRunner().invoke(cli, shlex.split(command), catch_exceptions=False)
    assert output.exit_code == 0
    assert story.split()[2] in output.stdout


def test_without_a_run_the_shipped_history_is_asked_without_a_word(tmp_path: Path) -> None:
    assert refused("service", "opsworks", "--store", str(tmp_path)) == (
        '"opsworks" matches 2 services: opsworkschefautomate, opsworkspuppetenterprise. '
        f'It is in the history: "aws-ssm-fetcher history service opsworks --store {tmp_path}".'
    )


def test_a_history_that_is_not_asked_without_a_word_is_asked_by_what_names_it(store: DirectoryStore) -> None:
    inventory = seen(2, {"a0": "s1"})
    told_elsewhere = inventory._replace(source=inventory.source._replace(query_region=RegionCode("eu-west-1")))
    kept(store, told_elsewhere)

    story = timeline_of(store, UnknownCodeError("service", "old", nearest=()))
    assert "history service old --query-region us-east-1 --detail full --store" in story


def test_what_no_history_knows_has_no_story(store: DirectoryStore) -> None:
    assert timeline_of(store, UnknownCodeError("service", "nope", nearest=())) == ""
    assert 'List all services with "' in refused("service", "nope", "--store", str(store.root))
