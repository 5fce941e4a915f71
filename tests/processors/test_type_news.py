"""What changed among resource types, compared with the engine's changes of the whole history."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.types.changes import load_type_changes
from aws_ssm_fetcher.core.model.type_changes import TYPE_NEWS_DAYS
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.resource_types.stored import store_bundled_types
from aws_ssm_fetcher.processors.history.bundled import bundled_types_past
from aws_ssm_fetcher.processors.history.changes import changes
from aws_ssm_fetcher.processors.type_news import type_news
from aws_ssm_fetcher.processors.types_history import keep_types


def test_the_news_are_the_changes_of_the_whole_history_by_type_and_region() -> None:
    past = bundled_types_past()
    since = past.runs[-1].taken - timedelta(days=TYPE_NEWS_DAYS["type"])
    whole = [change for change in changes(past, Caution(), since) if change.kind in {"added", "removed", "returned"}]

    news = type_news(past, Caution())
    pairs = Counter((change.announced, change.name, region) for change in news for region in change.regions)
    assert pairs == Counter((change.announced, change.service, change.region) for change in whole)
    assert [change.announced for change in news] == sorted((change.announced for change in news), reverse=True)
    assert len({(change.run_id, change.id) for change in news}) == len(news)


def test_the_store_has_the_news_of_the_newest_lists_and_they_are_computed_once() -> None:
    store = MemoryStore()

    keep_types(store, Caution(), bundled_types_past)
    assert store.objects == {}  # without lists nobody asks for their changes
    store_bundled_types(store)
    keep_types(store, Caution(), bundled_types_past)
    kept = load_type_changes(store.objects[keys.TYPE_CHANGES], keys.TYPE_CHANGES)
    assert (kept.taken, kept.shipped) == (bundled_types_past().runs[-1].taken, True)
    before = dict(store.objects)
    keep_types(store, Caution(removed_percent=2.0), bundled_types_past)
    assert store.objects == before
    store.objects[keys.TYPE_CHANGES] = b"{"
    keep_types(store, Caution(), bundled_types_past)
    assert store.objects == before
