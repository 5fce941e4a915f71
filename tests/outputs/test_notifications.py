"""What subscribers are told of a run, and how often."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final, get_args

import pytest
from hooked_store import CrashError, Events, HookedStore, crash, is_write
from memory_notifier import MemoryNotifier
from some_news import ONE_OF_EACH_KIND, RUN, SPAIN, TAKEN, added, analysis_of, change

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, NotificationError
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import ChangeKind, ServiceCode
from aws_ssm_fetcher.core.ports import Notice
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs import notifications
from aws_ssm_fetcher.outputs.notifications import ALL, GRAVITIES, known_to_all, messages, notes_of, notify, subject
from aws_ssm_fetcher.outputs.reports import report

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

NOTE: Final = f"reports/notified/{RUN}.json"
NOTHING: Final[frozenset[str]] = frozenset()
SNS_BYTES: Final = 262_144
CROWD: Final = tuple(added(f"service-{number:04}", "eu-south-2") for number in range(1100))
TOO_MANY_REMOVALS: Final = QuarantineReason("too-many-removals", "9 % of the offerings are gone")


def notices(analysis: Analysis) -> list[Notice]:
    return [message.notice for message in messages(analysis, NOTHING) if message.notice.attributes["scope"] == ALL]


def sent(store: MemoryStore) -> tuple[str, ...]:
    """Return what was announced to everybody."""
    return known_to_all(notes_of(store, RUN), TAKEN)


def of_all(notifier: MemoryNotifier) -> list[Notice]:
    return [notice for notice in notifier.notices if notice.attributes["scope"] == ALL]


def ids(analysis: Analysis) -> list[str]:
    return [change.id for change in analysis.changes]


def test_one_change_is_reported_by_its_own_title() -> None:
    [notice] = notices(analysis_of(added("bedrock", "eu-south-2")))

    assert notice == Notice(
        "Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain)",
        """1 added in AWS's published data of services by region.
Snapshot of 2026-10-27 00:00 UTC; the run's report: reports/2026/10/27/20261027T000000Z/

Added

- Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain). \
First seen 2026-10-27 (not yet on 2026-10-20).

What to look at

- 1 warning to check in the findings: eu-south-2 (no-availability-zone).

How sure

- Quality 99 of 100 (grade A; 1 warning, 3 notes); everything asked for was read.

All changes by date: reports/latest/changes.md
""",
        {"scope": ("all",), "kind": ("added",), "severity": ("info",), "level": ("service",)},
    )


def test_whoever_filters_on_a_region_or_a_service_gets_its_lines_alone() -> None:
    analysis = analysis_of(added("bedrock", "eu-south-2"), added("s3", "eu-south-2"), added("bedrock", "us-east-1"))

    notices = [message.notice for message in messages(analysis, NOTHING)]
    lines = {
        (scope, *notice.attributes.get("region", ()), *notice.attributes.get("service", ())): [
            line.partition(". ")[0] for line in notice.body.splitlines() if "is now in" in line
        ]
        for notice in notices
        for scope in notice.attributes["scope"]
    }
    spain, s3 = (
        "- Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain)",
        "- s3 is now in eu-south-2, Europe (Spain)",
    )
    virginia = "- Amazon Bedrock (bedrock) is now in us-east-1"
    assert lines == {
        ("region", "eu-south-2"): [spain, s3],
        ("region", "us-east-1"): [virginia],
        ("service", "bedrock"): [spain, virginia],
        ("service", "s3"): [s3],
        ("all",): [spain, s3, virginia],
    }
    assert notices[0].attributes == {
        "scope": ("region",),
        "kind": ("added",),
        "severity": ("info",),
        "region": ("eu-south-2",),
        "services": ("bedrock", "s3"),
        "level": ("service",),
    }
    assert notices[0].body.startswith(
        "2 added in AWS's published data of services by region for eu-south-2, Europe (Spain)."
    )


def test_after_a_crash_only_the_regions_that_were_not_reported_yet_are_reported() -> None:
    analysis = analysis_of(added("s3", "eu-south-2"))
    sent = frozenset({"region/eu-south-2/added/eu-south-2/s3"})

    assert [message.announces for message in messages(analysis, sent)] == [
        ("service/s3/added/eu-south-2/s3",),
        ("added/eu-south-2/s3",),
    ]


def test_several_changes_are_one_message_whose_subject_says_the_most_important() -> None:
    [notice] = notices(analysis_of(*ONE_OF_EACH_KIND))

    assert notice.subject == "Europe (Spain) opened; robomaker left Europe (Spain)"
    assert notice.attributes == {
        "scope": ("all",),
        "kind": tuple(sorted({change.kind for change in ONE_OF_EACH_KIND})),
        "severity": ("info", "warning"),
        "level": ("service",),
    }


def test_several_of_a_kind_are_counted_in_words_under_one_heading() -> None:
    zones = [change("zone-removed", f"eu-south-2/z{n}", region=SPAIN, zone=f"z{n}", new="local-zone") for n in (1, 2)]

    [notice] = notices(analysis_of(*zones, added("s3", "eu-south-2")))

    assert notice.subject == "s3 came to Europe (Spain); 2 local zones removed"
    headings = [line for line in notice.body.splitlines() if line.replace(" ", "").isalpha()]
    assert headings == ["Zones removed", "Added", "What to look at", "How sure"]


def test_there_is_a_severity_for_each_kind_of_change_and_no_other() -> None:
    assert list(GRAVITIES) == list(get_args(ChangeKind))


def test_only_what_this_run_confirmed_is_reported() -> None:
    earlier = added("s3", "eu-south-2", run_id="earlier")

    result = messages(analysis_of(earlier, added("sqs", "eu-south-2")), NOTHING)
    assert [message.announces for message in result] == [
        ("region/eu-south-2/added/eu-south-2/sqs",),
        ("service/sqs/added/eu-south-2/sqs",),
        ("added/eu-south-2/sqs",),
    ]
    assert messages(analysis_of(earlier), NOTHING) == ()


def test_a_run_that_is_quarantined_is_reported_as_an_error_and_its_changes_are_not() -> None:
    [notice] = notices(analysis_of(added("s3", "eu-south-2"), reasons=[TOO_MANY_REMOVALS]))

    assert notice.subject == f"AWS services by region: run {RUN} is quarantined"
    assert "- 9 % of the offerings are gone (too-many-removals)\n" in notice.body
    assert notice.attributes == {"scope": ALL, "kind": ("quarantined",), "severity": ("error",), "level": ("service",)}


def test_of_a_run_that_was_rejected_it_is_said_that_it_was_and_nothing_is_left_to_decide() -> None:
    [notice] = notices(analysis_of(reasons=[QuarantineReason("rejected", "rejected on 2026-10-28: it did not")]))

    assert notice == Notice(
        f"AWS services by region: run {RUN} is rejected",
        """This run was rejected. \
It is not in the history, and in reports/latest/ only if no other run is accepted. \
The changes announced for it are withdrawn.
Snapshot of 2026-10-27 00:00 UTC; the run's report: reports/2026/10/27/20261027T000000Z/

- rejected on 2026-10-28: it did not (rejected)

The decision is in history/decisions/2026/10/27/20261027T000000Z.json
""",
        {"scope": ALL, "kind": ("quarantined",), "severity": ("error",), "level": ("service",)},
    )


def test_news_too_large_for_one_message_is_divided_and_no_code_is_lost() -> None:
    every = messages(analysis_of(*CROWD), NOTHING)
    result = [message for message in every if message.notice.attributes["scope"] == ALL]
    spain = [message for message in every if message.notice.attributes["scope"] == ("region",)]

    assert len(result) > 1
    assert [announce for message in result for announce in message.announces] == [item.id for item in CROWD]
    assert {code for message in spain for code in message.notice.attributes["services"]} == {
        entry.service for entry in CROWD
    }
    assert max(size(message.notice) for message in every) < SNS_BYTES / 4
    assert max(size(message.notice) for message in result) < SNS_BYTES / 4
    assert [message.notice.body.splitlines()[2] for message in result] == [
        f"This is message {place} of {len(result)}." for place in range(1, len(result) + 1)
    ]


@pytest.mark.parametrize(("spare", "parts"), [(0, [2]), (-1, [1, 1])], ids=["just fits", "one byte too many"])
def test_a_message_is_divided_where_one_byte_more_would_be_too_much(
    monkeypatch: pytest.MonkeyPatch, spare: int, parts: list[int]
) -> None:
    pair = analysis_of(added("s3", SPAIN), added("sqs", SPAIN))
    limits = range(100, 1000)
    together = next(limit for limit in limits if len(divided(monkeypatch, pair, limit)) == 1)
    used = sum(len(line.encode()) for notice in notices(pair) for line in lines_of_changes(notice))
    codes = sum(len(json.dumps([SPAIN, service])) for service in ("s3", "sqs"))

    assert together == used + codes
    assert divided(monkeypatch, pair, together + spare) == parts


def divided(monkeypatch: pytest.MonkeyPatch, analysis: Analysis, limit: int) -> list[int]:
    """Return how many changes each message announces under a limit in bytes."""
    monkeypatch.setattr(notifications, "LARGEST_MESSAGE", limit)
    of_everything = (message for message in messages(analysis, NOTHING) if message.notice.attributes["scope"] == ALL)
    counts = [len(message.announces) for message in of_everything]
    monkeypatch.undo()
    return counts


def lines_of_changes(notice: Notice) -> list[str]:
    return [line for line in notice.body.splitlines() if line.startswith("- ") and " is now in " in line]


def size(notice: Notice) -> int:
    attributes = sum(len(name) + len("String.Array") + len(json.dumps(v)) for name, v in notice.attributes.items())
    return len(notice.subject) + len(notice.body.encode()) + attributes


def test_a_code_as_long_as_aws_allows_is_reported_whole() -> None:
    code = ServiceCode("é" * 2048)

    result = messages(analysis_of(change("renamed", "x", old=code, new="b", regions=(SPAIN,))), NOTHING)

    assert result[0].notice.attributes["services"] == ("b", code)
    assert [message.notice.attributes.get("service") for message in result] == [None, ("b",), (code,), None]
    assert max(size(message.notice) for message in result) < SNS_BYTES / 4


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("South America (São Paulo)", "South America (Sao Paulo)"),
        ("a\nb\x00c\u202ed\u2028", "a?b?c?d?"),
        ("東京", "??"),
        ("\u00b4 came", "came"),
        ("x" * 99, "x" * 99),
        ("x" * 100, "x" * 96 + "..."),
    ],
)
def test_a_subject_is_one_short_line_of_ascii(text: str, made: str) -> None:
    assert subject(text) == made


def test_hostile_names_stay_on_their_line() -> None:
    name = "x\n\nTo: everybody\x1b[31m\u202e"

    [notice] = notices(analysis_of(added("bedrock", "eu-south-2"), names=(name, name)))

    line = next(line for line in notice.body.splitlines() if line.startswith("- "))
    assert "To: everybody" in line
    assert notice.body.replace("\n", "").isprintable()


def test_what_was_reported_is_noted_and_not_reported_again() -> None:
    store, notifier = MemoryStore(), MemoryNotifier()
    analysis = analysis_of(*ONE_OF_EACH_KIND)

    assert [notify(store, notifier, analysis) for _ in range(3)] == [10, 0, 0]
    assert (len(of_all(notifier)), list(sent(store))) == (1, ids(analysis))
    assert len(notifier.notices) == len(messages(analysis, NOTHING))


def test_each_message_has_a_note_of_its_own_of_what_it_says() -> None:
    store, analysis = MemoryStore(), analysis_of(*CROWD)
    notify(store, MemoryNotifier(), analysis)

    assert [note.told for note in notes_of(store, RUN)] == [
        message.announces for message in messages(analysis, NOTHING)
    ]
    numbers = range(2, len(messages(analysis, NOTHING)) + 1)
    assert set(store.objects) == {NOTE, *(f"reports/notified/{RUN}~{number}.json" for number in numbers)}


def test_of_two_days_under_one_name_each_is_reported_by_itself() -> None:
    store, notifier, later = MemoryStore(), MemoryNotifier(), TAKEN + timedelta(days=1)
    first = analysis_of(added("s3", "eu-south-2"), reasons=[TOO_MANY_REMOVALS])
    second = analysis_of(*first.changes, reasons=[TOO_MANY_REMOVALS], taken=later)

    for item in (first, second, second, second._replace(quarantine=())):
        notify(store, notifier, item)
    assert [note.taken for note in notes_of(store, RUN)] == [TAKEN, later]
    assert [notice.attributes["kind"] for notice in notifier.notices] == [("quarantined",)] * 2


def test_a_note_that_names_no_record_is_about_all_of_its_name() -> None:
    store, notifier = MemoryStore(), MemoryNotifier()
    old = {"document": "notified", "version": "1.0", "run_id": RUN, "told": ["added/eu-south-2/s3"]}
    store.write(NOTE, json.dumps(old).encode())

    assert notify(store, notifier, analysis_of(added("s3", "eu-south-2"))) == 0


def test_a_run_without_news_sends_nothing() -> None:
    store, notifier = MemoryStore(), MemoryNotifier()

    assert notify(store, notifier, analysis_of()) == 0
    assert (notifier.notices, store.objects) == ([], {})


def test_a_run_that_is_accepted_after_all_says_its_news() -> None:
    store, notifier = MemoryStore(), MemoryNotifier()
    accepted = analysis_of(added("s3", "eu-south-2"))

    notify(store, notifier, accepted._replace(quarantine=(TOO_MANY_REMOVALS,)))
    notify(store, notifier, accepted)
    assert [notice.attributes["kind"] for notice in of_all(notifier)] == [("quarantined",), ("added",)]
    assert sent(store) == ("quarantined", "added/eu-south-2/s3")


def test_a_run_that_announces_more_when_it_comes_again_says_the_rest() -> None:
    store, notifier = MemoryStore(), MemoryNotifier()

    notify(store, notifier, analysis_of(CROWD[0]))
    notify(store, notifier, analysis_of(*CROWD[:3]))
    spain = [notice for notice in notifier.notices if notice.attributes["scope"] == ("region",)]
    assert [notice.attributes["services"] for notice in spain] == [
        ("service-0000",),
        ("service-0001", "service-0002"),
    ]


def is_step(name: str, key: str) -> bool:
    """Check whether a call is a step of notifying: a write, or a message."""
    return is_write(name, key) or name == "publish"


class WatchedNotifier(MemoryNotifier):
    """Takes a step before each message."""

    def __init__(self, step: Events) -> None:
        super().__init__()
        self.step = step

    def publish(self, notice: Notice) -> None:
        self.step("publish", "")
        super().publish(notice)


FEW: Final = (added("s3", "eu-south-2"), added("sqs", "eu-south-2"))
"""Of two services in one region: four messages."""


def told_to(notifier: MemoryNotifier) -> list[tuple[str, ...]]:
    """Return whom each message is for."""
    return [
        (*notice.attributes["scope"], *notice.attributes.get("region", ()), *notice.attributes.get("service", ()))
        for notice in notifier.notices
    ]


EVERYBODY: Final = [("region", "eu-south-2"), ("service", "s3"), ("service", "sqs"), ("all",)]


@pytest.mark.parametrize("when", range(1, 13))
def test_a_crash_loses_nothing_and_repeats_at_most_the_message_that_was_not_noted(when: int) -> None:
    analysis, step = analysis_of(*FEW), Events({when: crash}, is_step)
    store, notifier = HookedStore(before=step, after=step), WatchedNotifier(step)

    with pytest.raises(CrashError):
        notify(store, notifier, analysis)
    notify(store, notifier, analysis)

    assert sorted(sent(store)) == sorted(ids(analysis))
    unnoted = when % 3 == 2  # the second step of each message: it was sent, and its note not written
    repeated = [EVERYBODY[(when - 1) // 3]] if unnoted else []
    assert sorted(told_to(notifier)) == sorted([*EVERYBODY, *repeated])


@pytest.mark.parametrize("when", range(1, 13))
def test_two_at_once_tell_everything_and_at_most_one_message_twice(when: int) -> None:
    analysis, notifier = analysis_of(*FEW), MemoryNotifier()
    step = Events({when: lambda: notify(store, notifier, analysis)}, is_step)
    store = HookedStore(before=step, after=step)
    watched = WatchedNotifier(step)
    watched.notices = notifier.notices

    notify(store, watched, analysis)

    assert set(sent(store)) == set(ids(analysis))
    assert set(told_to(notifier)) == set(EVERYBODY)
    assert len(notifier.notices) - len(EVERYBODY) in {0, 1}


def test_a_notifier_that_fails_is_raised_and_nothing_is_noted() -> None:
    class Deaf:
        def publish(self, notice: Notice) -> None:
            raise NotificationError("topic", code=f"TooLarge {len(notice.body)}")

    store = MemoryStore()
    with pytest.raises(NotificationError, match="topic: TooLarge"):
        notify(store, Deaf(), analysis_of(*ONE_OF_EACH_KIND))

    assert store.objects == {}


def test_a_note_that_cannot_be_read_is_refused_by_its_key() -> None:
    store, notifier = MemoryStore(), MemoryNotifier()
    store.write(NOTE, b"{}")

    with pytest.raises(DocumentRefusedError, match=f"{NOTE}.*is then sent again"):
        notify(store, notifier, analysis_of(*ONE_OF_EACH_KIND))
    assert notifier.notices == []


@pytest.mark.parametrize("reasons", [(), (TOO_MANY_REMOVALS,)])
def test_the_stage_says_after_the_report_is_written(reasons: tuple[QuarantineReason, ...]) -> None:
    store = MemoryStore()
    analysis = analysis_of(added("bedrock", "eu-south-2"), reasons=reasons)
    key = keys.analysis_key(analysis.inventory.taken, analysis.inventory.run_id)
    store.write(key, run_documents.dump_analysis(analysis))
    seen: list[bool] = []

    class Looking(MemoryNotifier):
        def publish(self, notice: Notice) -> None:
            super().publish(notice)
            seen.append("reports/latest/feeds/services/bedrock/changes.md" in store.objects)

    notifier = Looking()
    for _ in range(2):
        report(store, key, notifier=notifier)
    assert seen == ([False] if reasons else [True] * 3)
    assert notifications.QUARANTINED in sent(store) if reasons else sent(store) == ("added/eu-south-2/bedrock",)


def test_without_a_notifier_nothing_is_noted() -> None:
    store = MemoryStore()
    analysis = analysis_of(added("bedrock", "eu-south-2"))
    store.write("processed-data/a/analysis.json", run_documents.dump_analysis(analysis))

    report(store, "processed-data/a/analysis.json")
    assert NOTE not in store.objects
