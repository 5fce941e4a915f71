"""Read which resource types a zip of AWS's schemas has, from its directory alone. Pure.

The zip has one file per type, ``aws-lambda-url.json``; the directory stands at its end. A name's capitals follow from
the types that are known already, those of a new type from ``typeName`` in its file.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from aws_ssm_fetcher.core.error_handling import SourceError
from aws_ssm_fetcher.core.text import excerpt
from aws_ssm_fetcher.data_sources.zip_errors import ZIP_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zipfile import ZipInfo

MAX_TYPES: Final = 10_000  # AWS has under 2,000
MAX_SCHEMA_BYTES: Final = 2_000_000  # of one type, unpacked; the longest has 300,000
MAX_NEW_TYPES: Final = 300  # read one by one; more at once are no list of today


class SchemasRefusedError(SourceError):
    """A zip that is none of AWS's schemas. ``code`` says why."""

    def __init__(self, reason: str, *, code: str, passing: bool = False) -> None:
        super().__init__(f"The resource schemas could not be read: {excerpt(reason)}", code=code)
        self.passing = passing
        """Whether it may be over in a moment."""


class SparseFile(io.RawIOBase):
    """A file of which only some bytes are here; others are read when they are needed."""

    def __init__(self, size: int, read_range: Callable[[int, int], bytes], tail: bytes) -> None:
        super().__init__()
        self._size, self._read_range, self._at = size, read_range, 0
        self._held = {size - len(tail): tail}

    def seekable(self) -> bool:
        """Return that it is."""
        return True

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Read from the position on."""
        end = self._size if size < 0 else min(self._at + size, self._size)
        content = self._bytes(self._at, end) if end > self._at else b""
        self._at += len(content)
        return content

    def _bytes(self, start: int, end: int) -> bytes:
        # ZipFile reads the directory in several small reads, all of which the tail answers.
        for first, held in self._held.items():
            if first <= start and end <= first + len(held):
                return held[start - first : end - first]
        self._held[start] = self._read_range(start, end)
        return self._held[start]


def type_names(file: SparseFile | io.BytesIO, known: Iterable[str]) -> frozenset[str]:
    """Return the resource types of a zip of schemas. Raises ``SchemasRefusedError``."""
    # File names are in lower case: "aws-ec2-vpc.json" does not show the capitals of AWS::EC2::VPC.
    by_file = {file_name_of(name): name for name in known}
    try:
        with ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            new = [entry for entry in entries if entry.filename not in by_file]
            if len(new) > MAX_NEW_TYPES:
                raise SchemasRefusedError(f"{len(new):,} files of unknown types", code="WrongContent")
            return _known(entries, by_file) | {_name_in(archive, entry) for entry in new}
    except ZIP_ERRORS as error:
        raise SchemasRefusedError(f"no zip ({error})", code="WrongContent") from error


def file_name_of(name: str) -> str:
    """Return the name of a type's file: ``aws-lambda-url.json`` of ``AWS::Lambda::Url``."""
    return f"{name.replace('::', '-').lower()}.json"


def _check(entries: list[ZipInfo]) -> None:
    if not entries:
        raise SchemasRefusedError("a zip without files", code="WrongContent")
    if len(entries) > MAX_TYPES:
        raise SchemasRefusedError(f"a zip of more than {MAX_TYPES:,} files", code="TooLarge")
    strange = [entry.filename for entry in entries if not entry.filename.endswith(".json") or "/" in entry.filename]
    if strange:
        raise SchemasRefusedError(f"a zip with {strange[0]!a}", code="WrongContent")


def _known(entries: Iterable[ZipInfo], by_file: Mapping[str, str]) -> frozenset[str]:
    return frozenset(by_file[entry.filename] for entry in entries if entry.filename in by_file)


def _name_in(archive: ZipFile, entry: ZipInfo) -> str:
    """Read a new type's name from its schema."""
    with archive.open(entry) as file:
        body = file.read(MAX_SCHEMA_BYTES + 1)
    if len(body) > MAX_SCHEMA_BYTES:
        raise SchemasRefusedError(f"{entry.filename!a} is too long", code="TooLarge")
    try:
        name = json.loads(body)["typeName"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SchemasRefusedError(f"{entry.filename!a} is no schema", code="WrongContent") from error
    # The name inside has to fit the file, since the other types are known by their file names alone.
    if not isinstance(name, str) or file_name_of(name) != entry.filename:
        raise SchemasRefusedError(f"{entry.filename!a} has another type", code="WrongContent")
    return name
