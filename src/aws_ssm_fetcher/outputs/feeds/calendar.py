"""Launches of regions and ends of services as a calendar to subscribe to.

Every event lasts a day, and is stamped with the day of its source, not of the run: so a calendar without news keeps
its bytes.

Source: https://www.rfc-editor.org/rfc/rfc5545
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.feeds.addresses import Addresses
from aws_ssm_fetcher.outputs.news import AUTHOR, Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry

CALENDAR: Final = "calendar.ics"
_DOMAIN: Final = f"{AUTHOR}.invalid"  # a name under .invalid can be nobody's: RFC 2606
_LONGEST: Final = 75  # bytes, without the line end; a line that is longer is folded


class CalendarEvent(NamedTuple):
    """One day to know of."""

    uid: str
    day: date
    stamp: date
    """When its source said so: the day itself, or that on which somebody checked it."""
    summary: str
    description: str
    category: str
    url: str | None


def calendar(analysis: Analysis, addresses: Addresses) -> bytes:
    """Return the calendar of a run."""
    events = sorted((*_launches(analysis, addresses), *_ends(addresses.site)), key=lambda event: (event.day, event.uid))
    head = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{AUTHOR}//AWS services by region//EN",
        "CALSCALE:GREGORIAN",
        "NAME:AWS launches and ends of life",
        # NAME is of RFC 7986; older programs read only X-WR-CALNAME.
        "X-WR-CALNAME:AWS launches and ends of life",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    )
    return "".join((*map(_line, head), *map(_event, events), _line("END:VCALENDAR"))).encode()


def _launches(analysis: Analysis, addresses: Addresses) -> Iterator[CalendarEvent]:
    names = Names(analysis)
    for region in analysis.inventory.regions:
        if launch := region.launch:
            yield CalendarEvent(
                uid=f"launch-{_hash(region.code)}@{_DOMAIN}",
                day=launch.date,
                stamp=launch.date,
                summary=f"AWS region {names.region(region.code)} launched",
                description=f"Source: {printable(launch.source)}: {printable(launch.evidence or '')}",
                category="Region launch",
                url=addresses.page(f"regions/{region.code}"),
            )


@cache
def _ends(site: str | None) -> tuple[CalendarEvent, ...]:
    """Return the ends in the table that ships with the package: the same in every run."""
    return tuple(_dated_events(Addresses(site)))


def _dated_events(addresses: Addresses) -> Iterator[CalendarEvent]:
    for entry in lifecycle_table():
        subject = f"{entry.name}: {entry.feature}" if entry.feature else entry.name
        dated = (
            ("closed", entry.closed_on, f"{subject} closes to new customers"),
            ("ends", entry.ends_on, f"{subject} reaches its end of life"),
        )
        for kind, day, summary in dated:
            if day:
                yield CalendarEvent(
                    uid=f"{kind}-{_hash(entry.name, entry.feature or '')}@{_DOMAIN}",
                    day=day,
                    stamp=entry.checked,
                    summary=printable(summary),
                    description=printable(_description(entry)),
                    category="Closed to new customers" if kind == "closed" else "End of life",
                    url=addresses.page(f"services/{entry.services[0]}")
                    if addresses.site and entry.services
                    else entry.source,
                )


def _description(entry: LifecycleEntry) -> str:
    codes = f" Service codes: {', '.join(entry.services)}." if entry.services else ""
    return f"Source: {entry.source}, checked {entry.checked:%Y-%m-%d}.{codes}"


@lru_cache(maxsize=512)
def _event(event: CalendarEvent) -> str:
    lines = (
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{event.stamp:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        # RFC 5545: the end of an event of days is the day after its last.
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"CATEGORIES:{_text(event.category)}",
        *((f"URL:{event.url}",) if event.url else ()),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )
    return "".join(map(_line, lines))


def _text(text: str) -> str:
    """Escape a text."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _line(line: str) -> str:
    """Fold a line after at most 75 bytes, never within a character, and end it."""
    # The limit is in bytes, which are characters only in ASCII.
    if line.isascii() and len(line) <= _LONGEST:
        return f"{line}\r\n"
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST:
            parts.append(" ")
            size = 1  # the blank that begins a continuation
        parts[-1] += character
        size += width
    return "\r\n".join((*parts, ""))


def _hash(*names: str) -> str:
    """Return a name for a UID: the same for the same thing, whatever characters are in it."""
    return hashlib.sha256("\0".join(names).encode()).hexdigest()[:16]
