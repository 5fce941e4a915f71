"""Check a built site: every link within it leads somewhere, and nothing in it is loaded from another host.

``python tools/check_site.py build/docs`` names each link to a page or an anchor that is not there, and each script,
style, font or picture that a browser would ask another host for.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}
UNLOADED_RELATIONS = {"canonical", "search", "index", "next", "prev", "author", "license"}


@dataclass
class SitePage(HTMLParser):
    """What a page links to, loads, and can be linked to at."""

    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Get ready to parse."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one element."""
        given = {name: value or "" for name, value in attrs}
        self.anchors.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADED and LOADED[tag] in given and not {*given.get("rel", "").split()} & UNLOADED_RELATIONS:
            self.loaded.append(given[LOADED[tag]])


def read(path: Path) -> SitePage:
    """Parse a page."""
    page = SitePage()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def problems(site: Path) -> list[str]:
    """List what is wrong with a site."""
    pages = {path.resolve(): read(path) for path in sorted(site.rglob("*.html"))}
    failures = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        failures += [f"{name}: loads {address} from another host" for address in page.loaded if _is_elsewhere(address)]
        failures += [f"{name}: {link} leads nowhere" for link in page.links if not _leads_somewhere(path, link, pages)]
        failures += [
            f"{name}: {address} is not there"
            for address in page.loaded
            if not _is_elsewhere(address) and not _is_there(path, address)
        ]
    return failures


def main() -> int:
    """Check the site that is named."""
    site = Path(sys.argv[1])
    failures = problems(site)
    print("\n".join(failures) or f"{len([*site.rglob('*.html')])} pages, every link of which leads somewhere")
    return int(bool(failures))


def _is_elsewhere(address: str) -> bool:
    return bool(urlsplit(address).netloc)


def _is_there(path: Path, address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "data" or not parts.path or (path.parent / unquote(parts.path)).is_file()


def _leads_somewhere(path: Path, link: str, pages: dict[Path, SitePage]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True  # of another host, which nobody asks here
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target not in pages:
        return target.is_file()
    return not parts.fragment or unquote(parts.fragment) in pages[target].anchors


if __name__ == "__main__":
    sys.exit(main())
