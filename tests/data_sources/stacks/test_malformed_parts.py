"""A file of a stack of which a part is of another type is read, or refused in one line that names it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.paths import read_body
from fault_campaign import STACKS
from malformed_parts import changed, paths

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES: Final = {name: json.loads(body) for name, body in STACKS if name.endswith(".json") and name != "manifest.json"}
PARTS: Final[tuple[Any, ...]] = (None, 5, "x", [], {}, [None], [[]], [{}])


def spoiled(document: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield a document with each of its parts replaced, removed and put into a list."""
    for path in paths(document):
        yield from (changed(document, path, part) for part in PARTS)
        if path:
            yield from (changed(document, path, None, way) for way in ("remove", "wrap"))


@pytest.mark.parametrize("name", FILES)
def test_no_part_of_another_type_is_a_traceback(name: str) -> None:
    for document in spoiled(FILES[name]):
        with suppress(StackUnreadableError):
            read_body(name, json.dumps(document).encode(), [])


@pytest.mark.parametrize(
    ("path", "part", "reason"),
    [
        (("format_version",), "2.0", "format_version '2.0', of which only 0 and 1 are known"),
        (("planned_values",), None, "'planned_values' is no object"),
        (("planned_values", "root_module", "resources"), {"a": 1}, "'resources' is no list"),
        (("planned_values", "root_module", "resources", 0), None, "'resources' has something else than objects"),
        (("planned_values", "root_module", "resources", 0, "type"), 5, "'type' is no text"),
        (("planned_values", "root_module", "child_modules"), 5, "'child_modules' is no list"),
        (("configuration", "provider_config", "aws"), [], "'aws' is no object"),
        (("errored",), True, "a plan that ended with an error, and may lack resources"),
    ],
)
def test_a_plan_that_is_not_whole_does_not_fit_anywhere(path: tuple[str | int, ...], part: object, reason: str) -> None:
    plan = changed(FILES["plan.json"], path, part)

    with pytest.raises(StackUnreadableError, match=reason):
        read_body("plan.json", json.dumps(plan).encode(), [])


def test_an_answer_quotes_no_more_than_a_line_of_a_name() -> None:
    template = {"Resources": {"A" * 1_000: {"Type": "B" * 1_000_000}, "C": {"Type": f"Custom::{'D' * 1_000_000}"}}}

    stack = read_body("t.json", json.dumps(template).encode(), [])

    assert (stack.needs, len(stack.undecided)) == ((), 2)
    assert all(len(remark.what) <= 300 and len(remark.place.address) <= 300 for remark in stack.undecided)
