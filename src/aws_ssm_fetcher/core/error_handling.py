"""Errors shown to users: each says what failed, the value and what to do, and carries its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.text import LINE, excerpt, many, one_line, without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence


_LISTED: Final = 12  # codes that fit two lines of a terminal
_LONGEST: Final = 1_000  # characters of a message, and of an advice, whoever wrote the texts in it


def _sentence(text: str) -> str:
    """Return a text as a sentence; others' words may end by themselves."""
    return text if text.endswith(("?", "!", ".")) else f"{text}."


class FetcherError(Exception):
    """An error that ends a run and that the user can act on.

    ``advice`` is what to do about it, a sentence without its full stop, or empty where nothing is known to help.
    """

    advice: str = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        if advice is not None:
            self.advice = advice

    def __str__(self) -> str:
        parts = [super().__str__(), *([self.advice] if self.advice else [])]
        return " ".join(_sentence(one_line(part, _LONGEST)) for part in parts)


class DocumentRefusedError(FetcherError):
    """A stored document that cannot be read as what it should be."""

    advice = "Make the document again with the stage that writes it, or use the version of this tool that wrote it"

    def __init__(self, key: str, *, expected: str, found: str, advice: str | None = None) -> None:
        self.key = key
        self.expected = excerpt(expected)
        self.found = excerpt(found)  # others' text, at most a line of it
        super().__init__(f"{key}: expected {self.expected}, found {self.found}", advice=advice)


def _either(codes: Sequence[str]) -> str:
    *others, last = codes
    return f"{', '.join(others)} or {last}" if others else last


def described(error: BaseException) -> str:
    """Return an error's type and message on one line."""
    return f"{type(error).__name__}: {excerpt(str(error))}"


def _shown(value: str) -> str:
    """Return a setting's value for a message; of an address, even a wrong one, neither password nor query string."""
    shown = without_secrets(value)
    if "://" not in value and "@" in value:  # an address without its scheme
        shown = f"***{value[value.rindex('@') :]}"
    # After the password, which may have a "?" of its own; a space within an address ends none for us.
    address, query, _ = shown.partition("?")
    return f"{address}{'?***' if query else ''}"[:LINE]


class SettingRefusedError(FetcherError):
    """A setting whose value is not allowed."""

    def __init__(self, name: str, value: str, *, allowed: str) -> None:
        super().__init__(f"{name}={_shown(value)!r} is not allowed", advice=f"Allowed: {allowed}")
        self.name = name
        self.value = value
        self.allowed = allowed


class EventRefusedError(FetcherError):
    """An event that cannot start a function. ``place`` is where in the event."""

    advice = "Check that the function is started by its own schedule, bucket and prefix"

    def __init__(self, place: str, *, expected: str, found: str) -> None:
        super().__init__(f"{place}: expected {excerpt(expected)}, found {excerpt(found)}")
        self.place = place
        self.expected = expected
        self.found = found


class DeadlineError(FetcherError):
    """Too little time is left to finish the stage. ``left`` is in seconds."""

    advice = (
        "Paths that were read are cached for CACHE_TTL, so the next try continues from there; "
        "give the function more time, or read less with DETAIL"
    )

    def __init__(self, step: str, *, done: int, total: int, left: float) -> None:
        super().__init__(f"{step}: {done} of {total} parts done with {left:.0f} s left")
        self.step = step
        self.done = done
        self.total = total
        self.left = left


class StoreError(FetcherError):
    """An object store could not do what was asked."""

    def __init__(self, key: str, reason: str, *, advice: str | None = None) -> None:
        super().__init__(f"{key}: {excerpt(reason)}", advice=advice)
        self.key = key
        self.reason = reason


class ObjectMissingError(StoreError):
    """The key does not exist."""


class ObjectChangedError(StoreError):
    """The object has changed since it was read, or exists where it should not: another process wrote it."""


class NotificationError(FetcherError):
    """A notification could not be published. ``code`` is the service's error code."""

    def __init__(self, topic: str, *, code: str, advice: str | None = None) -> None:
        super().__init__(f"cannot publish to {excerpt(topic)}: {excerpt(code)}", advice=advice)
        self.topic = topic
        self.code = code


class StepFailedError(FetcherError):
    """A required step of stage two failed."""

    advice = "Report this as a bug, with the inventory of this run"

    def __init__(self, step: str, error: BaseException) -> None:
        super().__init__(f"the step {step!r} failed: {described(error)}")
        self.step = step


class UnknownCodeError(FetcherError):
    """An unknown region or service. ``nearest`` are similar codes."""

    def __init__(self, noun: str, code: str, *, nearest: Sequence[str]) -> None:
        proposals = [f'"{one_line(similar, LINE)}"' for similar in nearest]
        advice = f"Did you mean {_either(proposals)}?" if nearest else None
        super().__init__(f'Unknown {noun} "{one_line(code, LINE)}"', advice=advice)
        self.noun = noun
        self.code = code
        self.nearest = tuple(nearest)


class AmbiguousNameError(UnknownCodeError):
    """A name that several regions or services have. ``nearest`` are their codes."""

    def __init__(self, noun: str, name: str, codes: Sequence[str]) -> None:
        listed, left = codes[:_LISTED], len(codes) - _LISTED
        more = f" and {left:,} more" if left > 0 else ""
        # Not super(): the message of the parent class, "Unknown …", would be wrong here.
        FetcherError.__init__(
            self,
            f'"{one_line(name, LINE)}" matches {many(len(codes), noun)}: {", ".join(listed)}{more}',
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
        remark = f" ({excerpt(note)})" if note else ""
        FetcherError.__init__(self, f'"{one_line(name, LINE)}" {reason}{remark}', advice=advice)
        self.decision = decision
        self.note = note
        self.noun = "service"
        self.code = name
        self.nearest = (parent,) if parent is not None else ()


class RegionUnreadError(FetcherError):
    """A question about a region whose services could not be read."""

    advice = "Run again, and ask then"

    def __init__(self, region: str, *, run_id: str) -> None:
        super().__init__(f"{excerpt(region)}: what it offers is unknown, since run {excerpt(run_id)} could not read it")
        self.region = region
        self.run_id = run_id


class RecordRefusedError(FetcherError):
    """A run that cannot be added to the history."""

    advice = "Keep snapshots of another region, or of another level of detail, in a history of their own"

    def __init__(self, run_id: str, reason: str, *, advice: str | None = None) -> None:
        super().__init__(f"{excerpt(run_id)} does not fit the history: {excerpt(reason)}", advice=advice)
        self.run_id = run_id
        self.reason = reason


class RunsWouldBeLostError(FetcherError):
    """A rebuilt history would lack runs of the stored one, because their inventories have expired."""

    advice = "Keep the history as it is, or drop them with --drop; what it was stays beside it, and --undo goes back"

    def __init__(self, history: str, lost: Sequence[str]) -> None:
        shown = 5
        more = f" and {len(lost) - shown:,} more" if len(lost) > shown else ""
        runs = f"{len(lost):,} run{'' if len(lost) == 1 else 's'}"
        named = ", ".join(lost[:shown])
        super().__init__(f"the history from {history} would lose {runs} whose inventories are gone: {named}{more}")
        self.lost = tuple(lost)


class NotInHistoryError(FetcherError):
    """A question about a time before the history. ``first`` is the day of its first snapshot, if it has one."""

    def __init__(self, asked: str, first: str | None, *, advice: str | None = None) -> None:
        begins = f"the history begins on {first}" if first else "the history is empty"
        super().__init__(f"nothing is known of {excerpt(asked)}: {begins}", advice=advice)
        self.asked = asked
        self.first = first


class StackUnreadableError(FetcherError):
    """A file of a stack that cannot be read as what it should be."""

    def __init__(self, file: str, line: int, reason: str, *, advice: str | None = None) -> None:
        self.file = file
        self.line = line
        self.reason = excerpt(reason)
        shown = one_line(file, LINE)
        super().__init__(f"{shown}:{line}: {self.reason}" if line else f"{shown}: {self.reason}", advice=advice)


class ExtraMissingError(FetcherError):
    """A command needs an optional library that is not installed."""

    def __init__(self, name: str, *, package: str, extra: str | None = None) -> None:
        as_extra = f", or this package as aws-ssm-data-fetcher[{extra}]" if extra else ""
        advice = f"Install it with: pip install {package}{as_extra}"
        super().__init__(f"{name} is not installed", advice=advice)
        self.package = package


class MomentRefusedError(FetcherError):
    """A text that is neither a day nor a time."""

    advice = "Write a day such as 2025-03-01, or a time such as 2025-03-01T06:00Z"

    def __init__(self, text: str) -> None:
        super().__init__(f'"{excerpt(text)}" is not a date')
        self.text = text


class QueryRefusedError(FetcherError):
    """A SQL statement that is not one query, or that the database refuses."""

    def __init__(self, reason: str, *, advice: str) -> None:
        super().__init__(excerpt(reason).rstrip("."), advice=advice)


class OutputError(FetcherError):
    """Standard output could not be written: a full disk, or a device that is gone."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the output cannot be written: {reason}")
        self.reason = reason


class SystemRefusedError(FetcherError):
    """The operating system refused something. ``place`` is a file, or empty."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(": ".join(filter(None, (one_line(place, LINE), reason.rstrip(".")))))
        self.place = place
        self.reason = reason


class SourceError(FetcherError):
    """AWS's data could not be read. ``code`` is the source's own error code."""

    def __init__(self, message: str, *, code: str, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.code = code


class CredentialsError(SourceError):
    """AWS does not accept the credentials."""


class QueryRegionError(SourceError):
    """A region whose Parameter Store does not serve the tree."""


class AccessRefusedError(SourceError):
    """AWS denies the request."""


class PathUnreadError(SourceError):
    """One path of the tree that could not be read; the others may be. ``attempts`` counts the calls made."""

    def __init__(self, path: str, *, code: str, attempts: int, advice: str | None = None) -> None:
        super().__init__(f"{path}: {excerpt(code)} after {many(attempts, 'attempt')}", code=code, advice=advice)
        self.path = path
        self.attempts = attempts


class MalformedAnswerError(PathUnreadError):
    """A path whose answer was not what AWS answers. ``reason`` says what of it."""

    def __init__(self, path: str, reason: str, *, attempts: int) -> None:
        super().__init__(path, code="MalformedAnswer", attempts=attempts)
        self.reason = f"{self.code}: {excerpt(reason)}"


class OutageError(PathUnreadError):
    """A path that could not be read because the source did not answer, or answered with a server error."""

    advice = "Check that AWS can be reached from here (network, proxy, region), or try again later"


class CircuitOpenError(SourceError):
    """A source that failed so often in a row that it is not asked again in this run."""

    def __init__(self, source: str, *, outages: int, code: str) -> None:
        message = f"{source} failed {outages} times in a row ({excerpt(code)}); no further requests were sent"
        super().__init__(message, code=code, advice=f"Try again when {source} is reachable")
        self.source = source
        self.outages = outages
