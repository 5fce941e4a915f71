"""A store may be a bucket."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from s3_servers import client_of, fresh_bucket, moto_server

import aws_ssm_fetcher
from aws_ssm_fetcher.api.stores import BucketUrl, location_of, open_store
from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.core.error_handling import StoreError
from aws_ssm_fetcher.mcp.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with moto_server() as endpoint:
        for name, value in {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        yield fresh_bucket(client_of(endpoint))


def code_of(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return ended.value.code


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("s3://a-bucket", BucketUrl("a-bucket")),
        ("s3://a-bucket/", BucketUrl("a-bucket")),
        ("s3://a-bucket/some/prefix/", BucketUrl("a-bucket", "some/prefix")),
        ("s3://", None),
        ("s3://A_B", None),
    ],
)
def test_the_address_of_a_bucket_is_parsed(text: str, location: BucketUrl | None) -> None:
    assert location_of(text) == location


def test_what_is_no_address_of_a_bucket_is_wrong_usage_and_makes_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert code_of("run", "--store", "s3:///x") == 2
    assert "is not s3://BUCKET or s3://BUCKET/PREFIX" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_objects_are_kept_below_the_prefix_and_known_without_it(bucket: str) -> None:
    store, whole = open_store(BucketUrl(bucket, "a/b")), open_store(BucketUrl(bucket))

    store.write("raw-data/x.json", b"{}")

    assert [*whole.keys("")] == ["a/b/raw-data/x.json"]
    assert [*store.keys("raw-data/")] == ["raw-data/x.json"]
    assert store.read("raw-data/x.json").body == b"{}"
    assert store.written("raw-data/x.json") > 1_700_000_000_000_000_000
    store.delete("raw-data/x.json")
    assert [*whole.keys("")] == []


def test_readers_may_keep_the_latest_report_below_a_prefix_for_five_minutes(bucket: str) -> None:
    open_store(BucketUrl(bucket, "a/b")).write("reports/latest/index.html", b"body")

    head = client_of(os.environ["AWS_ENDPOINT_URL"]).head_object(Bucket=bucket, Key="a/b/reports/latest/index.html")

    assert head["CacheControl"] == "max-age=300"


def test_a_run_is_written_to_a_bucket_and_asked_there_also_by_the_environment(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_SSM_FETCHER_STORE", f"s3://{bucket}/ours")

    assert code_of("fetch", "--run-id", "nightly", "--quiet") == 0
    assert code_of("process", "--quiet") == 0
    capsys.readouterr()
    assert code_of("service", "bedrock", "--json") == 0
    assert json.loads(capsys.readouterr().out)["run_id"] == "nightly"
    assert code_of("history", "runs", "--json") == 0
    assert json.loads(capsys.readouterr().out)["store"] == f"s3://{bucket}/ours"
    for data in (aws_ssm_fetcher.load(f"s3://{bucket}/ours"), Opened(f"s3://{bucket}/ours").data()):
        assert (data.run_id, data.service("bedrock").figures.regions) == ("nightly", 36)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "AWS_PROFILE",
            "nobody",
            "cannot be opened: The config profile (nobody) could not be found. Correct AWS_PROFILE",
        ),
        ("AWS_ENDPOINT_URL_S3", "no-scheme", "cannot be opened: Invalid endpoint: no-scheme. Check AWS_ENDPOINT_URL"),
        ("AWS_CONFIG_FILE", "{broken}", "cannot be opened: Unable to parse config file: {broken}. Correct AWS_PROFILE"),
    ],
)
def test_a_client_that_cannot_be_made_is_an_error_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    broken = tmp_path / "config"
    broken.write_text("no section")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv(name, value.format(broken=broken))

    with pytest.raises(StoreError) as raised:
        open_store(BucketUrl("a-bucket"))

    assert str(raised.value).startswith(f"s3://a-bucket: {message.format(broken=broken)}")
