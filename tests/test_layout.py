"""The layout of the package: folders that one can take in at a glance, and modules that carry a concept."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

import aws_ssm_fetcher

PACKAGE: Final = Path(aws_ssm_fetcher.__file__).parent
MODULES: Final = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
FOLDERS: Final = sorted({path.parent for path in MODULES})
MOST_MODULES: Final = 15
MOST_WITH_A_PREFIX: Final = 3
SHORT: Final = 30  # lines
SHORT_AND_FOR_ONE: Final = {
    "cli/run/sources.py": "what loads boto3 stands apart from the commands that do without",
    "mcp/definitions.py": "the words of answers, as an agent reads them",
    "outputs/api/not_found.py": "a page of its own",
    "processors/history/reach.py": "what each analysis states and no question asks",
}


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("folder", FOLDERS, ids=relative)
def test_a_folder_can_be_taken_in_at_a_glance(folder: Path) -> None:
    names = [path.stem for path in MODULES if path.parent == folder]
    prefixes = Counter(name.split("_")[0] for name in names)

    assert len(names) <= MOST_MODULES
    assert [name for name in names if name.startswith(f"{folder.name.removesuffix('s')}_")] == []
    assert {prefix: count for prefix, count in prefixes.items() if count > MOST_WITH_A_PREFIX} == {}


def test_a_short_module_has_several_importers_or_carries_a_concept() -> None:
    imported = [imports(path) for path in MODULES]
    short = [path for path in MODULES if len(path.read_text().splitlines()) < SHORT]
    for_one = {relative(path) for path in short if sum(dotted(path) in names for names in imported) == 1}

    assert for_one == set(SHORT_AND_FOR_ONE)


def dotted(path: Path) -> str:
    return ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts))


def imports(path: Path) -> set[str]:
    """List the modules that a module imports, at its top or later."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names
