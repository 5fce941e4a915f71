"""Standard output may be no terminal, closed, or of a narrow alphabet."""

from __future__ import annotations

import io
import sys

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.layout import show


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def of(encoding: str) -> Terminal:
    return Terminal(io.BytesIO(), encoding=encoding)


def test_a_terminal_is_as_wide_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", of("utf-8"))
    monkeypatch.setenv("COLUMNS", "97")

    assert terminal.width() == 97


@pytest.mark.parametrize("stream", [io.StringIO(), None], ids=["a pipe", "closed"])
@pytest.mark.parametrize(
    ("columns", "width"), [("97", 97), ("", None), ("0", None), ("wide", None), ("-9", None), ("²", None), (None, None)]
)
def test_what_is_no_terminal_is_as_wide_as_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None, columns: str | None, width: int | None
) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)

    assert terminal.width() == width


@pytest.mark.parametrize(
    "question",
    ["findings --severity warning", "history changes --since 2026-10-01", "history growth", "sql --tables"],
)
def test_in_a_pipe_an_answer_is_folded_to_the_columns_that_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    widest = {}
    for columns in ("80", None):
        if columns:
            monkeypatch.setenv("COLUMNS", columns)
        else:
            monkeypatch.delenv("COLUMNS")
        printed = CliRunner().invoke(cli, question.split(), catch_exceptions=False).stdout
        widest[columns] = max(len(line) for line in printed.splitlines() if "://" not in line)

    assert widest["80"] <= 80 < widest[None]


@pytest.mark.parametrize(("encoding", "has"), [("utf-8", True), ("latin-1", False), ("ascii", False)])
def test_a_stream_has_the_characters_of_its_encoding(
    monkeypatch: pytest.MonkeyPatch, encoding: str, *, has: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", of(encoding))

    assert (terminal.has("plain"), terminal.has("▁")) == (True, has)


def test_what_is_closed_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert not terminal.has("plain")


LONG = [f"line {number}" for number in range(30)]
SHORT = LONG[:5]


@pytest.mark.parametrize(
    ("lines", "paged", "no_pager", "is_paged"),
    [(LONG, True, "", True), (SHORT, True, "", False), (LONG, False, "", False), (LONG, True, "1", False)],
    ids=["long", "short", "not an answer", "NO_PAGER"],
)
def test_an_answer_that_is_longer_than_the_terminal_is_paged(
    lines: list[str],
    paged: bool,  # noqa: FBT001 - a parameter of the cases
    no_pager: str,
    is_paged: bool,  # noqa: FBT001 - see above
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    stdout = of("utf-8")
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stdin", of("utf-8"))
    for name, value in {"LINES": "20", "COLUMNS": "80", "PAGER": "cat", "NO_PAGER": no_pager}.items():
        monkeypatch.setenv(name, value)

    show(lines, paged=paged)

    stdout.flush()
    assert isinstance(stdout.buffer, io.BytesIO)
    printed, by_pager = stdout.buffer.getvalue().decode().splitlines(), capfd.readouterr().out.splitlines()
    assert (printed, by_pager) == (([], lines) if is_paged else (lines, []))


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_nothing_is_paged_without_a_terminal_at_both_ends(monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    monkeypatch.setattr(sys, "stdin", of("utf-8"))
    monkeypatch.setattr(sys, "stdout", of("utf-8"))
    monkeypatch.setenv("LINES", "20")
    assert terminal.is_too_long("\n".join(LONG))

    monkeypatch.setattr(sys, stream, io.StringIO())
    assert not terminal.is_too_long("\n".join(LONG))
