"""A feed as Atom.

Source: https://www.rfc-editor.org/rfc/rfc4287
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.outputs.feeds.items import MOST_CACHED
from aws_ssm_fetcher.outputs.news import AUTHOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.outputs.feeds.feed import Heading
    from aws_ssm_fetcher.outputs.feeds.items import Item

_IN_ATTRIBUTES: Final = {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#09;"}


def atom(feed: Heading, items: Iterable[Item], name: str) -> bytes:
    """Return a feed with these items as Atom; *name* is the name of its file."""
    return "\n".join((*_lines(feed, items, name), "")).encode()


def _lines(feed: Heading, items: Iterable[Item], name: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
    yield _element("id", feed.id)
    yield _element("title", feed.title)
    yield _element("subtitle", feed.words)
    if own := feed.address(name):
        yield _empty("link", rel="self", type="application/atom+xml", href=own)
    yield _empty("link", rel="alternate", type="text/html", href=feed.page)
    yield _element("updated", encode(feed.updated))
    yield " <author>"
    yield f" {_element('name', AUTHOR)}"
    yield " </author>"
    for item in items:
        yield from _entry(item, feed.addresses.page(item.folder))
    yield "</feed>"


def _entry(item: Item, page: str) -> Iterator[str]:
    yield " <entry>"
    yield f" {_element('id', item.id)}"
    yield f" {_element('title', item.title)}"
    yield f" {_empty('link', rel='alternate', type='text/html', href=page)}"
    announced = encode(item.announced)  # an entry does not change after that: both dates are the same
    yield f" {_element('updated', announced)}"
    yield f" {_element('published', announced)}"
    yield from map(_category, item.tags)
    yield f'  <content type="text">{escape(item.text)}</content>' if item.text else '  <content type="text" />'
    yield " </entry>"


def _element(name: str, text: str) -> str:
    return f" <{name}>{escape(text)}</{name}>" if text else f" <{name} />"


@lru_cache(MOST_CACHED)
def _category(term: str) -> str:
    return f" {_empty('category', term=term)}"


@lru_cache(MOST_CACHED)
def _empty(name: str, **attributes: str) -> str:
    stated = (f'{key}="{escape(value, _IN_ATTRIBUTES)}"' for key, value in attributes.items())
    return f" <{name} {' '.join(stated)} />"
