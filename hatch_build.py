"""The addresses in the package's metadata: those of the repository that builds it, from ``REPOSITORY_URL``.

A fork's package then points to the fork, and one that is built on a desk to nothing.
"""

from __future__ import annotations

import os

from hatchling.metadata.plugin.interface import MetadataHookInterface

PLACES = {
    "Source": "",
    "Documentation": "/tree/main/docs",
    "Changelog": "/blob/main/CHANGELOG.md",
    "Issues": "/issues",
}


class Addresses(MetadataHookInterface):
    """Adds ``urls`` to the project's metadata."""

    def update(self, metadata: dict[str, object]) -> None:
        """Set the addresses, if the repository is known."""
        repository = os.environ.get("REPOSITORY_URL", "").rstrip("/")
        metadata["urls"] = {name: repository + place for name, place in PLACES.items()} if repository else {}
