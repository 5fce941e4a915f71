from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from itertools import pairwise

import pytest

from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.core.documents.types.history import dump_types_history, load_types_history
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import SHIPPED, TYPES_FILE, bundled_types_history
from aws_ssm_fetcher.processors.history.record import record
from aws_ssm_fetcher.processors.types_history import as_inventory

KILOBYTE = 1000


def test_at_each_release_the_history_shows_the_pairs_of_that_release() -> None:
    releases, history = bundled_types_history()

    for release in releases:
        unread = set(release.unread)
        shown = (pair for pair in offerings_as_of(history, release.taken) if pair[0] not in unread)
        lines = sorted(f"{region} {name}\n" for region, name in shown)
        assert (len(lines), hashlib.sha256("".join(lines).encode()).hexdigest()[:16]) == (
            release.pairs,
            release.pairs_sha256,
        )


def test_one_that_unpacks_to_too_much_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws_ssm_fetcher.core.documents.types.history.LARGEST_BYTES", 1_000_000)

    with pytest.raises(DocumentRefusedError, match="a-key: expected a gzip file, found one of more than 1 MB"):
        load_types_history(gzipped(" " * 2_000_000), "a-key")


def test_the_last_release_is_the_one_whose_lists_ship() -> None:
    releases, _ = bundled_types_history()
    folder = files("cfnlint") / "data" / "schemas" / "providers"
    bodies = {file.name[:-5]: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".json")}
    lines = sorted(
        f"{region} {name}\n"
        for region, body in bodies.items()
        if region != "sam" and (region == "us-east-1" or body != bodies["us-east-1"])
        for name in json.loads(body)
    )

    assert hashlib.sha256("".join(lines).encode()).hexdigest()[:16] == releases[-1].pairs_sha256


def test_some_forty_releases_from_2020_on_take_less_than_80_kilobytes() -> None:
    releases, _ = bundled_types_history()

    assert len(releases) == 42
    assert f"{releases[0].taken:%Y-%m}" == "2020-12"
    assert all(earlier.taken < later.taken for earlier, later in pairwise(releases))
    assert len((SHIPPED / TYPES_FILE).read_bytes()) < 80 * KILOBYTE


def test_the_same_lists_again_change_nothing() -> None:
    _, history = bundled_types_history()

    assert record(history, as_inventory(bundled_resource_types())) == history


def test_a_history_is_read_as_it_was_written() -> None:
    releases, history = bundled_types_history()

    assert load_types_history(dump_types_history(releases, history), "k") == (releases, history)


def test_a_region_that_lost_its_list_is_unknown_and_no_type_was_removed() -> None:
    releases, history = bundled_types_history()
    shown = {region for region, _ in offerings_as_of(history, releases[-1].taken)}

    assert "me-south-1" in releases[-1].unread
    assert "me-south-1" in shown  # what was last known of it


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(DocumentRefusedError, match="resource-types-history"):
        load_types_history(gzipped('{"document": "inventory", "version": "1.0"}'), "k")
