"""What is looked at and cleared in a cloud on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from local_cloud.looking import empty_bucket, objects

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_a_bucket_is_emptied_of_all_versions_however_many_pages_list_them(cloud: LocalCloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    for key in "abc":
        for body in (b"1", b"2", b"3"):
            s3.put_object(Bucket="versions", Key=key, Body=body)
    s3.delete_object(Bucket="versions", Key="c")
    assert objects(cloud, "versions") == {"a": b"3", "b": b"3"}

    empty_bucket(cloud, "versions", page=2)

    s3.delete_bucket(Bucket="versions")
