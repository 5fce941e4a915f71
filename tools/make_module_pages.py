"""Write the inputs and outputs of each Terraform module into its README.md.

``python tools/make_module_pages.py`` makes the tables from the descriptions of variables and outputs; a test fails
while one is stale.
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
    own = path.read_text().partition("## Inputs\n")[0].rstrip()
    source = "".join(file.read_text() for file in sorted(path.parent.glob("*.tf")))
    inputs = ["| Variable | Needed | Meaning |", "|---|---|---|"]
    outputs = ["| Output | Meaning |", "|---|---|"]
    for kind, name, body in _BLOCK.findall(source):
        meaning = "".join(_DESCRIPTION.findall(body)).replace("|", "\\|").replace('\\"', '"')
        if kind == "output":
            outputs.append(f"| `{name}` | {meaning} |")
        else:
            needed = "no" if re.search(r"(?m)^  default +=", body) else "yes"
            inputs.append(f"| `{name}` | {needed} | {meaning} |")
    return "\n".join([own, "", "## Inputs", "", *inputs, "", "## Outputs", "", *outputs, ""])


def main() -> None:
    """Write them."""
    for path in pages():
        path.write_text(page(path))


if __name__ == "__main__":
    main()
