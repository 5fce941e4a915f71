"""The reference of the Python API names exactly what there is, and the notebook runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

import aws_ssm_fetcher
from aws_ssm_fetcher.api.dataset import Dataset
from aws_ssm_fetcher.api.past import Past

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
PAGE: Final = (DOCS / "reference/python.md").read_text(encoding="utf-8")
NOTEBOOK: Final = DOCS / "how-to/use-it-in-a-notebook.ipynb"


def documented(section: str) -> list[str]:
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"(?m)^\| `(\w+)` \|", text)


def public(kind: type) -> set[str]:
    fields: dict[str, Any] = getattr(kind, "__dataclass_fields__", {})
    return {name for name in {*vars(kind), *fields} if not name.startswith("_")}


def test_every_name_of_the_package_is_documented() -> None:
    assert sorted(documented("Names")) == aws_ssm_fetcher.__all__


@pytest.mark.parametrize(("section", "kind"), [("Dataset", Dataset), ("Past", Past)])
def test_every_attribute_and_method_is_documented(section: str, kind: type) -> None:
    assert sorted(documented(section)) == sorted(public(kind))


def test_the_notebook_runs_and_shows_what_it_computed(bundled: Dataset) -> None:
    assert bundled.run_id  # opened already, so that the notebook's own is fast
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}

    shown = [_run("".join(cell["source"]), names) for cell in cells]

    assert shown == ["".join(cell["outputs"][0]["data"]["text/plain"]) if cell["outputs"] else "None" for cell in cells]


def _run(source: str, names: dict[str, Any]) -> str:
    """Run a cell as a notebook does: the value of its last line, if that is an expression, is shown."""
    *lines, last = source.rstrip().split("\n")
    exec("\n".join(lines), names)  # noqa: S102 - our own notebook
    try:
        code = compile(last, "cell", "eval")
    except SyntaxError:
        exec(last, names)  # noqa: S102 - see above
        return "None"
    return repr(eval(code, names))  # noqa: S307 - see above
