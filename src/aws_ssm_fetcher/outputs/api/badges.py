"""Badges: small pictures for a README, such as ``Amazon Bedrock | 36 of 39 regions``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from aws_ssm_fetcher.core.text import excerpt

if TYPE_CHECKING:
    from aws_ssm_fetcher.outputs.api.documents import Json

YES, NO, UNKNOWN, COUNT = "#1a7f37", "#9a3412", "#57606a", "#0b5fa5"
"""Colours on which white text has a contrast of 4.5 and more."""
_LABEL: Final = "#24292f"
_HEIGHT: Final = 20
_MARGIN: Final = 7
_NARROW: Final = frozenset("fijlrtI.,:;|!()[]'- ")
_WIDE: Final = frozenset("mwMW@%")
_LONGEST: Final = 60  # characters of a name: a longer badge fits into no line


def badge(label: str, text: str, colour: str) -> bytes:
    """Draw a badge. Its texts are stretched to the widths computed here, whatever font the reader has."""
    label, text = excerpt(label, _LONGEST), excerpt(text, _LONGEST)
    left, right = _width(label) + 2 * _MARGIN, _width(text) + 2 * _MARGIN
    whole, title = left + right, f"{label}: {text}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{_HEIGHT}" role="img" '
        f"aria-label={quoteattr(title)}><title>{escape(title)}</title>"
        f'<rect width="{left}" height="{_HEIGHT}" fill="{_LABEL}"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(label, _MARGIN)}{_text(text, left + _MARGIN)}</g></svg>\n"
    ).encode()


def service_badge(document: Json, regions: int) -> bytes:
    """Draw how many of the regions offer a service; *document* is the API's of the service."""
    name = document["service_name"] or document["service_code"]
    return badge(name, f"{document['region_count']} of {regions} regions", COUNT)


def pair_badge(document: Json, region: str) -> bytes:
    """Draw whether a region offers a service, and since when that is known."""
    name = document["service_name"] or document["service_code"]
    offered = document["regions"].get(region)
    if offered is None:
        unread = region in document["unread_regions"]
        return badge(name, f"{region}: {'unknown' if unread else 'not available'}", UNKNOWN if unread else NO)
    since = offered["last_absent"] and f" since {offered['first_seen']}"
    return badge(name, f"{region}: available{since or ''}", YES)


def _text(text: str, start: int) -> str:
    return f'<text x="{start}" y="14" textLength="{_width(text)}">{escape(text)}</text>'


def _width(text: str) -> int:
    """Estimate the width of a text in Verdana of 11 pixels."""
    # Integers: sums of fractions differ in the last digit between versions of Python.
    tenths = sum(41 if letter in _NARROW else 96 if letter in _WIDE else 69 for letter in text)
    return max(1, round(tenths / 10))
