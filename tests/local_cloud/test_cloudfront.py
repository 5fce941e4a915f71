"""CloudFront's distributions and policies are kept as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

CONFIGURATION: Final = {"Name": "ours", "MinTTL": 0, "MaxTTL": 60}


def test_a_policy_is_given_back_and_changed_and_deleted(cloud: LocalCloud) -> None:
    client = cloud.client("cloudfront")
    made = client.create_cache_policy(CachePolicyConfig=CONFIGURATION)
    known = {"Id": made["CachePolicy"]["Id"]}
    client.update_cache_policy(CachePolicyConfig={**CONFIGURATION, "MaxTTL": 90}, IfMatch=made["ETag"], **known)
    changed = client.get_cache_policy(**known)
    client.delete_cache_policy(IfMatch=changed["ETag"], **known)

    assert made["CachePolicy"]["CachePolicyConfig"] == CONFIGURATION
    assert changed["CachePolicy"]["CachePolicyConfig"] == {**CONFIGURATION, "MaxTTL": 90}
    with pytest.raises(ClientError, match="NoSuchCachePolicy"):
        client.get_cache_policy(**known)


def test_one_of_response_headers_too(cloud: LocalCloud) -> None:
    made = cloud.client("cloudfront").create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": "ours"})

    assert made["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"] == {"Name": "ours"}


def distribution(*, enabled: bool) -> dict[str, Any]:
    """Make the configuration of a distribution with an access control and a policy of headers."""
    origin = {"Id": "o", "DomainName": "ours.s3.amazonaws.com", "OriginAccessControlId": "E2"}
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "ResponseHeadersPolicyId": "E3"}
    return {
        **{key: {"Quantity": 0} for key in ("Aliases", "OriginGroups", "CacheBehaviors", "CustomErrorResponses")},
        "CallerReference": "ours",
        "Comment": "",
        "Enabled": enabled,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
    }


def test_a_distribution_too_with_its_tags_and_it_is_deployed_at_once(cloud: LocalCloud) -> None:
    client, tags = cloud.client("cloudfront"), {"Items": [{"Key": "environment", "Value": "dev"}]}
    sent = {"DistributionConfig": distribution(enabled=True), "Tags": tags}
    made = client.create_distribution_with_tags(DistributionConfigWithTags=sent)["Distribution"]
    client.update_distribution(DistributionConfig=distribution(enabled=False), Id=made["Id"], IfMatch="E1")
    changed = client.get_distribution(Id=made["Id"])["Distribution"]

    assert (made["Status"], made["DistributionConfig"]) == ("Deployed", distribution(enabled=True))
    assert changed["DistributionConfig"] == distribution(enabled=False)
    assert client.list_tags_for_resource(Resource=made["ARN"])["Tags"] == tags
