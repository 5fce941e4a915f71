"""What the errors say, and the values that they carry."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from aws_ssm_fetcher.core.error_handling import (
    CredentialsError,
    DocumentRefusedError,
    FetcherError,
    MalformedAnswerError,
    ObjectChangedError,
    ObjectMissingError,
    PathUnreadError,
    QueryRegionError,
    SettingRefusedError,
    SourceError,
    StackUnreadableError,
    StoreError,
)
from aws_ssm_fetcher.data_sources.regions_feed.parser import FeedRefusedError
from aws_ssm_fetcher.data_sources.resource_types.archive import SchemasRefusedError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FetcherError("It broke"), "It broke."),
        (FetcherError("It broke", advice="Mend it"), "It broke. Mend it."),
        (FetcherError("It broke", advice=""), "It broke."),
        (FetcherError('No such "x"! Did you mean "y"?', advice="Look"), 'No such "x"! Did you mean "y"? Look.'),
        (StoreError("a/b", "no space"), "a/b: no space."),
        (StoreError("a/b", "no space", advice="Make some"), "a/b: no space. Make some."),
        (SettingRefusedError("LEVEL", "9", allowed="1 to 5"), "LEVEL='9' is not allowed. Allowed: 1 to 5."),
        (
            PathUnreadError("regions/x", code="ThrottlingException", attempts=3),
            "regions/x: ThrottlingException after 3 attempts.",
        ),
        (
            DocumentRefusedError("a.json", expected="an inventory", found="a list"),
            f"a.json: expected an inventory, found a list. {DocumentRefusedError.advice}.",
        ),
    ],
)
def test_an_error_says_where_what_and_if_known_what_to_do(error: FetcherError, sentence: str) -> None:
    assert str(error) == sentence


@pytest.mark.parametrize(
    ("error", "values"),
    [
        (
            DocumentRefusedError("a.json", expected="x", found="y"),
            {"key": "a.json", "expected": "x", "found": "y"},
        ),
        (SettingRefusedError("LEVEL", "9", allowed="1"), {"name": "LEVEL", "value": "9", "allowed": "1"}),
        (ObjectMissingError("a", "gone", advice="Look"), {"key": "a", "reason": "gone", "advice": "Look"}),
        (SourceError("No", code="AccessDenied", advice="Ask"), {"code": "AccessDenied", "advice": "Ask"}),
        (PathUnreadError("r", code="E", attempts=2), {"path": "r", "code": "E", "attempts": 2, "advice": ""}),
    ],
)
def test_an_error_carries_its_values(error: FetcherError, values: dict[str, object]) -> None:
    assert {name: getattr(error, name) for name in values} == values


@pytest.mark.parametrize(
    ("special", "general"),
    [
        (DocumentRefusedError, FetcherError),
        (SettingRefusedError, FetcherError),
        (StoreError, FetcherError),
        (ObjectMissingError, StoreError),
        (ObjectChangedError, StoreError),
        (SourceError, FetcherError),
        (CredentialsError, SourceError),
        (QueryRegionError, SourceError),
        (PathUnreadError, SourceError),
    ],
)
def test_who_catches_the_general_error_catches_the_special_one(
    special: type[FetcherError], general: type[FetcherError]
) -> None:
    assert issubclass(special, general)


LONG = "x" * 5000 + "\n\x1b[31m forged"


@pytest.mark.parametrize(
    "error",
    [
        DocumentRefusedError("a-key", expected="a name", found=LONG),
        DocumentRefusedError("a-key", expected=LONG, found="nothing"),
        StackUnreadableError("template.yaml", 3, LONG),
        FeedRefusedError(LONG, code="NotXml"),
        SchemasRefusedError(LONG, code="WrongContent"),
        MalformedAnswerError("regions", LONG, attempts=1),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_message_quotes_at_most_a_line_of_foreign_text(error: FetcherError) -> None:
    message = str(error)

    assert len(message) < 600
    assert message.isprintable()


def every_error() -> list[type[FetcherError]]:
    """Return all classes of errors."""
    classes, left = [], [FetcherError]
    while left:
        classes.append(left.pop())
        left += classes[-1].__subclasses__()
    return classes


def value_of(parameter: inspect.Parameter) -> object:
    """Return a hostile text for a parameter that takes one, or else something of its type."""
    if "Sequence" in parameter.annotation:
        return [LONG]
    return {"int": 3, "float": 3.0, "bool": False, "BaseException": ValueError(LONG)}.get(parameter.annotation, LONG)


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_no_error_says_more_than_two_lines_nor_has_power_over_a_terminal(kind: type[FetcherError]) -> None:
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in [*inspect.signature(kind).parameters.values()]:
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value_of(parameter)
        else:
            positional.append(value_of(parameter))

    message = str(kind(*positional, **named))

    assert len(message) <= 2003
    assert message.isprintable()
