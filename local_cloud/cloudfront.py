"""CloudFront's distributions and policies, kept as they were sent; nothing is served to anybody.

moto knows no policies, and drops those of a distribution, its access control and parts of its certificate.
Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations_Amazon_CloudFront.html
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from local_cloud.requests import ACCOUNT, body_of

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

_PATH: Final = re.compile(r"/2020-05-31/(cache-policy|response-headers-policy|distribution)(?:/(\w+))?(?:/config)?")
_TAGS: Final = "/2020-05-31/tagging"
_ELEMENTS: Final = {
    "cache-policy": "CachePolicy",
    "response-headers-policy": "ResponseHeadersPolicy",
    "distribution": "Distribution",
}
_ALWAYS_TOLD: Final = ("Aliases", "OriginGroups", "CacheBehaviors", "CustomErrorResponses")
"""Parts of a distribution that AWS returns, also where they were not sent."""
_XML: Final = ("Content-Type", "text/xml")


@dataclass(slots=True)
class EdgeResource:
    """One distribution or policy."""

    element: str
    """``CachePolicy``."""
    configuration: str
    """XML, as it was sent."""
    tags: str = "<Tags/>"
    id: str = field(default_factory=lambda: secrets.token_hex(7).upper())

    @property
    def arn(self) -> str:
        """Name it in the account."""
        return f"arn:aws:cloudfront::{ACCOUNT}:{self.element.lower()}/{self.id}"

    def document(self) -> bytes:
        """Describe it; a distribution is deployed at once."""
        configuration, state = self.configuration, "<LastModifiedTime>2026-10-27T06:00:00Z</LastModifiedTime>"
        if self.element == "Distribution":
            state += f"<ARN>{self.arn}</ARN><Status>Deployed</Status><DomainName>{self.id}.cloudfront.net</DomainName>"
            unsaid = (name for name in _ALWAYS_TOLD if f"<{name}>" not in configuration)
            parts = "".join(f"<{name}><Quantity>0</Quantity></{name}>" for name in unsaid)
            configuration = configuration.replace("</DistributionConfig>", f"{parts}</DistributionConfig>")
        return f"<{self.element}><Id>{self.id}</Id>{state}{configuration}</{self.element}>".encode()


class CloudFront:
    """What one cloud keeps."""

    def __init__(self) -> None:
        self.kept: dict[str, EdgeResource] = {}
        """By id."""

    def serve(self, environ: dict[str, Any], start: StartResponse) -> list[bytes] | None:
        """Answer a request; ``None`` if it is for something else."""
        query = parse_qs(environ.get("QUERY_STRING", ""))
        if environ["PATH_INFO"] == _TAGS and environ["REQUEST_METHOD"] == "GET":
            start("200 OK", [_XML])
            return [
                distribution.tags.encode()
                for distribution in self.kept.values()
                if [distribution.arn] == query["Resource"]
            ]
        asked = _PATH.fullmatch(environ["PATH_INFO"])
        if asked is None or (asked[2] is None and environ["REQUEST_METHOD"] == "GET"):
            return None
        status, body = self._answer(environ["REQUEST_METHOD"], _ELEMENTS[asked[1]], asked[2], body_of(environ).decode())
        start(status, [_XML, ("ETag", "E1")])
        return [body]

    def _answer(self, method: str, element: str, known: str | None, sent: str) -> tuple[str, bytes]:
        if known is None:
            made = EdgeResource(element, _part(f"{element}Config", sent), _part("Tags", sent) or "<Tags/>")
            self.kept[made.id] = made
            return "201 Created", made.document()
        if known not in self.kept:
            return (
                "404 Not Found",
                f"<ErrorResponse><Error><Code>NoSuch{element}</Code></Error></ErrorResponse>".encode(),
            )
        if method == "DELETE":
            del self.kept[known]
            return "204 No Content", b""
        if method == "PUT":
            self.kept[known].configuration = _part(f"{element}Config", sent)
        return "200 OK", self.kept[known].document()


def _part(element: str, of: str) -> str:
    """Return an element with its children, empty if there is none."""
    match = re.search(rf"<{element}[ >].*</{element}>", of, re.DOTALL)
    return match[0] if match else ""
