"""The errors that reach a person: each says where, what and what to do, and carries its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.text import many

if TYPE_CHECKING:
    from collections.abc import Sequence


_LISTED: Final = 12  # codes that fit two lines of a terminal


class FetcherError(Exception):
    """Something that ends a run and that a person can act on.

    ``advice`` is what to do about it, a sentence without its full stop, or empty where nothing is known to help.
    """

    advice: str = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        if advice is not None:
            self.advice = advice

    def __str__(self) -> str:
        message = super().__str__()
        ended = message if message.endswith(("?", "!", ".")) else f"{message}."  # others' words may end by themselves
        return f"{ended} {self.advice}." if self.advice else ended


class DocumentRefusedError(FetcherError):
    """A stored document that cannot be read as what it should be."""

    advice = "Make the document again with the stage that writes it, or use the version of this tool that wrote it"

    def __init__(self, key: str, *, expected: str, found: str, advice: str | None = None) -> None:
        super().__init__(f"{key}: expected {expected}, found {found}", advice=advice)
        self.key = key
        self.expected = expected
        self.found = found


def _either(codes: Sequence[str]) -> str:
    *others, last = codes
    return f"{', '.join(others)} or {last}" if others else last


def described(error: BaseException) -> str:
    """Name an error's kind and what it said, on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


class SettingRefusedError(FetcherError):
    """A setting whose value is not allowed."""

    def __init__(self, name: str, value: str, *, allowed: str) -> None:
        super().__init__(f"{name}={value!r} is not allowed", advice=f"Allowed: {allowed}")
        self.name = name
        self.value = value
        self.allowed = allowed


class EventRefusedError(FetcherError):
    """An event that a function cannot be started by. ``place`` says where in it."""

    advice = "See that the function is started by its own schedule, bucket and prefix"

    def __init__(self, place: str, *, expected: str, found: str) -> None:
        super().__init__(f"{place}: expected {expected}, found {found}")
        self.place = place
        self.expected = expected
        self.found = found


class DeadlineError(FetcherError):
    """Too little time is left to end the stage in good order. ``left`` is in seconds."""

    advice = (
        "What was read whole is kept for CACHE_TTL, so trying again goes on from there; "
        "give the function more time, or let it read less with DETAIL"
    )

    def __init__(self, step: str, *, done: int, total: int, left: float) -> None:
        super().__init__(f"{step}: {done} of {total} parts done with {left:.0f} s left")
        self.step = step
        self.done = done
        self.total = total
        self.left = left


class StoreError(FetcherError):
    """An object store that could not do what was asked."""

    def __init__(self, key: str, reason: str, *, advice: str | None = None) -> None:
        super().__init__(f"{key}: {reason}", advice=advice)
        self.key = key
        self.reason = reason


class ObjectMissingError(StoreError):
    """No object stands under that key."""


class ObjectChangedError(StoreError):
    """The object is no longer the one that was read, or stands where none should: somebody else wrote it."""


class NotificationError(FetcherError):
    """Subscribers could not be told. ``code`` is the error code of what should have told them."""

    def __init__(self, topic: str, *, code: str, advice: str | None = None) -> None:
        super().__init__(f"{topic} could not be told: {code}", advice=advice)
        self.topic = topic
        self.code = code


class StepFailedError(FetcherError):
    """A step of stage two that the rest cannot do without."""

    advice = "Report it with the inventory of this run: the step has a fault"

    def __init__(self, step: str, error: BaseException) -> None:
        super().__init__(f"the step {step!r} failed: {described(error)}")
        self.step = step


class UnknownCodeError(FetcherError):
    """A region or service that the record does not name. ``nearest`` are codes that look like it."""

    def __init__(self, noun: str, code: str, *, nearest: Sequence[str]) -> None:
        advice = f"Perhaps you mean {_either(nearest)}" if nearest else None
        super().__init__(f"{code}: the record names no such {noun}", advice=advice)
        self.noun = noun
        self.code = code
        self.nearest = tuple(nearest)


class AmbiguousNameError(UnknownCodeError):
    """A name that several regions or services have. ``nearest`` are their codes."""

    def __init__(self, noun: str, name: str, codes: Sequence[str]) -> None:
        listed, left = codes[:_LISTED], len(codes) - _LISTED
        more = f" and {left:,} more" if left > 0 else ""
        FetcherError.__init__(
            self,
            f'"{name}" matches {many(len(codes), noun)}: {", ".join(listed)}{more}',
            advice="Give one of these codes",
        )
        self.noun = noun
        self.code = name
        self.nearest = tuple(codes)


class UnlistedNameError(UnknownCodeError):
    """A name of something that AWS publishes no list of regions for. ``parent`` is the service it is a feature of."""

    def __init__(self, name: str, decision: str, parent: str | None, note: str | None) -> None:
        advice = None
        if parent is not None:
            reason = f"is a feature of {parent}, and AWS's parameters do not list the regions of features"
            advice = f"Ask for {parent}, and check the feature with AWS"
        elif decision == "retired":
            reason = "is the name of a service that AWS has ended"
        else:
            reason = "is not among the services that AWS's parameters list"
        FetcherError.__init__(self, f'"{name}" {reason}{f" ({note})" if note else ""}', advice=advice)
        self.noun = "service"
        self.code = name
        self.nearest = (parent,) if parent is not None else ()


class RegionUnreadError(FetcherError):
    """A region that a question is about and whose services could not be read."""

    advice = "Run again, and ask then"

    def __init__(self, region: str, *, run_id: str) -> None:
        super().__init__(f"{region}: what it offers is unknown, since run {run_id} could not read it")
        self.region = region
        self.run_id = run_id


class RecordRefusedError(FetcherError):
    """A record that cannot stand in the history beside what is there."""

    advice = "Keep records of another region, or of another level of detail, in a history of their own"

    def __init__(self, run_id: str, reason: str, *, advice: str | None = None) -> None:
        super().__init__(f"{run_id} does not fit the history: {reason}", advice=advice)
        self.run_id = run_id
        self.reason = reason


class NotInHistoryError(FetcherError):
    """A question about a time before the history begins. ``first`` is the day of its first record, if it has one."""

    def __init__(self, asked: str, first: str | None, *, advice: str | None = None) -> None:
        begins = f"the history begins on {first}" if first else "the history is empty"
        super().__init__(f"nothing is known of {asked}: {begins}", advice=advice)
        self.asked = asked
        self.first = first


class ExtraMissingError(FetcherError):
    """A library that this package can do without, and a command cannot."""

    def __init__(self, name: str, *, package: str, extra: str) -> None:
        advice = f"Install it with: pip install {package}, or this package as aws-ssm-data-fetcher[{extra}]"
        super().__init__(f"{name} is not installed", advice=advice)
        self.package = package


class QueryRefusedError(FetcherError):
    """A query that could not be answered: no query at all, or one that the database refuses."""

    def __init__(self, reason: str, *, advice: str) -> None:
        super().__init__(reason.rstrip("."), advice=advice)


class OutputError(FetcherError):
    """What a command says could not be written: a full disk behind it, or a device that is gone."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the output cannot be written: {reason}")
        self.reason = reason


class SystemRefusedError(FetcherError):
    """Something that the operating system refused where no stage foresees it. ``place`` is a file, or empty."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(": ".join(filter(None, (place, reason.rstrip(".")))))
        self.place = place
        self.reason = reason


class SourceError(FetcherError):
    """AWS's record could not be read. ``code`` is the source's own error code."""

    def __init__(self, message: str, *, code: str, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.code = code


class CredentialsError(SourceError):
    """AWS does not know who is asking."""


class QueryRegionError(SourceError):
    """A region whose parameter store does not serve the tree."""


class AccessRefusedError(SourceError):
    """AWS knows who is asking and does not allow it."""


class PathUnreadError(SourceError):
    """One path of the tree that could not be read; the others may be. ``attempts`` counts the calls made."""

    def __init__(self, path: str, *, code: str, attempts: int, advice: str | None = None) -> None:
        super().__init__(f"{path}: {code} after {many(attempts, 'attempt')}", code=code, advice=advice)
        self.path = path
        self.attempts = attempts


class OutageError(PathUnreadError):
    """A path that could not be read because the source did not answer, or answered that it is broken itself."""

    advice = "See that AWS can be reached from here (network, proxy, region), or try again later"


class CircuitOpenError(SourceError):
    """A source that was down so often in a row that it is not asked any more: what was to be read is unknown."""

    def __init__(self, source: str, *, outages: int, code: str) -> None:
        message = f"{source} was down {outages} times in a row ({code}) and is not asked any more"
        super().__init__(message, code=code, advice=f"Try again when {source} answers")
        self.source = source
        self.outages = outages
