"""Whether a function's role allows a call: each is held against the policies of the role whose credentials signed it.

Whoever comes without a role's credentials deploys and looks, and may do everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
_CREDENTIAL: Final = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
_DEEDS: Final = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a function made."""

    role: str
    action: str
    resource: str
    is_allowed: bool


class Guard:
    """Knows who has which role."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        """All calls that functions have made so far."""
        self.watch: Callable[[Call], bool] = _let_through
        """Told of each call before it is carried out, and says whether it is."""
        self._roles: dict[str, str] = {}

    def credentials(self, role_arn: str, session: str) -> dict[str, str]:
        """Take on a role, and give what a function finds in its environment."""
        role = sts_backends[ACCOUNT]["aws"].assume_role(
            region_name=REGION,
            role_session_name=session,
            role_arn=role_arn,
            policy="",
            duration=3600,
            external_id="",
        )
        self._roles[role.access_key_id] = role_arn.rpartition("/")[2]
        return {
            "AWS_ACCESS_KEY_ID": role.access_key_id,
            "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
            "AWS_SESSION_TOKEN": role.session_token,
        }

    def allows(self, authorization: str, action: str, resource: str) -> bool:
        """Tell whether a signed call may be made, and take note of it."""
        signed = _CREDENTIAL.search(authorization)
        role = self._roles.get(signed[1]) if signed else None
        if role is None:
            return True
        call = Call(role, action, resource, _permitted(role, action, resource))
        self.calls.append(call)
        return self.watch(call) and call.is_allowed

    def allows_parameters(self, authorization: str, action: str, path: str) -> bool:
        """Tell whether parameters may be read; *path* with its slash in front."""
        return self.allows(authorization, action, f"arn:aws:ssm:{REGION}::parameter{path}")

    def allows_request(self, environ: Mapping[str, Any]) -> bool:
        """Tell whether an HTTP request may be carried out. Functions make requests of S3 only."""
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        signed = _CREDENTIAL.search(authorization)
        if signed is None or signed[2] != "s3":
            return True
        bucket, _, key = unquote(environ["PATH_INFO"]).removeprefix("/").partition("/")
        if "list-type" in parse_qs(environ.get("QUERY_STRING", "")):
            return self.allows(authorization, "s3:ListBucket", f"arn:aws:s3:::{bucket}")
        return self.allows(authorization, _DEEDS[environ["REQUEST_METHOD"]], f"arn:aws:s3:::{bucket}/{key}")


def _permitted(role: str, action: str, resource: str) -> bool:
    """Ask moto's judge, policy by policy: one denial outweighs everything."""
    backend = iam_backends[ACCOUNT]["aws"]
    policies = [backend.get_role_policy(role, name)[1] for name in backend.list_role_policies(role)]
    verdicts = {IAMPolicy(policy).is_action_permitted(action, resource) for policy in policies}
    return PermissionResult.PERMITTED in verdicts and PermissionResult.DENIED not in verdicts


def _let_through(_: Call) -> bool:
    return True
