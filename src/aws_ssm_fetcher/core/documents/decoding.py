"""Decode JSON values to frozen records and encode them again, strictly: a wrong type is refused with its place.

A record is a named tuple or a frozen dataclass, which takes longer to define.

A field that is ``None`` is absent in JSON. Unknown JSON fields are ignored: a newer minor version may add some.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial
from types import NoneType, UnionType
from typing import Any, Final, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\dZ", re.ASCII)  # from 3.14 on Python reads 24:00
REQUIRED: Final = object()
"""Stands for the default of a field that has none."""
_TIMES: Final = 512
"""Size of the cache of formatted times: changes have the times of a few runs, and offerings one each, only once."""
NOT_IN_JSON: Final[Mapping[str, bool]] = {"not_in_json": True}
"""The metadata of a dataclass's field that JSON does not have."""
Decoder = Callable[[Any], Any]
_WRITTEN_AS_THEY_ARE: Final = frozenset({str, int, float, bool, NoneType})
"""Nearly all values have these types: checking for them first halves the time."""


class MismatchError(ValueError):
    """A JSON value of the wrong type or form; ``where`` is the path to it, outermost part first."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found
        self.where: list[str] = []

    def within(self, place: str) -> MismatchError:
        """Prepend *place* to the path."""
        self.where.insert(0, place)
        return self


def is_record(kind: Any) -> bool:  # noqa: ANN401 - any type form
    """Check whether a type is a record: a dataclass or a named tuple."""
    return isinstance(kind, type) and (hasattr(kind, "_field_defaults") or hasattr(kind, "__dataclass_fields__"))


def defaults_of(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a record
    """Return the fields of a record that JSON has with their defaults, ``REQUIRED`` where there is none."""
    if hasattr(kind, "_field_defaults"):
        return {name: kind._field_defaults.get(name, REQUIRED) for name in kind._fields}
    from dataclasses import MISSING, fields  # noqa: PLC0415 - 1 ms; a question about time has named tuples alone

    return {
        field.name: REQUIRED if field.default is MISSING else field.default
        for field in fields(kind)
        if "not_in_json" not in field.metadata
    }


def stated_fields(record: object) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a record that JSON has, unencoded: those with a value."""
    for name in defaults_of(type(record)):
        part = getattr(record, name)
        if part is not None:
            yield name, part


def encode(value: object) -> Any:  # noqa: ANN401 - JSON leaves here
    """Convert a value of the model to what ``json`` can write."""
    kind: type = type(value)
    return value if kind in _WRITTEN_AS_THEY_ARE else _ENCODERS[kind](value)


class _Encoders(dict[type, Callable[[Any], Any]]):
    """The encoder of each type. A document holds thousands of values of one type."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        return self.setdefault(kind, _encoder_of(kind))


_ENCODERS: Final = _Encoders()


def _encoder_of(kind: type) -> Callable[[Any], Any]:
    # Records first: a named tuple is a tuple, too. datetime before date, of which it is a subclass.
    if is_record(kind):
        return _record_encoder(kind)
    if issubclass(kind, tuple | list):
        return _encode_list
    if issubclass(kind, dict):
        return _encode_mapping
    if issubclass(kind, datetime):
        return in_utc
    return date.isoformat if issubclass(kind, date) else _unchanged


def _encode_list(values: Iterable[object]) -> list[Any]:
    return [encode(part) for part in values]


def _encode_mapping(members: Mapping[str, object]) -> dict[str, Any]:
    return {name: encode(part) for name, part in members.items()}


def _unchanged(value: object) -> object:
    return value


@lru_cache(_TIMES)
def in_utc(moment: datetime) -> str:
    """Format a time as documents have it: UTC, to the second.

    Not by ``strftime``: whether that gives a year before 1000 its noughts differs by the system and the version.
    """
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _record_encoder(kind: type) -> Callable[[Any], Any]:
    names = tuple(defaults_of(kind))
    # A named tuple's parts stand in the order of its names.
    parts_of = iter if names == getattr(kind, "_fields", None) else partial(_parts, names)

    def write(value: Any) -> Any:  # noqa: ANN401 - JSON leaves here
        return {
            name: part if (kind := type(part)) in _WRITTEN_AS_THEY_ARE else _ENCODERS[kind](part)
            for name, part in zip(names, parts_of(value), strict=True)
            if part is not None
        }

    return write


def _parts(names: Iterable[str], value: object) -> Iterator[object]:
    return (getattr(value, name) for name in names)


def decode(kind: type[T], value: object) -> T:
    """Decode a JSON value as *kind*. Raises ``MismatchError``."""
    decoded: T = decoder(kind)(value)  # type: ignore[arg-type] # a class can be hashed
    return decoded


@cache
def decoder(kind: Any) -> Decoder:  # noqa: ANN401 - any type form: a class, Literal[...], X | None, tuple[X, ...]
    """Return the decoder of a type. Cached, since a document holds thousands of values of one type."""
    # NewType has no class at run time: ServiceCode is a str.
    if isinstance(kind, NewType):
        return decoder(kind.__supertype__)
    if is_record(kind):
        return _record(kind)
    compound = get_origin(kind)
    if compound is None:
        return {datetime: _moment, date: _day}.get(kind) or _plain(kind)
    make: dict[Any, Callable[..., Decoder]] = {
        Literal: lambda *allowed: _choice(allowed),
        tuple: lambda argument, _: _sequence(decoder(argument)),
        dict: lambda _, argument: _mapping(decoder(argument)),
        Union: lambda *kinds: _union(kinds),
        UnionType: lambda *kinds: _union(kinds),
    }
    return make[compound](*get_args(kind))


def name_of(value: object) -> str:
    """Describe a JSON value by its type and, if it is short, its value."""
    names = {dict: "an object", list: "a list", str: "text", bool: "a truth value", NoneType: "null"}
    name = names.get(type(value), "a number")
    return name if isinstance(value, dict | list | NoneType) else f"{name} {str(value)[:60]!r}"


def _plain(kind: type) -> Decoder:
    expected = {str: "text", int: "a whole number", float: "a number", bool: "a truth value"}[kind]
    # json reads "1" as int where a float may have been written; bool is excluded by its exact type, though it is an
    # int.
    accepted = (int, float) if kind is float else (kind,)

    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if type(value) not in accepted or (kind is str and not can_be_written(value)):
            raise MismatchError(expected, name_of(value))
        # "1e999" is valid JSON and becomes infinity.
        if kind is float and not math.isfinite(value):
            raise MismatchError(expected, "infinity")
        return value

    return read


def can_be_written(text: str) -> bool:
    r"""Check whether a text can be written in UTF-8. JSON can contain lone surrogates, ``"\ud800"``."""
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
        for index, element in enumerate(value):
            try:
                read_values.append(read_one(element))
            except MismatchError as error:
                # The place is put together on the way out, so that reading valid documents costs nothing for it.
                raise error.within(f"[{index}]") from error.__cause__
        return tuple(read_values)

    return read


def _mapping(read_one: Decoder) -> Decoder:
    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if not isinstance(value, dict):
            raise MismatchError("an object", name_of(value))
        read_values = {}
        for name, member in value.items():
            try:
                read_values[name] = read_one(member)
            except MismatchError as error:
                raise error.within(f".{name}") from error.__cause__
        return read_values

    return read


def _union(kinds: tuple[Any, ...]) -> Decoder:
    """Return the decoder of ``X | None`` or of a union such as ``int | float | str | None``."""
    readers = [decoder(kind) for kind in kinds if kind is not NoneType]

    def read(value: Any) -> Any:  # noqa: ANN401 - JSON enters here
        if value is None and NoneType in kinds:
            return None
        # The last reader's error is the one that is shown: of "X | None" there is only one.
        for read_one in readers[:-1]:
            try:
                return read_one(value)
            except MismatchError:
                continue
        return readers[-1](value)

    return read


def _record(kind: Any) -> Decoder:  # noqa: ANN401 - a record
    # Annotations are texts (from __future__), and resolving them is slow: once a class, not once a value.
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
                    # By position: defaults_of has the fields in the order of the class.
                    arguments.append(read_one(value[name]))
                except MismatchError as error:
                    raise error.within(f".{name}") from error.__cause__
            elif default is not REQUIRED:
                arguments.append(default)
            else:
                raise MismatchError(f"a field {name!r}", "none")
        return kind(*arguments)

    return read


def _if_absent(default: Any, hint: Any) -> Any:  # noqa: ANN401 - any type form, any default
    """Return a field's value if JSON has none: its default, else ``None`` if allowed, else ``REQUIRED``."""
    return None if default is REQUIRED and NoneType in get_args(hint) else default


def moment_of(value: object) -> datetime | None:
    """Parse a time in the one form that documents have; ``strptime`` would take ten times as long.

    Returns ``None`` for anything else.
    """
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        # The pattern above keeps out what fromisoformat also takes, such as weeks or other offsets, which differ by
        # version.
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
