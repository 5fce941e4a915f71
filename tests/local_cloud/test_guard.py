"""What a role allows and nobody uses is named, and so is what it does not allow."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from local_cloud.guard import Call, Grant
from local_cloud.requests import ACCOUNT, REGION

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

READ: Final = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::ours/*"}
LIST: Final = {"Sid": "Tell", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": "arn:aws:s3:::ours"}


@pytest.fixture
def role(cloud: LocalCloud) -> str:
    """Make a role that may do nothing."""
    name = f"role-{secrets.token_hex(4)}"
    cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement": []}')
    return name


@pytest.fixture(autouse=True)
def _bucket(cloud: LocalCloud) -> None:
    cloud.client("s3").create_bucket(Bucket="ours")
    cloud.client("s3").put_object(Bucket="ours", Key="a", Body=b"")


def client(cloud: LocalCloud, role: str, service: str, *statements: dict[str, Any]) -> Any:  # noqa: ANN401 - boto3 ships no types
    """Make a client of one who has that role, which allows what is stated."""
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    cloud.client("iam").put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=document)
    signed = cloud.guard.credentials(f"arn:aws:iam::{ACCOUNT}:role/{role}", "a-test")
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=cloud.url,
        **{name.lower(): value for name, value in signed.items()},
    )


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    output: str = error.value.response["Error"]["Code"]
    return output


def test_a_call_is_noted_with_the_statement_that_allows_it(cloud: LocalCloud, role: str) -> None:
    client(cloud, role, "s3", READ).get_object(Bucket="ours", Key="a")

    assert cloud.guard.calls[-1] == Call(role, "s3:GetObject", "arn:aws:s3:::ours/a", is_allowed=True, sids=("Read",))


def test_what_a_role_does_not_allow_is_refused_and_named(cloud: LocalCloud, role: str) -> None:
    s3 = client(cloud, role, "s3", READ)
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket="ours", Key="b", Body=b"")

    named = Call(role, "s3:PutObject", "arn:aws:s3:::ours/b", is_allowed=False)
    assert (code(refused), cloud.guard.refused[-1]) == ("AccessDenied", named)


def test_a_call_that_is_allowed_and_stopped_by_who_watches_is_answered_with_its_name(
    cloud: LocalCloud, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3 = client(cloud, role, "s3", READ)
    monkeypatch.setattr(cloud.guard, "watch", lambda _: False)

    with pytest.raises(ClientError, match="may s3:GetObject on arn:aws:s3:::ours/a") as refused:
        s3.get_object(Bucket="ours", Key="a")
    assert code(refused) == "AccessDenied"


def test_what_nobody_used_is_named_with_its_statement(cloud: LocalCloud, role: str) -> None:
    client(cloud, role, "s3", READ, LIST).get_object(Bucket="ours", Key="a")

    assert cloud.guard.unused(role) == [Grant(role, "Tell", "s3:ListBucket", "arn:aws:s3:::ours")]


def test_of_two_resources_the_one_that_nobody_used_is_named(cloud: LocalCloud, role: str) -> None:
    both = {**READ, "Resource": ["arn:aws:s3:::ours/a*", "arn:aws:s3:::ours/b*"]}
    client(cloud, role, "s3", both).get_object(Bucket="ours", Key="a")

    assert [item.resource for item in cloud.guard.unused(role)] == ["arn:aws:s3:::ours/b*"]


@pytest.mark.parametrize(
    ("statements", "message"), [([READ, LIST], "NoSuchKey"), ([READ], "AccessDenied")], ids=["may list", "may not"]
)
def test_only_who_may_list_is_reported_that_an_object_is_missing(
    cloud: LocalCloud, role: str, statements: list[dict[str, Any]], message: str
) -> None:
    s3 = client(cloud, role, "s3", *statements)
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket="ours", Key="missing")

    assert code(refused) == message


def test_a_list_by_prefix_alone_does_not_tell_of_a_missing_object(cloud: LocalCloud, role: str) -> None:
    below = {**LIST, "Condition": {"StringLike": {"s3:prefix": ["a*"]}}}
    s3 = client(cloud, role, "s3", READ, below)
    s3.list_objects_v2(Bucket="ours", Prefix="a")

    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket="ours", Key="a-missing")
    assert code(refused) == "AccessDenied"


def test_a_role_may_not_do_what_its_boundary_does_not_allow(cloud: LocalCloud, role: str) -> None:
    iam = cloud.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [{**LIST, "Action": "s3:*"}]})
    boundary = iam.create_policy(PolicyName=f"boundary-{role}", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    s3 = client(cloud, role, "s3", READ, LIST)
    s3.list_objects_v2(Bucket="ours")

    with pytest.raises(ClientError):
        s3.get_object(Bucket="ours", Key="a")
    assert cloud.guard.refused[-1].action == "s3:GetObject"


KEY: Final = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/ours"
ENCRYPTED: Final = {"Bucket": "ours", "Key": "b", "Body": b"", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}
READ_AND_WRITE: Final = {**READ, "Action": ["s3:GetObject", "s3:PutObject"]}


def test_who_encrypts_with_a_key_must_be_allowed_to(cloud: LocalCloud, role: str) -> None:
    s3 = client(cloud, role, "s3", READ_AND_WRITE)

    with pytest.raises(ClientError):
        s3.put_object(**ENCRYPTED)
    assert cloud.guard.refused[-1] == Call(role, "kms:GenerateDataKey", KEY, is_allowed=False)


def test_who_reads_what_is_encrypted_with_a_key_must_be_allowed_to(cloud: LocalCloud, role: str) -> None:
    encrypt = {"Sid": "Encrypt", "Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": KEY}
    s3 = client(cloud, role, "s3", READ_AND_WRITE, encrypt)
    s3.put_object(**ENCRYPTED)

    with pytest.raises(ClientError):
        s3.get_object(Bucket="ours", Key="b")
    assert cloud.guard.refused[-1] == Call(role, "kms:Decrypt", KEY, is_allowed=False)


def test_a_message_is_published_to_the_topic_that_the_role_names(cloud: LocalCloud, role: str) -> None:
    topic = cloud.client("sns").create_topic(Name="news")["TopicArn"]
    publish = {"Sid": "Tell", "Effect": "Allow", "Action": "sns:Publish", "Resource": topic}
    client(cloud, role, "sns", publish).publish(TopicArn=topic, Message="hello")

    assert cloud.guard.calls[-1] == Call(role, "sns:Publish", topic, is_allowed=True, sids=("Tell",))


def test_who_publishes_to_an_encrypted_topic_must_be_allowed_to_use_its_key(cloud: LocalCloud, role: str) -> None:
    topic = cloud.client("sns").create_topic(Name="secrets", Attributes={"KmsMasterKeyId": KEY})["TopicArn"]
    sns = client(cloud, role, "sns", {"Sid": "Tell", "Effect": "Allow", "Action": "sns:Publish", "Resource": topic})

    with pytest.raises(ClientError):
        sns.publish(TopicArn=topic, Message="hello")
    assert cloud.guard.refused[-1] == Call(role, "kms:GenerateDataKey", KEY, is_allowed=False)


def test_a_call_that_nobody_expected_of_a_function_is_refused(cloud: LocalCloud, role: str) -> None:
    everything = {"Sid": "All", "Effect": "Allow", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*"}
    dynamodb = client(cloud, role, "dynamodb", everything)

    with pytest.raises(ClientError):
        dynamodb.list_tables()


@pytest.mark.parametrize(("region", "is_allowed"), [("us-west-1", True), ("us-east-1", False)])
def test_parameters_are_those_of_the_region_that_is_asked(
    cloud: LocalCloud,
    role: str,
    region: str,
    is_allowed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    parameters = "arn:aws:ssm:us-west-1::parameter/aws/*"
    client(cloud, role, "s3", {"Sid": "Ask", "Effect": "Allow", "Action": "ssm:GetParameters", "Resource": parameters})
    key = cloud.guard.credentials(f"arn:aws:iam::{ACCOUNT}:role/{role}", "a-test")["AWS_ACCESS_KEY_ID"]
    signed = f"AWS4-HMAC-SHA256 Credential={key}/20261027/{region}/ssm/aws4_request"

    assert cloud.guard.allows_parameters(signed, "ssm:GetParameters", "/aws/service") is is_allowed
