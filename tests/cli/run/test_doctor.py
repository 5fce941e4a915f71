"""Whether everything that a run needs is in order."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from s3_servers import moto_server
from ssm_server import SsmServer

from aws_ssm_fetcher.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Handler = type[BaseHTTPRequestHandler]
    Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with moto_server() as endpoint:
        yield endpoint


def diagnosed(capsys: Captured, *arguments: str) -> tuple[int | str | None, dict[str, dict[str, Any]]]:
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--json", *arguments])
    report = json.loads(capsys.readouterr().out)
    return ended.value.code, {check["name"]: check for check in report["checks"]}


def test_without_the_network_python_store_and_data_are_checked(tmp_path: Path, capsys: Captured) -> None:
    code, checks = diagnosed(capsys, "--offline", "--store", str(tmp_path / "new"))

    assert code == 0
    assert list(checks) == ["python", "store", "data"]
    assert checks["store"]["detail"].endswith("does not exist yet; the first run creates it")
    assert checks["data"]["detail"].startswith("bundled snapshot of 2026-10-27, ")


def test_a_document_that_cannot_be_read_is_a_problem(tmp_path: Path, capsys: Captured) -> None:
    broken = tmp_path / "processed-data/2026/10/27/x/analysis.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")

    code, checks = diagnosed(capsys, "--offline", "--store", str(tmp_path))

    assert (code, checks["data"]["ok"]) == (1, False)


def test_with_an_account_who_asks_and_what_is_allowed_are_named(
    aws: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "FEED_URL": "none",
        "SSM_REGION": "us-west-1",
    }.items():
        monkeypatch.setenv(name, value)

    code, checks = diagnosed(capsys, "--store", str(tmp_path))

    assert code == 0
    assert "arn:aws:" in checks["credentials"]["detail"]
    assert checks["permission"]["detail"] == "ssm:GetParametersByPath in us-west-1"
    assert checks["clock"]["detail"] == "agrees with AWS"
    assert checks["feed"]["detail"] == "not read: FEED_URL is none"


def test_without_credentials_that_is_the_problem_and_nothing_else_is_asked(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("FEED_URL", "none")

    code, checks = diagnosed(capsys, "--store", str(tmp_path))

    assert (code, checks["credentials"]["ok"], "permission" in checks) == (1, False, False)
    assert "credentials" in checks["credentials"]["detail"]


def with_account(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "FEED_URL": "none"}
    for name, value in (keys | settings).items():
        monkeypatch.setenv(name, value)


def test_a_region_that_does_not_serve_the_parameters_is_a_problem_with_regions_that_do(
    aws: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SsmServer(closed_regions=["me-south-1"]) as server:
        with_account(monkeypatch, AWS_ENDPOINT_URL_STS=aws, AWS_ENDPOINT_URL_SSM=server.url, SSM_REGION="me-south-1")
        code, checks = diagnosed(capsys, "--store", str(tmp_path))

    assert (code, checks["permission"]["ok"]) == (1, False)
    assert "The parameter store of me-south-1 does not serve" in checks["permission"]["detail"]
    assert "us-west-1" in checks["permission"]["detail"]


@pytest.mark.parametrize("url", ["localhost:4566", "https://my_host.example"])
def test_an_address_that_is_none_is_a_problem_and_no_traceback(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    with_account(monkeypatch, AWS_ENDPOINT_URL=url)

    code, checks = diagnosed(capsys, "--store", str(tmp_path))

    assert code == 1
    assert "AWS_ENDPOINT_URL" in checks["credentials"]["detail"]


def serve(status: int, body: bytes) -> Handler:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_CONNECT = do_POST  # noqa: N815 - the name of the method

        def log_message(self, *_: object) -> None:
            """Log no request."""

    return Handler


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), serve(status, body))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("body", [b"<html>Sign in to the network", b'{"message": "no XML"}', b"\xff"])
@pytest.mark.parametrize("status", [200, 403])
def test_an_answer_that_is_not_aws_s_is_a_problem_and_no_traceback(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes
) -> None:
    with answering(status, body) as url:
        with_account(monkeypatch, AWS_ENDPOINT_URL=url)
        code, checks = diagnosed(capsys, "--store", str(tmp_path))

    assert (code, checks["credentials"]["ok"]) == (1, False)
    assert checks["credentials"]["detail"].startswith("An answer did not come from AWS (")


def test_the_feed_is_read_by_the_proxy_of_the_environment(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(407, b"") as proxy:
        with_account(monkeypatch, HTTPS_PROXY=proxy, FEED_URL="https://docs.example/rss")
        _, checks = diagnosed(capsys, "--store", str(tmp_path))

    assert "the proxy refuses: Tunnel connection failed: 407" in checks["feed"]["detail"]


def test_the_store_that_the_environment_names_is_verified(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SSM_FETCHER_STORE", str(tmp_path / "named"))

    with pytest.raises(SystemExit) as ended:
        main(["verify", "--json"])

    assert (ended.value.code, json.loads(capsys.readouterr().out)["store"]) == (1, str(tmp_path / "named"))
