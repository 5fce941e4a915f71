"""The past of instance types that ships: against the pinned release's own files, and the rule for copied lists."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.core.documents.types.instances import (
    FamilyPast,
    InstanceRelease,
    dump_instances_history,
    load_instances_history,
)
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.data_sources.resource_types.compact import dump_compact, load_compact
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import (
    INSTANCES_FILE,
    SHIPPED,
    TYPES_FILE,
    bundled_instances_history,
    bundled_instances_past,
    bundled_types_history,
)
from aws_ssm_fetcher.processors.history.changes import track
from aws_ssm_fetcher.processors.instance_news import bundled_instance_changes
from aws_ssm_fetcher.processors.type_news import instance_news
from instance_types_history import families_past, is_one_list, pairs_digest

KILOBYTE = 1000
COPIED = range(22, 38)
"""The places of the releases with one list for all regions: 2024-02-27 to 2026-06-15."""
NORTH, SOUTH, MODEL = RegionCode("eu-north-1"), RegionCode("eu-south-2"), RegionCode("us-east-1")
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def test_it_has_the_releases_of_the_past_of_resource_types_and_both_take_less_than_80_kilobytes() -> None:
    releases, families = bundled_instances_history()

    of_types = [(release.taken, release.origin) for release in bundled_types_history()[0]]
    assert [(release.taken, release.origin) for release in releases] == of_types
    assert {"ec2", "rds", "elasticache", "opensearch", "sagemaker-hosting"} <= set(families)
    assert sum(len((SHIPPED / name).read_bytes()) for name in (TYPES_FILE, INSTANCES_FILE)) < 80 * KILOBYTE


@pytest.mark.parametrize("family", ["ec2", "rds", "dax"])
def test_as_of_each_release_there_are_the_pairs_of_that_release(family: str) -> None:
    releases, families = bundled_instances_history()
    past = families[family]

    pairs = []
    for place, (release, run) in enumerate(zip(releases, past.history.runs, strict=True)):
        unread = {path.split("/")[1] for path in run.unread}
        shown = [pair for pair in offerings_as_of(past.history, release.taken) if pair[0] not in unread]
        assert len(shown) == past.pairs[place]
        pairs += [(place, *pair) for pair in shown]
    assert pairs_digest(pairs) == past.pairs_sha256


def test_the_newest_release_is_the_one_installed_counted_without_our_code() -> None:
    text = (files("cfnlint") / "data/schemas/extensions/aws_ec2_instance/instancetype_enum.json").read_text()
    rows = json.loads(text)
    lines = sorted(
        f"{region} {name}\n" for region, row in rows.items() if re.search(r"\d", region) for name in row["enum"]
    )
    past = bundled_instances_history()[1]["ec2"]
    shown = sorted(f"{region} {name}\n" for region, name in offerings_as_of(past.history, past.history.runs[-1].taken))

    assert hashlib.sha256("".join(shown).encode()).digest() == hashlib.sha256("".join(lines).encode()).digest()
    assert past.pairs[-1] == len(lines) == 25_481


def test_of_releases_with_one_list_for_all_regions_nothing_is_known_and_nothing_is_announced() -> None:
    past = bundled_instances_history()[1]["ec2"]

    assert [place for place, pairs in enumerate(past.pairs) if not pairs] == [*COPIED]
    regions = {path for place in COPIED for path in past.history.runs[place].unread}
    assert {past.history.runs[place].unread for place in COPIED} == {tuple(sorted(regions))}
    announced = {change.announced for change in track(past.history, Caution()).changes}
    assert announced.isdisjoint(past.history.runs[place].taken for place in COPIED)


def test_a_use_whose_lists_are_always_one_has_no_history() -> None:
    assert bundled_instances_past("managedblockchain") is None


def test_the_changes_that_ship_are_those_of_the_history_and_none_is_from_before_lists_could_be_read_again() -> None:
    shipped, families = bundled_instance_changes(), bundled_instances_history()[1]

    assert shipped.changes == instance_news({name: past.history for name, past in families.items()}, Caution())
    assert min(change.seen.date() for change in shipped.changes if change.family == "ec2") == date(2026, 10, 6)
    assert shipped.since is None


def releases(count: int) -> list[InstanceRelease]:
    return [InstanceRelease(DAY + timedelta(days=10 * place), f"release {place}") for place in range(count)]


def test_a_family_that_vanishes_whole_and_comes_back_was_unread_and_one_type_that_does_returned() -> None:
    large, small = frozenset({"m1.large"}), frozenset({"m1.large", "m1.small"})
    # Equal lists again are no second witness, so that one region gains a type each time.
    without = [{MODEL: small | {f"m2.{place}xlarge" for place in range(count)}, NORTH: large} for count in range(1, 4)]
    first, last = {MODEL: small | {"m3.large"}, NORTH: small}, {**without[-1], NORTH: small}

    lists = [{"ec2": first}, {}, *({"ec2": of_run} for of_run in without), {"ec2": last}]
    past = families_past(releases(6), lists)["ec2"]
    assert past.pairs == (5, 0, 4, 5, 6, 7)
    changes = track(past.history, Caution()).changes
    kinds = [(change.kind, change.service, change.region) for change in changes if change.region == NORTH]
    assert kinds == [("removed", "m1.small", NORTH), ("returned", "m1.small", NORTH)]


def test_one_list_in_several_regions_is_a_copy_and_one_in_a_single_region_is_not() -> None:
    own = frozenset({"m1.large"})

    assert is_one_list({NORTH: own, SOUTH: own})
    assert not is_one_list({NORTH: own})
    assert not is_one_list({NORTH: own, SOUTH: own | {"m1.small"}})


def test_it_is_written_as_it_was_read_and_what_is_none_is_refused() -> None:
    body = (SHIPPED / INSTANCES_FILE).read_bytes()
    read, families = load_instances_history(body, "key")
    assert dump_instances_history(read, families) == body
    assert all(isinstance(past, FamilyPast) for past in families.values())

    head = {"document": "instance-types-history", "version": "1.0", "runs": []}
    for wrong in (b"{", gzipped("{}"), gzipped(json.dumps({**head, "families": {"ec2": []}}))):
        with pytest.raises(DocumentRefusedError):
            load_instances_history(wrong, "key")


def test_the_compact_lists_are_the_lists() -> None:
    types = bundled_resource_types()

    assert load_compact(dump_compact(types).encode(), "key") == types
