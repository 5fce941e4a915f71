"""JSON whose lists have a line for each part, whatever the parts are."""

from __future__ import annotations

import io
import json
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.cli.shared.json_text import json_text

PARTS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(PARTS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def test_of_a_list_each_part_that_has_parts_stands_on_a_line() -> None:
    value = {
        "about": {"runs": 2},
        "rows": [{"a": 1, "b": [1, 2]}, {"a": 2}],
        "pairs": [["x", "y"], []],
        "codes": ["s3"],
    }

    assert json_text(value).splitlines() == [
        "{",
        '  "about": {',
        '    "runs": 2',
        "  },",
        '  "rows": [',
        '    {"a": 1, "b": [1, 2]},',
        '    {"a": 2}',
        "  ],",
        '  "pairs": [',
        '    ["x", "y"],',
        "    []",
        "  ],",
        '  "codes": ["s3"]',
        "}",
    ]


@given(VALUES)
def test_whatever_is_written_is_read_back(value: object) -> None:
    assert json.loads(json_text(value)) == value


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_what_the_output_cannot_spell_is_escaped(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))

    text = json_text({"name": "\N{CRAB}"})

    assert json.loads(text.encode(encoding)) == {"name": "\N{CRAB}"}
    assert ("\\u" in text) is (encoding != "utf-8")


def test_what_is_no_number_is_no_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"median": math.nan})


@given(st.lists(st.lists(st.sampled_from(["\0", ", ", "a"]), max_size=4), min_size=1))
def test_parts_that_hold_what_stands_between_them_stay_apart(value: list[list[str]]) -> None:
    lines = [f"  {json.dumps(part)}" for part in value]

    assert json_text(value) == "[\n" + ",\n".join(lines) + "\n]"


@pytest.mark.parametrize("text", ["a\x9b2J", "a\u202eb", "a\u2028b", "\u00e9\x85"])
def test_what_controls_a_terminal_is_escaped(text: str) -> None:
    written = json_text({"name": text})

    assert (written.isascii(), json.loads(written)) == (True, {"name": text})


def test_what_controls_no_terminal_stays_readable() -> None:
    assert json_text({"name": "S\u00e3o Paulo \u2013 \u2026"}) == '{\n  "name": "S\u00e3o Paulo \u2013 \u2026"\n}'
