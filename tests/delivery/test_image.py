"""The image runs without root, and what it holds is pinned and works on every processor."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text()


def test_nothing_runs_in_the_last_stage_so_that_no_other_processor_is_emulated() -> None:
    first, last = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]

    assert first.startswith("--platform=$BUILDPLATFORM ")
    assert re.findall(r"(?m)^RUN ", last) == []


def test_the_user_is_a_number_and_not_root() -> None:
    [user] = re.findall(r"(?m)^USER (\d+):(\d+)$", DOCKERFILE)

    assert "0" not in user


def test_every_dependency_that_is_installed_is_checked_by_its_hash() -> None:
    installed = re.findall(r"pip install ([^\n&\\]*)", DOCKERFILE)

    assert [line for line in installed if "--require-hashes" not in line and "--no-deps" not in line] == []


def test_everything_that_is_copied_from_the_checkout_is_let_through() -> None:
    copied = [name for line in re.findall(r"(?m)^COPY (?!--from)(.+)$", DOCKERFILE) for name in line.split()[:-1]]

    let_through = re.findall(r"(?m)^!(.+)$", (ROOT / ".dockerignore").read_text())
    assert sorted(copied) == sorted(let_through)
    assert [name for name in copied if not (ROOT / name).exists()] == []
