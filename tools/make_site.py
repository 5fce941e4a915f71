"""Make a site of the newest report: the page as ``index.html``, beside it feeds, JSON and CSV.

``python tools/make_site.py [--source bundled] [--store .cache/site] [--output site]`` runs the command and copies
``reports/latest/``. Any web server can serve the folder; nothing in it asks another host.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.page import PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).parent.parent


def make_site(store: Path, output: Path) -> Path:
    """Copy the newest report of a store to a folder that a web server serves, and return its page."""
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(store / keys.LATEST, output)
    (output / ".nojekyll").touch()  # else GitHub Pages leaves out what begins with an underscore
    return output / PAGE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, copy, and say where the page is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", default="bundled", choices=["bundled", "aws"])
    parser.add_argument("--store", type=Path, default=ROOT / ".cache/site")
    parser.add_argument("--output", type=Path, default=ROOT / "site")
    options = parser.parse_args(arguments)
    command = [sys.executable, "-m", "aws_ssm_fetcher", "run", "--source", options.source, "--quiet"]
    done = subprocess.run([*command, "--store", str(options.store)], check=False)  # noqa: S603 - ours
    if done.returncode:
        return done.returncode
    print(make_site(options.store, options.output))
    return 0


if __name__ == "__main__":
    sys.exit(main())
