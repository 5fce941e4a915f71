"""Records, dataclasses and named tuples, from JSON values and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple, NewType

import pytest

from aws_ssm_fetcher.core.documents.decoding import MismatchError, decode, encode, name_of

Title = NewType("Title", str)


class Book(NamedTuple):
    title: Title
    pages: int
    printed: date
    kind: Literal["novel", "atlas"]
    weight: float
    price: int | float | str | None = None
    lent: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    name: str | None
    counted: datetime
    shelves: dict[str, tuple[Book, ...]]


BOOK = Book(Title("Maps"), 120, date(2026, 10, 27), "atlas", 1.5)
BOOK_AS_JSON = {
    "title": "Maps",
    "pages": 120,
    "printed": "2026-10-27",
    "kind": "atlas",
    "weight": 1.5,
    "lent": False,
}
LIBRARY = Library(
    "Städtische", datetime(2026, 10, 27, 9, 30, 5, tzinfo=UTC), {"A": (BOOK, BOOK._replace(lent=True)), "B": ()}
)
LIBRARY_AS_JSON = {
    "name": "Städtische",
    "counted": "2026-10-27T09:30:05Z",
    "shelves": {"A": [BOOK_AS_JSON, BOOK_AS_JSON | {"lent": True}], "B": []},
}


def test_a_record_of_records_is_written_as_plain_json_values() -> None:
    assert encode(LIBRARY) == LIBRARY_AS_JSON


def test_records_in_a_list_are_written_as_records() -> None:
    assert encode([BOOK]) == encode((BOOK,)) == [BOOK_AS_JSON]


def test_a_time_has_four_digits_for_its_year_however_long_ago_it_was() -> None:
    assert encode(datetime(1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "0001-02-03T04:05:06Z"


def test_a_record_of_records_is_read_back_as_it_was() -> None:
    assert decode(Library, LIBRARY_AS_JSON) == LIBRARY


def test_a_field_that_is_none_is_left_out_in_json() -> None:
    written = encode(replace(LIBRARY, name=None))

    assert "name" not in written


@pytest.mark.parametrize("absent_in_json", [{}, {"name": None}], ids=["absent", "null"])
def test_a_field_left_out_in_json_is_none_again(absent_in_json: dict[str, None]) -> None:
    nameless = {name: value for name, value in LIBRARY_AS_JSON.items() if name != "name"}

    assert decode(Library, nameless | absent_in_json) == replace(LIBRARY, name=None)


def test_a_field_left_out_in_json_takes_its_default() -> None:
    without = {name: value for name, value in BOOK_AS_JSON.items() if name != "lent"}

    assert decode(Book, without) == BOOK


def test_a_field_of_a_newer_minor_version_is_passed_over() -> None:
    assert decode(Book, BOOK_AS_JSON | {"isbn": ["new", {"in": 1.1}]}) == BOOK


def test_a_whole_number_serves_where_a_number_is_asked_for() -> None:
    assert decode(Book, BOOK_AS_JSON | {"weight": 2}).weight == 2


@pytest.mark.parametrize("price", [1, 1.5, "on request", None])
def test_a_union_keeps_each_of_its_types(price: float | str | None) -> None:
    read = decode(Book, BOOK_AS_JSON | {"price": price}).price

    assert (type(read), read) == (type(price), price)


@pytest.mark.parametrize(
    ("field", "value", "expected", "found"),
    [
        ("title", 7, "text", "a number '7'"),
        ("title", None, "text", "null"),
        ("pages", "7", "a whole number", "text '7'"),
        ("pages", 7.5, "a whole number", "a number '7.5'"),
        ("pages", True, "a whole number", "a truth value 'True'"),
        ("weight", "heavy", "a number", "text 'heavy'"),
        ("weight", False, "a number", "a truth value 'False'"),
        ("lent", 1, "a truth value", "a number '1'"),
        ("kind", "poem", "one of novel, atlas", "text 'poem'"),
        ("kind", ["novel"], "one of novel, atlas", "a list"),
        ("printed", "27.10.2026", "a day such as 2026-10-27", "text '27.10.2026'"),
        ("printed", 20261027, "a day such as 2026-10-27", "a number '20261027'"),
        ("printed", "2026-02-30", "a day such as 2026-10-27", "text '2026-02-30'"),
        ("price", {"amount": 1}, "text", "an object"),
    ],
)
def test_a_wrong_type_is_refused_with_what_was_expected_and_found(
    field: str, value: object, expected: str, found: str
) -> None:
    with pytest.raises(MismatchError) as refusal:
        decode(Book, BOOK_AS_JSON | {field: value})

    assert (refusal.value.where, refusal.value.expected, refusal.value.found) == ([f".{field}"], expected, found)


@pytest.mark.parametrize(
    ("library", "where"),
    [
        (LIBRARY_AS_JSON | {"counted": "today"}, ".counted"),
        (LIBRARY_AS_JSON | {"counted": 1793093405}, ".counted"),
        (LIBRARY_AS_JSON | {"counted": "2026-10-27T24:00:00Z"}, ".counted"),  # which Python reads from 3.14 on
        (LIBRARY_AS_JSON | {"shelves": []}, ".shelves"),
        (LIBRARY_AS_JSON | {"shelves": {"A": {}}}, ".shelves.A"),
        (LIBRARY_AS_JSON | {"shelves": {"A": [BOOK_AS_JSON, []]}}, ".shelves.A[1]"),
        (LIBRARY_AS_JSON | {"shelves": {"A": [BOOK_AS_JSON, BOOK_AS_JSON | {"pages": "x"}]}}, ".shelves.A[1].pages"),
    ],
)
def test_the_place_of_a_wrong_value_is_reported_from_the_outside_in(library: object, where: str) -> None:
    with pytest.raises(MismatchError) as refusal:
        decode(Library, library)

    assert "".join(refusal.value.where) == where


def test_a_missing_field_is_named_and_so_is_the_record_that_lacks_it() -> None:
    with pytest.raises(MismatchError) as refusal:
        decode(Library, LIBRARY_AS_JSON | {"shelves": {"A": [{"title": "Maps"}]}})

    assert ("".join(refusal.value.where), refusal.value.expected) == (".shelves.A[0]", "a field 'pages'")


@pytest.mark.parametrize("value", [None, [], "text", 7, True])
def test_what_is_no_object_is_refused_as_a_record(value: object) -> None:
    with pytest.raises(MismatchError) as refusal:
        decode(Library, value)

    assert (refusal.value.where, refusal.value.expected) == ([], "an object")


def test_a_date_that_is_none_keeps_the_cause() -> None:
    with pytest.raises(MismatchError) as refusal:
        decode(Library, LIBRARY_AS_JSON | {"shelves": {"A": [BOOK_AS_JSON | {"printed": "2026-13-01"}]}})

    assert isinstance(refusal.value.__cause__, ValueError)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"a": 1}, "an object"),
        ([1], "a list"),
        (None, "null"),
        (True, "a truth value 'True'"),
        (7, "a number '7'"),
        ("x" * 61, f"text '{'x' * 60}'"),
    ],
)
def test_a_json_value_is_named_as_json_does_and_shown_if_short(value: object, name: str) -> None:
    assert name_of(value) == name


def test_a_number_too_large_for_a_float_is_refused() -> None:
    with pytest.raises(MismatchError) as refused:
        decode(float, json.loads("1e999"))

    assert (refused.value.expected, refused.value.found) == ("a number", "infinity")
