"""The lines at the end of a command that made something."""

from __future__ import annotations

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


def test_the_summary_of_a_report_ends_with_the_path_of_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], perfect_of: Callable[..., Inventory]
) -> None:
    small = perfect_of({"a": "s"})
    DirectoryStore(tmp_path).write(keys.inventory_key(small.taken, small.run_id), run_documents.dump_inventory(small))
    for command in ("process", "report"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--store", str(tmp_path)])
        assert ended.value.code == 0

    printed = capsys.readouterr().out.replace("\n", "")

    page = tmp_path / "reports" / "latest" / "index.html"
    assert page.is_file()
    assert printed.endswith(f" Page     {page}")
