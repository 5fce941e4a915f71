"""A topic on a server of this machine, and a queue that is subscribed to it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Subscription:
    """A topic with one subscriber."""

    topic: str
    """Its ARN."""
    sns: Any
    """The client that made it."""
    _sqs: Any
    _queue: str

    def received(self) -> list[dict[str, Any]]:
        """Return what the subscriber got since it was last asked, in that order, up to ten."""
        answer = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, VisibilityTimeout=600)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def local_client(service: str, endpoint: str) -> Any:  # noqa: ANN401 - boto3 ships no types
    """Make a client of a service at that address."""
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - servers here take any
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=5, read_timeout=5),
    )


def subscription(endpoint: str, policy: Mapping[str, list[str]] | None = None) -> Subscription:
    """Make a topic, and a queue that subscribed to it with that filter policy."""
    sns, sqs, name = local_client("sns", endpoint), local_client("sqs", endpoint), f"n{secrets.token_hex(8)}"
    topic, queue = sns.create_topic(Name=name)["TopicArn"], sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return Subscription(topic, sns, sqs, queue)
