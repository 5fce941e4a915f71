"""The three functions, their layer, roles, queues and notifications, deployed as an account would have them."""

from __future__ import annotations

import io
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.function.functions import DATA_FETCHER, FUNCTIONS, Function
from aws_ssm_fetcher.core.ports import ROOT
from local_cloud.cloud import LocalCloud
from local_cloud.looking import log_lines, objects, taken
from local_cloud.requests import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from build_packages import Built
    from local_cloud.invoker import LocalInvocation
    from local_cloud.runtimes import Runtime

MEMORY_MB: Final = 256
TIMEOUT_SECONDS: Final = 120
_ASSUMED_BY_LAMBDA: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was deployed into a cloud of its own."""

    cloud: LocalCloud
    token: str
    """In all its names: moto's account is shared by all deployments of a process."""

    @property
    def bucket(self) -> str:
        """Name the bucket."""
        return f"reports-{self.token}"

    @property
    def queue(self) -> str:
        """Name the queue to which every event goes that no try could serve."""
        return f"failed-{self.token}"

    def name(self, function: Function) -> str:
        """Name a function as it is deployed, and its role."""
        return f"{function.name}-{self.token}"

    def invoke(self, function: Function, event: object) -> Any:  # noqa: ANN401 - JSON enters here
        """Run a function and give what it returned, or the error that it raised."""
        answer = self.cloud.client("lambda").invoke(FunctionName=self.name(function), Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def send(self, function: Function, event: object) -> None:
        """Invoke a function asynchronously, as EventBridge and S3 do."""
        self.cloud.client("lambda").invoke(
            FunctionName=self.name(function), InvocationType="Event", Payload=json.dumps(event)
        )

    def settle(self, seconds: float = 300.0) -> list[LocalInvocation]:
        """Wait until nothing is under way, and give this deployment's invocations so far."""
        self.cloud.invoker.wait(seconds)
        return [invocation for invocation in self.cloud.invoker.invocations if invocation.function.endswith(self.token)]

    def configure(self, function: Function, **configuration: Any) -> None:  # noqa: ANN401 - as boto3 has it
        """Change a function's configuration."""
        self.cloud.client("lambda").update_function_configuration(FunctionName=self.name(function), **configuration)

    def update(self, function: Function, zipped: bytes) -> None:
        """Deploy another package."""
        self.cloud.client("lambda").update_function_code(FunctionName=self.name(function), ZipFile=zipped)

    def grant(self, function: Function, statements: Sequence[Mapping[str, Any]]) -> None:
        """Return the policy of a function's role."""
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        self.cloud.client("iam").put_role_policy(
            RoleName=self.name(function), PolicyName="own", PolicyDocument=document
        )

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Return the objects below a prefix."""
        return objects(self.cloud, self.bucket, prefix)

    def put(self, key: str, body: bytes) -> None:
        """Write an object, as somebody with every right."""
        self.cloud.client("s3").put_object(Bucket=self.bucket, Key=key, Body=io.BytesIO(body))

    def failures(self) -> list[dict[str, Any]]:
        """Take the events that no try could serve."""
        return taken(self.cloud, self.cloud.client("sqs").get_queue_url(QueueName=self.queue)["QueueUrl"])

    def log(self, function: Function) -> list[str]:
        """Return the lines that a function has left in the logs."""
        return log_lines(self.cloud, self.name(function))


def deploy(
    cloud: LocalCloud, packages: Sequence[Built], runtime: Runtime, *, environment: Mapping[str, str]
) -> Deployment:
    """Deploy the packages into an empty cloud."""
    deployment = Deployment(cloud, secrets.token_hex(4))
    client = cloud.client("lambda")
    cloud.client("s3").create_bucket(Bucket=deployment.bucket)
    cloud.client("sqs").create_queue(QueueName=deployment.queue)
    layer = client.publish_layer_version(LayerName=f"core-{deployment.token}", Content={"ZipFile": packages[0].zipped})
    for function, package in zip(FUNCTIONS, packages[1:], strict=True):
        role = cloud.client("iam").create_role(
            RoleName=deployment.name(function), AssumeRolePolicyDocument=json.dumps(_ASSUMED_BY_LAMBDA)
        )["Role"]["Arn"]
        deployment.grant(function, grants(function, deployment))
        client.create_function(
            FunctionName=deployment.name(function),
            Runtime=runtime.name,
            Handler="lambda_function.lambda_handler",
            Role=role,
            Code={"ZipFile": package.zipped},
            Layers=[layer["LayerVersionArn"]],
            MemorySize=MEMORY_MB,
            Timeout=TIMEOUT_SECONDS,
            Environment={"Variables": {"OUTPUT_S3_BUCKET": deployment.bucket, **environment}},
            LoggingConfig={"LogFormat": "JSON"},
        )
        client.put_function_event_invoke_config(
            FunctionName=deployment.name(function),
            DestinationConfig={"OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{deployment.queue}"}},
        )
    _notify(deployment)
    return deployment


def grants(function: Function, deployment: Deployment) -> list[dict[str, Any]]:
    """Return the least grants of a function: its prefixes, logs and failures; the fetcher's public parameters."""
    bucket, here = f"arn:aws:s3:::{deployment.bucket}", f"{REGION}:{ACCOUNT}"
    group = f"arn:aws:logs:{here}:log-group:/aws/lambda/{deployment.name(function)}"
    read = [*function.writes, *function.reads, *([function.starts_on] if function.starts_on else [])]
    allowed = [
        _allow("Write", ["s3:PutObject"], [f"{bucket}/{prefix}*" for prefix in function.writes]),
        _allow("Read", ["s3:GetObject"], [f"{bucket}/{prefix}*" for prefix in read]),
        _allow("TellWhatIsMissing", ["s3:ListBucket"], [bucket]),
        _allow("Log", ["logs:CreateLogGroup"], [group]),
        _allow("LogLines", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{group}:log-stream:*"]),
        _allow("KeepFailures", ["sqs:SendMessage"], [f"arn:aws:sqs:{here}:{deployment.queue}"]),
    ]
    if function is DATA_FETCHER:
        actions = ["ssm:GetParametersByPath", "ssm:GetParameters"]
        allowed.append(_allow("ReadTheRecord", actions, [f"arn:aws:ssm:*::parameter{ROOT}/*"]))
    return allowed


def _allow(sid: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def _notify(deployment: Deployment) -> None:
    """Let the bucket start the two functions that new documents start: one notification, as a bucket has only one."""
    started = [function for function in FUNCTIONS if function.starts_on]
    client = deployment.cloud.client("lambda")
    for function in started:
        client.add_permission(
            FunctionName=deployment.name(function),
            StatementId="bucket",
            Action="lambda:InvokeFunction",
            Principal="s3.amazonaws.com",
            SourceArn=f"arn:aws:s3:::{deployment.bucket}",
            SourceAccount=ACCOUNT,
        )
    deployment.cloud.client("s3").put_bucket_notification_configuration(
        Bucket=deployment.bucket,
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {
                    "LambdaFunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{deployment.name(function)}",
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {
                        "Key": {
                            "FilterRules": [
                                {"Name": "prefix", "Value": function.starts_on},
                                {"Name": "suffix", "Value": f"/{function.document}"},
                            ]
                        }
                    },
                }
                for function in started
            ]
        },
    )
