"""Make the README's pictures of the page, from the bundled snapshot.

``make screenshots`` writes ``docs/images/page-*.png``: a run into a folder of its own, its page opened in the system's
Chromium. Equal data, program and fonts give equal pictures; the age of the snapshot is counted from the day of the run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES: Final = Path(__file__).parent.parent / "docs/images"
PROGRAMS: Final = ("chromium", "google-chrome")
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: which view, in which window."""

    name: str
    address: str
    width: int = 1440
    height: int = 900
    scheme: Literal["light", "dark"] = "light"


PICTURES: Final = (
    Picture("page-map", "#/map"),
    Picture("page-service-dark", "#/service/bedrock/eu-south-2", scheme="dark"),
    Picture("page-changes", "#/changes"),
)


def main() -> int:
    """Make all pictures."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        print(f"None of {', '.join(PROGRAMS)} is installed", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as store, sync_playwright() as playwright:
        command = [sys.executable, "-m", "aws_ssm_fetcher", "run", "--quiet", "--store", store]
        subprocess.run(command, check=True)  # noqa: S603 - our own program
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS])
        page = Path(store, "reports/latest/index.html").as_uri()
        for picture in PICTURES:
            take(browser, page, picture)
        browser.close()
    return 0


def take(browser: Browser, page: str, picture: Picture) -> None:
    """Take one picture."""
    window = browser.new_page(viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.scheme)
    window.goto(f"{page}{picture.address}")
    window.wait_for_selector("#tabs a[aria-current]")
    path = IMAGES / f"{picture.name}.png"
    window.screenshot(path=path)
    window.close()
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    sys.exit(main())
