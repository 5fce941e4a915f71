"""The page of the latest run, opened."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def page_in(store: Path) -> Path:
    page = store / "reports" / "latest" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("a page")
    return page


def opened(store: Path, browser: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aws_ssm_fetcher", "open", "--store", str(store)]
    environment = os.environ | {"BROWSER": browser, "DISPLAY": "", "PATH": str(store)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own program


def test_the_page_of_the_latest_run_is_opened_in_the_browser(tmp_path: Path) -> None:
    page = page_in(tmp_path)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/address\n')
    browser.chmod(0o755)

    done = opened(tmp_path, f"{browser} %s")
    assert (done.returncode, done.stdout) == (0, f"{page.resolve()}\n")
    assert (tmp_path / "address").read_text() == f"{page.resolve().as_uri()}\n"


def test_where_no_browser_is_found_the_path_is_printed_and_that_is_said(tmp_path: Path) -> None:
    page = page_in(tmp_path)

    done = opened(tmp_path, "")
    assert (done.returncode, done.stdout) == (1, f"{page.resolve()}\n")
    assert "No browser could be started: open that file in one." in done.stderr


def test_the_path_alone_is_printed_if_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = page_in(tmp_path)

    with pytest.raises(SystemExit) as ended:
        main(["open", "--print", "--store", str(tmp_path)])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"{page.resolve()}\n")


def test_without_a_report_the_command_that_makes_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["open", "--store", str(tmp_path)])
    assert ended.value.code == 1
    assert f'Create one with "aws-ssm-fetcher run --store {tmp_path}"' in capsys.readouterr().err
