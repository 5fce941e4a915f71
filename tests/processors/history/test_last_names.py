"""What is gone keeps its name in the news."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from timelines import day, history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.changes import LastName
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.feeds import feeds, written
from aws_ssm_fetcher.outputs.json import compact_json_file
from aws_ssm_fetcher.outputs.notifications import messages
from aws_ssm_fetcher.outputs.tables import changes as sheet
from aws_ssm_fetcher.processors.history.changes import news
from aws_ssm_fetcher.processors.history.last_names import last_names
from aws_ssm_fetcher.processors.pipeline import analyse, process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory

ONE, TWO = regions(2)
TOLD = {ONE: "First", TWO: "Second"}
ROBO = LastName("AWS RoboMaker", service=ServiceCode("robomaker"))


def named(inventory: Inventory) -> Inventory:
    return inventory._replace(regions=tuple(region._replace(name=TOLD[region.code]) for region in inventory.regions))


def run(number: float, offered: dict[str, str], **names: str) -> Inventory:
    return named(seen(number, offered, names=names))


RUNS = (
    run(0, {ONE: "phd robomaker s3", TWO: "s3"}, phd="Health", robomaker="RoboMaker", s3="S3"),
    run(1, {ONE: "phd robomaker s3", TWO: "s3"}, phd="Health", robomaker="AWS RoboMaker", s3="S3"),
    run(2, {ONE: "awshealthdashboard s3"}, awshealthdashboard="Health", s3="S3"),
    run(40, {ONE: "awshealthdashboard s3"}, awshealthdashboard="Health", s3="Amazon S3"),
)
LATER = run(80, {ONE: "awshealthdashboard robomaker s3"}, robomaker="Robo again", s3="S3")


def last_names_of(history: History, inventory: Inventory) -> tuple[LastName, ...]:
    return last_names(history, inventory, news(history, Caution(), inventory.taken))


@pytest.fixture
def analysis() -> Analysis:
    history = history_of(*RUNS)
    changes = news(history, Caution(), RUNS[-1].taken)
    return analyse(RUNS[-1])._replace(changes=changes, last_names=last_names(history, RUNS[-1], changes))


def test_what_left_the_record_is_named_as_it_was_last() -> None:
    assert last_names_of(history_of(*RUNS), RUNS[-1]) == (
        LastName("Second", region=RegionCode(TWO)),
        LastName("Health", service=ServiceCode("phd")),
        ROBO,
    )


def test_what_a_later_run_calls_it_does_not_change_what_an_earlier_one_said() -> None:
    assert last_names_of(history_of(*RUNS, LATER), RUNS[-1]) == last_names_of(history_of(*RUNS), RUNS[-1])


def test_of_what_the_record_names_and_of_what_is_no_news_no_last_name_is_reported() -> None:
    assert last_names_of(history_of(*RUNS[:2]), RUNS[1]) == ()
    late = run(700, {ONE: "awshealthdashboard s3"}, awshealthdashboard="Health", s3="Amazon S3")
    assert news(history_of(*RUNS, late), Caution(), day(700)) == ()
    assert last_names_of(history_of(*RUNS, late), late) == ()


def test_news_feeds_notices_and_the_sheet_have_it(analysis: Analysis) -> None:
    [row] = (row for row in sheet(analysis).rows if row[0] == "removed" and row[3] == "robomaker")
    titles = {entry.title for entry in written(analysis).entries}
    [feed] = (feed for feed in feeds(analysis, written(analysis)) if feed.folder == "services/robomaker")
    *_, message = messages(analysis, frozenset())

    assert row[1:5] == (ONE, "First", "robomaker", "AWS RoboMaker")
    assert f"AWS RoboMaker (robomaker) left {ONE}, First" in titles
    assert f"S3 (s3) left {TWO}, Second" not in titles  # it is Amazon S3 by now
    assert f"Amazon S3 (s3) left {TWO}, Second" in titles
    assert feed.title == "AWS RoboMaker (robomaker) by region: changes"
    assert f"AWS RoboMaker (robomaker) left {ONE}, First" in message.notice.body


def test_a_compact_report_and_the_document_carry_it(analysis: Analysis) -> None:
    document = json.loads(compact_json_file(analysis))["last_names"]

    assert {"name": "AWS RoboMaker", "service": "robomaker"} in document
    assert run_documents.load_analysis(run_documents.dump_analysis(analysis), "k") == analysis


def test_an_analysis_of_version_2_0_is_read_as_one_without_last_names(analysis: Analysis) -> None:
    older = json.loads(run_documents.dump_analysis(analysis)) | {"version": "2.0"}
    del older["content"]["last_names"]

    assert run_documents.load_analysis(json.dumps(older).encode(), "k") == analysis._replace(last_names=())


def test_stage_two_puts_them_into_the_analysis() -> None:
    store = MemoryStore()
    for inventory in RUNS:
        key = keys.inventory_key(inventory.taken, inventory.run_id)
        store.write(key, run_documents.dump_inventory(inventory))
        made = process(store, key, caution=Caution(removed_percent=100, lost_regions=9)).key

    assert ROBO in run_documents.load_analysis(store.read(made).body, made).last_names
