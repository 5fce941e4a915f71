"""Records that say which run and which stage they belong to."""

from __future__ import annotations

import io
import json
import logging
from contextvars import copy_context
from datetime import UTC, date, datetime
from threading import Thread
from typing import Any

import pytest

from aws_ssm_fetcher.core.logging import ROOT_LOGGER, configure, stage
from aws_ssm_fetcher.core.model.codes import RunId

LOGGER = logging.getLogger(f"{ROOT_LOGGER}.somewhere")
RUN = RunId("run-7")


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def test_a_line_for_people_names_level_stage_and_run(stream: io.StringIO) -> None:
    configure("INFO", stream, as_json=False)
    with stage("fetch", RUN):
        LOGGER.info("%d pages", 3)

    assert stream.getvalue() == "INFO fetch run-7: 3 pages\n"


def test_a_json_line_holds_the_record_its_place_and_every_extra_field(stream: io.StringIO) -> None:
    configure("INFO", stream, as_json=True)
    with stage("fetch", RUN):
        LOGGER.info("%d pages\nof \N{SNOWMAN}", 3, extra={"pages": 3, "region": "eu-west-3", "at": date.max})

    (line,) = lines(stream)
    assert datetime.fromisoformat(line.pop("time")).tzinfo == UTC
    assert line == {
        "level": "INFO",
        "logger": "aws_ssm_fetcher.somewhere",
        "message": "3 pages\nof \N{SNOWMAN}",
        "run_id": "run-7",
        "stage": "fetch",
        "pages": 3,
        "region": "eu-west-3",
        "at": "9999-12-31",
    }


def test_a_json_line_of_an_exception_holds_its_traceback(stream: io.StringIO) -> None:
    configure("INFO", stream, as_json=True)
    try:
        raise KeyError("the cause")  # noqa: TRY301 - the logged traceback must be a real one
    except KeyError:
        LOGGER.exception("It broke")

    (line,) = lines(stream)
    assert (line["message"], line["error"].splitlines()[-1]) == ("It broke", "KeyError: 'the cause'")


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_each_record_takes_one_place_and_a_stage_ends_where_its_block_does(
    stream: io.StringIO, *, as_json: bool
) -> None:
    configure("INFO", stream, as_json=as_json)
    LOGGER.info("before")
    with stage("fetch", RUN):
        LOGGER.info("outer")
        with stage("process", RunId("run-8")):
            LOGGER.info("inner")
        LOGGER.info("outer again")
    LOGGER.info("after")

    assert places(stream, as_json=as_json) == [
        ("-", "-", "before"),
        ("fetch", "run-7", "outer"),
        ("process", "run-8", "inner"),
        ("fetch", "run-7", "outer again"),
        ("-", "-", "after"),
    ]


def test_a_stage_ends_when_its_block_fails(stream: io.StringIO) -> None:
    configure("INFO", stream, as_json=True)
    with pytest.raises(ValueError, match="broken"), stage("fetch", RUN):
        raise ValueError("broken")
    LOGGER.info("after")

    assert places(stream, as_json=True) == [("-", "-", "after")]


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_a_record_of_a_thread_that_was_reported_nothing_has_run_and_stage_as_well(
    stream: io.StringIO, *, as_json: bool
) -> None:
    configure("INFO", stream, as_json=as_json)
    told_nothing = Thread(target=LOGGER.info, args=("from a thread",))
    told_nothing.start()
    told_nothing.join()

    assert places(stream, as_json=as_json) == [("-", "-", "from a thread")]


def test_a_thread_that_is_handed_the_context_belongs_to_the_run(stream: io.StringIO) -> None:
    configure("INFO", stream, as_json=True)
    with stage("fetch", RUN):
        handed = Thread(target=copy_context().run, args=(LOGGER.info, "from a thread"))
        handed.start()
        handed.join()

    assert places(stream, as_json=True) == [("fetch", "run-7", "from a thread")]


def test_only_records_from_the_level_up_are_written(stream: io.StringIO) -> None:
    configure("WARNING", stream, as_json=True)
    LOGGER.info("quiet")
    LOGGER.warning("loud")

    assert [line["message"] for line in lines(stream)] == ["loud"]


def test_configuring_again_moves_the_records_and_doubles_none(stream: io.StringIO) -> None:
    first = io.StringIO()
    configure("INFO", first, as_json=True)
    configure("INFO", stream, as_json=False)
    LOGGER.info("once")

    assert (first.getvalue(), stream.getvalue()) == ("", "INFO - -: once\n")


def test_records_of_this_package_reach_no_other_handler(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    configure("INFO", stream, as_json=True)
    LOGGER.info("ours")

    assert (capsys.readouterr(), caplog.records) == (("", ""), [])


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def places(stream: io.StringIO, *, as_json: bool) -> list[tuple[str, str, str]]:
    """Return stage, run id and message of each record written."""
    if as_json:
        return [(line["stage"], line["run_id"], line["message"]) for line in lines(stream)]
    records = (line.split(": ", 1) for line in stream.getvalue().splitlines())
    return [(place.split(" ")[1], place.split(" ")[2], message) for place, message in records]


def test_a_line_of_text_cannot_be_forged_by_a_name_in_it() -> None:
    out = io.StringIO()
    configure("INFO", out, as_json=False)

    logging.getLogger("aws_ssm_fetcher.test").warning("Gap: %s", "a\nERROR fetch -: all is lost\x1b[2J")
    assert out.getvalue() == "WARNING - -: Gap: a\ufffdERROR fetch -: all is lost\ufffd[2J\n"


def test_a_traceback_cannot_forge_a_line_either() -> None:
    out = io.StringIO()
    configure("INFO", out, as_json=False)

    error = ValueError("a\nERROR fetch -: all is lost\x1b[2J\r")
    logging.getLogger("aws_ssm_fetcher.test").error("Failed", exc_info=error)
    first, *rest = out.getvalue().removesuffix("\n").split("\n")

    assert first == "ERROR - -: Failed"
    assert rest[-1] == "  ERROR fetch -: all is lost\ufffd[2J\ufffd"
    assert all(line.startswith("  ") and line.isprintable() for line in rest)


def test_a_json_line_has_no_control_characters() -> None:
    out = io.StringIO()
    configure("INFO", out, as_json=True)

    logging.getLogger("aws_ssm_fetcher.test").warning("Gap: %s", "a\n\x1b[2J\x9b2J\u2028\u202e\u00e9")
    line = out.getvalue().removesuffix("\n")

    assert line.isprintable()
    assert json.loads(line)["message"] == "Gap: a\n\x1b[2J\x9b2J\u2028\u202e\u00e9"
