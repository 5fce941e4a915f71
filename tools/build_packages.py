"""Build the Lambda packages: a shared layer and a zip for each function, the same bytes wherever and whenever.

``python tools/build_packages.py [--output dist]`` writes::

    dist/shared_layer/layer.zip                      python/aws_ssm_fetcher/{__init__,core/…} and two libraries
    dist/<function>/deployment_package.zip           lambda_function.py, aws_ssm_fetcher/{__init__,<stage>/…}
    dist/manifest.json                               sizes, hashes, contents, versions
    dist/sbom.cdx.json                               the libraries, as CycloneDX 1.6

All of it is pure Python, so that one zip serves every runtime from 3.11 on, on both processors: a compiled file ends
the build, and so does a package over its budget. Libraries are the pinned wheels of ``requirements/run.txt``, checked
by their hashes; botocore and what it brings are part of Lambda's runtime and not packed.
"""

from __future__ import annotations

import argparse
import base64
import email
import hashlib
import io
import json
import re
import stat
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from email.message import Message

ROOT: Final = Path(__file__).parent.parent
KILOBYTE: Final = 1000
PREFIX: Final = "python/"  # Lambda unpacks a layer below /opt, and looks for modules in /opt/python
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell
MODE: Final = (stat.S_IFREG | 0o644) << 16
LARGEST_UNPACKED: Final = 250_000_000  # function and layer together, by Lambda's rule

_PACKED: Final = {".py", ".json", ".gz", ".typed", ".html", ".css", ".js"}
_MACHINE: Final = {".pyc", ".pyd", ".so", ".dylib"}
_COMPILED: Final = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"!<arch>")
_NOISE: Final = {"RECORD", "WHEEL", "INSTALLER", "REQUESTED", "top_level.txt", "entry_points.txt"}
_PIN: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE
)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")

Contents = dict[str, bytes]


class PackageRefusedError(Exception):
    """A package that must not be published as it is."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One library as the requirements pin it."""

    name: str
    version: str
    hashes: frozenset[str]
    """SHA-256 of the files that are accepted."""

    @property
    def requirement(self) -> str:
        """Write it as pip reads it."""
        return " ".join(
            [f"{self.name}=={self.version}", *(f"--hash=sha256:{digest}" for digest in sorted(self.hashes))]
        )


@dataclass(frozen=True, slots=True)
class Library:
    """A wheel."""

    name: str
    version: str
    license: str
    sha256: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class Package:
    """What goes into one zip."""

    name: str
    file: str
    part: str
    """The folder of ``aws_ssm_fetcher`` that it carries."""
    budget: int
    """Bytes, zipped."""
    libraries: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Files of the part that only the command line needs; one that ends with ``/`` is a folder."""
    prefix: str = ""
    """The folder in the zip from which Lambda imports."""

    @property
    def path(self) -> str:
        """Where it is written below the output."""
        return f"{self.name}/{self.file}"


@dataclass(frozen=True, slots=True)
class Built:
    """A package, and the zip that was made of it."""

    package: Package
    contents: Contents
    zipped: bytes
    libraries: tuple[Library, ...]

    @property
    def unpacked(self) -> int:
        """Bytes."""
        return sum(map(len, self.contents.values()))


LAYER: Final = Package(
    "shared_layer",
    "layer.zip",
    "core",
    324 * KILOBYTE,
    libraries=("tenacity",),
    prefix=PREFIX,
)
FUNCTIONS: Final = (
    Package(
        "data_fetcher",
        "deployment_package.zip",
        "data_sources",
        200 * KILOBYTE,
        left_out=(
            "resource_types/cfn_lint.py",
            "saved_answers.py",
            "saved_files.py",
            "saved_formats.py",
            "shipped/origin.json",
            "shipped/tree.json.gz",
            "stacks/",
        ),
    ),
    Package(
        "processor",
        "deployment_package.zip",
        "processors",
        240 * KILOBYTE,  # 73 KB of it the bundled histories
        left_out=(
            "history/shipped/history-origin.json",
            "history/shipped/instance-types-history.json.gz",
            "list_decisions.py",
        ),
    ),
    Package("report_generator", "deployment_package.zip", "outputs", 600 * KILOBYTE, libraries=("xlsxwriter",)),
)
PACKAGES: Final = (LAYER, *FUNCTIONS)


def pins(requirements: str) -> dict[str, Pin]:
    """Read pinned and hashed requirements, by name."""
    return {
        match["name"]: Pin(match["name"], match["version"], frozenset(_HASH.findall(match["rest"])))
        for match in _PIN.finditer(requirements)
    }


def wheels(wanted: Sequence[Pin], folder: Path, *, python: str | None = None) -> dict[str, Path]:
    """Return the wheel of each pin, of which those that are not in *folder* are downloaded there, checked by hash.

    *python* is the version of an interpreter (``3.12``) other than this one that they are for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if missing := [pin for pin in wanted if _wheel_of(pin, folder) is None]:
        with TemporaryDirectory(dir=folder) as scratch:
            listed = Path(scratch, "requirements.txt")
            listed.write_text("".join(f"{pin.requirement}\n" for pin in missing))
            command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
            command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", scratch]
            command += [*(["--python-version", python] if python else []), "--requirement", str(listed)]
            subprocess.run(command, check=True, stderr=subprocess.PIPE)  # noqa: S603 - our own interpreter's pip
            for wheel in Path(scratch).glob("*.whl"):
                wheel.replace(folder / wheel.name)  # at once: others may look for it at the same time
    return {pin.name: _required_wheel(pin, folder) for pin in wanted}


def open_library(pin: Pin, wheel: Path) -> Library:
    """Read a wheel: its modules, its metadata and its licence, without what an installer leaves."""
    body = wheel.read_bytes()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    if not wheel.name.endswith("-none-any.whl"):
        raise PackageRefusedError(f"{pin.name}: {wheel.name} is for one platform only")
    metadata = email.message_from_bytes(next(text for name, text in contents.items() if name.endswith("/METADATA")))
    return Library(
        name=pin.name,
        version=pin.version,
        license=_license(metadata),
        sha256=hashlib.sha256(body).hexdigest(),
        contents={name: body for name, body in contents.items() if not _is_noise(name)},
    )


def contents_of(package: Package, root: Path, libraries: Iterable[Library]) -> Contents:
    """Gather a package's files by their place in the zip. Raises ``PackageRefusedError`` for what is not Python."""
    source = root / "src/aws_ssm_fetcher"
    folder = source / package.part
    paths = [source / "__init__.py", *_files(folder, package.left_out)]
    files = {f"aws_ssm_fetcher/{path.relative_to(source)}": path.read_bytes() for path in paths}
    if not package.prefix:
        files["lambda_function.py"] = (root / "lambda_functions" / package.name / "lambda_function.py").read_bytes()
    for library in libraries:
        files |= library.contents
    contents = {f"{package.prefix}{name}": body for name, body in files.items()}
    contents |= {name: (root / name).read_bytes() for name in ("LICENSE", "NOTICE")}
    refuse_compiled(package.name, contents)
    return dict(sorted(contents.items()))


def refuse_compiled(name: str, contents: Mapping[str, bytes]) -> None:
    """Raise ``PackageRefusedError`` for code that only one kind of machine, or of Python, can run."""
    for path, body in contents.items():
        if path.endswith(tuple(_MACHINE)) or body.startswith(_COMPILED):
            raise PackageRefusedError(f"{name}: {path} is compiled; packages are pure Python")


def zip_of(contents: Mapping[str, bytes]) -> bytes:
    """Pack files so that equal contents give equal bytes: sorted, of one time and one mode."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, body in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, on whatever system it is built: else the mode means nothing
            entry.external_attr = MODE
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def build(root: Path, wheel_folder: Path) -> tuple[Built, ...]:
    """Build all packages. Raises ``PackageRefusedError`` for one that must not be published."""
    pinned = pins((root / "requirements/run.txt").read_text())
    wanted = [pinned[name] for package in PACKAGES for name in package.libraries]
    opened = {name: open_library(pinned[name], wheel) for name, wheel in wheels(wanted, wheel_folder).items()}
    built = []
    for package in PACKAGES:
        libraries = tuple(opened[name] for name in package.libraries)
        contents = contents_of(package, root, libraries)
        built.append(Built(package, contents, zip_of(contents), libraries))
    for built_package in built:
        refuse_over_budget(built_package, built[0])
    return tuple(built)


def refuse_over_budget(built: Built, layer: Built) -> None:
    """Raise ``PackageRefusedError`` for a package that is larger than foreseen."""
    if len(built.zipped) > built.package.budget:
        sizes = f"{len(built.zipped):,} bytes of {built.package.budget:,}"
        raise PackageRefusedError(f"{built.package.name}: over its budget, {sizes}")
    if built.unpacked + layer.unpacked > LARGEST_UNPACKED:
        raise PackageRefusedError(f"{built.package.name}: unpacks to more than Lambda takes")


def manifest(built: Sequence[Built], version: str) -> dict[str, Any]:
    """Describe the build."""
    return {
        "document": "packages",
        "version": "1.0",
        "tool_version": version,
        "packages": [
            {
                "name": built_package.package.name,
                "path": built_package.package.path,
                "bytes": len(built_package.zipped),
                "budget_bytes": built_package.package.budget,
                "unpacked_bytes": built_package.unpacked,
                "sha256": _sha256(built_package.zipped),
                "code_sha256": base64.b64encode(hashlib.sha256(built_package.zipped).digest()).decode(),
                "libraries": {library.name: library.version for library in built_package.libraries},
                "files": [
                    {"path": path, "bytes": len(body), "sha256": _sha256(body)}
                    for path, body in built_package.contents.items()
                ],
            }
            for built_package in built
        ],
    }


def sbom(built: Sequence[Built], version: str) -> dict[str, Any]:
    """List the libraries as CycloneDX does. https://cyclonedx.org/docs/1.6/json/."""
    libraries = sorted(
        {library.name: library for built_package in built for library in built_package.libraries}.items()
    )
    own = f"pkg:generic/aws-ssm-data-fetcher@{version}"
    component = {"type": "application", "bom-ref": own, "name": "aws-ssm-data-fetcher", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component | {"licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": [_component(library) for _, library in libraries],
        "dependencies": [
            {"ref": own, "dependsOn": [_purl(library) for _, library in libraries]},
            *({"ref": _purl(library)} for _, library in libraries),
        ],
    }


def write(built: Sequence[Built], output: Path, version: str) -> None:
    """Write zips, manifest and list of libraries below *output*."""
    files = {built_package.package.path: built_package.zipped for built_package in built}
    files["manifest.json"] = _json(manifest(built, version))
    files["sbom.cdx.json"] = _json(sbom(built, version))
    for name, body in files.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def version_of(root: Path) -> str:
    """Read the tool's version where it stands."""
    text = (root / "src/aws_ssm_fetcher/__init__.py").read_text()
    return text.partition('__version__ = "')[2].partition('"')[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, write, and print the sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--wheels", type=Path, default=ROOT / ".cache/wheels", help="where downloaded wheels are kept")
    options = parser.parse_args(arguments)
    try:
        built = build(ROOT, options.wheels)
    except PackageRefusedError as error:
        print(error, file=sys.stderr)
        return 1
    write(built, options.output, version_of(ROOT))
    for built_package in built:
        sizes = f"{len(built_package.zipped) / KILOBYTE:>6.1f} KB of {built_package.package.budget // KILOBYTE:>5,}"
        print(f"{built_package.package.path:<45} {sizes}  sha256 {_sha256(built_package.zipped)}")
    return 0


def _files(folder: Path, left_out: Sequence[str]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_left_out = any(name == path or (path.endswith("/") and name.startswith(path)) for path in left_out)
        if path.is_dir() or "__pycache__" in path.parts or is_left_out:
            continue
        if path.suffix not in _PACKED | _MACHINE:
            raise PackageRefusedError(f"{path}: neither Python nor what it reads")
        yield path


def _wheel_of(pin: Pin, folder: Path) -> Path | None:
    stem = re.sub(r"[-_.]+", "_", pin.name).lower()
    candidates = (
        path for path in sorted(folder.glob("*.whl")) if path.name.lower().startswith(f"{stem}-{pin.version}-")
    )
    return next((path for path in candidates if _sha256(path.read_bytes()) in pin.hashes), None)


def _required_wheel(pin: Pin, folder: Path) -> Path:
    wheel = _wheel_of(pin, folder)
    if wheel is None:
        raise PackageRefusedError(f"{pin.name}: no wheel of version {pin.version} with a pinned hash could be had")
    return wheel


def _license(metadata: Message) -> str:
    """Return the licence as the metadata state it: as an expression, in words, or by a classifier."""
    classified = [text for text in metadata.get_all("Classifier", []) if text.startswith("License ::")]
    stated = [metadata["License-Expression"], metadata["License"], *(text.rpartition(" :: ")[2] for text in classified)]
    return next(filter(None, stated), "not stated")


def _is_noise(name: str) -> bool:
    folder, _, last = name.rpartition("/")
    return ".data/" in name or (folder.endswith(".dist-info") and last in _NOISE)


def _component(library: Library) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _purl(library),
        "name": library.name,
        "version": library.version,
        "purl": _purl(library),
        "hashes": [{"alg": "SHA-256", "content": library.sha256}],
        "licenses": [{"license": {"name": library.license}}],
    }


def _purl(library: Library) -> str:
    return f"pkg:pypi/{library.name}@{library.version}"


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main())
