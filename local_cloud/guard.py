"""Whether a function's role allows a call: each is checked against the policies of the role that signed it.

Whoever comes without a role's credentials deploys and looks, and may do everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from local_cloud.operations import CREDENTIAL, CREDENTIAL_REGION
from local_cloud.places import ACCOUNT, REGION
from local_cloud.policies import Request, Statement, allowing, is_like, statements
from local_cloud.requests import requested

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a function made, or that AWS made in its name."""

    role: str
    action: str
    resource: str
    is_allowed: bool
    sids: tuple[str, ...] = ()
    """Of the statements that allow it."""

    def __str__(self) -> str:
        return f"{self.role}: {'may' if self.is_allowed else 'may not'} {self.action} on {self.resource}"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource that one statement gives to a role."""

    role: str
    sid: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role}: {self.sid} allows {self.action} on {self.resource}"

    def is_used_by(self, call: Call) -> bool:
        """Return whether a call was allowed by it."""
        return (
            call.role == self.role
            and self.sid in call.sids
            and is_like(call.action.lower(), self.action.lower())
            and is_like(call.resource, self.resource)
        )


class Guard:
    """Knows who has which role."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        """All calls that functions have made so far."""
        self.watch: Callable[[Call], bool] = _let_through
        """Check each call before it is carried out; return whether it is allowed."""
        self._roles: dict[str, str] = {}

    @property
    def refused(self) -> list[Call]:
        """The calls that a role did not allow."""
        return [call for call in self.calls if not call.is_allowed]

    def unused(self, role: str) -> list[Grant]:
        """Return the grants of a role that no call has used."""
        calls = [call for call in self.calls if call.role == role]
        return sorted(grant for grant in set(_grants(role)) if not any(map(grant.is_used_by, calls)))

    def unused_actions(self, roles: Iterable[str]) -> list[tuple[str, str]]:
        """List what statements allow some of these roles and none of them has done on any resource, so far."""
        grants = {grant for role in roles for grant in _grants(role)}
        calls = [call for call in self.calls if call.role in {grant.role for grant in grants}]
        used = {(grant.sid, grant.action) for grant in grants if any(map(grant.is_used_by, calls))}
        return sorted({(grant.sid, grant.action) for grant in grants} - used)

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
        self._roles[role.access_key_id] = _name(role_arn)
        return {
            "AWS_ACCESS_KEY_ID": role.access_key_id,
            "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
            "AWS_SESSION_TOKEN": role.session_token,
        }

    def allows(self, authorization: str, request: Request) -> bool:
        """Return whether a signed call is allowed, and record it."""
        signed = CREDENTIAL.search(authorization)
        role = self._roles.get(signed[1]) if signed else None
        return role is None or self._allows(role, request)

    def lets(self, role_arn: str, action: str, resource: str) -> bool:
        """Return whether AWS may act with a role, and record it."""
        return self._allows(_name(role_arn), Request(action, resource))

    def allows_parameters(self, authorization: str, action: str, path: str) -> bool:
        """Return whether parameters may be read, in the region that is asked; *path* with its slash in front."""
        scope = CREDENTIAL_REGION.search(authorization)
        region = scope[1] if scope else REGION
        return self.allows(authorization, Request(action, f"arn:aws:ssm:{region}::parameter{path}"))

    def stopped_call(self, environ: dict[str, Any]) -> Call | None:
        """Return the first call of an HTTP request that is not to be carried out; ``None`` if all are."""
        signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        role = self._roles.get(signed[1]) if signed else None
        if role is None:
            return None
        calls = (self._recorded(role, request) for request in requested(environ))
        return next((call for call in calls if not self._lets_through(call)), None)

    def _allows(self, role: str, request: Request) -> bool:
        return self._lets_through(self._recorded(role, request))

    def _lets_through(self, call: Call) -> bool:
        return self.watch(call) and call.is_allowed

    def _recorded(self, role: str, request: Request) -> Call:
        sids = tuple(statement.sid for statement in allowing(_policies(role), request))
        call = Call(role, request.action, request.resource, bool(sids) and _is_within_bounds(role, request), sids)
        self.calls.append(call)
        return call


def _policies(role: str) -> Iterator[Statement]:
    """Yield the statements of a role's own policies, and of those attached to it."""
    backend = iam_backends[ACCOUNT]["aws"]
    for name in backend.list_role_policies(role):
        yield from statements(backend.get_role_policy(role, name)[1])
    for policy in backend.get_role(role).managed_policies.values():
        yield from statements(_document(policy))


def _is_within_bounds(role: str, request: Request) -> bool:
    """Return whether a role's boundary, if it has one, allows a request too."""
    backend = iam_backends[ACCOUNT]["aws"]
    boundary = backend.get_role(role).permissions_boundary_arn
    return not boundary or bool(allowing(statements(_document(backend.get_policy(boundary))), request))


def _document(policy: Any) -> str:  # noqa: ANN401 - moto's
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document


def _grants(role: str) -> Iterator[Grant]:
    for statement in _policies(role):
        if statement.effect == "Allow":
            yield from (
                Grant(role, statement.sid, action, resource)
                for action in statement.actions
                for resource in statement.resources
            )


def _name(role_arn: str) -> str:
    return role_arn.rpartition("/")[2]


def _let_through(_: Call) -> bool:
    return True
