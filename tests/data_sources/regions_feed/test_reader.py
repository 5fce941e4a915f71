from __future__ import annotations

import gzip
import ssl
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, Self

import pytest
from urllib3 import PoolManager, ProxyManager

from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.data_sources.regions_feed.reader import (
    USER_AGENT,
    FeedReader,
    FeedUnreadError,
    Remembered,
    manager_for,
    read_launches,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aws_ssm_fetcher.data_sources.regions_feed.parser import RegionsFeed

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

KNOWN: Final = [RegionCode("eu-west-3"), RegionCode("us-west-2")]


def feed_of(region: str) -> bytes:
    return (
        f"<rss><channel><item><description>{region}</description>"
        "<pubDate>Wed, 9 Nov 2011 19:00:00 GMT</pubDate></item></channel></rss>"
    ).encode()


FEED: Final = feed_of("us-west-2")
OLD: Final = Remembered(feed_of("eu-west-3"), '"v1"', "Tue, 8 Nov 2011 19:00:00 GMT")


class Server(ThreadingHTTPServer):
    """Answers each request as the next of *answers* says, and all further ones as the last."""

    daemon_threads = False  # closing waits for them

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Callable[[Handler], None]] = []
        self.requests: list[dict[str, str]] = []
        self.closing = threading.Event()
        self.cut_off = threading.Event()
        """Set when the client would not take any more."""
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}/regions.rss"

    def answer(self, handler: Handler) -> None:
        self.requests.append(dict(handler.headers))
        say = self.answers[min(len(self.requests), len(self.answers)) - 1]
        try:
            say(handler)
        except OSError:  # the client has gone
            self.cut_off.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            with suppress(OSError):  # a client that does not trust us
                self.request.do_handshake()
        super().setup()

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.answer(self)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *_: object) -> None: ...  # noqa: A002 - the library's name


def say(status: int = 200, body: bytes = FEED, **headers: str) -> Callable[[Handler], None]:
    """Answer at once; ``content_type="text/html"`` sets a header, an empty one leaves it out."""
    named = {"content_type": "application/rss+xml; charset=utf-8", "content_length": str(len(body))} | headers

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in named.items():
            if value:
                handler.send_header(name.replace("_", "-").title(), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endlessly(*pieces: bytes, every: float = 0.0) -> Callable[[Handler], None]:
    """Send the pieces, the last of them again and again, until somebody has had enough."""

    def answer(handler: Handler) -> None:
        for piece in pieces[:-1]:
            handler.wfile.write(piece)
        for _ in range(50_000_000 // len(pieces[-1])):
            handler.wfile.write(pieces[-1])
            if handler.server.closing.wait(every) if every else handler.server.closing.is_set():
                return

    return answer


def silence(handler: Handler) -> None:
    handler.server.closing.wait()


class Memory:
    """The port's memory in a field."""

    def __init__(self, copy: Remembered | None = None) -> None:
        self.copy = copy

    def recall(self) -> Remembered | None:
        return self.copy

    def remember(self, copy: Remembered) -> None:
        self.copy = copy


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def secure_server(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server()
    server.scheme = "https"
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with server:
        yield server


@pytest.fixture
def trusting(secure_server: Server, certificate: Path) -> FeedReader:
    """Return a reader that trusts the certificate of the secure server."""
    return FeedReader(secure_server.url, PoolManager(ca_certs=str(certificate)))


def launches(
    reader: FeedReader, memory: Memory | None = None, sleeps: list[float] | None = None
) -> tuple[RegionsFeed | None, Gap | None]:
    return read_launches(reader, KNOWN, memory or Memory(), sleep=(sleeps if sleeps is not None else []).append)


def dates(feed: RegionsFeed | None) -> dict[str, str]:
    return {region: launch.source for region, launch in feed.launches.items()} if feed else {}


def refusal(reader: FeedReader, copy: Remembered | None = None) -> str:
    with pytest.raises(FeedUnreadError) as unread:
        reader.get(copy)
    return unread.value.code


def test_the_feed_is_read_and_remembered_with_what_the_server_calls_it(server: Server) -> None:
    server.answers = [say(etag='"v2"', last_modified="Wed, 9 Nov 2011 19:00:00 GMT")]
    memory = Memory()

    feed, gap = launches(FeedReader(server.url), memory)

    assert (dates(feed), gap) == ({"us-west-2": "feed"}, None)
    assert memory.copy == Remembered(FEED, '"v2"', "Wed, 9 Nov 2011 19:00:00 GMT")


def test_a_packed_feed_is_unpacked(server: Server) -> None:
    server.answers = [say(body=gzip.compress(FEED), content_encoding="gzip")]

    assert FeedReader(server.url).get() == Remembered(FEED)


def test_a_feed_in_chunks_of_unknown_length_is_read(server: Server) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in FEED) + b"0\r\n\r\n"
    server.answers = [say(body=chunks, content_length="", transfer_encoding="chunked")]

    assert FeedReader(server.url).get() == Remembered(FEED)


def test_the_request_says_who_asks_and_without_a_copy_sets_no_condition(server: Server) -> None:
    server.answers = [say()]

    FeedReader(server.url).get()

    assert server.requests == [
        {
            "Host": f"127.0.0.1:{server.server_port}",
            "User-Agent": USER_AGENT,
            "Accept": "application/rss+xml, application/xml, text/xml",
            "Accept-Encoding": "gzip",
        }
    ]


def test_a_server_that_wants_to_know_who_asks_is_content(server: Server) -> None:
    def choosy(handler: Handler) -> None:
        known = handler.headers.get("User-Agent", "").startswith("aws-ssm-data-fetcher/")
        say(200 if known else 403)(handler)

    server.answers = [choosy]

    assert FeedReader(server.url).get() == Remembered(FEED)


def test_a_copy_that_is_still_current_is_the_feed(server: Server) -> None:
    server.answers = [say(304, b"")]
    memory = Memory(OLD)

    feed, gap = launches(FeedReader(server.url), memory)

    assert (dates(feed), gap, memory.copy) == ({"eu-west-3": "feed"}, None, OLD)
    assert server.requests[0]["If-None-Match"] == OLD.etag
    assert server.requests[0]["If-Modified-Since"] == OLD.last_modified


def test_a_newer_feed_replaces_the_copy(server: Server) -> None:
    server.answers = [say(etag='"v2"')]
    memory = Memory(OLD)

    feed, gap = launches(FeedReader(server.url), memory)

    assert (dates(feed), gap, memory.copy) == ({"us-west-2": "feed"}, None, Remembered(FEED, '"v2"'))


@pytest.mark.parametrize("copy", [None, Remembered(FEED), Remembered(FEED, "a\r\nX: y", "\N{SNOWMAN}")])
def test_without_a_condition_not_modified_is_no_answer(server: Server, copy: Remembered | None) -> None:
    server.answers = [say(304, b"")]

    assert refusal(FeedReader(server.url), copy) == "HTTP 304"


@pytest.mark.parametrize("body", [b"", b"\0", b"<rss/>", feed_of("mars-north-1")])
def test_a_copy_that_is_no_feed_is_asked_for_again(server: Server, body: bytes) -> None:
    server.answers = [say()]
    memory = Memory(Remembered(body, '"v1"'))

    feed, gap = launches(FeedReader(server.url), memory)

    assert (dates(feed), gap, memory.copy) == ({"us-west-2": "feed"}, None, Remembered(FEED))
    assert "If-None-Match" not in server.requests[0]


def cut(handler: Handler) -> None:
    say(body=FEED[:-9], content_length=str(len(FEED)))(handler)


def cut_packed(handler: Handler) -> None:
    say(body=gzip.compress(FEED)[:-9], content_length="", content_encoding="gzip")(handler)


def hang_up(handler: Handler) -> None:
    handler.wfile.write(b"")


PASSING: Final = {
    "HTTP 503": say(503, b""),
    "HTTP 500": say(500, b""),
    "ConnectionFailed": hang_up,
    "cut": cut,
    "cut when packed": cut_packed,
    "a broken status line": lambda handler: handler.wfile.write(b"HELLO\r\n\r\n"),
    "a broken chunk": say(body=b"nine\r\n", content_length="", transfer_encoding="chunked"),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_is_over_in_a_moment_costs_one_more_attempt(server: Server, name: str) -> None:
    server.answers = [PASSING[name], say()]
    sleeps: list[float] = []

    feed, gap = launches(FeedReader(server.url), sleeps=sleeps)

    assert (dates(feed), gap, len(sleeps), len(server.requests)) == ({"us-west-2": "feed"}, None, 1, 2)


@pytest.mark.parametrize("name", PASSING)
def test_an_outage_is_a_gap_and_the_last_good_copy_stands_in(server: Server, name: str) -> None:
    server.answers = [PASSING[name]]
    memory, sleeps = Memory(OLD), list[float]()

    feed, gap = launches(FeedReader(server.url), memory, sleeps)

    code = name if name.startswith("HTTP") else "ConnectionFailed"
    assert (dates(feed), gap) == ({"eu-west-3": "feed copy"}, Gap("feed", code, 2))
    assert (memory.copy, len(sleeps), len(server.requests)) == (OLD, 1, 2)


def test_an_outage_without_a_copy_is_a_gap_alone(server: Server) -> None:
    server.answers = [say(503, b"")]

    assert launches(FeedReader(server.url)) == (None, Gap("feed", "HTTP 503", 2))


def test_nobody_at_home_is_a_gap(server: Server) -> None:
    url = server.url
    server.server_close()

    assert launches(FeedReader(url), Memory(OLD))[1] == Gap("feed", "ConnectionFailed", 2)


WRONG: Final = {
    "NotRss": say(body=b"<html/>"),
    "NotXml": say(body=b"{}", content_type="text/plain"),
    "NoLaunches": say(body=feed_of("mars-north-1")),
    "DoctypeRefused": say(body=b'<!DOCTYPE rss [<!ENTITY x "x">]><rss/>'),
    "TooDeep": say(body=b"<rss>" + b"<a>" * 466_000),
    "WrongContentType": say(content_type="text/html; charset=utf-8"),
    "EncodingRefused": say(content_encoding="br"),
    "HTTP 403": say(403, b""),
    "HTTP 404": say(404, b""),
    "HTTP 204": say(204, b""),
    "HTTP 302": say(302, b""),
    "RedirectRefused": say(302, b"", location="https://192.0.2.1/regions.rss"),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_answer_is_a_gap_at_once_and_the_last_good_copy_stands_in(server: Server, code: str) -> None:
    server.answers = [WRONG[code]]
    memory, sleeps = Memory(OLD), list[float]()

    feed, gap = launches(FeedReader(server.url), memory, sleeps)

    assert (dates(feed), gap) == ({"eu-west-3": "feed copy"}, Gap("feed", code, 1))
    assert (memory.copy, len(sleeps), len(server.requests)) == (OLD, 0, 1)


@pytest.mark.parametrize(
    "media_type",
    ["application/rss+xml", "text/xml", "Application/XML;charset=utf-8", "text/plain", "binary/octet-stream", ""],
)
def test_any_kind_of_xml_and_a_store_that_does_not_know_are_read(server: Server, media_type: str) -> None:
    server.answers = [say(content_type=media_type)]

    assert FeedReader(server.url).get() == Remembered(FEED)


def test_a_body_that_is_not_packed_as_it_says_is_refused(server: Server) -> None:
    server.answers = [say(content_encoding="gzip")]

    assert refusal(FeedReader(server.url)) == "EncodingRefused"


OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
JUNK: Final = b"x" * 65_536


@pytest.mark.parametrize(
    "pieces",
    [
        (OK, b"\r\n", JUNK),
        (OK, b"Content-Length: 50000000\r\n\r\n", JUNK),
        (OK, b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + JUNK + b"\r\n"),
        (OK, b"Content-Encoding: gzip\r\n\r\n", b"\x1f\x8b\x08\x08" + bytes(6), JUNK),
        (OK, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(FEED), JUNK),
    ],
    ids=["endless", "long", "chunks", "a file name without end in gzip's head", "junk behind gzip's end"],
)
def test_fifty_megabytes_are_cut_off(server: Server, pieces: tuple[bytes, ...]) -> None:
    server.answers = [endlessly(*pieces)]

    assert refusal(FeedReader(server.url)) == "TooLarge"
    assert server.cut_off.wait(10)


def test_a_bomb_is_not_unpacked(server: Server) -> None:
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    server.answers = [say(body=bomb, content_encoding="gzip")]

    assert (refusal(FeedReader(server.url)), len(bomb) < 1_000_000) == ("TooLarge", True)


@pytest.mark.parametrize(
    "pieces",
    [
        (b"HTTP/1.1 200 O", b"K"),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (OK, b"\r\n", b"<"),
        (OK, b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    ],
    ids=["status line", "headers", "body", "length of a chunk"],
)
def test_a_server_that_drips_is_given_up_at_the_deadline(server: Server, pieces: tuple[bytes, ...]) -> None:
    server.answers = [endlessly(*pieces, every=0.02)]

    assert refusal(FeedReader(server.url, deadline=0.1)) == "Timeout"


def test_a_server_that_drips_until_the_deadline_is_not_asked_again(server: Server) -> None:
    server.answers = [endlessly(OK, b"\r\n", b"<", every=0.02)]

    gap = launches(FeedReader(server.url, deadline=0.1))[1]
    assert (gap, len(server.requests)) == (Gap("feed", "Timeout", 1), 1)


@dataclass(frozen=True)
class Late(FeedReader):
    """Fails in passing, each time after some seconds of its own clock."""

    took: tuple[float, ...] = ()
    given: list[float | None] = field(default_factory=list)
    """The seconds that each attempt had."""

    def clock(self) -> float:
        return 100.0 + sum(self.took[: len(self.given)])

    def get(self, copy: Remembered | None = None, *, within: float | None = None) -> Remembered:  # noqa: ARG002 - as the reader has it
        self.given.append(within)
        raise FeedUnreadError("late", code="HTTP 503", passing=True)


@pytest.mark.parametrize(
    ("took", "given"), [((0.0, 0.0), [15.0, 15.0]), ((10.0, 0.0), [15.0, 5.0]), ((14.6,), [15.0]), ((15.0,), [15.0])]
)
def test_a_second_attempt_has_what_the_first_left_if_that_is_more_than_the_pause(
    took: tuple[float, ...], given: list[float]
) -> None:
    reader = Late("http://127.0.0.1", deadline=15.0, took=took)

    _, gap = read_launches(reader, KNOWN, Memory(), sleep=lambda _: None, clock=reader.clock)
    assert (reader.given, gap) == (given, Gap("feed", "HTTP 503", len(given)))


def test_a_silent_server_is_asked_again_and_then_given_up(server: Server) -> None:
    server.answers = [silence]
    sleeps: list[float] = []

    feed, gap = launches(FeedReader(server.url, timeout=0.05), Memory(OLD), sleeps)

    assert (dates(feed), gap, len(sleeps)) == ({"eu-west-3": "feed copy"}, Gap("feed", "Timeout", 2), 1)


@pytest.mark.parametrize(
    "location",
    [
        "http://{host}/regions.rss",
        "/elsewhere",
        "//{host}/regions.rss",
        "https://127.0.0.2/regions.rss",
        "https://localhost/regions.rss",
        "https://127.0.0.1.example.org/",
        "https://127.0.0.1@192.0.2.1/",
        "https://someone@127.0.0.1/",
        "https://192.0.2.1\\@127.0.0.1/",
        "ftp://127.0.0.1/regions.rss",
        "file:///etc/passwd",
        "https://[::1/",
        "https:///regions.rss",
        "https://127.0.0.1:99999999/",
    ],
)
def test_a_redirect_to_another_host_or_without_tls_is_refused(server: Server, location: str) -> None:
    host = f"127.0.0.1:{server.server_port}"
    server.answers = [say(302, b"", location=location.format(host=host)), say()]

    assert (refusal(FeedReader(server.url)), len(server.requests)) == ("RedirectRefused", 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed(trusting: FeedReader, secure_server: Server, status: int) -> None:
    secure_server.answers = [say(status, b"", location="/new.rss"), say(etag='"v2"')]

    assert trusting.get(OLD) == Remembered(FEED, '"v2"')
    assert [request["If-None-Match"] for request in secure_server.requests] == [OLD.etag] * 2


def test_a_redirect_from_tls_to_none_is_refused(trusting: FeedReader, secure_server: Server, server: Server) -> None:
    secure_server.answers = [say(302, b"", location=server.url)]

    assert (refusal(trusting), server.requests) == ("RedirectRefused", [])


def test_a_redirect_to_tls_on_the_same_host_is_followed(
    trusting: FeedReader, secure_server: Server, server: Server
) -> None:
    server.answers, secure_server.answers = [say(302, b"", location=secure_server.url)], [say()]

    assert FeedReader(server.url, trusting.manager).get() == Remembered(FEED)


def test_redirects_in_a_circle_are_given_up(trusting: FeedReader, secure_server: Server) -> None:
    secure_server.answers = [say(302, b"", location=secure_server.url)]

    assert (refusal(trusting), len(secure_server.requests)) == ("RedirectRefused", 4)


def test_a_server_that_cannot_prove_who_it_is_is_not_asked(secure_server: Server) -> None:
    secure_server.answers = [say()]

    assert launches(FeedReader(secure_server.url)) == (None, Gap("feed", "TlsFailed", 1))
    assert secure_server.requests == []


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/regions.rss", "http://localhost.example.org/", "ftp://127.0.0.1/", ""]
)
def test_an_address_without_tls_elsewhere_than_here_is_refused(url: str) -> None:
    assert refusal(FeedReader(url)) == "UrlRefused"


def test_the_feed_goes_through_the_proxy_and_the_certificates_of_the_aws_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "internal.example")
    environment = {"HTTPS_PROXY": "http://me:hunter2@proxy.example:3128", "AWS_CA_BUNDLE": "/etc/ca.pem"}
    through = manager_for("https://docs.example/rss", environment)
    past = manager_for("https://internal.example/rss", environment)

    assert isinstance(through, ProxyManager)
    assert str(through.proxy) == "http://proxy.example:3128"
    assert through.proxy_headers["proxy-authorization"] == "Basic bWU6aHVudGVyMg=="
    assert not isinstance(past, ProxyManager)
    assert [item.connection_pool_kw["ca_certs"] for item in (through, past)] == ["/etc/ca.pem"] * 2


def test_a_password_never_stands_in_an_error_of_the_feed() -> None:
    with pytest.raises(FeedUnreadError) as raised:
        FeedReader("ftp://me:hunter2@example.com/rss?token=s3cret").get()

    assert str(raised.value) == "The regions feed could not be read: ftp://***@example.com/rss?*** is not https."
