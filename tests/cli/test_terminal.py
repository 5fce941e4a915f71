"""Standard output may be no terminal, closed, or of a narrow alphabet."""

from __future__ import annotations

import io
import sys

import pytest

from aws_ssm_fetcher.cli import terminal


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
def test_what_is_no_terminal_has_no_width(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None) -> None:
    monkeypatch.setattr(sys, "stdout", stream)

    assert terminal.width() is None


@pytest.mark.parametrize(("encoding", "has"), [("utf-8", True), ("latin-1", False), ("ascii", False)])
def test_a_stream_has_the_characters_of_its_encoding(
    monkeypatch: pytest.MonkeyPatch, encoding: str, *, has: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", of(encoding))

    assert (terminal.has("plain"), terminal.has("▁")) == (True, has)


def test_what_is_closed_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert not terminal.has("plain")
