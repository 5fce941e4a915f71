from __future__ import annotations

from datetime import date

from aws_ssm_fetcher.core.model.aliases import alias_table
from aws_ssm_fetcher.core.model.categories import CATEGORIES, categories_reviewed, category_of


def test_every_service_of_the_bundled_snapshot_has_a_category() -> None:
    assert [code for code in alias_table().codes if category_of(code) is None] == []


def test_every_category_has_services() -> None:
    assert {category_of(code) for code in alias_table().codes} == set(CATEGORIES)


def test_a_service_that_nobody_has_reviewed_has_none() -> None:
    assert category_of("no-such-service") is None


def test_the_table_has_a_review_date_of_its_own() -> None:
    assert date.fromisoformat(categories_reviewed()) >= date(2026, 11, 29)
