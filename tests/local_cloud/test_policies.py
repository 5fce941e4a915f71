"""A call is judged as IAM would judge it, and what is not understood is refused by name."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from local_cloud.policies import Request, UnknownInPolicyError, allowing, is_like, statements

BUCKET: Final = "arn:aws:s3:::ours"
READ: Final = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/raw-data/*"}
GET: Final = Request("s3:GetObject", f"{BUCKET}/raw-data/a")


def sids(*stated: dict[str, Any], request: Request = GET) -> list[str]:
    """Return the names of the statements that allow a request."""
    return [item.sid for item in allowing(statements(json.dumps({"Statement": list(stated)})), request)]


def test_a_statement_allows_its_action_on_its_resource() -> None:
    assert sids(READ) == ["Read"]


@pytest.mark.parametrize(
    "request_",
    [Request("s3:PutObject", GET.resource), Request(GET.action, f"{BUCKET}/history/a")],
    ids=["another action", "another resource"],
)
def test_it_allows_nothing_else(request_: Request) -> None:
    assert sids(READ, request=request_) == []


def test_one_denial_outweighs_all_that_allow() -> None:
    assert sids(READ, {**READ, "Sid": "Not", "Effect": "Deny", "Resource": "*"}) == []


def test_actions_are_the_same_in_capitals() -> None:
    assert sids({**READ, "Action": ["S3:getobject"]}) == ["Read"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"aws:SourceAccount": "123456789012"}}, True),
        ({"StringEquals": {"aws:SourceAccount": ["1", "123456789012"]}}, True),
        ({"StringEquals": {"aws:SourceAccount": "1234*"}}, False),
        ({"StringLike": {"aws:SourceAccount": "1234*"}}, True),
        ({"StringLike": {"s3:prefix": "*"}}, False),
        ({"Bool": {"aws:SecureTransport": True}}, False),
    ],
    ids=["equal", "one of them", "a star is only a star", "like", "not among what is known", "nor this"],
)
def test_a_statement_speaks_only_under_its_conditions(condition: dict[str, Any], holds: bool) -> None:  # noqa: FBT001
    request = Request(GET.action, GET.resource, {"aws:sourceaccount": "123456789012"})

    assert sids({**READ, "Condition": condition}, request=request) == (["Read"] if holds else [])


@pytest.mark.parametrize(
    ("part", "named"),
    [({"NotResource": "*"}, "NotResource"), ({"Condition": {"DateLessThan": {}}}, "DateLessThan")],
    ids=["a part", "a condition"],
)
def test_what_is_not_known_is_refused_by_name(part: dict[str, Any], named: str) -> None:
    with pytest.raises(UnknownInPolicyError, match=named):
        sids({**READ, **part})


def test_a_bracket_in_a_pattern_is_only_a_bracket() -> None:
    assert (is_like("[$LATEST]b", "[$LATEST]*"), is_like("$", "[$]")) == (True, False)
