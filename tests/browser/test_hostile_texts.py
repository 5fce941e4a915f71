"""Texts that want to be more than text, shown by the page in a real browser."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import pytest

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Offering, Region, Service
from aws_ssm_fetcher.outputs.page import page_file
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]
    Opened = Callable[..., Page]

pytestmark = pytest.mark.browser

HOSTILE: Final = {
    "script": "<script>document.title = 'owned'</script>",
    "image": "<img src=x onerror=\"document.title='owned'\">",
    "end": "</script><script>document.title = 'owned'</script>",
    "cdata": "]]><b>bold</b>&amp;",
    "formula": '=HYPERLINK("https://example.invalid","x")',
    "turned": "\u202eesrever\u2066 mark\u200f",
    "long": "x" * 32_768,
    "emoji": "Region 🚀👩‍🚀 ünïcödé",
    "lines": "two\nlines\tand\x00\x07control",
    "template": "${document.title = 'owned'}{{data}}{region}",
}
LINK: Final = "javascript:document.title='owned'"


@pytest.fixture(scope="module")
def hostile_page(inventory_of: Maker, written: Callable[[bytes], Path]) -> Path:
    codes = [*HOSTILE.values()]
    inventory = inventory_of({"a": "s"})._replace(
        regions=tuple(
            Region(RegionCode(text), name=text, partition=text, country=text, domain="amazonaws.com") for text in codes
        ),
        services=tuple(Service(ServiceCode(text), name=text, home_page=LINK) for text in codes),
        offerings=tuple(Offering(ServiceCode(text), RegionCode(text), endpoint=text) for text in codes),
    )
    return written(page_file(analyse(inventory)))


@pytest.mark.parametrize(
    "address",
    [
        "#/map",
        "#/world",
        "#/regions",
        "#/services",
        "#/changes",
        "#/findings",
        "#/about",
        "#/map?q=%3Cscript%3E&day=x&from=y",
    ],
)
def test_a_view_shows_texts_as_texts(opened: Opened, hostile_page: Path, address: str) -> None:
    page = opened(address, path=hostile_page)

    assert page.title() == "AWS services by region"
    assert page.locator("main img, main b b, main script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", ["region", "service"])
def test_a_panel_of_a_hostile_code_opens_by_its_address(
    opened: Opened, hostile_page: Path, kind: str, name: str
) -> None:
    page = opened(path=hostile_page)

    page.evaluate(
        "([kind, code]) => { location.hash = `#/${kind}/${encodeURIComponent(code)}`; }", [kind, HOSTILE[name]]
    )
    page.wait_for_selector("#panel h2")
    heading = page.inner_text("#panel h2")
    assert "Unknown" not in heading
    assert len(heading) <= 120
    assert "\u202e" not in page.inner_text("#panel")
    assert page.title() == "AWS services by region"
    assert page.locator("#panel a[href^='javascript']").count() == 0
    assert page.locator("#panel img, #panel script").count() == 0


def test_the_map_takes_away_hostile_texts_as_they_are_but_for_formulas(opened: Opened, hostile_page: Path) -> None:
    page = opened("#/services", path=hostile_page)

    page.click("#take summary")
    with page.expect_download() as download:
        page.click("text=Download CSV")
    rows = list(csv.reader(io.StringIO(download.value.path().read_bytes().decode(), newline="")))
    codes = {row[rows[0].index("Code")] for row in rows[1:]}
    assert codes == {*HOSTILE.values()} - {HOSTILE["formula"]} | {f"'{HOSTILE['formula']}"}
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_a_file_of_markdown_has_no_markup_of_others(opened: Opened, hostile_page: Path) -> None:
    page = opened("#/services", path=hostile_page)

    page.click("#take summary")
    with page.expect_download() as download:
        page.click("text=Download Markdown")
    text = download.value.path().read_text()
    assert "<script>" not in text.replace("\\<", "")
    assert len(text.splitlines()) == 4 + len(HOSTILE)


def test_a_name_that_is_searched_for_as_markup_is_said_as_text(opened: Opened, hostile_page: Path) -> None:
    page = opened(path=hostile_page)

    page.fill("#q", "<b>nothing</b>")
    assert "“<b>nothing</b>”" in page.inner_text("#view")
