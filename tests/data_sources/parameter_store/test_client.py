from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from ssm_server import Fault, Kind, SsmServer, stamp_of

from aws_ssm_fetcher.core.error_handling import (
    AccessRefusedError,
    CredentialsError,
    OutageError,
    PathUnreadError,
    QueryRegionError,
    SourceError,
)
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Effort
from aws_ssm_fetcher.core.ports import ROOT, Parameter
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.data_sources.parameter_store import client
from aws_ssm_fetcher.data_sources.parameter_store.client import QUERY_REGIONS, LiveTree, Meter, live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Open = Callable[..., LiveTree]

REGIONS = tuple(f"regions/r{number:02}" for number in range(25))
OF_THE_SERVER = ("ARN", "LastModifiedDate", "Version")
TREE = tuple(Parameter(path, path.removeprefix("regions/")) for path in REGIONS)


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign as nobody, and ask no file and no machine for credentials."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a test's")
    monkeypatch.setenv("AWS_CONFIG_FILE", "none")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens the tree of a server as the fetcher does."""

    def open_tree(server: SsmServer, region: str = "us-east-1", pace: Pace | None = None) -> LiveTree:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", server.url)
        breaker = CircuitBreaker("AWS Systems Manager")
        return live_tree(RegionCode(region), "full", pace=pace or Pace(100_000), breaker=breaker, threads=2)

    return open_tree


@pytest.fixture
def impatient() -> Iterator[Open]:
    """Yield a function that opens the tree of a server with a client that tries twice."""
    clients: list[Any] = []

    def open_tree(server: SsmServer, *, read_timeout: float = 5) -> LiveTree:
        client = boto3.client(
            "ssm",
            region_name="us-east-1",
            endpoint_url=server.url,
            config=Config(retries={"mode": "standard", "total_max_attempts": 2}, read_timeout=read_timeout),
        )
        clients.append(client)
        meter = Meter(Pace(100_000))
        meter.hang_into(client)
        return LiveTree(client, RegionCode("us-east-1"), "full", meter=meter, breaker=CircuitBreaker("a test"))

    yield open_tree
    for each_client in clients:
        each_client.close()


def listed(tree: LiveTree, path: str = "regions") -> list[str]:
    return [parameter.path for page in tree.pages(path, recursive=False) for parameter in page]


def sizes(tree: LiveTree) -> list[int]:
    return [len(page) for page in tree.pages("regions", recursive=False)]


def test_pages_follow_each_other_until_no_token_does(opened: Open) -> None:
    with SsmServer(TREE) as server:
        tree = opened(server)

        assert [parameter for page in tree.pages("regions", recursive=False) for parameter in page] == [
            Parameter(item.path, item.value, stamp_of(item.path)) for item in TREE
        ]


def test_a_path_with_nothing_below_has_no_parameters(opened: Open) -> None:
    with SsmServer(TREE) as server:
        assert listed(opened(server), "local-zones") == []


def test_a_shallow_listing_leaves_out_what_is_deeper_and_a_recursive_one_does_not(opened: Open) -> None:
    deep = [Parameter("regions/a", "a"), Parameter("regions/a/services/s3", "s3"), Parameter("regions/b", "b")]
    with SsmServer(deep) as server:
        tree = opened(server)
        shallow, recursive = (
            [parameter.path for page in tree.pages("regions", recursive=recursive) for parameter in page]
            for recursive in (False, True)
        )

    assert (shallow, recursive) == (["regions/a", "regions/b"], ["regions/a", "regions/a/services/s3", "regions/b"])


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_page_without_parameters_but_with_a_token_is_not_the_end(opened: Open, after: int) -> None:
    with SsmServer(TREE, faults=[Fault("empty", times=3, after=after)]) as server:
        result = sizes(opened(server))

    assert (sum(result), result.count(0)) == (25, 3)


def test_a_page_that_repeats_its_token_is_an_error_and_no_loop(opened: Open) -> None:
    with (
        SsmServer(TREE, faults=[Fault("repeat", times=20, after=1)]) as server,
        pytest.raises(PathUnreadError) as raised,
    ):
        listed(opened(server))

    assert (raised.value.code, raised.value.path) == ("RepeatedNextToken", "regions")
    assert server.calls <= 4


def test_parameters_by_name_are_given_as_far_as_they_exist(opened: Open) -> None:
    with SsmServer(TREE) as server:
        result = opened(server).named(["regions/r03", "regions/nowhere", "regions/r01"])

    assert sorted(result, key=lambda parameter: parameter.path) == [
        Parameter("regions/r01", "r01", stamp_of("regions/r01")),
        Parameter("regions/r03", "r03", stamp_of("regions/r03")),
    ]


def test_more_than_ten_names_are_refused_as_aws_refuses_them(opened: Open) -> None:
    with SsmServer(TREE) as server, pytest.raises(PathUnreadError) as raised:
        opened(server).named(REGIONS[:11])

    assert raised.value.code == "ValidationException"


@pytest.mark.parametrize("kind", ["throttle", "500", "cut", "reset", "truncated"])
def test_what_goes_wrong_once_is_tried_again_and_counted(opened: Open, kind: Kind) -> None:
    with SsmServer(TREE, faults=[Fault(kind, times=1, after=1)]) as server:
        tree = opened(server)
        result = listed(tree)

    assert result == list(REGIONS)
    assert tree.effort == Effort(
        calls=4, retries=1, throttled=int(kind == "throttle"), waited_seconds=tree.effort.waited_seconds
    )
    assert server.calls == 4


class Watched(Pace):
    """A pace that counts how often it was told to slow down."""

    slowed = 0

    def slow_down(self) -> None:
        self.slowed += 1
        super().slow_down()


@pytest.mark.parametrize(("kind", "slowed"), [("throttle", 2), ("500", 0)])
def test_too_many_slows_all_calls_down_and_nothing_else_does(opened: Open, kind: Kind, slowed: int) -> None:
    pace = Watched(100_000)
    with SsmServer(TREE, faults=[Fault(kind, times=2)]) as server:
        listed(opened(server, pace=pace))

    assert pace.slowed == slowed


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [
        ("500", OutageError, "InternalServerError"),
        ("reset", OutageError, "ConnectionClosedError"),
        ("cut", OutageError, "IncompleteAnswer"),
        ("truncated", OutageError, "IncompleteAnswer"),
        ("throttle", PathUnreadError, "ThrottlingException"),
        ("expired", CredentialsError, "ExpiredTokenException"),
        ("denied", AccessRefusedError, "AccessDeniedException"),
    ],
)
def test_what_stays_wrong_is_reported_by_its_kind(
    impatient: Open, kind: Kind, error: type[SourceError], code: str
) -> None:
    with SsmServer(TREE, faults=[Fault(kind)]) as server:
        tree = impatient(server)
        with pytest.raises(SourceError) as raised:
            listed(tree)

    assert (type(raised.value), raised.value.code) == (error, code)


def test_an_answer_that_does_not_come_in_time_is_an_outage(impatient: Open) -> None:
    with SsmServer(TREE, faults=[Fault("slow", seconds=0.5)]) as server:
        tree = impatient(server, read_timeout=0.05)
        with pytest.raises(OutageError) as raised:
            listed(tree)

    assert raised.value.code == "ReadTimeoutError"


def test_a_server_that_is_not_there_is_an_outage(impatient: Open) -> None:
    with SsmServer(TREE) as server:
        tree = impatient(server)

    with pytest.raises(OutageError) as raised:
        listed(tree)
    assert raised.value.code == "EndpointConnectionError"


def test_throttling_is_no_outage_however_long_it_lasts(impatient: Open) -> None:
    with SsmServer(TREE, faults=[Fault("throttle")]) as server:
        tree = impatient(server)
        with pytest.raises(PathUnreadError) as raised:
            listed(tree)

    assert not isinstance(raised.value, OutageError)
    assert (raised.value.attempts, tree.effort.throttled, tree.effort.retries) == (2, 2, 1)


def test_a_region_that_cannot_be_asked_is_named_with_those_that_can(opened: Open) -> None:
    with SsmServer(TREE, closed_regions=["af-south-1"]) as server, pytest.raises(QueryRegionError) as raised:
        listed(opened(server, "af-south-1"))

    assert "af-south-1" in str(raised.value)
    assert [region for region in QUERY_REGIONS if region not in raised.value.advice] == []


def test_who_may_not_read_is_reported_what_to_grant(opened: Open) -> None:
    with SsmServer(TREE, faults=[Fault("denied")]) as server, pytest.raises(AccessRefusedError) as raised:
        listed(opened(server))

    assert "ssm:GetParametersByPath" in raised.value.advice
    assert f"parameter{ROOT}" in raised.value.advice


def test_without_credentials_nothing_is_sent(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with SsmServer(TREE) as server, pytest.raises(CredentialsError) as raised:
        listed(opened(server))

    assert (raised.value.code, server.calls) == ("NoCredentialsError", 0)


def test_a_profile_that_is_not_there_is_reported(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with SsmServer(TREE) as server, pytest.raises(CredentialsError, match="nobody"):
        opened(server)


def test_one_answer_is_that_of_another_ssm_server_field_by_field() -> None:
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - 1 s that only this test needs

    elsewhere = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    elsewhere.start()
    try:
        host, port = elsewhere.get_host_and_port()
        theirs = answers(f"http://{host}:{port}")
    finally:
        elsewhere.stop()
    with SsmServer() as server:
        ours = answers(server.url)

    assert [shape(answer) for answer in ours] == [shape(answer) for answer in theirs]


def answers(url: str) -> Iterable[dict[str, Any]]:
    """Return a page by path and two parameters by name, one of which is not there."""
    client = boto3.client("ssm", region_name="us-east-1", endpoint_url=url)
    try:
        return (
            client.get_parameters_by_path(Path=f"{ROOT}/regions"),
            client.get_parameters(Names=[f"{ROOT}/regions/eu-west-3", f"{ROOT}/regions/nowhere"]),
        )
    finally:
        client.close()


def shape(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that an answer has, of what type, and the parts that do not depend on who answers."""
    return {
        "fields": {name: type(value) for name, value in answer.items()},
        "parameters": [
            {
                name: type(value) if name in {"ARN", "LastModifiedDate", "Version"} else value
                for name, value in parameter.items()
            }
            for parameter in answer["Parameters"]
        ],
        "unknown": answer.get("InvalidParameters"),
        "status": answer["ResponseMetadata"]["HTTPStatusCode"],
        "type": answer["ResponseMetadata"]["HTTPHeaders"]["content-type"],
    }


def test_empty_pages_with_ever_new_tokens_end(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_EMPTY_PAGES", 3)
    with SsmServer(TREE, faults=[Fault("empty", "regions")]) as server:
        with pytest.raises(PathUnreadError) as raised:
            listed(opened(server))

        assert (raised.value.code, server.calls) == ("EmptyPages", 4)
