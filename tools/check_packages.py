"""Check the built packages as they lie in ``dist/``: what is in them, and that they run.

``python tools/check_packages.py`` prints one line per check and exits 1 if any failed. A module is imported, and a
handler looked at and run, in a process that finds only the zip, the layer and what Lambda's runtime brings. If all
that holds, the packages are deployed into a cloud on this machine, and one invocation has to end in a report.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from build_packages import FUNCTIONS, KILOBYTE, LAYER, PACKAGES, ROOT, Built, PackageRefusedError, refuse_compiled

sys.path += [str(ROOT), str(ROOT / "tests/support")]

from interpreters import Interpreter
from local_cloud.cloud import LocalCloud
from local_cloud.deployment import deploy
from local_cloud.runtimes import runtime_of
from ssm_server import SMALL_TREE, SsmServer

from aws_ssm_fetcher.core.function.functions import DATA_FETCHER
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local_cloud.runtimes import Runtime

    from build_packages import Package

Check = tuple[str, str]
"""What was checked, and what is wrong with it; empty if nothing is."""

CORE: Final = ("config", "cache", "logging", "error_handling")
SIGNATURE: Final = ["event", "context"]
ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
    "OUTPUT_S3_BUCKET": "a-bucket",
}
_LOOK: Final = (
    "import inspect, json, lambda_function; "
    "print(json.dumps(list(inspect.signature(lambda_function.lambda_handler).parameters)))"
)
_REFUSE: Final = """
import json, types, lambda_function
context = types.SimpleNamespace(aws_request_id="a", function_name="b", get_remaining_time_in_millis=lambda: 60_000)
try:
    lambda_function.lambda_handler({"nonsense": 1}, context)
except Exception as error:  # whatever is raised is named, and compared with the refusal that it must be
    print(json.dumps(type(error).__name__))
"""


def checks(output: Path, functions: Sequence[Package] = FUNCTIONS) -> Iterator[Check]:
    """Check all packages below a folder, with the handlers of those functions; if they are sound, run the chain."""
    sound = True
    for checked, wrong in _each(output, functions):
        sound = sound and not wrong
        yield checked, wrong
    if sound:
        yield "deployed: one invocation of the fetcher ends in a report", _chain(output)


def _each(output: Path, functions: Sequence[Package]) -> Iterator[Check]:
    with TemporaryDirectory() as scratch:
        for package in PACKAGES:
            yield from _sound(package, output / package.path, Path(scratch, package.name))
        layer = Path(scratch, LAYER.name, LAYER.prefix)
        for module in CORE:
            yield (
                f"{LAYER.name}: core.{module} can be imported",
                _run(f"import aws_ssm_fetcher.core.{module}", [layer])[1],
            )
        for package in functions:
            yield from _handler(package, [Path(scratch, package.name), layer])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each check; fail if one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="the folder of the packages")
    failed = 0
    for checked, wrong in checks(parser.parse_args(arguments).output):
        print(f"{'FAIL' if wrong else 'ok  '} {checked}{f': {wrong}' if wrong else ''}")
        failed += bool(wrong)
    return int(failed > 0)


def _sound(package: Package, path: Path, folder: Path) -> Iterator[Check]:
    """Check a zip by itself, and unpack it."""
    folder.mkdir()
    if not path.is_file():
        yield f"{package.name}: {package.path} is there", "build it with tools/build_packages.py"
        return
    size = path.stat().st_size
    within = f"{package.name}: {size / KILOBYTE:.1f} KB, within {package.budget // KILOBYTE} KB"
    yield within, "over its budget" if size > package.budget else ""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
        archive.extractall(folder)
    yield f"{package.name}: pure Python", _refusal(package, contents)


def _refusal(package: Package, contents: dict[str, bytes]) -> str:
    try:
        refuse_compiled(package.name, contents)
    except PackageRefusedError as error:
        return str(error)
    return ""


def _handler(package: Package, path: Sequence[Path]) -> Iterator[Check]:
    handler_there = (path[0] / "lambda_function.py").is_file()
    yield f"{package.name}: handler found", "" if handler_there else "no lambda_function.py"
    signature, wrong = _run(_LOOK, path)
    if not wrong and signature != SIGNATURE:
        wrong = f"it takes {signature}"
    yield f"{package.name}: signature {SIGNATURE}", wrong
    kind, wrong = _run(_REFUSE, path)
    if not wrong and kind != "EventRefusedError":
        wrong = f"it answered {kind}"
    yield f"{package.name}: runs, and refuses an event that is none", wrong


def _chain(output: Path) -> str:
    """Deploy what lies there, over a small tree, and let one invocation go its way; say what went wrong."""
    packages = [Built(package, {}, (output / package.path).read_bytes(), ()) for package in PACKAGES]
    with LocalCloud([_runtime()], {}) as cloud, SsmServer(SMALL_TREE, allows=cloud.guard.allows_parameters) as ssm:
        environment = {
            "DETAIL": "offerings",
            "FEED_URL": "none",
            "RESOURCE_TYPES": "off",
            "AWS_ENDPOINT_URL_SSM": ssm.url,
        }
        deployment = deploy(cloud, packages, _runtime(), environment=environment)
        deployment.send(DATA_FETCHER, {"run_id": "checked"})
        failed = [
            f"{invocation.function}: {invocation.answer}"
            for invocation in deployment.settle()
            if invocation.outcome.status != "ok"
        ]
        if failed:
            return failed[0]
        return "" if keys.latest_key(keys.MANIFEST) in deployment.objects(keys.LATEST) else "there is no report"


def _runtime() -> Runtime:
    return runtime_of(Interpreter(sys.executable, f"3.{sys.version_info.minor}"))


def _run(code: str, path: Sequence[Path]) -> tuple[object, str]:
    """Run code where Lambda would; give what it printed, and the last line of what it complained of."""
    environment = {**ENVIRONMENT, "PYTHONPATH": ":".join(map(str, [*path, _runtime().libraries]))}
    ended = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-S", "-B", "-P", "-c", code], env=environment, capture_output=True, check=False, text=True
    )
    if ended.returncode:
        return None, ended.stderr.strip().rpartition("\n")[2]
    return json.loads(ended.stdout.strip().rpartition("\n")[2] or "null"), ""


if __name__ == "__main__":
    sys.exit(main())
