"""Notifications of a run, each sent once.

``reports/notified/<run id>.json`` lists what the first message announced, ``<run id>~2.json`` the second, and so on::

    {"document": "notified", "version": "1.1", "run_id": "20261027T000000Z",
     "told": ["added/eu-south-2/bedrock", "removed/…"], "taken": "2026-10-27T00:00:00Z"}

One is written after each message and never changed: a repeated run, after a crash or a duplicate event, sends the
rest. A crash between a message and its note repeats that message, since SNS cannot be asked whether it has it.

SNS passes on whole messages: so that a subscriber of one region, or of one service, gets its own lines alone, there is
a message for each of them, and then one of all changes. Those of a region are noted as ``region/eu-south-2/added/…``;
a change id without such a beginning stands in the note of the last message: everything about it was sent.

Limits of SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from __future__ import annotations

import json
import logging
import unicodedata
from collections import Counter
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar, get_args

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.error_handling import ObjectChangedError
from aws_ssm_fetcher.core.model.changes import regions_of, services_of
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode
from aws_ssm_fetcher.core.ports import Notice
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, read_with
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.brief.digest import groups, headline
from aws_ssm_fetcher.outputs.brief.worth import how_sure, worth_a_look
from aws_ssm_fetcher.outputs.feeds import MARKDOWN
from aws_ssm_fetcher.outputs.news import Names, NewsEntry, entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.changes import Change, QuarantineReason
    from aws_ssm_fetcher.core.model.codes import ChangeKind
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import Notifier, ObjectStore

T = TypeVar("T")

KIND: Final = "notified"
VERSION: Final = "1.1"
_ADVICE: Final = "Move that file away and report again; what it lists is then sent again"
QUARANTINED: Final = "quarantined"
_REJECTED: Final = (
    "This run was rejected. It is not in the history, and in reports/latest/ only if no other run is accepted. "
    "The changes announced for it are withdrawn."
)
LEVEL: Final = "service"
"""What these messages are about; those about resource types are in ``outputs/types/notices.py``."""
LARGEST_MESSAGE: Final = 60_000  # bytes with attributes; SNS takes 262,144 and bills each 65,536 as one
LONGEST_LINE: Final = 2_000  # characters of a change in a message; its codes in the attributes are never cut
LONGEST_SUBJECT: Final = 99  # characters; SNS refuses 100

Scope = Literal["all", "region", "service"]
ALL: Final = ("all",)
"""The scope of messages that have everything; the others repeat a region's or a service's lines of it."""
Gravity = Literal["info", "warning", "error"]
GRAVITIES: Final[Mapping[ChangeKind, Gravity]] = {
    "service-opened": "info",
    "service-ended": "warning",
    "added": "info",
    "removed": "warning",
    "returned": "info",
    "renamed": "warning",
    "region-opened": "info",
    "region-launched": "info",
    "name-changed": "info",
    "endpoint-changed": "warning",
    "zone-added": "info",
    "zone-removed": "warning",
}
"""A warning may break a workload; an error is a quarantined run."""

_LOGGER = logging.getLogger(__name__)


class SentNote(NamedTuple):
    """What one message announced."""

    document: str
    version: str
    run_id: RunId
    told: tuple[str, ...]
    """Change ids, those of a region or service after its name, or ``QUARANTINED``, in the order of the message."""
    taken: datetime | None = None
    """When the run's snapshot was taken, since a run id can recur; ``None`` in version 1.0."""


class Message(NamedTuple):
    """A notice and the change ids that it announces."""

    notice: Notice
    announces: tuple[str, ...]


def notify(store: ObjectStore, notifier: Notifier, analysis: Analysis, *, late: bool = False) -> int:
    """Send the changes of a run, or why it is quarantined, unless already sent; return how many changes were sent now.

    A *late* run may be the first to show a change that a newer one announced before: that is not sent again.
    If another process sends the same meanwhile, the rest is left to it.
    """
    inventory = analysis.inventory

    def unsent(announced: frozenset[str]) -> tuple[Message, ...]:
        # Notes of all other runs are read only for a late run: there may be thousands.
        return messages(analysis, announced.union(announced_for_others(store, inventory.run_id) if late else ()))

    return send(store, notifier, (inventory.run_id, inventory.taken), unsent)


def send(
    store: ObjectStore,
    notifier: Notifier,
    run: tuple[RunId, datetime],
    unsent: Callable[[frozenset[str]], Iterable[Message]],
) -> int:
    """Publish what was not announced for a run, and note each message; return how many changes were sent to all.

    *run* is the id and the time of its snapshot, *unsent* returns the messages given what was announced before.
    """
    run_id, taken = run
    notes, sent = notes_of(store, run_id), 0
    for number, message in enumerate(unsent(frozenset(announced_in(notes, taken))), start=len(notes) + 1):
        notifier.publish(message.notice)
        # Messages by region and service repeat the changes of the last messages: counted there, each counts once.
        sent += len(message.announces) if message.notice.attributes["scope"] == ALL else 0
        try:
            note = dump_note(SentNote(KIND, VERSION, run_id, message.announces, taken))
            # After the message: the other order would lose a message in a crash, which nobody could notice.
            store.create(keys.notified_key(run_id, number), note)
        except ObjectChangedError:
            _LOGGER.warning("Another process sends the notifications of %s and continues", run_id)
            break
    if sent:
        _LOGGER.info("Notifications sent", extra={"announced": sent})
    return sent


def notes_of(store: ObjectStore, run_id: RunId) -> list[SentNote]:
    """Read what was announced for a run, message by message."""
    notes: list[SentNote] = []
    while stored := read_or_none(store, key := keys.notified_key(run_id, len(notes) + 1)):
        notes.append(load_note(stored.body, key))
    return notes


def announced_in(notes: Iterable[SentNote], taken: datetime) -> tuple[str, ...]:
    """Return what was announced for the run of a snapshot, given the notes of all runs of its id."""
    return tuple(sent_id for note in notes if note.taken in {None, taken} for sent_id in note.told)


def known_to_all(notes: Iterable[SentNote], taken: datetime) -> tuple[str, ...]:
    """Return the change ids that subscribers know of, or ``QUARANTINED``: what was sent to all of them."""
    scopes = tuple(f"{scope}/" for scope in get_args(Scope))
    return tuple(sent_id for sent_id in announced_in(notes, taken) if not sent_id.startswith(scopes))


def announced_for_others(store: ObjectStore, run_id: RunId) -> Iterator[str]:
    """Yield what was announced for other runs, except what was withdrawn when a run was rejected."""
    named = {
        key.removeprefix(keys.NOTIFIED).removesuffix(".json").partition("~")[0] for key in store.keys(keys.NOTIFIED)
    }
    for other in sorted(named - {run_id}):
        sent_ids = [sent_id for note in notes_of(store, RunId(other)) for sent_id in note.told]
        yield from sent_ids[
            # When a run is rejected, QUARANTINED is noted after its changes: they are withdrawn, and a later run
            # announces them again.
            max((place for place, sent_id in enumerate(sent_ids, 1) if sent_id == QUARANTINED), default=0) :
        ]


def messages(analysis: Analysis, sent: frozenset[str]) -> tuple[Message, ...]:
    """Return the messages for what was not announced yet: of each region and service, and then of all. Pure.

    A message that would be too large is split.
    """
    if analysis.quarantine:
        return () if QUARANTINED in sent else (_quarantined_message(analysis),)
    new = (strand for strand in analysis.quarantined_strands if strand.since is None)
    strands = [strand for strand in new if f"{QUARANTINED}/{strand.strand}" not in sent]
    strand_messages = (_strands_message(analysis, strands),) if strands else ()
    own = analysis.inventory.run_id, analysis.inventory.taken
    # An analysis lists 400 days of changes; a run announces those that it confirmed itself.
    changes = (entry for entry in entries(analysis) if (entry.change.run_id, entry.change.announced) == own)
    news = [entry for entry in changes if entry.change.id not in sent]
    by_region = _scoped(analysis, "region", _by_code(news, regions_of), sent)
    by_service = _scoped(analysis, "service", _by_code(news, services_of), sent)
    return (*strand_messages, *by_region, *by_service, *_split(analysis, news, "all", ""))


def _by_code(
    news: Sequence[NewsEntry], codes_of: Callable[[Change], tuple[str, ...]]
) -> list[tuple[str, list[NewsEntry]]]:
    by_code: dict[str, list[NewsEntry]] = {}
    for entry in news:
        for code in codes_of(entry.change):
            by_code.setdefault(code, []).append(entry)
    return sorted(by_code.items())


def _scoped(
    analysis: Analysis, scope: Scope, by_code: Iterable[tuple[str, list[NewsEntry]]], sent: frozenset[str]
) -> Iterator[Message]:
    for code, own in by_code:
        news = [entry for entry in own if f"{scope}/{code}/{entry.change.id}" not in sent]
        yield from _split(analysis, news, scope, code)


def _split(analysis: Analysis, news: Sequence[NewsEntry], scope: Scope, code: str) -> Iterator[Message]:
    parts = parts_of(news, _line, _codes)
    for place, part in enumerate(parts, start=1):
        yield _message(analysis, part, (place, len(parts)), scope, code)


def dump_note(note: SentNote) -> bytes:
    """Return a note as a document."""
    return envelopes.to_json(encode(note))


def load_note(body: bytes, key: str) -> SentNote:
    """Read a note. Raises ``DocumentRefusedError`` with *key* if it is none."""
    return read_with(_ADVICE, lambda: envelopes.load_as(SentNote, KIND, VERSION, body, key))


def subject(text: str) -> str:
    """Return a text as a subject: ASCII, one line, shortened."""
    plain = "".join(
        # SNS takes ASCII only in a subject: "São Paulo" becomes "Sao Paulo".
        character
        for character in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(character)
    )
    printed = printable(plain).encode("ascii", "replace").decode().strip()
    return printed if len(printed) <= LONGEST_SUBJECT else f"{printed[: LONGEST_SUBJECT - 3]}..."


def parts_of(news: Iterable[T], line_of: Callable[[T], str], codes_of: Callable[[T], Sequence[str]]) -> list[list[T]]:
    """Split changes so that each part fits into a message: every code is then in the attributes of some message."""
    parts: list[list[T]] = []
    room = 0
    for change in news:
        # In bytes, and with the codes: attributes count towards the size of a message.
        size = len(line_of(change).encode()) + len(json.dumps(codes_of(change)))
        if not parts or size > room:
            parts.append([])
            room = LARGEST_MESSAGE
        parts[-1].append(change)
        room -= size
    return parts


def _message(
    analysis: Analysis, part: Sequence[NewsEntry], numbered: tuple[int, int], scope: Scope, code: str
) -> Message:
    place, of = numbered
    names = Names(analysis)
    counts = Counter(entry.change.kind for entry in part)
    counted = ", ".join(f"{number} {_kind(kind, number)}" for kind, number in counts.items())
    about = {"region": names.region(RegionCode(code)), "service": names.service(ServiceCode(code)), "all": ""}[scope]
    title = part[0].title if len(part) == 1 else headline(groups((entry.change for entry in part), names))
    within = f" for {about}" if about else ""
    first = f"{counted[:1].upper()}{counted[1:]} in AWS's published data of services by region{within}."
    lines = [clipped(first), _run(analysis.inventory)]
    if of > 1:
        lines.append(f"This is message {place} of {of}.")
    for kind, entries_of_kind in groupby(part, key=lambda entry: entry.change.kind):
        lines += ["", _kind(kind, counts[kind]).capitalize(), "", *map(_line, entries_of_kind)]
    # The outlook is about the whole snapshot, so it stands once, where everybody reads it.
    if scope == "all" and place == 1:
        lines += _outlook(analysis)
    lines += ["", f"All changes by date: {keys.latest_key(MARKDOWN)}"]
    attributes = {
        "scope": (scope,),
        "kind": _sorted(entry.change.kind for entry in part),
        "severity": _sorted(GRAVITIES[entry.change.kind] for entry in part),
        **_codes_of(part, scope, code),
        "level": (LEVEL,),
    }
    stated = {name: values for name, values in attributes.items() if values}
    prefix = "" if scope == "all" else f"{scope}/{code}/"
    notice = Notice(subject(title), "\n".join(lines) + "\n", stated)
    return Message(notice, tuple(f"{prefix}{entry.change.id}" for entry in part))


def _codes_of(part: Sequence[NewsEntry], scope: Scope, code: str) -> dict[str, tuple[str, ...]]:
    """Return what a filter finds a message by: its own code, and in the plural what else it is about."""
    if scope == "region":
        return {
            "region": (code,),
            "services": _sorted(service for entry in part for service in services_of(entry.change)),
        }
    if scope == "service":
        return {"service": (code,), "regions": _sorted(region for entry in part for region in regions_of(entry.change))}
    return {}


def _outlook(analysis: Analysis) -> list[str]:
    look = [f"- {line}" for line in worth_a_look(analysis)] or ["- Nothing."]
    return ["", "What to look at", "", *look, "", "How sure", "", *(f"- {line}" for line in how_sure(analysis))]


def _quarantined_message(analysis: Analysis) -> Message:
    run_id = analysis.inventory.run_id
    decision = keys.decision_key(run_id, analysis.inventory.taken)
    rejected = any(reason.rule == "rejected" for reason in analysis.quarantine)
    lines = [
        _REJECTED if rejected else "This run is quarantined: it is neither in the history nor in reports/latest/.",
        _run(analysis.inventory),
        "",
        *(f"- {printable(reason.message)} ({reason.rule})" for reason in analysis.quarantine),
        "",
        f"The decision is in {decision}" if rejected else f"Accept or reject it with a decision in {decision}",
    ]
    title = f"AWS services by region: run {run_id} is {'rejected' if rejected else 'quarantined'}"
    attributes = {"scope": ALL, "kind": (QUARANTINED,), "severity": ("error",), "level": (LEVEL,)}
    return Message(Notice(title[:LONGEST_SUBJECT], "\n".join(lines) + "\n", attributes), (QUARANTINED,))


def _strands_message(analysis: Analysis, strands: Sequence[QuarantineReason]) -> Message:
    """Return the message that strands of an accepted run are quarantined."""
    run_id = analysis.inventory.run_id
    lines = [
        "This run is accepted except for what is listed here, of which nothing is announced as removed until decided.",
        _run(analysis.inventory),
        "",
        *(f"- {printable(reason.message)}" for reason in strands),
        "",
        'To accept it if AWS removed it: "aws-ssm-fetcher history runs" has the command.',
    ]
    named = ", ".join(reason.strand or "" for reason in strands)
    attributes = {"scope": ALL, "kind": (QUARANTINED,), "severity": ("error",), "level": (LEVEL,)}
    title = subject(f"AWS services by region: quarantined in run {run_id}: {named}")
    ids = tuple(f"{QUARANTINED}/{reason.strand}" for reason in strands)
    return Message(Notice(title, "\n".join(lines) + "\n", attributes), ids)


def _run(inventory: Inventory) -> str:
    report = keys.report_key(inventory.taken, inventory.run_id, "")
    return f"Snapshot of {inventory.taken:%Y-%m-%d %H:%M} UTC; the run's report: {report}"


def _kind(kind: ChangeKind, count: int) -> str:
    """Return a kind as words for a count: ``removed``, ``zones removed``."""
    noun, _, verb = kind.rpartition("-")
    return f"{noun}{'' if count == 1 else 's'} {verb}" if noun else verb


def _line(entry: NewsEntry) -> str:
    return clipped(f"- {entry.title}. {entry.dates}")


def clipped(line: str) -> str:
    """Return a line, cut to what a message may have of one change."""
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


def _codes(entry: NewsEntry) -> tuple[str, ...]:
    return (*regions_of(entry.change), *services_of(entry.change))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
