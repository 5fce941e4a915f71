"""CloudFront's policies of caching and of response headers, which moto does not know: kept as they were sent.

Sources: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html,
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from local_cloud.requests import body_of

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

_PATH: Final = re.compile(r"/2020-05-31/(cache-policy|response-headers-policy)(?:/(\w+))?")
_ELEMENTS: Final = {"cache-policy": "CachePolicy", "response-headers-policy": "ResponseHeadersPolicy"}
_MISSING: Final = (
    "<ErrorResponse><Error><Code>NoSuch{element}</Code><Message>There is none.</Message></Error></ErrorResponse>"
)


class CloudFrontPolicies:
    """Those of one cloud."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        """Their configurations in XML, by their ids."""

    def serve(self, environ: dict[str, Any], start: StartResponse) -> list[bytes] | None:
        """Answer a request for one of them; ``None`` if it is for something else."""
        asked = _PATH.fullmatch(environ["PATH_INFO"])
        if asked is None:
            return None
        element, known, method = _ELEMENTS[asked[1]], asked[2], environ["REQUEST_METHOD"]
        if method == "POST":
            known = secrets.token_hex(8)
        if method in ("POST", "PUT"):
            self.kept[known] = re.sub(r"^<\?xml[^>]*>\s*", "", body_of(environ).decode())
        if known not in self.kept:
            start("404 Not Found", [("Content-Type", "text/xml")])
            return [_MISSING.format(element=element).encode()]
        if method == "DELETE":
            del self.kept[known]
            start("204 No Content", [])
            return [b""]
        start("201 Created" if method == "POST" else "200 OK", [("Content-Type", "text/xml"), ("ETag", known)])
        dated = "<LastModifiedTime>2026-10-27T06:00:00Z</LastModifiedTime>"
        return [f"<{element}><Id>{known}</Id>{dated}{self.kept[known]}</{element}>".encode()]
