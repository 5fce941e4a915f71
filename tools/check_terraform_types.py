"""Check that ``fits`` decides every resource type and data source of Terraform's AWS provider.

``python tools/check_terraform_types.py [WHEEL]``: downloads the Python bindings of one release of the provider, 70 MB,
unless their wheel is given; nothing of it is kept. A module's first lines link the documentation of its resource::

    # `aws_sqs_queue`

    Refer to the Terraform Registry for docs: [`aws_sqs_queue`](https://…/hashicorp/aws/6.69.1/docs/resources/sqs_queue).

Ends with 1 if a type is in none of the tables: add a line for it to ``tools/aliases.toml``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final, NamedTuple

from aws_ssm_fetcher.core.model.aliases import terraform_type_decision

BINDINGS: Final = "cdktn-provider-aws==25.8.1"
"""Of provider 6.69.1. The provider's own release is in no package registry."""
_HEAD: Final = 600
"""Bytes; the link is in the first three lines."""
_LINK: Final = re.compile(rb"/hashicorp/aws/([\d.]+)/docs/(resources|data-sources)/(\w+)\)")


class Checked(NamedTuple):
    """What was found."""

    provider: str
    """The provider's release: ``6.69.1``."""
    resources: int
    data_sources: int
    undecided: tuple[str, ...]


def check(wheel: Path) -> Checked:
    """Check all types that the bindings have."""
    releases: set[str] = set()
    names: dict[str, set[str]] = {"resources": set(), "data-sources": set()}
    with zipfile.ZipFile(wheel) as archive:
        for module in archive.namelist():
            if not module.endswith("/__init__.py"):
                continue
            with archive.open(module) as text:
                link = _LINK.search(text.read(_HEAD))
            if link is not None:
                release, kind, name = (group.decode() for group in link.groups())
                releases.add(release)
                names[kind].add(f"aws_{name}")
    undecided = sorted(name for kind in names.values() for name in kind if terraform_type_decision(name) is None)
    return Checked(
        " and ".join(sorted(releases)), len(names["resources"]), len(names["data-sources"]), tuple(undecided)
    )


def download(place: Path) -> Path:
    """Download the bindings and return their wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", str(place), BINDINGS], check=True)  # noqa: S603 - our own interpreter
    (wheel,) = place.glob("*.whl")
    return wheel


def main(arguments: list[str]) -> int:
    """Check a wheel, or the pinned one."""
    with tempfile.TemporaryDirectory() as place:
        checked = check(Path(arguments[0]) if arguments else download(Path(place)))
    for name in checked.undecided:
        print(f"{name} is in none of the tables")
    print(
        f"provider {checked.provider}: {checked.resources} resource types, {checked.data_sources} data sources, "
        f"{len(checked.undecided)} undecided"
    )
    return 1 if checked.undecided or not checked.resources else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
