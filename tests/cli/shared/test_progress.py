"""Progress at a terminal."""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING

from aws_ssm_fetcher.cli.shared.progress import drawn
from aws_ssm_fetcher.core.logging import configure

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_line_stands_above_the_bars_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    configure("INFO", sys.stderr, as_json=False)
    log = logging.getLogger("aws_ssm_fetcher.test")

    with drawn() as take_note:
        take_note("Reading", 0, 2)
        log.warning("one")
    log.warning("two")

    assert "\x1b[2KWARNING - -: one\n" in terminal.getvalue()
    assert terminal.getvalue().endswith("WARNING - -: two\n")
