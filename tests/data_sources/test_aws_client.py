from __future__ import annotations

import shlex
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from botocore.config import Config

from aws_ssm_fetcher.core.error_handling import CredentialsError, SourceError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.data_sources.aws_client import open_client
from aws_ssm_fetcher.data_sources.parameter_store.client import live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

REGION = RegionCode("us-east-1")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def refusal() -> SourceError:
    with pytest.raises(SourceError) as raised:
        open_client("ssm", REGION, Config())
    assert "\n" not in str(raised.value)
    return raised.value


def with_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a test's")


@pytest.mark.parametrize("url", ["localhost:4566", "https://my_host.example"])
def test_an_endpoint_that_is_none_names_its_variable(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with_keys(monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)

    assert "AWS_ENDPOINT_URL" in str(refusal())
    assert url in str(refusal())


@pytest.mark.parametrize("printed", ["hello", "[]", "null", ""])
def test_a_credential_process_without_json_is_an_error_of_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, printed: str
) -> None:
    command = shlex.join(["echo", printed])
    (tmp_path / "config").write_text(f"[profile broken]\ncredential_process = {command}\n")
    monkeypatch.setenv("AWS_PROFILE", "broken")

    assert isinstance(refusal(), CredentialsError)
    assert "credential_process of the profile prints no JSON object" in str(refusal())


def test_a_credential_process_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile broken]\ncredential_process = /no/such/program\n")
    monkeypatch.setenv("AWS_PROFILE", "broken")

    assert "/no/such/program does not exist. Correct credential_process" in str(refusal())


def test_a_bad_address_of_container_credentials_is_an_error_of_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://198.51.100.7/credentials")

    assert isinstance(refusal(), CredentialsError)


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
def test_a_line_break_at_the_end_of_a_key_names_the_variable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with_keys(monkeypatch)
    monkeypatch.setenv(name, "a value\n")

    assert str(refusal()).startswith(f"{name} begins or ends with white space")


def test_a_bundle_without_certificates_is_named_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_keys(monkeypatch)
    (tmp_path / "ca.pem").write_text("no certificate")
    for path in (tmp_path / "ca.pem", tmp_path):
        monkeypatch.setenv("AWS_CA_BUNDLE", str(path))

        assert str(refusal()).startswith(f"The CA bundle {path} has no certificate that can be read. Correct")


def test_a_bundle_of_certificates_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_keys(monkeypatch)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "none.pem"))

    assert refusal().code == "CaBundleMissing"


def test_an_mfa_code_without_a_terminal_is_an_error_of_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(
        "[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
        "[profile mfa]\nsource_profile = base\nrole_arn = arn:aws:iam::123456789012:role/r\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/me\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "mfa")
    assert refusal().code == "MfaCodeMissing"


def test_a_proxy_that_is_not_there_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with_keys(monkeypatch)
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:9")
    tree = live_tree(REGION, "full", pace=Pace(100_000), breaker=CircuitBreaker("a test"), threads=1)

    with pytest.raises(SourceError) as raised:
        [*tree.pages("regions", recursive=False)]
    assert (raised.value.code, tree.effort.calls) == ("ProxyRefused", 1)
    assert "hunter2" not in str(raised.value)


def refused_at_first(endpoint: str | None, monkeypatch: pytest.MonkeyPatch) -> SourceError:
    with_keys(monkeypatch)
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    tree = live_tree(REGION, "full", pace=Pace(100_000), breaker=CircuitBreaker("a test"), threads=1)

    with pytest.raises(SourceError) as raised:
        [*tree.pages("regions", recursive=False)]
    assert tree.effort.calls == 1
    return raised.value


class Proxy(BaseHTTPRequestHandler):
    def do_CONNECT(self) -> None:
        self.send_error(self.server.status)  # type: ignore[attr-defined] # set below

    def log_message(self, format: str, *_: object) -> None: ...  # noqa: A002 - the library's name


@contextmanager
def proxy_that_answers(status: int) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.status = status  # type: ignore[attr-defined] # for its handler
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://user:hunter2@127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "code"), [(407, "ProxyAuthenticationRequired"), (403, "ProxyRefused")])
def test_a_proxy_that_refuses_differs_from_one_that_wants_a_password(
    monkeypatch: pytest.MonkeyPatch, status: int, code: str
) -> None:
    with proxy_that_answers(status) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        refused = refused_at_first(None, monkeypatch)

    assert refused.code == code
    assert "hunter2" not in str(refused)


def test_a_certificate_that_is_not_trusted_is_an_error_at_once(
    monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=shake_hands, args=(listening, context))
        thread.start()
        refused = refused_at_first(f"https://127.0.0.1:{listening.getsockname()[1]}", monkeypatch)
        thread.join()

    assert refused.code == "CertificateRefused"
    assert "AWS_CA_BUNDLE" in str(refused)


def shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).close()
