"""A smaller bundle: the bundled snapshot and past of two regions and two services.

A run of it takes 2 s of processor time, one of the whole bundle 7. In a test process ``bundle_of`` puts it in place
of the shipped one; as a program of its own, ``python -m small_bundle run …`` calls the command over it, with the
folder in the environment variable ``SMALL_BUNDLE``.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from short_past import REGIONS, SERVICES, short_history

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.data_sources import bundled
from aws_ssm_fetcher.processors.history import bundled as bundled_past

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.ports import Parameter


def write_bundle(folder: Path) -> None:
    """Write the files of the smaller bundle into a folder."""
    tree = bundled.bundled_tree()
    pages = [page for subtree in ("regions", "services") for page in tree.pages(subtree, recursive=True)]
    kept = [parameter for page in pages for parameter in page if _is_kept(parameter)]
    (folder / "tree.json.gz").write_bytes(bundled.pack(kept))
    (folder / "history.jsonl.gz").write_bytes(short_history())
    for name in ("origin.json", "region-launches.json"):
        (folder / name).write_bytes((bundled._SHIPPED / name).read_bytes())  # noqa: SLF001 - a test moves it


@contextmanager
def bundle_of(folder: Path) -> Iterator[None]:
    """Read the bundle from a folder for the time of a block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled, "_SHIPPED", folder)
        patch.setattr(bundled_past, "_SHIPPED", folder / "history.jsonl.gz")
        bundled_past.bundled_past.cache_clear()
        yield
    bundled_past.bundled_past.cache_clear()


def _is_kept(parameter: Parameter) -> bool:
    kept = {"regions": REGIONS, "services": SERVICES}
    return all(code in kept[folder] for folder, code in pairwise(parameter.path.split("/")) if folder in kept)


if __name__ == "__main__":
    with bundle_of(Path(os.environ["SMALL_BUNDLE"])):
        main()
