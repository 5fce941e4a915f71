import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.documents import check_size, decode_text, parse_json

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def test_each_key_and_element_of_json_has_its_line() -> None:
    document = parse_json("t.json", '{\n "a": [\n  1,\n  {"b": "}\\n"}\n ],\n "c": {"d":\n 2}\n}', with_lines=True)

    assert document.lines == {
        (): 1,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 1): 4,
        ("a", 1, "b"): 4,
        ("c",): 6,
        ("c", "d"): 6,
    }


@given(_VALUES)
def test_lines_are_known_for_every_place_of_a_document(value: object) -> None:
    document = parse_json("t.json", json.dumps(value), with_lines=True)

    assert set(document.lines) == {(), *_places(value, ())}


def _places(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    pairs: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    return [place for key, inner in pairs for place in ((*path, key), *_places(inner, (*path, key)))]


def test_broken_json_is_refused_with_its_line() -> None:
    with pytest.raises(StackUnreadableError, match=r"t\.json:2: not valid JSON"):
        parse_json("t.json", '{"a":\n}', with_lines=True)


@pytest.mark.parametrize("depth", [150, 100_000])
def test_json_that_nests_too_deep_is_refused(depth: int) -> None:
    with pytest.raises(StackUnreadableError, match="nested deeper than"):
        parse_json("t.json", "[" * depth + "]" * depth, with_lines=True)


def test_a_file_larger_than_its_kind_is_refused() -> None:
    with pytest.raises(StackUnreadableError, match=r"t\.yaml: 11 bytes are more than the 10 that are read"):
        check_size("t.yaml", b"x" * 11, 10)


def test_text_is_read_as_powershell_writes_it_and_refused_where_it_is_none() -> None:
    assert decode_text("t", '{"a": 1}'.encode("utf-16")) == '{"a": 1}'
    assert decode_text("t", b"\xef\xbb\xbf{}") == "{}"
    with pytest.raises(StackUnreadableError, match="t:2: not UTF-8 text"):
        decode_text("t", b"a\n\xff\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": ' + "9" * 5_000 + "}", "Exceeds the limit"),
        ('{"Resources": {\n"A": {"Type": "x"},\n"A": {"Type": "y"}}}', "f:3: the key 'A' twice in one object"),
    ],
    ids=["a number of 5,000 digits", "a key twice"],
)
def test_json_that_python_reads_in_part_or_not_is_refused(text: str, reason: str) -> None:
    with pytest.raises(StackUnreadableError, match=reason):
        parse_json("f", text, with_lines=True)
