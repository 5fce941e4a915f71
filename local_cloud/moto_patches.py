"""Where moto falls short of AWS for what is tested here. Each patch has a test that tells when it is not needed.

They hold while ``patched`` does: other tests in the same process have moto as it is.
"""

from __future__ import annotations

import copy
import json
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from moto import backends
from moto.athena.responses import AthenaResponse
from moto.awslambda.models import LambdaFunction
from moto.budgets.responses import BudgetsResponse
from moto.events.models import Rule
from moto.iam.access_control import PermissionResult
from moto.logs.responses import LogsResponse
from moto.s3 import notifications
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.sqs.models import Queue

from local_cloud.policies import ANYBODY, Request, allowing, denying, statements
from local_cloud.saved_queries import saved_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    Notify = Callable[[str, Any, str, str], None]
    Deliver = Callable[[str, str, str, bytes], None]

KEPT: Final = ("DeadLetterConfig", "LoggingConfig")
"""What moto drops of a function's configuration."""
_END: Final = "</NotificationConfiguration>"


@contextmanager
def patched(notify: Notify, deliver: Deliver) -> Iterator[None]:
    """Let S3 notify functions through *notify* and EventBridge deliver through *deliver*; keep all settings."""
    with ExitStack() as open_patches:
        for patch in (
            notifying(notify),
            delivering(deliver),
            whole_configurations(),
            whole_notifications(),
            judged_bucket_policies(),
            deletable_named_queries(),
            whole_budgets(),
            listed_services(),
            saved_log_queries(),
            whole_queues(),
        ):
            open_patches.enter_context(patch)
        yield


def notifying(notify: Notify) -> AbstractContextManager[None]:
    """Deliver S3's notifications through *notify*: moto invokes at once, in Docker, without checking permissions."""
    return _replaced(notifications, _invoke_awslambda=notify)


def whole_configurations() -> AbstractContextManager[None]:
    """Store and return ``DeadLetterConfig`` and ``LoggingConfig``."""
    make, give, update = LambdaFunction.__init__, LambdaFunction.get_configuration, LambdaFunction.update_configuration

    def keep(function: Any, spec: dict[str, Any]) -> None:  # noqa: ANN401 - moto's
        function.kept = getattr(function, "kept", {}) | {name: spec[name] for name in KEPT if spec.get(name)}

    def making(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - moto's
        make(self, account_id, spec, *args, **kwargs)
        keep(self, spec)

    def giving(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - moto's
        return {**give(self, *args, **kwargs), **getattr(self, "kept", {})}

    def updating(self: Any, updates: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - moto's
        keep(self, updates)
        update(self, updates)
        return giving(self)

    return _replaced(LambdaFunction, __init__=making, get_configuration=giving, update_configuration=updating)


def delivering(deliver: Deliver) -> AbstractContextManager[None]:
    """Deliver events that match a rule to its functions through *deliver*: moto knows no functions there.

    A rule with nothing but a schedule matches no event; for moto it matches every one.
    """
    send = Rule.send_to_targets

    def sending(self: Any, original_event: Any, transform_input: bool = True) -> None:  # noqa: ANN401, FBT001, FBT002 - as moto has it
        if not self.event_pattern.get_pattern():
            return
        functions = [target for target in self.targets if ":lambda:" in target["Arn"]]
        if self.event_pattern.matches_event(original_event):
            for target in functions:
                body = target.get("Input") or json.dumps(_dated(original_event))
                deliver("events.amazonaws.com", self.arn, target["Arn"].split(":")[6], body.encode())
        others = copy.copy(self)
        others.targets = [target for target in self.targets if target not in functions]
        send(others, original_event, transform_input)

    return _replaced(Rule, send_to_targets=sending)


def whole_notifications() -> AbstractContextManager[None]:
    """Return the EventBridge configuration of a bucket, which moto forgets."""
    give: Any = S3Response.get_bucket_notification

    def giving(self: Any) -> Any:  # noqa: ANN401 - moto's
        status, headers, body = give(self)
        stated = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if stated is not None and stated.event_bridge is not None:
            opened = f"{body[:-2]}>" if body.endswith("/>") else body.removesuffix(_END)
            body = f"{opened}<EventBridgeConfiguration/>{_END}"
        return status, headers, body

    return _replaced(S3Response, get_bucket_notification=giving)


def judged_bucket_policies() -> AbstractContextManager[None]:
    """Evaluate a bucket's policy with its conditions: moto ignores them, so a TLS-only deny denies everything."""

    def judging(self: Any, action: str, resource: str) -> PermissionResult:  # noqa: ANN401 - moto's
        stated = [] if self.policy is None else list(statements(self.policy.decode()))
        asked = Request(action, resource, {"aws:securetransport": "true"})
        anybodys = [statement for statement in stated if statement.principals & ANYBODY]
        if denying(anybodys, asked):
            return PermissionResult.DENIED
        return PermissionResult.PERMITTED if allowing(anybodys, asked) else PermissionResult.NEUTRAL

    return _replaced(FakeBucket, get_permission=judging)


def deletable_named_queries() -> AbstractContextManager[None]:
    """Let Athena delete a named query, which moto cannot."""

    def deleting(self: Any) -> str:  # noqa: ANN401 - moto's
        del self.athena_backend.named_queries[self._get_param("NamedQueryId")]
        return "{}"

    return _replaced(AthenaResponse, delete_named_query=deleting)


def saved_log_queries() -> AbstractContextManager[None]:
    """Save queries of Logs Insights, which moto does not know."""
    return _replaced(LogsResponse, **saved_queries())


def whole_budgets() -> AbstractContextManager[None]:
    """Return the subscribers and the tags of a budget, which moto knows not."""
    create = BudgetsResponse.create_budget
    tags: dict[str, Any] = {}

    def creating(self: Any) -> str:  # noqa: ANN401 - moto's
        tags[self._get_param("Budget")["BudgetName"]] = self._get_param("ResourceTags") or []
        answer: str = create(self)
        return answer

    def telling(self: Any) -> str:  # noqa: ANN401 - moto's
        budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
        asked = self._get_param("Notification")
        subscriber_lists = [
            notification.subscribers
            for notification in budget.notifications
            if notification.details == {**notification.details, **asked}
        ]
        return json.dumps(
            {"Subscribers": [subscriber for subscribers in subscriber_lists for subscriber in subscribers]}
        )

    def tagged(self: Any) -> str:  # noqa: ANN401 - moto's
        return json.dumps({"ResourceTags": tags.get(named(self), [])})

    def tagging(self: Any) -> str:  # noqa: ANN401 - moto's
        new = self._get_param("ResourceTags")
        left = [tag for tag in tags[named(self)] if tag["Key"] not in {tag_now["Key"] for tag_now in new}]
        tags[named(self)] = [*left, *new]
        return "{}"

    def untagging(self: Any) -> str:  # noqa: ANN401 - moto's
        gone = self._get_param("ResourceTagKeys")
        tags[named(self)] = [tag for tag in tags[named(self)] if tag["Key"] not in gone]
        return "{}"

    def updating(self: Any) -> str:  # noqa: ANN401 - moto's
        new = self._get_param("NewBudget")
        budget = self.backend.budgets[self._get_param("AccountId")][new["BudgetName"]]
        budget.budget |= new
        return "{}"

    def named(self: Any) -> str:  # noqa: ANN401 - moto's
        return str(self._get_param("ResourceARN").rpartition("/")[2])

    return _replaced(
        BudgetsResponse,
        create_budget=creating,
        describe_subscribers_for_notification=telling,
        list_tags_for_resource=tagged,
        tag_resource=tagging,
        untag_resource=untagging,
        update_budget=updating,
    )


def whole_queues() -> AbstractContextManager[None]:
    """Return who may send a queue what he failed to deliver, which moto stores and does not return."""
    give: Any = Queue.attributes.fget  # type: ignore[attr-defined]

    def giving(self: Any) -> dict[str, Any]:  # noqa: ANN401 - moto's
        senders = getattr(self, "redrive_allow_policy", None)
        return {**give(self), **({"RedriveAllowPolicy": senders} if senders else {})}

    return _replaced(Queue, attributes=property(giving))


def listed_services() -> AbstractContextManager[None]:
    """Cache moto's list of services: it searches its folders at each request."""
    names = tuple(backends.list_of_moto_modules())
    return _replaced(backends, list_of_moto_modules=lambda: names)


def _dated(event: Mapping[str, Any]) -> dict[str, Any]:
    """Format an event's time as AWS does; moto has seconds since 1970."""
    time = datetime.fromtimestamp(event["time"], UTC)
    return {**event, "time": f"{time:%Y-%m-%dT%H:%M:%SZ}"}


@contextmanager
def _replaced(owner: object, **replacements: object) -> Iterator[None]:
    """Replace attributes of an object for the time of a block."""
    before = {name: getattr(owner, name) for name in replacements if hasattr(owner, name)}
    for name, replacement in replacements.items():
        setattr(owner, name, replacement)
    try:
        yield
    finally:
        for name in replacements:
            if name in before:
                setattr(owner, name, before[name])
            else:
                delattr(owner, name)
