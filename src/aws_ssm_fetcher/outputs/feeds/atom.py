"""A feed as Atom.

Source: https://www.rfc-editor.org/rfc/rfc4287
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # writes only

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.outputs.news import AUTHOR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.outputs.feeds.feed import Heading
    from aws_ssm_fetcher.outputs.feeds.items import Item


def atom(feed: Heading, items: Iterable[Item], name: str) -> bytes:
    """Return a feed with these items as Atom; *name* is the name of its file."""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    for part, text in (("id", feed.id), ("title", feed.title), ("subtitle", feed.words)):
        _child(root, part, text)
    if own := feed.address(name):
        ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": own})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
    _child(root, "updated", encode(feed.updated))
    _child(ET.SubElement(root, "author"), "name", AUTHOR)
    for item in items:
        _entry(root, item, feed.addresses.page(item.folder))
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _entry(root: ET.Element, item: Item, page: str) -> None:
    element = ET.SubElement(root, "entry")
    _child(element, "id", item.id)
    _child(element, "title", item.title)
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": page})
    # An entry does not change after it was announced: both dates are the same.
    for part in ("updated", "published"):
        _child(element, part, encode(item.announced))
    for term in item.tags:
        ET.SubElement(element, "category", {"term": term})
    _child(element, "content", item.text).set("type", "text")


def _child(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = text
    return element
