"""Try faults on the product and count: tried, survived, failed.

    .venv/bin/python tools/fault_campaign.py [--rounds 200] [--seed 1] [CAMPAIGN …]

documents  Stored documents with bytes changed, cut or doubled: each is read, or refused by name.
archives   Saved answers changed in the same way: each is read, or refused by name.
schemas    Zips of AWS's resource schemas changed in the same way, in their names and contents too: likewise.
feeds      AWS's regions feed changed in the same way: likewise.
stacks     Templates, plans, policies, manifests and HCL changed in the same way: likewise.
parts      Documents and files of stacks of which a part is of another type, missing or a list: likewise.
answers    A server on this machine that answers for AWS, with answers changed in the same way: each path is read, or is
           an error of that path.
crashes    Stages two and three over a store that fails at one of its writes: they end in the same objects once they run
           again.
kills      "aws-ssm-fetcher run" killed at any instant: what is stored can be read, and the next run completes it.
writers    Processes that count up one object at once: no count is lost.

Without a name all are run; kills and crashes take a twentieth of the rounds, since each is a run.

A fault that ends in anything else is printed with its seed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.documents.run_documents import load_analysis, load_inventory
from aws_ssm_fetcher.core.error_handling import FetcherError, ObjectChangedError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.listing import inventories
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.parameter_store.client import live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace
from aws_ssm_fetcher.data_sources.regions_feed.parser import read_feed
from aws_ssm_fetcher.data_sources.resource_types.archive import type_names
from aws_ssm_fetcher.data_sources.saved_answers import saved_answers
from aws_ssm_fetcher.data_sources.stacks.paths import read_stack
from aws_ssm_fetcher.outputs.manifest import load_manifest
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.pipeline import process
from malformed_parts import malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.core.store.objects import Version

    Outcome = str | None

PROGRAM: Final = (sys.executable, "-m", "aws_ssm_fetcher")
READERS: Final = {
    "inventory.json": load_inventory,
    "analysis.json": load_analysis,
    "intervals.jsonl.gz": load_history,
    "reports/latest/manifest.json": load_manifest,
}
FRAGMENTS: Final = (
    b"null",
    b"[]",
    b"{}",
    b"-1",
    b"1e999",
    b"NaN",
    b'"\\ud800"',
    b"\xff",
    b"\x00",
    b'"../x"',
    b"[" * 3000,
    b"9" * 5000,  # more digits than Python reads
)
UNSPOILED: Final = 0.5  # of the schemas in zips that are spoiled themselves
FEED_BODY: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Regions</title><item><title>Europe (Spain)</title>
<description>eu-south-2</description><pubDate>Wed, 16 Nov 2022 00:00:00 GMT</pubDate>
<guid>https://aws.amazon.com/eu-south-2</guid></item></channel></rss>
"""
_PLAN: Final = (
    b'{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"address": "aws_instance.b", '
    b'"mode": "managed", "type": "aws_instance", "values": {"instance_type": "m8g.large"}}], "child_modules": '
    b'[{"resources": [{"address": "module.m.aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "values": '
    b'{"region": "eu-west-1"}}], "child_modules": []}]}}, "variables": {"r": {"value": "eu-west-1"}}, "prior_state": '
    b'{"values": {"root_module": {"resources": [{"address": "data.aws_ami.a", "mode": "data", "type": "aws_ami", '
    b'"values": {}}]}}}, "configuration": {"provider_config": {"aws": {"name": "aws", "expressions": {"region": '
    b'{"references": ["var.r"]}}}}, "root_module": {"resources": [{"address": "aws_instance.b", "provider_config_key": '
    b'"aws"}], "module_calls": {"m": {"module": {"resources": []}}}}}}'
)
_TEMPLATE: Final = (
    b'{"Transform": ["AWS::Serverless-2016-10-31"], "Parameters": {"P": {"Type": "String", "Default": "m5.large"}}, '
    b'"Mappings": {"M": {"eu-west-1": {"T": "t3.micro"}}}, "Conditions": {"C": {"Fn::Not": [{"Fn::Equals": '
    b'[{"Ref": "AWS::Region"}, "eu-west-1"]}]}}, "Globals": {"Function": {"Runtime": "python3.13"}}, "Resources": '
    b'{"A": {"Type": "AWS::S3::Bucket", "Condition": "C", "Properties": {"Name": {"Ref": "B"}}}, "B": {"Type": '
    b'"AWS::EC2::Instance", "Properties": {"InstanceType": {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "T"]}}}, '
    b'"D": {"Type": "AWS::RDS::DBInstance", "Properties": {"DBInstanceClass": {"Fn::If": ["C", "db.t3.micro", '
    b'{"Ref": "P"}]}}}, "F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"E": {"Type": "Api", '
    b'"Properties": {"Path": "/"}}}}}, "Fn::ForEach::L": ["i", ["a"], {"R${i}": {"Type": "AWS::SQS::Queue"}}]}}'
)
_MANIFEST: Final = (
    b'{"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": '
    b'{"templateFile": "template.json"}}}}'
)
STACKS: Final = (
    ("template.json", _TEMPLATE),
    ("template.yaml", b"Resources:\n  A: &a\n    Type: AWS::S3::Bucket\n    Properties: {Name: !Ref B}\n  C: *a\n"),
    ("plan.json", _PLAN),
    ("manifest.json", _MANIFEST),
    ("policy.json", b'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}'),
    ("arns.json", b'{"a": ["arn:aws:sqs:eu-west-1:123456789012:q"]}'),
    ("main.tf", b'variable "x" { default = "t3.micro" }\nresource "aws_instance" "a" {\n  instance_type = var.x\n}\n'),
    ("names.txt", b"bedrock\nAWS::S3::Bucket\np5.48xlarge\n"),
)
LONGEST_MESSAGE: Final = 2000  # characters: an error is a line that one reads
WRITERS: Final = 8


def main() -> int:
    """Run the campaigns that are named, or all."""
    arguments = _arguments()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _run(root / "store")
        for name in arguments.campaigns or CAMPAIGNS:
            chance = random.Random(arguments.seed)  # noqa: S311 - to be repeated, not to be secret
            outcomes = [*CAMPAIGNS[name](root, chance, arguments.rounds)]
            wrong = [outcome for outcome in outcomes if outcome]
            failed += len(wrong)
            print(f"{name}: {len(outcomes)} tried, {len(outcomes) - len(wrong)} survived, {len(wrong)} failed")
            for outcome in wrong[:10]:
                print(f"  {outcome}")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaigns", nargs="*", choices=[*CAMPAIGNS, []])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _run(root: Path) -> None:
    subprocess.run([*PROGRAM, "run", "--quiet", "--store", str(root)], check=True)  # noqa: S603 - our own


def _spoiled(body: bytes, chance: random.Random) -> bytes:
    """Change some bytes in one of six ways."""
    place, end = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    end = min(end, place + 200)
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: body[:place],
        lambda: body[:place] + body[end:],
        lambda: body[:end] + body[place:],
        lambda: body[:place] + bytes([chance.randrange(256)]) + body[place + 1 :],
        lambda: body[:place] + chance.choice(FRAGMENTS) + body[place:],
        lambda: _with_another_value(body, chance),
    )
    return chance.choice(ways)()


def _with_another_value(body: bytes, chance: random.Random) -> bytes:
    """Replace a value that follows a key."""
    places = [place for place in range(len(body) - 1) if body[place : place + 2] == b'":']
    if not places:
        return body[::-1]
    start = chance.choice(places) + 2
    end = min((at for mark in (b",", b"}", b"]") if (at := body.find(mark, start)) > 0), default=len(body))
    return body[:start] + chance.choice(FRAGMENTS) + body[end:]


def _outcome(call: Callable[[], object], what: str) -> Outcome:
    try:
        call()
    except FetcherError as error:
        is_short = "\n" not in str(error) and len(str(error)) < LONGEST_MESSAGE
        return None if is_short else f"{what}: a message of many lines"
    except Exception as error:  # noqa: BLE001 - any other is what is looked for
        return f"{what}: {type(error).__name__}: {error!s:.200}"
    return None


def documents(root: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Read spoiled documents."""
    store = DirectoryStore(root / "store")
    for ending, load in READERS.items():
        key = next(key for key in store.keys("") if key.endswith(ending))
        body = store.read(key).body
        for number in range(rounds):
            spoiled = _spoiled(body, chance)
            yield _outcome(lambda load=load, spoiled=spoiled, key=key: load(spoiled, key), f"{ending} {number}")  # type: ignore[misc]


def archives(root: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Read spoiled archives."""
    good = (
        b'{"Parameters": [{"Name": "/aws/service/global-infrastructure/regions/eu-west-3", "Type": "String", '
        b'"Value": "eu-west-3", "Version": 1, "LastModifiedDate": "2019-05-01T12:00:00+00:00"}], "NextToken": null}'
    )
    texts = (
        b"PARAMETERS\tarn:x\ttext\t2019-05-01T12:00:00Z\t/aws/service/global-infrastructure/regions/a\tString\ta\t1\n",
        b"Parameters:\n- Name: /aws/service/global-infrastructure/regions/a\n  Value: a\n  Version: 1\n",
    )
    file = root / "saved"
    for number in range(rounds):
        body = chance.choice((good, good.decode().encode("utf-16"), *texts))
        file.write_bytes(_spoiled(body, chance))
        yield _outcome(lambda: saved_answers([file], RegionCode("us-east-1")), f"archive {number}")


def schemas(_: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Read spoiled zips of schemas: a known type, and new ones whose files are opened."""
    for number in range(rounds):
        packing = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", packing) as archive:
            archive.writestr("aws-s3-bucket.json", b'{"typeName": "AWS::S3::Bucket"}')
            schema = b'{"typeName": "AWS::New::Thing", "description": "%s"}' % (b"text " * 50)
            archive.writestr("aws-new-thing.json", schema if chance.random() < UNSPOILED else _spoiled(schema, chance))
            archive.writestr("aws-new-\u00fcbung.json", '{"typeName": "AWS::New::\u00fcbung"}')
        body = _spoiled(packed.getvalue(), chance)
        yield _outcome(lambda body=body: type_names(io.BytesIO(body), ["AWS::S3::Bucket"]), f"zip {number}")  # type: ignore[misc]


def feeds(_: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Read spoiled regions feeds."""
    for number in range(rounds):
        body = _spoiled(FEED_BODY, chance)
        yield _outcome(lambda body=body: read_feed(body, [RegionCode("eu-south-2")]), f"feed {number}")  # type: ignore[misc]


def stacks(root: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Read spoiled files of stacks."""
    for number in range(rounds):
        name, good = chance.choice(STACKS)
        file = root / name
        file.write_bytes(_spoiled(good, chance))
        yield _outcome(lambda file=file: read_stack([str(file)], [], lambda _: b""), f"stack {number} {name}")  # type: ignore[misc]


def parts(root: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Read documents and files of stacks of which a part is of another type."""
    store = DirectoryStore(root / "store")
    for ending, load in READERS.items():
        key = next(key for key in store.keys("") if key.endswith(ending))
        body = store.read(key).body
        packed = ending.endswith(".gz")
        # The history has a line for each interval: the first ones are of each kind.
        good = [json.loads(line) for line in gzip.decompress(body).splitlines()[:50]] if packed else json.loads(body)
        for number in range(max(rounds // 10, 1)):
            spoiled = _written(malformed(good, chance), packed=packed)
            yield _outcome(lambda load=load, spoiled=spoiled, key=key: load(spoiled, key), f"{ending} {number}")  # type: ignore[misc]
    for name, text in STACKS:
        if name.endswith(".json"):
            for number in range(rounds):
                file = root / name
                file.write_bytes(_written(malformed(json.loads(text), chance), packed=False))
                yield _outcome(lambda file=file: read_stack([str(file)], [], lambda _: b""), f"{name} {number}")  # type: ignore[misc]


def _written(document: object, *, packed: bool) -> bytes:
    lines = document if packed and isinstance(document, list) else [document]
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return gzip.compress(body) if packed else body


def answers(_: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Read spoiled answers over HTTP."""
    good = (
        b'{"Parameters": [{"Name": "/aws/service/global-infrastructure/regions/eu-west-3", "Type": "String", '
        b'"Value": "eu-west-3", "Version": 1, "LastModifiedDate": 1556712000}], "NextToken": "next"}'
    )
    last = good.replace(b', "NextToken": "next"', b"")
    with _answering() as server:
        os.environ |= {
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "of a campaign",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_ENDPOINT_URL_SSM": f"http://127.0.0.1:{server.server_port}",
        }
        for number in range(rounds):
            server.bodies = [_spoiled(chance.choice((good, last)), chance), last]  # type: ignore[attr-defined] # ours
            breaker = CircuitBreaker("AWS Systems Manager")
            tree = live_tree(RegionCode("us-east-1"), "full", pace=Pace(100_000), breaker=breaker, threads=1)
            yield _outcome(lambda tree=tree: [*tree.pages("regions", recursive=False)], f"answer {number}")  # type: ignore[misc]


@contextmanager
def _answering() -> Iterator[ThreadingHTTPServer]:
    """Serve the ``bodies`` of the server one after the other, the last one for ever."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            bodies: list[bytes] = self.server.bodies  # type: ignore[attr-defined] # ours
            body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _CrashError(Exception):
    """The process is gone."""


class _CrashingStore(MemoryStore):
    """A store that fails at one of its writes, by their number; at none if that is 0."""

    def __init__(self, objects: dict[str, bytes], crash_at: int) -> None:
        super().__init__()
        self.objects, self.crash_at, self.writes = dict(objects), crash_at, 0

    def _count(self) -> None:
        self.writes += 1
        if self.writes == self.crash_at:
            raise _CrashError

    def write(self, key: str, body: bytes) -> None:
        self._count()
        super().write(key, body)

    def create(self, key: str, body: bytes) -> None:
        self._count()
        super().create(key, body)

    def replace(self, key: str, body: bytes, version: Version) -> None:
        self._count()
        super().replace(key, body, version)


def crashes(root: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Crash at single writes, run once more, and compare with what is written without a crash."""
    store = DirectoryStore(root / "store")
    inventory = next(iter(inventories(store)))
    before = {inventory: store.read(inventory).body}
    undisturbed = _CrashingStore(before, 0)
    _stages(undisturbed, inventory)
    tries = max(rounds // 20, 1)
    # The first writes are history, analysis and report; of the thousands of feeds and documents some are enough.
    points = [*range(1, tries // 2 + 1)]
    points += [chance.randint(tries // 2 + 1, undisturbed.writes) for _ in range(tries - len(points))]
    for point in points:
        crashed = _CrashingStore(before, point)
        try:
            _stages(crashed, inventory)
        except _CrashError:
            again = _CrashingStore(crashed.objects, 0)
            failed = _outcome(lambda again=again: _stages(again, inventory), f"crash {point}")  # type: ignore[misc]
            wrong = sorted(key for key, body in undisturbed.objects.items() if again.objects.get(key) != body)
            yield failed or (f"crash {point}: {wrong[:3]} differ" if wrong else None)
        else:
            yield f"crash {point}: nothing was written then"


def _stages(store: MemoryStore, inventory: str) -> None:
    report(store, process(store, inventory, past=bundled_history()).key)


def kills(root: Path, chance: random.Random, rounds: int) -> Iterator[Outcome]:
    """Kill runs, look at what they left, and run once more."""
    for number in range(max(rounds // 20, 1)):
        place = root / f"killed-{number}"
        process = subprocess.Popen([*PROGRAM, "run", "--quiet", "--store", str(place)])  # noqa: S603 - our own
        time.sleep(chance.uniform(0.3, 6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        yield _outcome(lambda place=place: _read_all(place), f"kill {number}")  # type: ignore[misc]
        _run(place)
        left = [path for path in (place / ".writing").iterdir() if not path.name.startswith(".")]
        yield f"kill {number}: left {left}" if left else _outcome(lambda place=place: _read_all(place), f"{number}")  # type: ignore[misc]


def _read_all(root: Path) -> None:
    store = DirectoryStore(root)
    for key in store.keys(""):
        for ending, load in READERS.items():
            if key.endswith(ending):
                load(store.read(key).body, key)


def writers(root: Path, _: random.Random, rounds: int) -> Iterator[Outcome]:
    """Count up one object in several processes."""
    script = (
        "import sys; from pathlib import Path; import fault_campaign;"
        "fault_campaign.count_up(Path(sys.argv[1]), int(sys.argv[2]))"
    )
    each = max(rounds // WRITERS, 1)
    DirectoryStore(root / "count").write("count", b"0")
    command = [sys.executable, "-c", script, str(root / "count"), str(each)]
    processes = [subprocess.Popen(command, cwd=Path(__file__).parent) for _ in range(WRITERS)]  # noqa: S603 - our own
    codes = [process.wait() for process in processes]
    counted = int(DirectoryStore(root / "count").read("count").body)
    yield from (f"a writer ended with {code}" if code else None for code in codes)
    yield None if counted == each * WRITERS else f"{counted} counted of {each * WRITERS}"


def count_up(root: Path, times: int) -> None:
    """Add one to an object, so many times, over whatever others write."""
    store = DirectoryStore(root)
    while times:
        stored = store.read("count")
        try:
            store.replace("count", str(int(stored.body) + 1).encode(), stored.version)
        except ObjectChangedError:
            continue
        times -= 1


CAMPAIGNS: Final[dict[str, Callable[[Path, random.Random, int], Iterator[Outcome]]]] = {
    "documents": documents,
    "archives": archives,
    "schemas": schemas,
    "feeds": feeds,
    "stacks": stacks,
    "parts": parts,
    "answers": answers,
    "crashes": crashes,
    "kills": kills,
    "writers": writers,
}

if __name__ == "__main__":
    sys.exit(main())
