"""An environment that Terraform has made in the local cloud, to be run and looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from local_cloud.cloud import LocalCloud
from local_cloud.looking import emitted_metrics, empty_bucket, log_lines, objects, taken
from local_cloud.terraform import Workspace

if TYPE_CHECKING:
    from datetime import datetime

    from local_cloud.looking import EmittedMetric

LONGEST_SECONDS: Final = 600.0  # for what takes 20 on processors that nobody else uses: a first run writes 900 feeds


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment, as Terraform has made it."""

    cloud: LocalCloud
    workspace: Workspace
    outputs: Mapping[str, Any]

    def name(self, function: str) -> str:
        """Return the name under which a function is deployed."""
        return str(self.outputs["function_names"][function])

    def tick(self, time: datetime) -> None:
        """Let the schedule's time come."""
        self.cloud.invoker.tick(self.outputs["schedule_name"], time)

    def settled(self) -> list[tuple[str, str]]:
        """Wait until all is quiet, and give what ended since this was asked before: functions, sorted, and how.

        One that was started by what another wrote may end before that one.
        """
        invoker = self.cloud.invoker
        invoker.wait(LONGEST_SECONDS)
        names = {deployed: function for function, deployed in self.outputs["function_names"].items()}
        ended = [invocation for invocation in invoker.invocations if invocation.function in names]
        invoker.invocations = [invocation for invocation in invoker.invocations if invocation.function not in names]
        return sorted((names[invocation.function], invocation.outcome.status) for invocation in ended)

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Return the objects below a prefix."""
        return objects(self.cloud, self.outputs["bucket_name"], prefix)

    def put(self, key: str, body: bytes) -> None:
        """Write an object, as somebody with every right."""
        self.cloud.client("s3").put_object(Bucket=self.outputs["bucket_name"], Key=key, Body=body)

    def empty(self) -> None:
        """Delete every version of every object, as somebody does who means to destroy the bucket."""
        empty_bucket(self.cloud, self.outputs["bucket_name"])

    def send(self, function: str, event: object) -> None:
        """Invoke a function asynchronously."""
        self.cloud.client("lambda").invoke(
            FunctionName=self.name(function), InvocationType="Event", Payload=json.dumps(event)
        )

    def failures(self, function: str) -> list[dict[str, Any]]:
        """Take the events that a function could not serve."""
        return taken(self.cloud, self.outputs["queue_urls"][function])

    def codes(self) -> dict[str, str]:
        """Return the hash of each function's code, as it is deployed."""
        client = self.cloud.client("lambda")
        names = self.outputs["function_names"].items()
        return {
            function: client.get_function_configuration(FunctionName=name)["CodeSha256"] for function, name in names
        }

    def metrics(self) -> set[EmittedMetric]:
        """Return the metrics that its functions have published."""
        lines = [line for name in self.outputs["function_names"].values() for line in log_lines(self.cloud, name)]
        return set(emitted_metrics(lines))


@dataclass(frozen=True, slots=True)
class Account:
    """The account, before and after the three environments were made."""

    bootstrap: Workspace
    environments: Sequence[Environment]
    before: set[tuple[str, str]]
    packages: Path
    deploy_roles: Mapping[str, str]
    """The ARNs of the roles that deploy, by environment."""

    @property
    def workspaces(self) -> list[Workspace]:
        """Return the four roots."""
        return [self.bootstrap, *(environment.workspace for environment in self.environments)]
