"""Build the files of a release in ``release/``, the same bytes wherever and whenever.

``python tools/make_release.py [--packages dist] [--output release]`` writes::

    release/python/aws_ssm_data_fetcher-….whl, ….tar.gz     for the package index
    release/lambda-packages.zip                             dist/, as make packages left it
    release/sbom.cdx.json                                   its libraries, as CycloneDX 1.6
    release/aws_ssm_data-….whl                              the bundled data alone
    release/aws-services-by-region.html                     the page of the bundled snapshot, a file for a browser
    release/SHA256SUMS                                      of all of them

Wheel and sdist are built twice, and a difference ends the build.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.page import PAGE
from make_data_package import bundled_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell
MODE: Final = 0o100644 << 16
SBOM: Final = "sbom.cdx.json"
SUMS: Final = "SHA256SUMS"
PAGE_FILE: Final = "aws-services-by-region.html"


class ReleaseRefusedError(Exception):
    """What must not be published as it is."""


def python_files(root: Path) -> dict[str, bytes]:
    """Build wheel and sdist once, and return them by name."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--target", "sdist"]
        env = {**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONWARNINGS": "ignore"}  # 1980-01-01
        subprocess.run([*command, "--directory", folder], cwd=root, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def reproduced(root: Path) -> dict[str, bytes]:
    """Build twice, and refuse what differs."""
    first, second = python_files(root), python_files(root)
    differing = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    if differing:
        raise ReleaseRefusedError(f"Not the same bytes when built again: {', '.join(differing)}")
    return first


def zip_of_folder(folder: Path) -> bytes:
    """Pack a folder, sorted and without times."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.external_attr, entry.compress_type = MODE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue()


def published_data() -> dict[str, bytes]:
    """Return the bundled data as a distribution and as a page."""
    wheel = bundled_wheel()
    with TemporaryDirectory() as store:
        command = [sys.executable, "-m", "aws_ssm_fetcher", "run", "--quiet", "--store", store]
        subprocess.run(command, check=True)  # noqa: S603 - ours
        page = Path(store, keys.LATEST, PAGE).read_bytes()
    return {wheel.name: wheel.body, PAGE_FILE: page}


def release_files(root: Path, packages: Path, data: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a release by their names below ``release/``."""
    if not (packages / "manifest.json").is_file():
        raise ReleaseRefusedError(f"There are no packages in {packages}/: make packages")
    return {
        **{f"python/{name}": body for name, body in reproduced(root).items()},
        "lambda-packages.zip": zip_of_folder(packages),
        SBOM: (packages / SBOM).read_bytes(),
        **data,
    }


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the lines of ``sha256sum`` for files given by name."""
    return "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(files.items())).encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, write, and print the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, default=ROOT / "dist")
    parser.add_argument("--output", type=Path, default=ROOT / "release")
    options = parser.parse_args(arguments)
    try:
        files = release_files(ROOT, options.packages, published_data())
    except ReleaseRefusedError as error:
        print(error, file=sys.stderr)
        return 1
    shutil.rmtree(options.output, ignore_errors=True)
    for name, body in {**files, SUMS: sums(files)}.items():
        path = options.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    print(sums(files).decode(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
