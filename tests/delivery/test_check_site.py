"""A link that leads nowhere is named, and so is whatever a browser would ask another host for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from check_site import problems

if TYPE_CHECKING:
    from pathlib import Path


def test_links_to_missing_pages_and_anchors_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h1 id="top"></h1><a href="b.html"></a><a href="b.html#there"></a><a href="b.html#not"></a>'
        '<a href="c.html"></a><a href="#top"></a><a href="#nowhere"></a><a href="https://example.com/x"></a>'
    )
    (tmp_path / "b.html").write_text('<h2 id="there"></h2>')

    assert problems(tmp_path) == [
        "a.html: b.html#not leads nowhere",
        "a.html: c.html leads nowhere",
        "a.html: #nowhere leads nowhere",
    ]


def test_what_another_host_or_nobody_has_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("")
    (tmp_path / "a.html").write_text(
        '<link rel="stylesheet" href="a.css?v=1"><script src="https://cdn.example.com/x.js"></script>'
        '<img src="data:image/png;base64,AA"><img src="b.png"><link rel="canonical" href="https://example.com/a">'
    )

    assert problems(tmp_path) == [
        "a.html: loads https://cdn.example.com/x.js from another host",
        "a.html: b.png is not there",
    ]
