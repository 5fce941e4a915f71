"""A feed as Markdown: for each run one line for each change, or for a service's like changes in several regions."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.outputs.feeds.items import phrases
from aws_ssm_fetcher.outputs.news import day

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.outputs.feeds.feed import Feed
    from aws_ssm_fetcher.outputs.feeds.items import Phrase
    from aws_ssm_fetcher.outputs.news import NewsEntry

_MARKUP: Final = re.compile(r"([\\`*_\[\]<>&|~#!$])")


def markdown(feed: Feed) -> bytes:
    """Return a feed as Markdown."""
    lines = [f"# {escaped(feed.title)}", "", feed.words]
    for (announced, run_id), of_run in groupby(feed.entries, _run_of):
        entries = tuple(of_run)
        lines += ["", f"## {day(announced)}", "", f"Run {escaped(run_id)}: {many(len(entries), 'change')}.", ""]
        lines += map(_bullet, phrases(entries))
    return "\n".join(lines).encode() + b"\n"


def escaped(text: str) -> str:
    """Escape a text for Markdown."""
    return _MARKUP.sub(r"\\\1", text)


def _bullet(phrase: Phrase) -> str:
    title = escaped(phrase.title)
    head = f"**{title}:** {escaped(phrase.places)}." if phrase.places else f"**{title}.**"
    return f"- {head} {escaped(phrase.dates)}"


def _run_of(entry: NewsEntry) -> tuple[datetime, str]:
    return entry.change.announced, entry.change.run_id
