"""A profile whose role needs an MFA code, at a real terminal."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PATIENCE_SECONDS: Final = 120  # until a terminal that stays silent is taken for hung
CONFIG: Final = """
[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = b
[profile mfa]
source_profile = base
role_arn = arn:aws:iam::123456789012:role/r
mfa_serial = arn:aws:iam::123456789012:mfa/me
"""
ROLE: Final = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
DENIED: Final = json.dumps({"__type": "AccessDeniedException", "message": "not today"}).encode()
AT_THE_TERMINAL: Final = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from aws_ssm_fetcher.cli import main
main(sys.argv[1:])
"""


class Aws(BaseHTTPRequestHandler):
    """AWS STS, which gives the role's credentials, and a Parameter Store that denies access."""

    codes: Final[list[str]] = []
    keys: Final[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = parse_qs(body)
        is_role = form.get("Action") == ["AssumeRole"]
        if is_role:
            self.codes.extend(form["TokenCode"])
        else:
            self.keys.append(self.headers["Authorization"].partition("Credential=")[2].partition("/")[0])
        answer = ROLE if is_role else DENIED
        self.send_response(200 if is_role else 400)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *_: object) -> None: ...  # noqa: A002 - the library's name


def answered_at_a_terminal(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run the command at a terminal of its own, type a code when one is asked for, and return what it printed."""
    master, slave = os.openpty()
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", AT_THE_TERMINAL, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
    ) as process:
        os.close(slave)
        printed, typed = b"", False
        while select.select([master], [], [], PATIENCE_SECONDS)[0]:
            try:
                piece = os.read(master, 4096)
            except OSError:  # EIO: the other end is closed
                break
            printed += piece
            if b"MFA code" in printed and not typed:
                os.write(master, b"123456\n")
                typed = True
        process.kill()
    os.close(master)
    return process.returncode, printed.decode()


def test_a_code_is_asked_for_once_at_a_terminal_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(CONFIG)
    with ThreadingHTTPServer(("127.0.0.1", 0), Aws) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PROFILE": "mfa",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "FEED_URL": "none",
        }
        _, printed = answered_at_a_terminal(["fetch", "--source", "aws", "--store", str(tmp_path / "out")], environment)
        server.shutdown()
        thread.join()

    assert printed.count("Enter MFA code for arn:aws:iam::123456789012:mfa/me:") == 1
    assert "AccessDeniedException" in printed
    assert (Aws.codes, set(Aws.keys)) == (["123456"], {"AKIDROLE"})
