"""Metadata that depend on the repository that builds the package: its addresses, and the links of the README.

``REPOSITORY_URL`` has the address. A fork's package then points to the fork, and a local build to nothing.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

PLACES = {
    "Source": "",
    "Documentation": "/tree/main/docs",
    "Changelog": "/blob/main/CHANGELOG.md",
    "Issues": "/issues",
}
RELATIVE_LINK = re.compile(r"(!?\[[^\]]*\])\((?![a-z]+://|#)([^)]+)\)")


def with_absolute_links(readme: str, repository: str) -> str:
    """Return the README with links into the repository as addresses, since a package index shows it too."""

    def absolute(link: re.Match[str]) -> str:
        view = "raw" if link[1].startswith("!") else "blob"  # a page about a picture is no picture
        return f"{link[1]}({repository}/{view}/main/{link[2]})"

    return RELATIVE_LINK.sub(absolute, readme) if repository else readme


class Addresses(MetadataHookInterface):
    """Adds ``urls`` and the README to the project's metadata."""

    def update(self, metadata: dict[str, object]) -> None:
        """Set the addresses, if the repository is known."""
        repository = os.environ.get("REPOSITORY_URL", "").rstrip("/")
        metadata["urls"] = {name: repository + place for name, place in PLACES.items()} if repository else {}
        readme = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": with_absolute_links(readme, repository)}
