"""Feeds of changes: JSON Feed 1.1, Atom and Markdown, and launches and ends as a calendar. Pure.

A feed holds the changes of ``NEWS_DAYS`` days: a reader that looks once a year misses nothing. It is dated by its
newest entry, not by the run, so a feed without news keeps its bytes.
"""

from aws_ssm_fetcher.outputs.feeds.addresses import NOWHERE, Addresses, addresses_of
from aws_ssm_fetcher.outputs.feeds.calendar import CALENDAR, calendar
from aws_ssm_fetcher.outputs.feeds.feed import BEGINNING, Feed, Heading, Written, emptied, feed_of_all, feeds, written
from aws_ssm_fetcher.outputs.feeds.files import ATOM, JSON_FEED, MARKDOWN, feed_files
from aws_ssm_fetcher.outputs.feeds.items import Item

__all__ = [
    "ATOM",
    "BEGINNING",
    "CALENDAR",
    "JSON_FEED",
    "MARKDOWN",
    "NOWHERE",
    "Addresses",
    "Feed",
    "Heading",
    "Item",
    "Written",
    "addresses_of",
    "calendar",
    "emptied",
    "feed_files",
    "feed_of_all",
    "feeds",
    "written",
]
