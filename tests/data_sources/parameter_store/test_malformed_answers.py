"""Answers that AWS never gives: each is an error of that path, with the cause, and no traceback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from answering_server import answering

from aws_ssm_fetcher.core.error_handling import AccessRefusedError, MalformedAnswerError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.ports import ROOT
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.data_sources.parameter_store.client import QUERY_REGIONS, LiveTree, live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

GOOD = {"Name": f"{ROOT}/regions/a", "Value": "a", "Version": 1, "LastModifiedDate": 1556712000}


def answer(**changes: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps({"Parameters": [{**GOOD, **changes}]}).encode()


def without(name: str) -> bytes:
    return json.dumps({"Parameters": [{key: value for key, value in GOOD.items() if key != name}]}).encode()


def opened(url: str, monkeypatch: pytest.MonkeyPatch, region: str = "us-east-1") -> LiveTree:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "a test's",
        "AWS_CONFIG_FILE": "none",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
        "AWS_ENDPOINT_URL_SSM": url,
    }.items():
        monkeypatch.setenv(name, value)
    breaker = CircuitBreaker("AWS Systems Manager")
    return live_tree(RegionCode(region), "full", pace=Pace(100_000), breaker=breaker, threads=1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"Parameters": [{"Name": "\xff\xfe"}]}',
        b'{"Parameters": ' + b"[" * 100_000,
        b'{"Parameters": [null]}',
        b'{"Parameters": ["a"]}',
        b'{"Parameters": {"a": 1}}',
        b'{"Parameters": 7}',
        b"[]",
        b'[{"Parameters": []}]',
        b'"text"',
        without("Name"),
        without("Value"),
        answer(Name=7),
        answer(Name="/elsewhere/regions/a"),
        answer(Value=None),
        answer(Value=["a"]),
        answer(Version="1"),
        answer(Version=1.5),
        answer(Version=-1),
        answer(LastModifiedDate="yesterday"),
        answer(LastModifiedDate=1e300),
        answer(LastModifiedDate=[]),
        answer().replace(b'"a"', b'"\\ud800"'),
        answer().replace(b"1556712000", b"NaN"),
        b'{"Parameters": [], "NextToken": {"a": 1}}',
        b'{"Parameters": [], "NextToken": 7}',
    ],
)
def test_an_answer_that_aws_never_gives_is_an_error_of_the_path(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(body) as url, pytest.raises(MalformedAnswerError) as raised:
        [*opened(url, monkeypatch).pages("regions", recursive=False)]

    assert (raised.value.path, raised.value.code) == ("regions", "MalformedAnswer")
    assert len(raised.value.reason) < 400


@pytest.mark.parametrize(("status", "code"), [(200, "HTML"), (403, "403")])
def test_a_page_of_a_filter_is_reported_from_an_answer_of_aws(
    status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = b"<html><body><h1>Blocked by your company</h1></body></html>"
    with (
        answering(page, status=status, content_type="text/html") as url,
        pytest.raises(AccessRefusedError, match=rf"did not come from AWS \({code}\).*A proxy or filter"),
    ):
        [*opened(url, monkeypatch).pages("regions", recursive=False)]


@pytest.mark.parametrize(
    ("region", "sentence", "begins", "lost"),
    [
        (
            "us-west-1",
            "User: x is not authorized with an explicit deny in a service control policy",
            "Ask the owner of that service control policy to allow it: another grant does not help. If it denies ",
            "the bundled history of us-west-1 is then not continued but stands before yours",
        ),
        (
            "us-east-2",
            "User: x is not authorized because no permissions boundary allows it",
            "Ask the owner of that permissions boundary",
            "the history of us-east-2 is then not continued",
        ),
        (
            "eu-west-1",
            "User: x is not authorized because no identity-based policy allows it",
            "Grant ssm:",
            "the history of eu-west-1 is then not continued",
        ),
    ],
)
def test_where_a_region_is_denied_the_others_are_named_and_what_it_costs_to_ask_one(
    region: str, sentence: str, begins: str, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({"__type": "AccessDeniedException", "message": sentence}).encode()
    with answering(body, status=400) as url, pytest.raises(AccessRefusedError) as raised:
        [*opened(url, monkeypatch, region).pages("regions", recursive=False)]

    advice = raised.value.advice
    others = advice.partition("SSM_REGION: ")[2].partition(". ")[0]
    assert advice.startswith(begins)
    assert set(others.split(", ")) == set(QUERY_REGIONS) - {region}
    assert advice.endswith(f". Answers differ by region, so {lost}, and no change is announced between the two")


@pytest.mark.parametrize(
    ("kind", "sentence", "advice"),
    [
        ("AccessDeniedException", "User: x is not authorized because no identity-based policy allows it", "Grant ssm:"),
        (
            "AccessDeniedException",
            "User: x is not authorized with an explicit deny in a service control policy",
            "Ask the owner of that service control policy",
        ),
        (
            "AccessDeniedException",
            "User: x is not authorized because no VPC endpoint policy allows the ssm:GetParametersByPath action",
            "Ask the owner of that VPC endpoint policy",
        ),
        (
            "InvalidSignatureException",
            "Signature expired: 20260101T000000Z is now earlier than 20261129T000000Z",
            "Set the clock",
        ),
        ("UnrecognizedClientException", "The security token included in the request is invalid", "another partition"),
    ],
)
def test_the_sentence_of_aws_is_kept_and_the_advice_follows_the_cause(
    kind: str, sentence: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({"__type": kind, "message": sentence}).encode()
    with answering(body, status=400) as url, pytest.raises(Exception, match=kind) as raised:
        [*opened(url, monkeypatch).pages("regions", recursive=False)]

    assert sentence in str(raised.value)
    assert advice in str(raised.value)
