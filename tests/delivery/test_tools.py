"""Tools that ``make`` runs where only the package is installed import nothing that comes with the tests."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
TARGET: Final = re.compile(r"^[a-z-]+:(?P<needs>[^#\n]*)[^\n]*\n(?P<recipe>(?:\t.*\n)*)", re.MULTILINE)
OURS: Final = {"aws_ssm_fetcher", *(path.stem for path in (ROOT / "tools").glob("*.py"))}


def tools() -> list[str]:
    """List the tools in the recipes of targets that need the environment of a user, and not that of the tests."""
    recipes = [
        target["recipe"]
        for target in TARGET.finditer((ROOT / "Makefile").read_text())
        if "run.stamp" in target["needs"]
    ]
    return sorted({name for recipe in recipes for name in re.findall(r"tools/(\w+)\.py", recipe)})


def imported(tool: str) -> Iterator[str]:
    """Yield the packages that a tool imports, other than the standard library and ours."""
    for node in ast.walk(ast.parse((ROOT / f"tools/{tool}.py").read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        yield from {name.partition(".")[0] for name in names} - sys.stdlib_module_names - OURS


def test_the_makefile_names_such_tools() -> None:
    assert {"account", "first_run", "validate"} <= set(tools())


@pytest.mark.parametrize("tool", tools())
def test_it_imports_only_what_the_package_needs(tool: str) -> None:
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE))
    distributions = packages_distributions()

    assert {name for name in imported(tool) if not pinned.intersection(distributions.get(name, ()))} == set()
