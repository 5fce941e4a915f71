"""What one does with the page, done in a real browser on the real data."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.model.categories import category_of
from aws_ssm_fetcher.outputs.brief.worth import how_sure, worth_a_look
from aws_ssm_fetcher.outputs.csv import csv_file
from aws_ssm_fetcher.outputs.tables import service_matrix
from aws_ssm_fetcher.processors.history.as_of import difference, offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import bundled_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from aws_ssm_fetcher.core.model.analysis import Analysis, RegionProfile
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Region

    Opened = Callable[..., Page]

pytestmark = pytest.mark.browser

VIEWS: Final = (
    "map",
    "world",
    "regions",
    "services",
    "compare/eu-central-1/eu-south-2",
    "changes",
    "findings",
    "about",
)
PANELS: Final = ("region/eu-south-2", "service/bedrock", "service/bedrock/ap-east-1")
ADDRESSES: Final = tuple(f"#/{path}" for path in (*VIEWS, *PANELS))


@pytest.fixture(scope="module")
def history() -> History:
    return load_history(bundled_history(), "bundled")


def exported(page: Page, entry: str = "Download CSV") -> str:
    """Take what is on screen away, as a file."""
    page.click("#take summary")
    with page.expect_download() as download:
        page.click(f"text={entry}")
    text: str = download.value.path().read_text()
    return text


def table(page: Page) -> list[list[str]]:
    return list(csv.reader(io.StringIO(exported(page))))


def size(page: Page) -> tuple[int, int]:
    """Read how many services and regions the map shows."""
    grid = page.locator(".twin")
    return int(grid.get_attribute("aria-rowcount") or 0) - 1, int(grid.get_attribute("aria-colcount") or 0) - 1


def test_the_whole_map_is_the_service_matrix(opened: Opened, real_analysis: Analysis) -> None:
    page = opened()

    assert page.title() == "AWS services by region"
    assert size(page) == (405, 39)
    rows = table(page)
    expected = list(csv.reader(io.StringIO(csv_file(service_matrix(real_analysis)).decode())))
    place = [rows[0].index(title) for title in expected[0]]
    assert sorted([row[at] for at in place] for row in rows) == sorted(expected)


def test_a_search_narrows_services_and_regions_and_is_in_the_address(opened: Opened) -> None:
    page = opened()

    page.fill("#q", "bedrock spain")

    assert size(page)[1] == 1
    assert {row[0] for row in table(page)[1:]} >= {"bedrock"}
    assert table(page)[0][2:] == ["eu-south-2"]
    assert page.url.endswith("#/map?q=bedrock+spain")
    assert "regions with “spain”" in page.inner_text(".active")


def test_a_list_with_commas_shows_each_service_that_has_the_name_or_code(opened: Opened) -> None:
    page = opened()

    page.fill("#q", "lambda, Bedrock, msk, neptune, nonsense, spain")

    assert {row[0] for row in table(page)[1:]} == {"lambda", "bedrock", "kafka", "neptune"}
    assert table(page)[0][2:] == ["eu-south-2"]
    assert "no service fits “nonsense”" in page.inner_text(".active")


def test_regions_are_counted_by_how_many_of_the_listed_services_they_have(
    opened: Opened, real_analysis: Analysis
) -> None:
    stack = {"lambda", "bedrock", "kafka", "neptune", "braket"}
    page = opened(f"#/regions?q={','.join(sorted(stack))}")

    rows = table(page)
    at = rows[0].index("Of 5 services chosen")
    expected = Counter(offering.region for offering in real_analysis.inventory.offerings if offering.service in stack)
    assert {row[rows[0].index("Code")]: int(row[at]) for row in rows[1:]} == expected


def test_a_comparison_of_listed_services_shows_also_those_that_no_region_has(opened: Opened) -> None:
    page = opened("#/compare/eu-south-2/eu-central-2?q=lambda,braket")

    assert {row[0]: row[2:] for row in table(page)[1:]} == {"lambda": ["yes", "yes"], "braket": ["no", "no"]}
    assert "In none of them: 1" in page.inner_text("#view")


def test_changes_come_with_what_to_look_at_and_how_sure_they_are(opened: Opened, tracked: Analysis) -> None:
    page = opened("#/changes")

    text = page.inner_text("#view")
    assert [line for line in (*worth_a_look(tracked), *how_sure(tracked)) if line not in text] == []


def test_what_waits_for_a_decision_stands_above_the_findings(opened: Opened, tracked: Analysis) -> None:
    (strand,) = tracked.quarantined_strands

    page = opened("#/findings")

    assert page.inner_text("#view").index(strand.message) < page.inner_text("#view").index("Warnings")


def test_a_search_that_finds_nothing_says_what_to_loosen(opened: Opened) -> None:
    page = opened("#/map?q=nonsense&geography=Europe")

    assert "No service fits “nonsense”" in page.inner_text("#view")
    page.click("#view >> text=the search")
    assert size(page) == (405, 9)


def test_the_list_below_the_search_opens_a_service_by_the_keyboard(opened: Opened) -> None:
    page = opened()

    page.type("#q", "amazon s3")
    assert page.inner_text("#suggestions li >> nth=0").startswith("Amazon Simple Storage Service")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == "Amazon Simple Storage Service (S3)"


@pytest.mark.parametrize(
    ("name", "value", "regions"),
    [
        ("geography", "Europe", 9),
        ("partition", "aws-cn", 2),
        ("country", "JP", 2),
        ("optin", "yes", 17),
        ("zones", "6", 1),
    ],
)
def test_a_filter_keeps_the_regions_that_fit(
    opened: Opened, real_analysis: Analysis, name: str, value: str, regions: int
) -> None:
    page = opened()

    page.select_option(f"#by-{name}", value)

    profiles = zip(real_analysis.inventory.regions, real_analysis.region_profiles, strict=True)
    tests: dict[str, Callable[[Region, RegionProfile], bool]] = {
        "geography": lambda region, _: region.code.startswith(("eu-", "eusc-")),
        "partition": lambda region, _: region.partition == value,
        "country": lambda region, _: region.country == value,
        "optin": lambda _, profile: profile.opt_in is True,
        "zones": lambda _, profile: (profile.availability_zones or 0) >= int(value),
    }
    fitting = sum(tests[name](region, profile) for region, profile in profiles)
    assert (size(page)[1], fitting) == (fitting, regions)


def test_rows_are_sorted_by_coverage_and_columns_by_similarity(opened: Opened, real_analysis: Analysis) -> None:
    page = opened("#/map?rows=coverage")

    page.select_option("#by-columns", "like")
    page.select_option("#by-like", "eu-south-2")

    rows = table(page)
    counts = [row[2:].count("1") for row in rows[1:]]
    assert counts == sorted(counts, reverse=True)
    codes: list[str] = [region.code for region in real_analysis.inventory.regions]
    nearest = real_analysis.regions[codes.index("eu-south-2")].nearest
    assert nearest is not None
    own = [code for code in rows[0][2:] if code in {item.region for item in nearest}]
    assert rows[0][2] == "eu-south-2"
    assert own == [entry.region for entry in nearest]


def test_only_what_differs_between_chosen_regions_is_shown(opened: Opened, real_analysis: Analysis) -> None:
    page = opened()
    page.select_option("#pick", "eu-central-1")
    page.select_option("#pick", "eu-south-2")

    page.check("text=only what differs")

    offered = {(offering.region, offering.service) for offering in real_analysis.inventory.offerings}
    single, other = (
        {service for region, service in offered if region == code} for code in ("eu-central-1", "eu-south-2")
    )
    rows = table(page)
    assert rows[0][2:] == ["eu-central-1", "eu-south-2"]
    assert {row[0] for row in rows[1:]} == single ^ other


def test_two_regions_are_compared_side_by_side(opened: Opened, real_analysis: Analysis) -> None:
    page = opened("#/map?pick=eu-central-1,eu-south-2")

    page.click("text=Side by side")

    assert page.url.endswith("#/compare/eu-central-1/eu-south-2")
    offered = {(offering.region, offering.service) for offering in real_analysis.inventory.offerings}
    single, other = (
        {service for region, service in offered if region == code} for code in ("eu-central-1", "eu-south-2")
    )
    assert f"{len(single & other)} services in all of them, {len(single ^ other)} in some only" in page.inner_text(
        "#view"
    )
    assert {row[0]: row[2:] for row in table(page)[1:]} == {
        service: ["yes" if service in single else "no", "yes" if service in other else "no"]
        for service in single ^ other
    }


@pytest.mark.parametrize("day", ["2022-03-01", "2024-02-10", "2025-06-30"])
def test_the_map_of_a_day_is_that_day_of_the_history(opened: Opened, history: History, day: str) -> None:
    page = opened(f"#/map?day={day}")

    rows = table(page)
    shown = {(rows[0][at], row[0]) for row in rows[1:] for at in range(2, len(row)) if row[at] == "1"}
    moment = next(run.taken for run in reversed(history.runs) if f"{run.taken:%Y-%m-%d}" <= day)
    assert shown == offerings_as_of(history, moment)


def test_the_slider_goes_from_snapshot_to_snapshot_by_the_keyboard(opened: Opened, history: History) -> None:
    page = opened()
    page.focus("#day")

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")

    day = f"{history.runs[-3].taken:%Y-%m-%d}"
    assert page.url.endswith(f"#/map?day={day}")
    assert page.inner_text("output.day") == day
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("#/map")


def test_the_history_plays_from_its_beginning_to_its_end(opened: Opened, history: History) -> None:
    page = opened(f"#/map?day={history.runs[-4].taken:%Y-%m-%d}")

    page.click("#play")
    assert "Pause" in page.inner_text("#play")
    page.wait_for_selector("#play >> text=Play")
    assert page.url.endswith("#/map")


def test_what_two_days_differ_in_is_counted_and_listed(opened: Opened, history: History) -> None:
    page = opened("#/map?from=2025-10-01")

    earlier = next(run.taken for run in reversed(history.runs) if f"{run.taken:%Y-%m-%d}" <= "2025-10-01")
    changed = difference(history, earlier, history.runs[-1].taken)
    words = f"{len(changed.added)} arrivals and {len(changed.removed)} removals"
    assert words in page.inner_text(".compared-note")
    page.click("text=List them")
    listed = {(kind, region, service) for kind, service, region in table(page)[1:]}
    assert listed == {
        *(("added", *pair) for pair in changed.added),
        *(("removed", *pair) for pair in changed.removed),
    }


def test_a_deep_link_opens_the_same_and_the_back_button_goes_back(opened: Opened) -> None:
    page = opened("#/service/bedrock/ap-east-1?geography=Europe")

    assert page.inner_text("#panel h2") == "Amazon Bedrock"
    assert "Amazon Bedrock in Asia Pacific (Hong Kong): not available." in page.inner_text("#panel")
    assert size(page)[1] == 9
    page.click("#panel >> text=About the region")
    assert page.inner_text("#panel h2") == "Asia Pacific (Hong Kong)"
    page.click("#tabs >> text=Changes")
    assert page.inner_text("#view h2") == "What changed"
    page.go_back()
    assert page.inner_text("#panel h2") == "Asia Pacific (Hong Kong)"
    page.go_back()
    assert page.inner_text("#panel h2") == "Amazon Bedrock"
    page.go_forward()
    assert page.inner_text("#panel h2") == "Asia Pacific (Hong Kong)"


def test_the_map_is_read_and_opened_by_the_keyboard(opened: Opened) -> None:
    page = opened("#/map?q=bedrock")
    page.focus(".twin")

    for key in ("ArrowRight", "ArrowRight", "Home", "End"):
        page.keyboard.press(key)
    active = page.locator(f"#{page.locator('.twin').get_attribute('aria-activedescendant')}")
    assert (active.text_content() or "").startswith("Amazon Bedrock in South America (Sao Paulo): available")
    page.keyboard.press("Enter")
    assert page.url.endswith("#/service/bedrock/sa-east-1?q=bedrock")
    page.keyboard.press("Escape")
    assert page.url.endswith("#/map?q=bedrock")
    assert page.evaluate("document.activeElement.className") == "twin"


def test_every_control_is_reached_by_the_tab_key_and_shows_its_focus(opened: Opened) -> None:
    page = opened()
    seen: list[Any] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(({id, className, tagName}) => [id, className, tagName])(document.activeElement)"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        marked_within = seen[-1][0] == "from"  # a date field marks the part that is typed in
        assert outline != "none" or marked_within or seen[-1][1] == "twin" or seen[-1][2] == "BODY", seen[-1]

    reached = {item[0] for item in seen}
    assert reached >= {"theme", "q", "pick", "by-geography", "by-columns", "play", "day", "from"}
    assert "twin" in {entry[1] for entry in seen}


def test_a_pointer_on_a_cell_shows_its_sentence_and_a_click_opens_it(opened: Opened) -> None:
    page = opened("#/map?q=bedrock spain")
    edge = page.locator(".map-size canvas").bounding_box()
    assert edge is not None
    row = next(at for at, cells in enumerate(table(page)[1:]) if cells[0] == "bedrock")

    page.mouse.move(edge["x"] + 264 + 10, edge["y"] + 148 + 21 * row + 10)
    assert re.fullmatch(
        r"Amazon Bedrock in Europe \(Spain\): available, arrived between [\d-]+ and [\d-]+; "
        r"\d+ of \d+ resource types; endpoint in the region\.",
        page.inner_text("#tip"),
    )
    page.mouse.click(edge["x"] + 264 + 10, edge["y"] + 148 + 21 * row + 10)
    assert page.inner_text("#panel h2") == "Amazon Bedrock"


def test_a_region_without_a_list_of_resource_types_is_unknown_and_not_complete(opened: Opened) -> None:
    page = opened("#/service/apigateway/eusc-de-east-1")

    assert "available, resource types unknown" in page.inner_text(".legend")
    assert "resource types unknown: AWS's schemas list none for the region" in page.inner_text("#panel")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_gives_its_table_as_csv_and_as_markdown(opened: Opened, view: str) -> None:
    page = opened(f"#/{view}")

    rows = table(page)
    markdown = exported(page, "Download Markdown").splitlines()
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert markdown[0].startswith("## ")
    assert len(markdown) == len(rows) + 3


def test_what_is_on_screen_is_copied_as_a_table(opened: Opened) -> None:
    page = opened("#/regions?geography=Europe")

    page.click("#take summary")
    page.click("text=Copy as table")
    page.wait_for_selector("#announce >> text=Copied 9 rows.", state="attached")
    page.focus("#q")
    page.keyboard.press("Control+V")
    assert page.input_value("#q").startswith("Region\tCode\tGeography")
    assert "Europe (Frankfurt)\teu-central-1\tEurope\tGermany" in page.input_value("#q")


def test_a_table_is_sorted_by_a_click_on_a_heading(opened: Opened) -> None:
    page = opened("#/regions")

    page.click("button[data-sort=launched]")
    first = page.inner_text("tbody tr >> nth=0 >> th")
    page.click("button[data-sort=launched]")
    assert (first, page.inner_text("tbody tr >> nth=0 >> th")) == (
        "US East (N. Virginia)",
        "AWS European Sovereign Cloud (Germany)",
    )
    assert page.get_attribute("th[aria-sort]", "aria-sort") == "descending"


def test_dark_follows_the_system_until_somebody_chooses(opened: Opened) -> None:
    page = opened(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"

    dark = page.evaluate(background)
    page.click("#theme")
    light = page.evaluate(background)
    assert (dark, light) == ("rgb(16, 22, 29)", "rgb(255, 255, 255)")
    page.reload()
    page.wait_for_selector("#tabs a[aria-current]")
    assert page.evaluate(background) == light


@pytest.mark.parametrize("width", [390, 768, 1440, 2560])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_wider_than_the_window_but_the_map(opened: Opened, address: str, width: int) -> None:
    page = opened(address, width=width, height=844)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.body.scrollWidth") <= width


def test_a_printed_map_is_a_table(opened: Opened) -> None:
    page = opened("#/map?q=bedrock")

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".printed tbody tr").count() == size(page)[0]
    assert page.locator(".printed thead th").count() == 40
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".printed").count() == 0
    assert len(page.pdf()) > 10_000


def test_the_findings_and_the_score_are_those_of_the_analysis(opened: Opened, real_analysis: Analysis) -> None:
    page = opened("#/findings")

    quality = real_analysis.quality
    assert f"Quality {quality.score} of 100, grade {quality.grade}" in page.inner_text("#view")
    assert [row[:2] for row in table(page)[1:]] == [
        [finding.severity, finding.rule] for finding in real_analysis.findings
    ]


def test_a_panel_of_a_region_lists_what_is_missing(opened: Opened, real_analysis: Analysis) -> None:
    page = opened("#/region/eu-south-2")

    codes: list[str] = [region.code for region in real_analysis.inventory.regions]
    figures = real_analysis.regions[codes.index("eu-south-2")]
    text = page.inner_text("#panel")
    assert f"{figures.services} services" in text
    assert f"rank {figures.rank} of {len(codes)}" in text
    assert figures.missing is not None
    assert f"{len(figures.missing)} services missing here" in text
    assert figures.nearest is not None
    assert f"{100 * figures.nearest[0].similarity:.1f} %" in text


def test_an_unknown_code_in_the_address_is_said(opened: Opened) -> None:
    page = opened("#/service/bedrok")

    assert "Unknown service “bedrok”" in page.inner_text("#panel")


def test_what_is_printed_from_a_dark_page_is_dark_on_white(opened: Opened) -> None:
    page = opened("#/regions", color_scheme="dark")

    page.emulate_media(media="print", color_scheme="dark")
    colours = "(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.body))"
    assert page.evaluate(colours) == ["rgb(23, 33, 44)", "rgb(255, 255, 255)"]


def test_services_are_filtered_and_grouped_by_category(opened: Opened) -> None:
    page = opened("#/map?category=ai")
    expected = {service for service in other_codes(page) if category_of(service) == "ai"}

    assert {row[0] for row in table(page)[1:]} == expected
    page.select_option("#by-category", "")
    page.select_option("#by-group", "category")
    ordered = [category_of(row[0]) or "~" for row in table(page)[1:]]
    assert ordered == sorted(ordered)
    headings = len(set(ordered))
    assert size(page)[0] == 405 + headings


def other_codes(page: Page) -> list[str]:
    """Read the codes of all services from the data of the page."""
    packed = page.text_content("#data") or ""
    content = json.loads(zlib.decompress(base64.b64decode(packed), 31))
    return [service["code"] for service in content["services"]]
