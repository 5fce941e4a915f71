"""Write into each Terraform module's README.md what it takes and gives, as its variables and outputs say.

``python tools/make_module_pages.py`` writes the tables behind each page's own words; a test fails while one is stale.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

MODULES: Final = Path(__file__).parent.parent / "terraform/modules"
_BLOCK: Final = re.compile(r'(?ms)^(variable|output) "(\w+)" \{\n(.*?)^\}')
_DESCRIPTION: Final = re.compile(r'(?m)^  description = "(.*)"$')


def pages() -> list[Path]:
    """Return the page of each module."""
    return sorted(path.parent / "README.md" for path in MODULES.glob("*/main.tf"))


def page(path: Path) -> str:
    """Return a page with its own words and regenerated tables."""
    own = path.read_text().partition("## Takes\n")[0].rstrip()
    source = "".join(file.read_text() for file in sorted(path.parent.glob("*.tf")))
    takes = ["| Variable | Needed | Meaning |", "|---|---|---|"]
    gives = ["| Output | Meaning |", "|---|---|"]
    for kind, name, body in _BLOCK.findall(source):
        meaning = "".join(_DESCRIPTION.findall(body)).replace("|", "\\|").replace('\\"', '"')
        if kind == "output":
            gives.append(f"| `{name}` | {meaning} |")
        else:
            needed = "no" if re.search(r"(?m)^  default +=", body) else "yes"
            takes.append(f"| `{name}` | {needed} | {meaning} |")
    return "\n".join([own, "", "## Takes", "", *takes, "", "## Gives", "", *gives, ""])


def main() -> None:
    """Write them."""
    for path in pages():
        path.write_text(page(path))


if __name__ == "__main__":
    main()
