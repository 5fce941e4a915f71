"""Make the resource types that ship with the package, from a pinned release of cfn-lint.

Run it with ``make resource-types`` after moving the pin; cfn-lint is downloaded, checked by its hash and read, never
installed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.core.documents.resource_types import counts_of
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store.keys import run_id_of
from aws_ssm_fetcher.data_sources.resource_types.bundled import TYPES_FILE
from aws_ssm_fetcher.data_sources.resource_types.cfn_lint import instance_lists, taken_of, type_names_in
from aws_ssm_fetcher.data_sources.resource_types.compact import dump_compact

RELEASE: Final = "1.58.0"
WHEEL_SHA256: Final = "9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987"
SHIPPED: Final = Path(__file__).parent.parent / "src/aws_ssm_fetcher/data_sources/shipped"


def main() -> int:
    """Write the bundled document."""
    inventory = resource_types_of(download(RELEASE, WHEEL_SHA256), RELEASE, WHEEL_SHA256)
    packed = gzipped(dump_compact(inventory))
    (SHIPPED / TYPES_FILE).write_bytes(packed)
    print(f"cfn-lint {RELEASE} of {inventory.taken:%Y-%m-%d} in {len(packed) / 1000:.0f} KB: {counts_of(inventory)}")
    print(f"Unknown: {', '.join(inventory.types.unknown)}")
    return 0


def resource_types_of(wheel: bytes, release: str, sha256: str) -> ResourceTypes:
    """Return the inventory of a release: every region that it names, those with a copied list or none as unknown."""
    taken = taken_of(wheel)
    source = TypesSource("bundled", f"cfn-lint {release}", taken, sha256)
    instances = instance_lists(wheel, source)
    types = name_lists(source, type_names_in(wheel), expected=instances.regions)
    return ResourceTypes(run_id_of(taken), taken, types, instances)


def download(release: str, sha256: str) -> bytes:
    """Return a release's wheel. pip refuses one with another hash."""
    with tempfile.TemporaryDirectory() as folder:
        pin = Path(folder) / "pin.txt"
        pin.write_text(f"cfn-lint=={release} --hash=sha256:{sha256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--require-hashes", "--requirement", str(pin), "--dest", folder]
        subprocess.run(command, check=True)  # noqa: S603 - our own interpreter
        [wheel] = Path(folder).glob("*.whl")
        return wheel.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
