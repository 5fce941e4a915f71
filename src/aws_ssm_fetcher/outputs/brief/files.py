"""The brief as Markdown and as the body of a mail: equal sentences in both. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.outputs.brief.digest import counted, groups, headline, most_important, recent
from aws_ssm_fetcher.outputs.brief.worth import how_sure, source_of, totals, worth_a_look
from aws_ssm_fetcher.outputs.feeds import MARKDOWN as CHANGES
from aws_ssm_fetcher.outputs.feeds.markdown import escaped
from aws_ssm_fetcher.outputs.news import Names, day
from aws_ssm_fetcher.outputs.types.words import counted as type_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.documents.types.changes import TypeChanges
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.changes import Change

MARKDOWN: Final = "brief.md"
HTML: Final = "brief.html"
RECENT_DAYS: Final = 90
MOST_LINES: Final = 8  # of changes, and of what to look at; the rest is counted and linked
TYPE_CHANGES: Final = "feeds/types/all/changes.md"
_PAGE: Final = "index.html"
_FONT: Final = "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif"


class Brief(NamedTuple):
    """What a person reads on a phone."""

    subject: str
    state: str
    """Day, source and totals."""
    changed: tuple[str, ...]
    look: tuple[str, ...]
    sure: str
    site: str | None = None
    """Where ``reports/latest/`` is served; ``None`` if nowhere."""
    types: str = ""
    """What the newest lists of resource types changed; empty without any."""


def brief_of(analysis: Analysis, site: str | None = None, types: TypeChanges | None = None) -> Brief:
    """Summarize a run: what it announced, what to look at, and how sure it is."""
    names = Names(analysis)
    own = own_changes(analysis)
    ranked = groups(own, names)
    subject = f"Run {analysis.inventory.run_id} is quarantined" if analysis.quarantine else headline(ranked)
    changed = [group.line for group in most_important(ranked, MOST_LINES)]
    if len(ranked) > MOST_LINES:
        changed.append(f"And more, in all: {counted(own)}.")
    past = counted(recent(analysis.changes, analysis.inventory.taken.toordinal(), RECENT_DAYS))
    if not changed:
        changed.append(f"Nothing since the last run; in the last {RECENT_DAYS} days: {past or 'nothing'}.")
    look = worth_a_look(analysis)
    rest = (f"And {len(look) - MOST_LINES} more.",) if len(look) > MOST_LINES else ()
    state = f"{source_of(analysis)}: {totals(analysis)}."
    sure = " ".join(how_sure(analysis))
    return Brief(subject, state, tuple(changed), (*look[:MOST_LINES], *rest), sure, site, _types(types))


def _types(types: TypeChanges | None) -> str:
    """Return what the newest lists of resource types changed, with their date: they are older than the snapshot."""
    newest = [change for change in types.changes if change.announced == types.taken] if types else []
    return f"{type_counts(newest)}, by AWS's CloudFormation schemas of {day(newest[0].announced)}." if newest else ""


def own_changes(analysis: Analysis) -> list[Change]:
    """Return the changes that this run confirmed."""
    own = analysis.inventory.run_id, analysis.inventory.taken
    return [change for change in analysis.changes if (change.run_id, change.announced) == own]


def brief_markdown(brief: Brief) -> bytes:
    """Return the brief as Markdown; ten lines at most on a day without changes and little to look at."""
    return "\n".join((*_markdown(brief), "")).encode()


def _markdown(brief: Brief) -> Iterator[str]:
    yield f"# {escaped(brief.subject)}"
    yield ""
    yield escaped(brief.state)
    yield ""
    yield from _part("What changed", brief.changed)
    if brief.types:
        yield f"- **Resource types:** {escaped(brief.types)} [All]({brief.site or ''}{TYPE_CHANGES})"
    yield from _part("What to look at", brief.look or ("nothing.",))
    links = f"[All changes]({brief.site or ''}{CHANGES}), [page]({brief.site or _PAGE})"
    # In one line: a day without changes has ten, the one on resource types included.
    yield f"- **How sure:** {escaped(brief.sure)} {links}"


def _part(title: str, lines: tuple[str, ...]) -> Iterator[str]:
    if len(lines) == 1:
        yield f"- **{title}:** {escaped(lines[0])}"
        return
    yield f"- **{title}:**"
    yield from (f"  - {escaped(line)}" for line in lines)


def brief_html(brief: Brief) -> bytes:
    """Return the brief as a page without scripts, styled inline as mail programs require."""
    changed = "".join(f"<li>{escape(line)}</li>" for line in brief.changed)
    look = "".join(f"<li>{escape(line)}</li>" for line in brief.look or ("Nothing.",))
    # Mail programs drop style sheets: each element carries its own style.
    title = f'style="{_FONT};font-size:20px;line-height:1.3;margin:0 0 8px;color:#1b2733"'
    heading = f'style="{_FONT};font-size:15px;margin:20px 0 4px;color:#1b2733"'
    text = f'style="{_FONT};font-size:14px;line-height:1.45;margin:0;color:#1b2733"'
    entries = text.replace("margin:0;", "margin:0;padding-left:20px;")  # mail programs indent by 40
    quiet = f'style="{_FONT};font-size:13px;line-height:1.45;margin:4px 0 0;color:#52606d"'
    types = f"<h2 {heading}>Resource types</h2>\n<p {text}>{escape(brief.types)}</p>\n" if brief.types else ""
    body = (
        f"<h1 {title}>{escape(brief.subject)}</h1>\n"
        f"<p {quiet}>{escape(brief.state)}</p>\n"
        f"<h2 {heading}>What changed</h2>\n<ul {entries}>{changed}</ul>\n"
        f"{types}"
        f"<h2 {heading}>What to look at</h2>\n<ul {entries}>{look}</ul>\n"
        f"<h2 {heading}>How sure</h2>\n<p {text}>{escape(brief.sure)}</p>\n{_link(brief)}"
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(brief.subject)}</title></head>\n"
        '<body style="margin:0;padding:24px;background:#ffffff"><div style="max-width:640px;margin:0 auto">\n'
        f"{body}</div></body></html>\n"
    ).encode()


def _link(brief: Brief) -> str:
    """Return a link to the page where there is an address of it: a mail has no folder to look into."""
    if brief.site is None:
        return ""
    style = f'style="{_FONT};font-size:14px;margin:20px 0 0"'
    return f'<p {style}><a href="{escape(brief.site)}">Open the page</a></p>\n'
