"""Draw the Mermaid diagrams of the documentation as SVG files, for the built site.

``make diagrams`` writes ``docs/images/diagrams/PAGE-NUMBER.svg`` for each ``mermaid`` block. GitHub draws the blocks
itself; a site that loads nothing from other hosts needs pictures. It takes Mermaid from npm and draws with the
system's Chromium. Each file begins with the SHA-256 of its block, by which ``docs/conf.py`` finds a stale one.
"""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS: Final = Path(__file__).parent.parent / "docs"
DIAGRAMS: Final = DOCS / "images/diagrams"
MERMAID: Final = "mermaid@11.17.2"
SCRIPT: Final = "package/dist/mermaid.min.js"
BLOCK: Final = re.compile(r"(?ms)^```mermaid\n(.*?)^```\n")
PROGRAMS: Final = ("chromium", "google-chrome")
FLAGS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
DRAWING: Final = """<!doctype html><meta charset="utf-8"><script src="mermaid.min.js"></script><pre id="drawn"></pre>
<script>
mermaid.initialize({startOnLoad: false, htmlLabels: false, flowchart: {htmlLabels: false}, deterministicIds: true,
  theme: "neutral", themeCSS: "svg { background: white }"});
mermaid.render("diagram", document.getElementById("source").textContent).then(({svg}) => {
  const drawn = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
  const box = drawn.viewBox.baseVal;
  drawn.setAttribute("width", Math.ceil(box.width));
  drawn.setAttribute("height", Math.ceil(box.height));
  drawn.style.backgroundColor = "white";
  document.getElementById("drawn").textContent = new XMLSerializer().serializeToString(drawn);
});
</script>
"""


def diagrams() -> Iterator[tuple[Path, str]]:
    """Yield each diagram's file and its source."""
    for page in sorted(DOCS.rglob("*.md")):
        for number, source in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1):
            yield DIAGRAMS / f"{page.stem}-{number}.svg", source


def first_line(source: str) -> str:
    """Return the first line of the file of a diagram."""
    return f"<!-- {hashlib.sha256(source.encode()).hexdigest()} -->\n"


def draw(source: str, folder: Path, program: str) -> str:
    """Draw a diagram in a folder that has Mermaid, and return the SVG."""
    page = folder / "diagram.html"
    described = f'<script type="text/plain" id="source">{source}</script>'
    page.write_text(DRAWING.replace("<script>\n", f"{described}<script>\n", 1), encoding="utf-8")
    command = [program, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000", "--dump-dom"]
    done = subprocess.run([*command, page.as_uri()], check=True, capture_output=True, text=True)  # noqa: S603 - named in full
    [drawn] = re.findall(r'(?s)<pre id="drawn">(.*?)</pre>', done.stdout)
    return html.unescape(drawn)


def main() -> int:
    """Draw all of them."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    npm = shutil.which("npm")
    if program is None or npm is None:
        print("Chromium and npm are needed (Debian: apt-get install chromium npm)", file=sys.stderr)
        return 1
    shutil.rmtree(DIAGRAMS, ignore_errors=True)
    DIAGRAMS.mkdir(parents=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([npm, "pack", "--silent", MERMAID], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - named in full
        [packed] = folder.glob("*.tgz")
        with tarfile.open(packed) as archive:
            archive.extract(SCRIPT, folder, filter="data")
        (folder / SCRIPT).rename(folder / "mermaid.min.js")
        for path, source in diagrams():
            path.write_text(f"{first_line(source)}{draw(source, folder, program)}\n", encoding="utf-8")
            print(path.relative_to(DOCS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
