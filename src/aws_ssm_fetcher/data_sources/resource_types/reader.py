"""AWS's public resource schemas over HTTP: one zip per region, of which only the directory is read where ranges are.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html
"""

from __future__ import annotations

import io
import re
import threading
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.data_sources.regions_feed.reader import manager_for
from aws_ssm_fetcher.data_sources.resource_types.archive import SchemasRefusedError, SparseFile, type_names
from aws_ssm_fetcher.data_sources.threads import call_within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from urllib3 import BaseHTTPResponse

    from aws_ssm_fetcher.core.model.codes import RegionCode

SCHEMAS_URL: Final = "https://schema.cloudformation.{region}.{domain}/CloudformationSchema.zip"
TAIL_BYTES: Final = 262_144  # the directory of 1,900 files takes some 200,000
MAX_BYTES: Final = 64_000_000  # of a whole zip, from a server without ranges
TIMEOUT_SECONDS: Final = 10.0  # to connect, and for each wait
REGION_SECONDS: Final = 20.0  # for all that one region takes: a server that drips never runs into the timeout
USER_AGENT: Final = f"aws-ssm-data-fetcher/{__version__}"

_PIECE_BYTES: Final = 65_536
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_OK, _PARTIAL, _NOT_MODIFIED, _SERVER_ERROR = 200, 206, 304, 500


class Listing(NamedTuple):
    """A region's list as a server sent it."""

    names: frozenset[str]
    etag: str | None


def _manager() -> PoolManager:
    """Return what opens connections: all hosts are of one domain, so that NO_PROXY holds for all or none."""
    return manager_for(SCHEMAS_URL.format(region="us-east-1", domain="amazonaws.com"))


@dataclass(frozen=True, slots=True)
class SchemaReader:
    """Reads the lists of regions."""

    url: str = SCHEMAS_URL
    manager: PoolManager = field(default_factory=_manager)
    timeout: float = TIMEOUT_SECONDS
    deadline: float = REGION_SECONDS

    def read(self, region: RegionCode, domain: str, known: Iterable[str], etag: str | None = None) -> Listing | None:
        """Return a region's list; ``None`` if the server says that the one of that *etag* is still current.

        *known* are names of types with their capitals. Raises ``SchemasRefusedError``, also when
        the deadline has passed.
        """
        exchange = _Exchange(self, self.url.format(region=region, domain=domain), threading.Event())
        try:
            return call_within(self.deadline, lambda: exchange.listing(known, etag), name="resource-schemas")
        except TimeoutError as error:
            raise SchemasRefusedError("no complete answer in time", code="Timeout", passing=True) from error
        except HTTPError as error:
            raise SchemasRefusedError(str(error), code="ConnectionFailed", passing=True) from error
        finally:
            exchange.given_up.set()


class _Exchange(NamedTuple):
    reader: SchemaReader
    url: str
    given_up: threading.Event

    def listing(self, known: Iterable[str], etag: str | None) -> Listing | None:
        # An ETag comes out of a stored document: what cannot stand in a header is left out.
        conditions = {"If-None-Match": etag} if etag and etag.isascii() and etag.isprintable() else {}
        # A zip's directory stands at its end: 256 KB instead of the whole file.
        with closing(self._request({"Range": f"bytes=-{TAIL_BYTES}", **conditions})) as response:
            if response.status == _NOT_MODIFIED and conditions:
                return None
            etag_now = response.headers.get("ETag")
            # A server or proxy without ranges sends the whole zip with status 200.
            if response.status == _OK:
                return Listing(type_names(io.BytesIO(self._body(response, MAX_BYTES)), known), etag_now)
            start, size = self._place(response)
            tail = self._body(response, TAIL_BYTES)
        if start + len(tail) != size:
            raise SchemasRefusedError("cut off", code="ConnectionFailed", passing=True)
        return Listing(type_names(SparseFile(size, lambda a, b: self._range(a, b, etag_now), tail), known), etag_now)

    def _range(self, start: int, end: int, etag: str | None) -> bytes:
        """Return some bytes of the zip whose end was read; not of one that has taken its place since."""
        if end - start > TAIL_BYTES:
            raise SchemasRefusedError("a directory that is too long", code="TooLarge")
        # The zip may be replaced between two requests: parts of two zips would make a wrong list.
        conditions = {"If-Match": etag} if etag else {}
        with closing(self._request({"Range": f"bytes={start}-{end - 1}", **conditions})) as response:
            if self._place(response)[0] != start:
                raise SchemasRefusedError("other bytes than those asked for", code="WrongContent")
            body = self._body(response, end - start)
        if len(body) != end - start:
            raise SchemasRefusedError("cut off", code="ConnectionFailed", passing=True)
        return body

    def _request(self, headers: dict[str, str]) -> BaseHTTPResponse:
        return self.reader.manager.request(
            "GET",
            self.url,
            # identity: a range of a packed answer is no range of the zip.
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers},
            timeout=Timeout(connect=self.reader.timeout, read=self.reader.timeout),
            redirect=False,
            retries=False,
            preload_content=False,
        )

    def _place(self, response: BaseHTTPResponse) -> tuple[int, int]:
        """Return where a part begins, and the size of the whole."""
        if response.status != _PARTIAL:
            code = f"HTTP {response.status}"
            raise SchemasRefusedError(code, code=code, passing=response.status >= _SERVER_ERROR)
        match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if match is None:
            raise SchemasRefusedError("a part without its place", code="WrongContent")
        return int(match[1]), int(match[3])

    def _body(self, response: BaseHTTPResponse, limit: int) -> bytes:
        body = bytearray()
        while not self.given_up.is_set() and (piece := response.read(_PIECE_BYTES, decode_content=False)):
            body += piece
            if len(body) > limit:
                raise SchemasRefusedError(f"longer than {limit:,} bytes", code="TooLarge")
        return bytes(body)
