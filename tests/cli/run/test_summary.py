"""The lines at the end of a command that made something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory


def test_a_file_of_less_than_a_kilobyte_is_told_by_its_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], perfect_of: Callable[..., Inventory]
) -> None:
    small = perfect_of({"a": "s"})
    DirectoryStore(tmp_path).write(keys.inventory_key(small.taken, small.run_id), run_documents.dump_inventory(small))
    for command in ("process", "report"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--store", str(tmp_path)])
        assert ended.value.code == 0

    told = dict(re.findall(r"(\S+\.\w+)  ([\d,]+ \w+)\n", capsys.readouterr().out))

    latest = tmp_path / "reports" / "latest"
    size = (latest / "changes.csv").stat().st_size
    assert told["changes.csv"] == f"{size} bytes"
    assert told["statistics.csv"] == f"{(latest / 'statistics.csv').stat().st_size / 1000:.0f} KB"
