"""The page as the site serves it: over HTTP, below the policy that Terraform sets on every answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.browser

ADDRESS: Final = "https://site.invalid/"
VARIABLES: Final = Path(__file__).parents[2] / "terraform/modules/site/variables.tf"


def test_the_page_works_below_the_policy_of_the_site(browser: Browser, real_page: Path) -> None:
    result = re.search(
        r'variable "content_security_policy" \{.*?default +=\s"(.*?)"\n', VARIABLES.read_text(), re.DOTALL
    )
    assert result is not None
    headers = {"Content-Security-Policy": result[1], "Content-Type": "text/html; charset=utf-8"}
    asked: list[str] = []
    output: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=real_page.read_text(), headers=headers)

    page = browser.new_page()
    page.on("console", lambda message: output.append(message.text))
    page.on("pageerror", lambda error: output.append(str(error)))
    page.route("**/*", answer)
    page.goto(f"{ADDRESS}#/service/bedrock")
    page.wait_for_selector("#tabs a[aria-current]")
    assert page.inner_text("#panel h2") == "Amazon Bedrock"
    page.click("#take summary")
    with page.expect_download() as download:
        page.click("text=Download CSV")
    assert download.value.suggested_filename == "services-by-region-2026-10-27.csv"
    feed = page.get_attribute("#panel a[href$='.atom.xml']", "href")
    assert feed == "feeds/services/bedrock/changes.atom.xml"
    page.close()
    assert (asked, output) == ([ADDRESS], [])


def test_the_page_of_a_run_links_to_the_feeds_among_the_latest(browser: Browser, real_page: Path) -> None:
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body=real_page.read_text(), content_type="text/html"))
    page.goto(f"{ADDRESS}reports/2026/10/27/20261027T000000Z/index.html#/region/eu-south-2")
    page.wait_for_selector("#panel h2")

    href = page.evaluate("document.querySelector(\"#panel a[href$='.atom.xml']\").href")
    page.evaluate("location.hash = '#/about'")
    page.wait_for_selector(".files")
    others = page.evaluate("[...document.querySelectorAll('.files a')].slice(-2).map((link) => link.href)")
    page.close()
    assert others == [f"{ADDRESS}reports/latest/{name}" for name in ("feeds/calendar.ics", "api/v1/index.json")]
    assert href == f"{ADDRESS}reports/latest/feeds/regions/eu-south-2/changes.atom.xml"
