"""What is applied is applied with the provider that it was tested with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import check_terraform

if TYPE_CHECKING:
    import pytest

TERRAFORM: Final = Path(__file__).parent.parent.parent / "terraform"
ROOTS: Final = [TERRAFORM / "bootstrap", *(TERRAFORM / "environments" / name for name in ("dev", "staging", "prod"))]


def test_everything_that_is_applied_is_locked_to_one_and_the_same_provider() -> None:
    locks = {(root / check_terraform.LOCK).read_text() for root in ROOTS}

    assert len(locks) == 1
    assert check_terraform.provider_versions(ROOTS) == {"aws 5.100.0"}


def test_a_lock_has_the_hashes_of_the_registry_and_of_the_machines_that_developers_and_workflows_have() -> None:
    lock = (ROOTS[0] / check_terraform.LOCK).read_text()

    assert len(re.findall(r'"zh:[0-9a-f]{64}"', lock)) == 15
    assert len(re.findall(r'"h1:[A-Za-z0-9+/]{43}="', lock)) == 2


def test_a_lock_is_kept_in_the_repository_and_that_of_a_module_is_not() -> None:
    names = [f"terraform/{name}/{check_terraform.LOCK}" for name in ("bootstrap", "environments/prod", "modules/site")]

    ignored = subprocess.run(["git", "check-ignore", *names], cwd=TERRAFORM.parent, capture_output=True, text=True)  # noqa: S603, S607, PLW1510 - ours; 1 says that none is

    assert ignored.stdout.split() == names[2:]


def test_the_newest_provider_is_tried_on_a_copy_without_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(check_terraform, "UNLOCKED", tmp_path / "copy")

    copy = check_terraform.unlocked_copy()

    assert list(copy.rglob(check_terraform.LOCK)) == []
    assert len(check_terraform.directories(copy)) == len(check_terraform.directories())
