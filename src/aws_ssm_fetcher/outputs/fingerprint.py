"""What a report is made from, as one SHA-256: a report that would be written again unchanged is not rendered again."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xlsxwriter

import aws_ssm_fetcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_RENDERING: Final = ("core", "outputs")
"""The parts of the package whose code and tables decide what a file of the report looks like."""


def fingerprint(documents: Iterable[bytes | None], settings: Sequence[object]) -> str:
    """Return the SHA-256 of documents, settings and the code that renders them; *settings* are values JSON can have."""
    digests = [document and hashlib.sha256(document).hexdigest() for document in documents]
    inputs = json.dumps([rendering_code(), digests, settings])
    return hashlib.sha256(inputs.encode()).hexdigest()


@cache
def rendering_code() -> str:
    """Return the SHA-256 of the code and tables that render reports; it takes 7 ms, once a process.

    The version of the package would not do: it stays while code is worked on.
    """
    digest = hashlib.sha256(f"xlsxwriter {xlsxwriter.__version__}\n".encode())
    for name, path in sorted(_files()):
        digest.update(f"{name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    """Yield the files with their names in the package, whose folders may be in several places."""
    for place in map(Path, aws_ssm_fetcher.__path__):
        for part in _RENDERING:
            for path in (place / part).rglob("*"):
                if path.is_file() and path.suffix != ".pyc":
                    yield path.relative_to(place).as_posix(), path
