"""A topic over HTTP: what reaches whoever subscribed with a filter, and what becomes of a refusal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

import boto3
import pytest
from queues import local_client, subscription
from s3_servers import Answer, answering

from aws_ssm_fetcher.core.error_handling import NotificationError
from aws_ssm_fetcher.core.function.notifiers import TopicNotifier, region_of
from aws_ssm_fetcher.core.ports import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ARN: Final = "arn:aws:sns:eu-west-1:123456789012:changes"


def notice(regions: str, services: str) -> Notice:
    codes = {"region": tuple(regions.split()), "service": tuple(services.split())}
    attributes = {"kind": ("added",), "severity": ("info",), **codes}
    return Notice(f"{services} came to {regions}", f"- {services} came to {regions}, as in São Paulo\n", attributes)


NOTICES: Final = (
    notice("eu-south-2", "bedrock"),
    notice("eu-south-2", "sagemaker"),
    notice("eu-south-2", "s3"),
    notice("us-east-1", "bedrock"),
    notice("eu-south-2 us-east-1", "bedrock s3"),
    Notice("not accepted", "- a run\n", {"kind": ("quarantined",), "severity": ("error",)}),
)


def received(endpoint: str, policy: Mapping[str, list[str]] | None) -> list[dict[str, Any]]:
    """Publish all notices, and give what a queue got that subscribed with that filter."""
    made = subscription(endpoint, policy)
    notifier = TopicNotifier(lambda: made.sns, made.topic)
    for notice in NOTICES:
        notifier.publish(notice)
    return made.received()


def test_a_subscription_without_a_filter_gets_everything_as_it_is(moto_endpoint: str) -> None:
    messages = received(moto_endpoint, None)

    assert [(message["Subject"], message["Message"]) for message in messages] == [
        (notice.subject, notice.body) for notice in NOTICES
    ]
    assert messages[4]["MessageAttributes"] == {
        name: {"Type": "String.Array", "Value": json.dumps(values)} for name, values in NOTICES[4].attributes.items()
    }


def test_a_chat_gets_the_json_of_custom_notifications_and_everybody_else_text() -> None:
    class Client:
        request: ClassVar[dict[str, Any]] = {}

        def publish(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3 ships no types
            self.request.update(request)
            return {}

    client = Client()
    text = "- a change\n" * 1000
    TopicNotifier(lambda: client, ARN).publish(Notice("A change", text, {"scope": ("all",)}))

    forms = json.loads(client.request["Message"])
    assert (client.request["MessageStructure"], forms["default"]) == ("json", text)
    chat = json.loads(forms["https"])
    assert chat == {
        "version": "1.0",
        "source": "custom",
        "content": {"textType": "client-markdown", "title": "A change", "description": text[:2999] + "…"},
    }


@pytest.mark.parametrize(
    ("policy", "places"),
    [
        ({"region": ["eu-south-2"], "service": ["bedrock", "sagemaker"]}, [0, 1, 4]),
        ({"region": ["us-east-1"]}, [3, 4]),
        ({"severity": ["error"]}, [5]),
        ({"kind": ["removed"]}, []),
    ],
)
def test_a_subscription_with_a_filter_gets_its_own_and_no_other(
    moto_endpoint: str, policy: dict[str, list[str]], places: list[int]
) -> None:
    assert [item["Subject"] for item in received(moto_endpoint, policy)] == [NOTICES[place].subject for place in places]


def test_a_topic_that_is_not_there_is_named_with_what_to_do(moto_endpoint: str) -> None:
    with pytest.raises(NotificationError) as refused:
        TopicNotifier(lambda: local_client("sns", moto_endpoint), ARN).publish(NOTICES[0])

    assert str(refused.value) == (
        f"cannot publish to {ARN}: NotFound. Create the topic, or correct NOTIFICATION_TOPIC_ARN."
    )


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (403, "AuthorizationError", f"Grant sns:Publish on {ARN}"),
        (400, "KMSAccessDenied", "Grant kms:GenerateDataKey and kms:Decrypt on the topic's key"),
        (400, "InvalidParameter", ""),
    ],
)
def test_a_refusal_is_reported_by_its_code(status: int, code: str, advice: str) -> None:
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>words</Message></Error></ErrorResponse>".encode()

    with answering(Answer(status, body)) as url, pytest.raises(NotificationError) as refused:
        TopicNotifier(lambda: local_client("sns", url), ARN).publish(NOTICES[0])
    assert (refused.value.topic, refused.value.code, refused.value.advice) == (ARN, code, advice)


def test_a_topic_that_cannot_be_reached_is_reported_by_the_kind_of_error() -> None:
    with pytest.raises(NotificationError) as refused:
        TopicNotifier(lambda: local_client("sns", "http://127.0.0.1:9"), ARN).publish(NOTICES[0])

    assert refused.value.code == "EndpointConnectionError"


def test_a_client_that_cannot_be_made_is_reported_when_a_notice_is_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobodys")
    notifier = TopicNotifier(lambda: boto3.client("sns", region_name="eu-west-1"), ARN)

    with pytest.raises(NotificationError) as refused:
        notifier.publish(NOTICES[0])
    assert refused.value.code == "ProfileNotFound"


def test_a_client_is_made_once() -> None:
    made: list[str] = []

    class Client:
        def publish(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3 has it
            return request

    def make() -> Client:
        made.append("a client")
        return Client()

    notifier = TopicNotifier(make, ARN)
    for notice in NOTICES:
        notifier.publish(notice)
    assert len(made) == 1


def test_the_region_of_a_topic_is_the_one_in_its_name() -> None:
    assert region_of(ARN) == "eu-west-1"
