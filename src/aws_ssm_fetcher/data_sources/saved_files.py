"""Read the files of an archive: plain, gzip, zip, folders and standard input, in the encodings that shells write."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.data_sources.saved_formats import ADVICE
from aws_ssm_fetcher.data_sources.zip_errors import ZIP_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import IO

LARGEST_BYTES: Final = 256_000_000  # unpacked; both subtrees with all fields are under 30 MB
MOST_MEMBERS: Final = 20_000  # of a folder or zip file: pages of ten parameters are under 6,000
STANDARD_INPUT: Final = "-"
_SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".txt", ".tsv")
_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZIP_MAGIC: Final = b"PK\x03\x04"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),  # what ">" writes in Windows PowerShell
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SavedFile(NamedTuple):
    """One file of text, wherever it was."""

    name: str
    """For messages: ``archive.zip/regions.json``."""
    text: str


def read_files(paths: Iterable[Path]) -> Iterator[SavedFile]:
    """Yield the files at these paths as text; of a folder or zip file those whose names end like saved answers.

    Raises ``DocumentRefusedError`` for a file that cannot be read, unpacked or decoded.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(str(path), _bytes(path))


def _folder(path: Path) -> Iterator[SavedFile]:
    try:
        files = [file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")]
    except OSError as error:
        raise _refused(str(path), "a folder that can be read", error.strerror or str(error)) from error
    wanted = sorted((file for file in files if _is_wanted(file.name)), key=lambda file: _natural(str(file)))
    _check_members(str(path), len(wanted))
    for file in wanted:
        yield from _file(str(file), _bytes(file))


def _file(name: str, body: bytes) -> Iterator[SavedFile]:
    if body.startswith(_ZIP_MAGIC):
        yield from _zip(name, body)
    else:
        yield SavedFile(name, _text(name, _unpacked(name, body) if body.startswith(_GZIP_MAGIC) else body))


def _zip(name: str, body: bytes) -> Iterator[SavedFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir() and _is_wanted(member.filename)]
            _check_members(name, len(members))
            # One limit for all members together: a zip of many small bombs fills memory as well.
            left = LARGEST_BYTES
            for member in sorted(members, key=lambda member_info: _natural(member_info.filename)):
                with archive.open(member) as packed:  # its stated size may be a lie, so what is read is counted
                    unpacked = _bounded(packed, name, left)
                inner = f"{name}/{member.filename}"
                # By its content: the member may have any name.
                if unpacked.startswith(_GZIP_MAGIC):
                    unpacked = _unpacked(inner, unpacked, left)
                left -= len(unpacked)
                yield SavedFile(inner, _text(inner, unpacked))
    except ZIP_ERRORS as error:
        raise _refused(name, "a zip file that can be read", str(error)) from error


def _bytes(path: Path) -> bytes:
    if str(path) == STANDARD_INPUT:
        return _bounded(sys.stdin.buffer, "standard input")
    try:
        with path.open("rb") as file:
            return _bounded(file, str(path))
    except OSError as error:
        raise _refused(str(path), "a file that can be read", error.strerror or str(error)) from error


def _unpacked(name: str, body: bytes, limit: int | None = None) -> bytes:
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            return _bounded(packed, name, limit)
    except (OSError, EOFError, zlib.error) as error:
        raise _refused(name, "a complete gzip file", str(error)) from error


def _bounded(file: IO[bytes] | gzip.GzipFile, name: str, limit: int | None = None) -> bytes:
    limit = LARGEST_BYTES if limit is None else limit
    # One byte more than allowed shows that there is more, without reading all of it.
    body = file.read(limit + 1)
    if len(body) > limit:
        raise _refused(name, "a saved tree", f"more than {LARGEST_BYTES // 1_000_000} MB when unpacked")
    return body


def _text(name: str, body: bytes) -> str:
    # Windows PowerShell redirects in UTF-16 with a mark; a file without one is UTF-8.
    encoding = next((encoding for mark, encoding in _BOMS if body.startswith(mark)), "utf-8")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        actual = f"bytes that are not {error.encoding.upper()}, at byte {error.start}"
        raise _refused(name, "text in UTF-8 or UTF-16", actual) from error


def _is_wanted(name: str) -> bool:
    plain = name.lower().removesuffix(".gz")
    # macOS puts "__MACOSX" and "._" files into zips.
    return plain.endswith(_SUFFIXES) and not name.rpartition("/")[2].startswith((".", "__MACOSX"))


def _natural(name: str) -> list[tuple[int, str]]:
    """Order ``page-10`` after ``page-9``."""
    # At most 18 digits: Python parses no number of more than 4,300.
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]{1,18})", name)]


def _check_members(name: str, count: int) -> None:
    if not count:
        raise _refused(name, f"files that end in {', '.join(_SUFFIXES)} (.gz)", "none of them")
    if count > MOST_MEMBERS:
        raise _refused(name, f"at most {MOST_MEMBERS:,} files", f"{count:,}")


def _refused(name: str, expected: str, actual: str) -> DocumentRefusedError:
    return DocumentRefusedError(name, expected=expected, found=actual, advice=ADVICE)
