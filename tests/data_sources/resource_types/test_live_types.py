from __future__ import annotations

import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types, load_resource_types
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.data_sources.resource_types import reader as schemas
from aws_ssm_fetcher.data_sources.resource_types.archive import SchemasRefusedError, file_name_of, type_names
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.data_sources.resource_types.live import read_types
from aws_ssm_fetcher.data_sources.resource_types.reader import SchemaReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SPAIN, VIRGINIA, SOVEREIGN = (RegionCode(code) for code in ("eu-south-2", "us-east-1", "eusc-de-east-1"))


def archive(names: frozenset[str] | set[str]) -> bytes:
    """Return a zip as AWS publishes one: a file per type, named without capitals."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        for name in sorted(names):
            zipped.writestr(file_name_of(name), json.dumps({"typeName": name, "properties": {}}))
    return packed.getvalue()


class Server(ThreadingHTTPServer):
    """Serves a zip per region; *fault* may answer in its place."""

    daemon_threads = True

    def __init__(self, zips: dict[str, bytes], fault: Callable[[Handler], bool] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.zips, self.fault, self.ranges = zips, fault, True
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{{region}}/CloudformationSchema.zip"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        region = self.path.split("/")[1]
        self.server.requests.append((region, dict(self.headers)))
        with suppress(OSError):
            if self.server.fault is None or not self.server.fault(self):
                self.serve(region)

    def serve(self, region: str) -> None:
        body = self.server.zips.get(region)
        if body is None:
            self.reply(403, b"denied")
            return
        etag = f'"{hash(body):x}"'
        asked = self.headers.get("Range")
        if self.headers.get("If-None-Match") == etag:
            self.reply(304, b"")
        elif asked and self.server.ranges:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start = int(first) if first else max(len(body) - int(last), 0)
            end = int(last) + 1 if first else len(body)
            place = f"bytes {start}-{end - 1}/{len(body)}"
            self.reply(206, body[start:end], ETag=etag, Content_Range=place)
        else:
            self.reply(200, body, ETag=etag)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None: ...  # noqa: A002 - the library's name


@pytest.fixture(name="bundled", scope="module")
def _bundled() -> ResourceTypes:
    return bundled_resource_types()


@pytest.fixture(name="zips", scope="module")
def _zips(bundled: ResourceTypes) -> dict[str, bytes]:
    return {str(region): archive(names) for region, names in bundled.types.names_in.items()}


@pytest.fixture(name="server")
def _server(zips: dict[str, bytes]) -> Iterator[Server]:
    with Server(dict(zips)) as server:
        yield server


def read(
    server: Server, before: ResourceTypes, *regions: RegionCode, deadline: float = 5.0, taken: datetime | None = None
) -> ResourceTypes | None:
    domains = dict.fromkeys(regions or before.types.known, "amazonaws.com")
    with ThreadPoolExecutor(4) as executor:
        reader = SchemaReader(server.url, timeout=deadline, deadline=deadline)
        return read_types(domains, reader, before, taken=taken or NOW, executor=executor, sleep=lambda _: None)


def test_the_lists_of_all_regions_are_read_from_the_directories_of_their_zips(
    server: Server, bundled: ResourceTypes, zips: dict[str, bytes]
) -> None:
    result = read(server, bundled)
    assert result is not None

    assert result.types.names_in == bundled.types.names_in
    assert len(server.requests) == len(zips)  # one request each
    assert all(headers["Range"].startswith("bytes=-") for _, headers in server.requests)
    assert load_resource_types(dump_resource_types(result), "k") == result


def test_a_server_without_ranges_sends_whole_zips(server: Server, bundled: ResourceTypes) -> None:
    server.ranges = False
    result = read(server, bundled, SPAIN, VIRGINIA)
    assert result is not None

    assert result.types.names_in[SPAIN] == bundled.types.names_in[SPAIN]


def test_a_zip_that_is_still_current_is_not_sent_again(server: Server, bundled: ResourceTypes) -> None:
    first = read(server, bundled, SPAIN, VIRGINIA)
    assert first is not None
    again = read(server, first, SPAIN, VIRGINIA)
    assert again is not None

    assert again.types.names_in == first.types.names_in
    assert all("If-None-Match" in headers for _, headers in server.requests[2:])


def test_a_type_that_nobody_knew_is_read_from_its_schema(server: Server, bundled: ResourceTypes) -> None:
    server.zips[SPAIN] = archive(bundled.types.names_in[SPAIN] | {"AWS::NewService::McpServer"})
    result = read(server, bundled, SPAIN, VIRGINIA)
    assert result is not None

    assert "AWS::NewService::McpServer" in result.types.names_in[SPAIN]


def fault(kind: str) -> Callable[[Handler], bool]:
    def answer(handler: Handler) -> bool:
        if f"/{SPAIN}/" not in handler.path:
            return False
        match kind:
            case "503":
                handler.reply(503, b"")
            case "wrong content":
                handler.reply(200, b"<html>sign in</html>")
            case "bomb":
                handler.reply(200, archive({f"AWS::S::T{n}" for n in range(400)}))
            case "cut":
                handler.send_response(200)
                handler.send_header("Content-Length", "1000")
                handler.end_headers()
                handler.wfile.write(b"PK")
            case "drip":
                handler.send_response(200)
                handler.send_header("Content-Length", "1000")
                handler.end_headers()
                while not handler.server.closing.wait(0.1):
                    handler.wfile.write(b"P")
        return True

    return answer


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("503", "HTTP 503"),
        ("wrong content", "WrongContent"),
        ("bomb", "WrongContent"),
        ("cut", "ConnectionFailed"),
        ("drip", "Timeout"),
    ],
)
def test_a_region_that_fails_keeps_its_last_good_list_and_says_so(
    server: Server, bundled: ResourceTypes, kind: str, code: str
) -> None:
    server.fault = fault(kind)
    result = read(server, bundled, SPAIN, VIRGINIA, deadline=1.0)
    assert result is not None

    (row,) = (row for row in result.types.regions if row.region == SPAIN)
    assert (row.status, row.taken, row.error) == ("own", bundled.types.source.taken, code)
    assert result.types.names_in[SPAIN] == bundled.types.names_in[SPAIN]
    assert result.types.taken_of(VIRGINIA) == NOW


def test_a_region_that_suddenly_has_the_list_of_us_east_1_keeps_its_own(
    server: Server, bundled: ResourceTypes, zips: dict[str, bytes]
) -> None:
    server.zips[SPAIN] = zips[VIRGINIA]
    result = read(server, bundled, SPAIN, VIRGINIA)
    assert result is not None

    (row,) = (row for row in result.types.regions if row.region == SPAIN)
    assert (row.status, row.error) == ("own", "CopyOfAnother")
    assert result.types.names_in[SPAIN] == bundled.types.names_in[SPAIN]


def test_a_region_that_always_had_the_list_of_us_east_1_is_unknown(
    server: Server, bundled: ResourceTypes, zips: dict[str, bytes]
) -> None:
    server.zips[SOVEREIGN] = zips[VIRGINIA]
    result = read(server, bundled, SOVEREIGN, VIRGINIA)
    assert result is not None

    assert result.types.unknown == (SOVEREIGN,)


def test_a_list_that_lost_too_many_types_is_not_accepted(server: Server, bundled: ResourceTypes) -> None:
    server.zips[SPAIN] = archive(set(sorted(bundled.types.names_in[SPAIN])[:500]))
    result = read(server, bundled, SPAIN, VIRGINIA)
    assert result is not None

    (row,) = (row for row in result.types.regions if row.region == SPAIN)
    assert (row.error, len(result.types.names_in[SPAIN])) == ("Shrunk", 1056)


@pytest.mark.parametrize(("days", "types"), [(7, 1056), (8, 500)])
def test_a_list_that_is_as_short_in_a_later_run_is_accepted_after_as_many_days_as_confirm_a_removal(
    server: Server, bundled: ResourceTypes, days: int, types: int
) -> None:
    server.zips[SPAIN] = archive(set(sorted(bundled.types.names_in[SPAIN])[:500]))
    before = read(server, bundled, SPAIN, VIRGINIA)
    assert before is not None

    result = read(server, before, SPAIN, VIRGINIA, taken=bundled.taken + timedelta(days=days))
    assert result is not None
    assert len(result.types.names_in[SPAIN]) == types


def test_without_any_answer_there_is_nothing(server: Server, bundled: ResourceTypes) -> None:
    server.zips.clear()

    assert read(server, bundled, SPAIN, VIRGINIA) is None


def test_a_region_without_a_zip_that_never_had_one_is_unknown_with_the_reason(
    server: Server, bundled: ResourceTypes
) -> None:
    result = read(server, bundled, SOVEREIGN, VIRGINIA)
    assert result is not None

    (row,) = (row for row in result.types.regions if row.region == SOVEREIGN)
    assert (row.status, row.error) == ("none", "HTTP 403")


@pytest.mark.parametrize("name", ["../etc/passwd.json", "aws-s3-bucket.txt"])
def test_a_zip_with_another_kind_of_file_is_refused(name: str) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as zipped:
        zipped.writestr(name, "{}")

    with pytest.raises(SchemasRefusedError, match="a zip with"):
        type_names(packed, ["AWS::S3::Bucket"])


def damaged(how: str) -> bytes:
    """Return a zip with a new type, which has to be opened."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", {"bzip2": ZIP_BZIP2, "lzma": ZIP_LZMA}.get(how, ZIP_DEFLATED)) as zipped:
        zipped.writestr("aws-s3-ü.json", '{"typeName": "AWS::S3::Ü"}' + " " * 500)
    body = bytearray(packed.getvalue())
    content = body.index(b".json") + 5
    entry = body.rindex(b"PK\x01\x02")
    if how == "password":
        body[6] |= 1
        body[entry + 8] |= 1
    elif how == "name":
        body[body.rindex("ü".encode())] = 0xFF
    else:
        body[content : content + 12] = b"\xff" * 12
    return bytes(body)


@pytest.mark.parametrize("how", ["deflate", "bzip2", "lzma", "password", "name"])
def test_a_zip_whose_contents_are_damaged_or_locked_is_refused_by_name(how: str) -> None:
    with pytest.raises(SchemasRefusedError, match="no zip"):
        type_names(io.BytesIO(damaged(how)), [])


def test_a_schema_of_another_type_than_its_file_is_refused() -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as zipped:
        zipped.writestr("aws-s3-new.json", '{"typeName": "AWS::S3::Other"}')

    with pytest.raises(SchemasRefusedError, match="another type"):
        type_names(packed, [])


def test_the_address_is_the_documented_one() -> None:
    assert schemas.SCHEMAS_URL.format(region="cn-north-1", domain="amazonaws.com.cn") == (
        "https://schema.cloudformation.cn-north-1.amazonaws.com.cn/CloudformationSchema.zip"
    )
