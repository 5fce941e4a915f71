"""Publish notifications to an SNS topic.

A message has two forms: text for mail, queues and functions, and for https subscribers the JSON that Amazon Q Developer
in chat applications shows in Slack and Teams; it drops every message that is neither this nor of an AWS service.

Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from aws_ssm_fetcher.core.error_handling import NotificationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.ports import Notice

LONGEST_CHAT: Final = 3000  # characters of a message that a channel is still read with
_DENIED: Final = frozenset({"AuthorizationError", "AuthorizationErrorException", "AccessDenied"})
_MISSING: Final = frozenset({"NotFound", "NotFoundException"})


class SnsClient(Protocol):
    """What is used of botocore's SNS client."""

    def publish(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore ships no types
        """https://docs.aws.amazon.com/sns/latest/api/API_Publish.html."""


class TopicNotifier:
    """A standard topic of SNS. It may deliver a message more than once, and in any order.

    The client is created with the first notification, so that its errors are reported as those of SNS are.
    """

    def __init__(self, make_client: Callable[[], SnsClient], topic_arn: str) -> None:
        self._client, self._topic = cache(make_client), topic_arn

    def publish(self, notice: Notice) -> None:
        """Publish a notice with its attributes, each a list of which a filter may match any member."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - whoever makes the client has it

        # String.Array: one filter policy matches any of several regions or services.
        attributes = {
            name: {"DataType": "String.Array", "StringValue": json.dumps(values)}
            for name, values in notice.attributes.items()
        }
        try:
            self._client().publish(
                TopicArn=self._topic,
                Subject=notice.subject,
                # With MessageStructure "json" SNS takes the text by protocol; "default" is for all that are not named.
                Message=json.dumps({"default": notice.body, "https": chat_message(notice)}, ensure_ascii=False),
                MessageStructure="json",
                MessageAttributes=attributes,
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise NotificationError(self._topic, code=code, advice=self._advice(code)) from error
        except BotoCoreError as error:
            advice = "Check that SNS can be reached from here, and the credentials"
            raise NotificationError(self._topic, code=type(error).__name__, advice=advice) from error

    def _advice(self, code: str) -> str:
        if code in _DENIED:
            return f"Grant sns:Publish on {self._topic}"
        if code in _MISSING:
            return "Create the topic, or correct NOTIFICATION_TOPIC_ARN"
        if code.startswith("KMS"):
            return "Grant kms:GenerateDataKey and kms:Decrypt on the topic's key"
        return ""


def chat_message(notice: Notice) -> str:
    """Return a notice as a custom notification for a chat, its text cut to what a chat shows."""
    # A chat shows only the beginning of a long message; the mail has all of it.
    text = notice.body if len(notice.body) <= LONGEST_CHAT else f"{notice.body[: LONGEST_CHAT - 1]}…"
    content = {"textType": "client-markdown", "title": notice.subject, "description": text}
    return json.dumps({"version": "1.0", "source": "custom", "content": content}, ensure_ascii=False)


def region_of(topic_arn: str) -> str:
    """Return the region of a topic; its client has to use that region."""
    return topic_arn.split(":")[3]
