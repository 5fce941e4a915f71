"""The documentation as a site: the Markdown as it is, with a menu, a search that works offline, and checked links.

Pages are written to be read on GitHub too. So links that lead out of ``docs/``, to modules and schemas, become
addresses of the repository if ``REPOSITORY_URL`` names it, and plain text otherwise; and diagrams, which GitHub draws
from Mermaid, become the pictures that ``make diagrams`` made of them.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING, Final

from sphinx.util.logging import getLogger

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

project = "aws-ssm-data-fetcher"
copyright = "the aws-ssm-data-fetcher maintainers"  # noqa: A001 - as Sphinx calls it
extensions = ["myst_parser"]
exclude_patterns = ["conf.py"]
myst_heading_anchors = 4
nitpicky = True
html_theme = "furo"
html_title = project
html_show_sphinx = False
html_copy_source = False
suppress_warnings = ["misc.highlighting_failure"]  # a command of several lines, which the console lexer cannot follow
pygments_style = "default"

REPOSITORY: Final = os.environ.get("REPOSITORY_URL", "").rstrip("/")
MENU: Final = """

```{toctree}
:hidden:
:glob:
:caption: %s

%s/*
```
"""
SECTIONS: Final = {
    "Tutorial": "tutorial",
    "How-to": "how-to",
    "Runbook": "runbook",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "explanation/decisions",
}
LOGGER: Final = getLogger(__name__)
_DIAGRAM: Final = re.compile(r"(?ms)^```mermaid\n(.*?)^```\n")
_OUTSIDE: Final = re.compile(r"\[([^\]]+)\]\((?:\.\./)+((?!http)[^)]*)\)")


def adapt(app: Sphinx, name: str, source: list[str]) -> None:
    """Add a menu to the index, pictures of diagrams, and addresses to links out of the documentation."""
    depth = name.count("/") + 1
    for number, diagram in enumerate(_DIAGRAM.findall(source[0]), 1):
        picture = f"images/diagrams/{name.rpartition('/')[2]}-{number}.svg"
        app.env.note_dependency(picture)
        if _is_of(app.srcdir / picture, diagram):
            source[0] = source[0].replace(f"```mermaid\n{diagram}```\n", f"![Diagram](/{picture})\n", 1)
        else:
            LOGGER.warning("%s is missing or stale: make diagrams", picture, location=name)
    source[0] = _OUTSIDE.sub(lambda link: _outside(link, depth), source[0])
    if name == "index":
        there = {title: folder for title, folder in SECTIONS.items() if (app.srcdir / folder).is_dir()}
        source[0] += "".join(MENU % section for section in there.items())


def setup(app: Sphinx) -> None:
    """Register it."""
    app.connect("source-read", adapt)


def _is_of(picture: Path, diagram: str) -> bool:
    """Return whether a picture was made of a diagram: its first line has the diagram's SHA-256."""
    digest = hashlib.sha256(diagram.encode()).hexdigest()
    return picture.is_file() and picture.read_text(encoding="utf-8").startswith(f"<!-- {digest} -->\n")


def _outside(link: re.Match[str], depth: int) -> str:
    """Return a link as it is if it stays within the documentation, else as an address or as text."""
    if link[0].count("../") < depth:
        return link[0]
    return f"[{link[1]}]({REPOSITORY}/tree/main/{link[2]})" if REPOSITORY else link[1]
