"""CloudFront's policies are kept as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
