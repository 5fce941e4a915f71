"""Records from JSON values and back, strictly: a wrong type is refused, and where it stands is told.

A record is a frozen dataclass, or a named tuple where that is made sooner than the answer that needs it.

A field that is ``None`` is absent in JSON. Unknown JSON fields are passed over: a newer minor version may add some.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\dZ", re.ASCII)  # from 3.14 on Python reads 24:00
OFTEN: Final = 8192
"""How many times are remembered as they are written: thousands of changes have those of a few runs."""
Decoder = Callable[[Any], Any]
_WRITTEN_AS_THEY_ARE: Final = frozenset({str, int, float, bool, NoneType})
"""Nearly all values are of these: asking for them first halves the time."""


class MismatchError(ValueError):
    """A JSON value that is not what the model asks for; ``where`` leads to it from the outside in."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found
        self.where: list[str] = []

    def within(self, place: str) -> MismatchError:
        """Note that the value stands within *place*."""
        self.where.insert(0, place)
        return self


def is_record(kind: Any) -> bool:  # noqa: ANN401 - any type form
    """Tell whether a type is one of the model's: a dataclass, or a named tuple, which is made and filled sooner."""
    return isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_field_defaults"))


def defaults_of(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a record
    """Give the fields of a record with their defaults, ``MISSING`` where there is none."""
    if is_dataclass(kind):
        return {field.name: field.default for field in fields(kind)}
    return {name: kind._field_defaults.get(name, MISSING) for name in kind._fields}


def encode(value: object) -> Any:  # noqa: ANN401 - JSON leaves here
    """Turn a value of the model into what ``json`` can write."""
    kind: type = type(value)
    return value if kind in _WRITTEN_AS_THEY_ARE else _encoder(kind)(value)


@cache
def _encoder(kind: type) -> Callable[[Any], Any]:
    """Choose how values of a type are written: once for each, since a document holds thousands of one."""
    if is_record(kind):
        return _record_encoder(kind)
    if issubclass(kind, tuple | list):
        return lambda value: [encode(part) for part in value]
    if issubclass(kind, dict):
        return lambda value: {name: encode(part) for name, part in value.items()}
    if issubclass(kind, datetime):
        return in_utc
    return date.isoformat if issubclass(kind, date) else lambda value: value


@lru_cache(OFTEN)
def in_utc(moment: datetime) -> str:
    """Write a time as documents have it: UTC, to the second.

    Not by ``strftime``: whether that gives a year before 1000 its noughts differs by the system and the version.
    """
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _record_encoder(kind: type) -> Callable[[Any], Any]:
    names = tuple(defaults_of(kind))

    def write(value: Any) -> Any:  # noqa: ANN401 - JSON leaves here
        return {
            name: part if type(part) in _WRITTEN_AS_THEY_ARE else encode(part)
            for name in names
            if (part := getattr(value, name)) is not None
        }

    return write


def decode(kind: type[T], value: object) -> T:
    """Turn a JSON value into *kind*. Raises ``MismatchError``."""
    decoded: T = decoder(kind)(value)  # type: ignore[arg-type] # a class can be hashed
    return decoded


@cache
def decoder(kind: Any) -> Decoder:  # noqa: ANN401 - any type form: a class, Literal[...], X | None, tuple[X, ...]
    """Build the function that reads one type; once per type, since a document holds thousands of one kind."""
    if isinstance(kind, NewType):
        return decoder(kind.__supertype__)
    if is_record(kind):
        return _record(kind)
    compound = get_origin(kind)
    if compound is None:
        return {datetime: _moment, date: _day}.get(kind) or _plain(kind)
    make: dict[Any, Callable[..., Decoder]] = {
        Literal: lambda *allowed: _choice(allowed),
        tuple: lambda one, _: _sequence(decoder(one)),
        dict: lambda _, one: _mapping(decoder(one)),
        Union: lambda *kinds: _union(kinds),
        UnionType: lambda *kinds: _union(kinds),
    }
    return make[compound](*get_args(kind))


def name_of(value: object) -> str:
    """Name a JSON value's type as JSON does, and show a short value itself."""
    names = {dict: "an object", list: "a list", str: "text", bool: "a truth value", NoneType: "null"}
    name = names.get(type(value), "a number")
    return name if isinstance(value, dict | list | NoneType) else f"{name} {str(value)[:60]!r}"


def _plain(kind: type) -> Decoder:
    expected = {str: "text", int: "a whole number", float: "a number", bool: "a truth value"}[kind]
    accepted = (int, float) if kind is float else (kind,)

    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if type(value) not in accepted or (kind is str and not can_be_written(value)):
            raise MismatchError(expected, name_of(value))
        if kind is float and not math.isfinite(value):
            raise MismatchError(expected, "one beyond all numbers")
        return value

    return read


def can_be_written(text: str) -> bool:
    r"""Tell whether a text is one in UTF-8: JSON can spell half a character, ``"\ud800"``."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _choice(allowed: tuple[str, ...]) -> Decoder:
    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if not isinstance(value, str) or value not in allowed:
            raise MismatchError(f"one of {', '.join(allowed)}", name_of(value))
        return value

    return read


def _sequence(read_one: Decoder) -> Decoder:
    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if not isinstance(value, list):
            raise MismatchError("a list", name_of(value))
        read_values = []
        for index, one in enumerate(value):
            try:
                read_values.append(read_one(one))
            except MismatchError as error:
                raise error.within(f"[{index}]") from error.__cause__
        return tuple(read_values)

    return read


def _mapping(read_one: Decoder) -> Decoder:
    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if not isinstance(value, dict):
            raise MismatchError("an object", name_of(value))
        read_values = {}
        for name, one in value.items():
            try:
                read_values[name] = read_one(one)
            except MismatchError as error:
                raise error.within(f".{name}") from error.__cause__
        return read_values

    return read


def _union(kinds: tuple[Any, ...]) -> Decoder:
    """Read ``X | None`` or a union of plain types such as ``int | float | str | None``."""
    readers = [decoder(kind) for kind in kinds if kind is not NoneType]

    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if value is None and NoneType in kinds:
            return None
        for read_one in readers[:-1]:
            try:
                return read_one(value)
            except MismatchError:
                continue
        return readers[-1](value)

    return read


def _record(kind: Any) -> Decoder:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(kind)
    parts = [
        (name, decoder(hints[name]), _if_absent(default, hints[name])) for name, default in defaults_of(kind).items()
    ]

    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if not isinstance(value, dict):
            raise MismatchError("an object", name_of(value))
        arguments = []
        for name, read_one, default in parts:
            if name in value:
                try:
                    arguments.append(read_one(value[name]))
                except MismatchError as error:
                    raise error.within(f".{name}") from error.__cause__
            elif default is not MISSING:
                arguments.append(default)
            else:
                raise MismatchError(f"a field {name!r}", "none")
        return kind(*arguments)

    return read


def _if_absent(default: Any, hint: Any) -> Any:  # noqa: ANN401 - any type form, any default
    """Give what a field is if JSON has none: its default, else ``None`` if it may be that, else ``MISSING``."""
    return None if default is MISSING and NoneType in get_args(hint) else default


def moment_of(value: object) -> datetime | None:
    """Read a time in the one form that documents have, which ``strptime`` would take ten times as long for.

    ``None`` if it is none.
    """
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:  # such as the 30th of February
        return None


def _moment(value: Any) -> datetime:  # noqa: ANN401 - JSON enters here
    moment = moment_of(value)
    if moment is None:
        raise MismatchError("a time such as 2026-10-27T00:00:00Z", name_of(value))
    return moment


def _day(value: Any) -> date:  # noqa: ANN401 - JSON enters here
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise MismatchError("a day such as 2026-10-27", name_of(value)) from error
