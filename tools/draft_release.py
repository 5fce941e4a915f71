"""Draft a release on GitHub: the changelog's section of its version as text, the files of ``release/`` attached.

``python tools/draft_release.py --tag v1.2.3 [--dry-run]`` calls ``gh``. A person publishes the draft.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).parent.parent


class DraftRefusedError(Exception):
    """What cannot be released; the message says what to change."""


def section(changelog: str, version: str) -> str:
    """Return what the changelog says of a version."""
    match = re.search(rf"(?ms)^## \[?{re.escape(version)}\]?[^\n]*\n(.*?)(?=^## |\Z)", changelog)
    if match is None or not match[1].strip():
        raise DraftRefusedError(f"CHANGELOG.md has no section {version}. Rename Unreleased to it.")
    return match[1].strip() + "\n"


def version_of(tag: str, stated: str = __version__) -> str:
    """Return the version that a tag names. Raises DraftRefusedError if the package has another one."""
    version = tag.removeprefix("v")
    if version != stated:
        raise DraftRefusedError(f"The tag is {tag} and the package {stated}. Set __version__ and tag again.")
    return version


def command(tag: str, notes: Path, files: Sequence[Path]) -> list[str]:
    """Return the call of ``gh``."""
    title = tag.removeprefix("v")
    return ["gh", "release", "create", tag, "--draft", "--verify-tag", "--title", title, "--notes-file", str(notes)] + [
        str(path) for path in files
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Draft it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tag", required=True)
    parser.add_argument("--release", type=Path, default=ROOT / "release")
    parser.add_argument("--dry-run", action="store_true", help="print the text and the call, and make neither")
    options = parser.parse_args(arguments)
    files = sorted(path for path in options.release.rglob("*") if path.is_file())
    try:
        text = section((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version_of(options.tag))
    except DraftRefusedError as error:
        print(error, file=sys.stderr)
        return 1
    notes = options.release.parent / "build/notes.md"
    called = command(options.tag, notes, files)
    if options.dry_run:
        print(text, " ".join(called), sep="\n")
        return 0
    notes.parent.mkdir(exist_ok=True)
    notes.write_text(text, encoding="utf-8")
    return subprocess.run(called, check=False).returncode  # noqa: S603 - ours


if __name__ == "__main__":
    sys.exit(main())
