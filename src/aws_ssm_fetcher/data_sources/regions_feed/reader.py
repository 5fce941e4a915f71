"""The regions feed over HTTP: one GET, and what is done when it fails.

Whoever answers may be hostile or broken. Lambda's runtime may carry an urllib3 that unpacks a bomb in one go, so the
body is read as it was sent and unpacked here, piece by piece.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import threading
import time
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from urllib.parse import unquote, urljoin
from urllib.request import proxy_bypass

from urllib3 import PoolManager, ProxyManager, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError, ProxyError, SSLError
from urllib3.exceptions import TimeoutError as SocketTimeoutError
from urllib3.util import Url, make_headers, parse_url

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.core.documents.gzipped import GZIP
from aws_ssm_fetcher.core.error_handling import SourceError
from aws_ssm_fetcher.core.model.codes import FEED
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.core.retrying import FIRST_WAIT_SECONDS, retried
from aws_ssm_fetcher.core.text import excerpt, without_secrets
from aws_ssm_fetcher.data_sources.regions_feed.parser import MAX_FEED_BYTES, FeedRefusedError, RegionsFeed, read_feed
from aws_ssm_fetcher.data_sources.threads import call_within

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from urllib3 import BaseHTTPResponse

    from aws_ssm_fetcher.core.model.codes import RegionCode

FEED_TIMEOUT_SECONDS: Final = 10.0  # to connect, and for each wait; it answers in under one, and must not eat the run
FEED_DEADLINE_SECONDS: Final = 15.0  # for all attempts: a server that drips never runs into the timeout
MAX_REDIRECTS: Final = 3
ATTEMPTS: Final = 2  # the last good copy is no worse than a third

USER_AGENT: Final = f"aws-ssm-data-fetcher/{__version__}"  # without one the server answers 403

_PIECE_BYTES: Final = 16_384
_PLAIN: Final = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
"""Media types of stores that were given none; the parser finds out what the body is."""

_LOGGER = logging.getLogger(__name__)


class FeedUnreadError(SourceError):
    """The feed could not be read. ``code`` says why: ``HTTP 503``, ``Timeout``, ``TooLarge`` and others."""

    def __init__(self, reason: str, *, code: str, passing: bool = False) -> None:
        super().__init__(f"The regions feed could not be read: {excerpt(without_secrets(reason))}", code=code)
        self.passing = passing
        """Whether it may be over in a moment."""


class Remembered(NamedTuple):
    """A good copy of the feed, and what the server calls it."""

    body: bytes
    etag: str | None = None
    last_modified: str | None = None


class FeedMemory(Protocol):
    """Stores the last good copy of the feed."""

    def recall(self) -> Remembered | None:
        """Return the copy, whatever its age; ``None`` if there is none."""

    def remember(self, copy: Remembered) -> None:
        """Replace the stored copy."""


def _manager() -> PoolManager:
    return PoolManager(cert_reqs="CERT_REQUIRED")


def manager_for(url: str, environment: Mapping[str, str] = os.environ) -> PoolManager:
    """Return what opens connections to an address: by the proxy and with the CA bundle that the AWS tools use too."""
    authorities = environment.get("AWS_CA_BUNDLE") or environment.get("REQUESTS_CA_BUNDLE") or None
    parts = parse_url(url)
    proxy = None
    # Plain http is allowed on this machine only, where no proxy stands between.
    if parts.scheme == "https" and not proxy_bypass(parts.host or ""):
        proxy = environment.get("HTTPS_PROXY") or environment.get("https_proxy")
    if not proxy:
        return PoolManager(cert_reqs="CERT_REQUIRED", ca_certs=authorities)
    # The AWS tools also take HTTPS_PROXY as host:port, without a scheme.
    address = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    headers = make_headers(proxy_basic_auth=unquote(address.auth)) if address.auth else None
    # urllib3 does not read user and password out of a proxy's address.
    bare = address._replace(auth=None).url
    return ProxyManager(bare, proxy_headers=headers, cert_reqs="CERT_REQUIRED", ca_certs=authorities)


@dataclass(frozen=True, slots=True)
class FeedReader:
    """Reads the feed at one address: https, or http on this machine."""

    url: str
    manager: PoolManager = field(default_factory=_manager)
    timeout: float = FEED_TIMEOUT_SECONDS
    deadline: float = FEED_DEADLINE_SECONDS

    def get(self, copy: Remembered | None = None, *, within: float | None = None) -> Remembered:
        """GET the feed: a new copy, or *copy* itself if the server says that it is still current.

        Waits *within* seconds, or else as many as the deadline has. Raises ``FeedUnreadError``. A thread that was
        given up ends with the connection, the process, or the next piece of the answer.
        """
        limit = self.deadline if within is None else within
        given_up = threading.Event()
        try:
            return call_within(limit, lambda: self._get(copy, given_up), name="regions-feed")
        except TimeoutError as error:
            raise FeedUnreadError(f"no complete answer within {limit:.1f} s", code="Timeout", passing=True) from error
        # The order matters: in urllib3 these errors are kinds of one another.
        except ProxyError as error:
            raise FeedUnreadError(f"the proxy refuses: {error.original_error}", code="ProxyRefused") from error
        except SSLError as error:
            raise FeedUnreadError(str(error), code="TlsFailed") from error
        except OSError as error:  # a CA bundle that does not exist
            raise FeedUnreadError(str(error), code="TlsFailed") from error
        except NewConnectionError as error:  # in urllib3 a kind of timeout
            raise FeedUnreadError(str(error), code="ConnectionFailed", passing=True) from error
        except SocketTimeoutError as error:
            raise FeedUnreadError(str(error), code="Timeout", passing=True) from error
        except HTTPError as error:
            raise FeedUnreadError(str(error), code="ConnectionFailed", passing=True) from error
        finally:
            given_up.set()

    def _get(self, copy: Remembered | None, given_up: threading.Event) -> Remembered:
        url = _start(self.url)
        for _ in range(1 + MAX_REDIRECTS):
            response = self.manager.request(
                "GET",
                url,
                headers=_headers(copy),
                timeout=Timeout(connect=self.timeout, read=self.timeout),
                redirect=False,
                retries=False,
                preload_content=False,
            )
            with closing(response):
                location = response.get_redirect_location()
                if not location:
                    return _copy(response, copy, given_up)
            url = _redirected(url, location)
        raise FeedUnreadError(f"more than {MAX_REDIRECTS} redirects", code="RedirectRefused")


def read_launches(
    reader: FeedReader,
    known: Collection[RegionCode],
    memory: FeedMemory,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[RegionsFeed | None, Gap | None]:
    """Read the feed, or else its last good copy and a gap.

    All attempts together, and the pause between them, have the reader's deadline. A copy that AWS has just called
    current counts as the feed. A feed without any launch is refused; a copy that cannot be read is requested again.
    """
    copy = memory.recall()
    last_good = _last_good(copy, known)
    attempts, ends = 0, clock() + reader.deadline

    def ask() -> tuple[Remembered, RegionsFeed]:
        nonlocal attempts
        attempts += 1
        # A copy that cannot be read must not be confirmed by "not modified".
        answer = reader.get(copy if last_good else None, within=ends - clock())
        return answer, _accepted(read_feed(answer.body, known))

    def may_ask_again(error: Exception) -> bool:
        return isinstance(error, FeedUnreadError) and error.passing and clock() + FIRST_WAIT_SECONDS < ends

    try:
        answer, feed = retried(ask, attempts=ATTEMPTS, retryable=may_ask_again, sleep=sleep)
    except (FeedUnreadError, FeedRefusedError) as error:
        _LOGGER.warning("Gap: the regions feed could not be read (%s)", error.code)
        # A gap although a copy stands in: the dates are as old as the copy.
        return last_good, Gap(FEED, error.code, attempts)
    if answer is not copy:
        memory.remember(answer)
    return feed, None


def _last_good(copy: Remembered | None, known: Collection[RegionCode]) -> RegionsFeed | None:
    if copy is None:
        return None
    try:
        return _accepted(read_feed(copy.body, known, "feed copy"))
    except FeedRefusedError:
        return None


def _accepted(feed: RegionsFeed) -> RegionsFeed:
    if not feed.launches:
        raise FeedRefusedError(f"none of its {feed.items} items is the launch of a known region", code="NoLaunches")
    return feed


def _start(url: str) -> str:
    parts = parse_url(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.host)):
        raise FeedUnreadError(f"{url} is not https", code="UrlRefused")
    return parts.url


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address((host or "").strip("[]")).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def _redirected(url: str, location: str) -> str:
    """Follow to https on the very same host, and nowhere else. Read with urllib3's eyes, as it will connect."""
    try:
        before, after = parse_url(url), parse_url(urljoin(url, location))
    except ValueError as error:  # LocationParseError is one, too
        raise FeedUnreadError("redirected to an invalid address", code="RedirectRefused") from error
    if not _is_same_site(before, after):
        raise FeedUnreadError(f"redirected to {after.scheme}://{after.netloc}", code="RedirectRefused")
    return after.url


def _is_same_site(before: Url, after: Url) -> bool:
    # A redirect could lead into a private network, or hand a password on.
    return after.scheme == "https" and after.auth is None and after.host == before.host


def _headers(copy: Remembered | None) -> dict[str, str]:
    return {
        "User-Agent": USER_AGENT,
        "Accept": "application/rss+xml, application/xml, text/xml",
        "Accept-Encoding": "gzip",
        **_conditions(copy),
    }


def _conditions(copy: Remembered | None) -> dict[str, str]:
    if copy is None:
        return {}
    named = {"If-None-Match": copy.etag, "If-Modified-Since": copy.last_modified}
    # A copy comes out of a file: what could not stand in a header is left out.
    return {name: value for name, value in named.items() if value and value.isascii() and value.isprintable()}


def _copy(response: BaseHTTPResponse, copy: Remembered | None, given_up: threading.Event) -> Remembered:
    # 304 without our conditions would be an answer to somebody else's request.
    if response.status == 304 and copy and _conditions(copy):  # noqa: PLR2004 - Not Modified
        return copy
    if response.status != 200:  # noqa: PLR2004 - OK
        passing = response.status >= 500  # noqa: PLR2004 - the server's fault
        raise FeedUnreadError(f"HTTP {response.status}", code=f"HTTP {response.status}", passing=passing)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _PLAIN and not media_type.endswith(("/xml", "+xml")):
        raise FeedUnreadError(f"it is {media_type}", code="WrongContentType")
    body = _body(response, given_up)
    return Remembered(body, response.headers.get("ETag"), response.headers.get("Last-Modified"))


def _body(response: BaseHTTPResponse, given_up: threading.Event) -> bytes:
    """Read and unpack the body; neither what was sent nor what becomes of it may be longer than the limit."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    pieces = _pieces(response, given_up)
    if encoding == "identity":
        return b"".join(pieces)
    if encoding not in ("gzip", "x-gzip"):
        raise FeedUnreadError(f"it is packed with {encoding}", code="EncodingRefused")
    return _unpacked(pieces)


def _pieces(response: BaseHTTPResponse, given_up: threading.Event) -> Iterator[bytes]:
    length = 0
    while not given_up.is_set() and (piece := response.read(_PIECE_BYTES, decode_content=False)):
        length += len(piece)
        _within_limit(length)
        yield piece


def _unpacked(pieces: Iterator[bytes]) -> bytes:
    body = bytearray()
    packed = zlib.decompressobj(GZIP)
    try:
        for piece in pieces:
            # max_length bounds what a small piece may become: a bomb is never unpacked whole.
            body += packed.decompress(piece, MAX_FEED_BYTES + 1 - len(body))
            _within_limit(len(body))
    except zlib.error as error:
        raise FeedUnreadError(str(error), code="EncodingRefused") from error
    # An end in the middle of the stream raises nothing in zlib.
    if not packed.eof:
        raise FeedUnreadError("cut off", code="ConnectionFailed", passing=True)
    return bytes(body)


def _within_limit(length: int) -> None:
    if length > MAX_FEED_BYTES:
        raise FeedUnreadError(f"longer than {MAX_FEED_BYTES} bytes", code="TooLarge")
