"""What the extras bring: pinned for trying the package as a user installs it, and missed with advice."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from command_line import exit_code

if TYPE_CHECKING:
    import pytest

ROOT: Final = Path(__file__).parent.parent.parent
TRIED: Final = ("sql", "fits", "mcp")
"""Those that the README has an example of."""


def test_the_extras_of_the_readme_are_pinned() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    wanted = {re.split(r"[<>=]", name)[0] for extra in TRIED for name in extras[extra]}
    lines = (ROOT / "requirements/extras.in").read_text().splitlines()
    listed = {re.split(r"[<>=]", line)[0] for line in lines if line[0] not in "#-"}

    assert listed == wanted
    page = (ROOT / "docs/reference/support.md").read_text()
    assert re.findall(r"(?m)^\| `(\w+)` \|", page.partition("## Extras")[2]) == list(extras)
    assert listed <= set(re.findall(r"(?m)^([\w-]+)==", (ROOT / "requirements/extras.txt").read_text()))


def test_without_the_extra_mcp_it_is_said_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "aws_ssm_fetcher.mcp.server", raising=False)
    monkeypatch.setitem(sys.modules, "anyio", None)

    assert exit_code("mcp") == 1
    assert "The MCP SDK is not installed. Install it with: pip install 'mcp>=2.3,<3'" in capsys.readouterr().err
