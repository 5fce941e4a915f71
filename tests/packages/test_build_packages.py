"""The packages: what is in them, that they are the same bytes wherever they are built, and what is refused."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from interpreters import interpreters

import build_packages
from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.core.function import functions
from build_packages import FUNCTIONS, LAYER, PACKAGES, Built, PackageRefusedError, Pin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from interpreters import Interpreter

    from build_packages import Package

ROOT: Final = build_packages.ROOT
WHEELS: Final = ROOT / ".cache/wheels"
NAMES: Final = [package.name for package in PACKAGES]
SOURCES: Final = ("src", "lambda_functions", "requirements", "LICENSE", "NOTICE")
PINS: Final = build_packages.pins((ROOT / "requirements/run.txt").read_text())
ELF: Final = b"\x7fELF\x02\x01\x01"


@pytest.fixture(scope="module")
def built() -> tuple[Built, ...]:
    return build_packages.build(ROOT, WHEELS)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return a copy of the sources in another folder, as of another day."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700)
    return tmp_path


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_package_carries_its_own_part_alone_and_no_interface(package: Package) -> None:
    names = build_packages.contents_of(package, ROOT, ())

    own = [name.partition("aws_ssm_fetcher/")[2] for name in names if "aws_ssm_fetcher/" in name]
    assert {name.partition("/")[0] for name in own} == {"__init__.py", package.part}


def test_there_is_a_package_for_each_function_and_the_layer() -> None:
    assert ["shared_layer", *(function.name for function in functions.FUNCTIONS)] == NAMES


def test_two_builds_in_two_folders_on_two_days_are_the_same_bytes(built: Sequence[Built], elsewhere: Path) -> None:
    again = build_packages.build(elsewhere, WHEELS)

    assert hashes(again) == hashes(built)


@pytest.mark.parametrize("interpreter", interpreters(), ids=lambda item: item.version)
def test_every_python_builds_the_same_bytes(built: Sequence[Built], interpreter: Interpreter, tmp_path: Path) -> None:
    program = [interpreter.path, "-S", str(ROOT / "tools/build_packages.py")]
    subprocess.run([*program, "--output", str(tmp_path), "--wheels", str(WHEELS)], check=True, capture_output=True)  # noqa: S603 - our own program

    assert {path: hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() for path in hashes(built)} == hashes(built)


def test_the_layer_holds_core_and_its_libraries_and_nothing_else(built: Sequence[Built]) -> None:
    assert folders(built[0]) == {
        "LICENSE",
        "NOTICE",
        "python/aws_ssm_fetcher/__init__.py",
        "python/aws_ssm_fetcher/core",
        "python/tenacity",
        f"python/tenacity-{PINS['tenacity'].version}.dist-info",
    }


@pytest.mark.parametrize("package", FUNCTIONS, ids=lambda package: package.name)
def test_a_function_holds_its_handler_its_stage_and_its_libraries(built: Sequence[Built], package: Package) -> None:
    single = built[PACKAGES.index(package)]

    assert {name for name in folders(single) if "xlsxwriter" not in name} == {
        "LICENSE",
        "NOTICE",
        "aws_ssm_fetcher/__init__.py",
        f"aws_ssm_fetcher/{package.part}",
        "lambda_function.py",
    }
    assert [library.name for library in single.libraries] == list(package.libraries)


def test_of_the_shipped_data_only_launch_dates_and_resource_types_travel(built: Sequence[Built]) -> None:
    shipped = [name for item in built for name in item.contents if "data_sources/shipped/" in name]

    folder = "aws_ssm_fetcher/data_sources/shipped"
    assert shipped == [f"{folder}/region-launches.json", f"{folder}/resource-types.json.gz"]


def test_both_pieces_of_the_package_begin_with_the_same_file(built: Sequence[Built]) -> None:
    beginnings = {
        body for item in built for name, body in item.contents.items() if name.endswith("aws_ssm_fetcher/__init__.py")
    }

    assert beginnings == {(ROOT / "src/aws_ssm_fetcher/__init__.py").read_bytes()}


@pytest.mark.parametrize("name", NAMES)
def test_the_entries_of_a_zip_are_sorted_and_of_one_time_and_mode(built: Sequence[Built], name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(built[NAMES.index(name)].zipped)) as archive:
        entries = archive.infolist()

    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr >> 16, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_package_is_within_its_budget(built: Sequence[Built], name: str) -> None:
    single = built[NAMES.index(name)]

    build_packages.refuse_over_budget(single, built[0])
    assert len(single.zipped) < single.package.budget


def test_the_page_states_the_budgets() -> None:
    page = (ROOT / "docs/how-to/build-the-lambda-packages.md").read_text()

    stated = [int(kilobytes.replace(",", "")) for kilobytes in re.findall(r"([\d,]+) KB for the ", page)]
    assert stated == [package.budget // build_packages.KILOBYTE for package in PACKAGES]


def test_a_package_over_its_budget_ends_the_build(built: Sequence[Built]) -> None:
    narrow = replace(built[1], package=replace(built[1].package, budget=len(built[1].zipped) - 1))

    with pytest.raises(PackageRefusedError, match=r"^data_fetcher: over its budget, [\d,]+ bytes of [\d,]+$"):
        build_packages.refuse_over_budget(narrow, built[0])


def test_a_package_that_unpacks_to_more_than_lambda_takes_ends_the_build(built: Sequence[Built]) -> None:
    huge = replace(built[1], contents={"x": bytes(build_packages.LARGEST_UNPACKED)})

    with pytest.raises(PackageRefusedError, match=r"^data_fetcher: unpacks to more than Lambda takes$"):
        build_packages.refuse_over_budget(huge, built[0])


@pytest.mark.parametrize(
    ("name", "body"), [("fast.so", b""), ("fast.py", ELF), ("fast.json", b"MZ\x90"), ("fast.pyc", b"")]
)
def test_a_compiled_file_ends_the_build(elsewhere: Path, name: str, body: bytes) -> None:
    (elsewhere / "src/aws_ssm_fetcher/processors" / name).write_bytes(body)

    with pytest.raises(PackageRefusedError) as refusal:
        build_packages.build(elsewhere, WHEELS)

    assert str(refusal.value) == (f"processor: aws_ssm_fetcher/processors/{name} is compiled; packages are pure Python")


def test_a_file_that_is_neither_python_nor_what_it_reads_ends_the_build(elsewhere: Path) -> None:
    left = elsewhere / "src/aws_ssm_fetcher/core/model.py.orig"
    left.write_text("")

    with pytest.raises(PackageRefusedError, match=r"model\.py\.orig: neither Python nor what it reads$"):
        build_packages.build(elsewhere, WHEELS)


def test_a_wheel_for_one_platform_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("fast-1.0.dist-info/METADATA", "Name: fast\n")

    with pytest.raises(PackageRefusedError, match=r"is for one platform only$"):
        build_packages.open_library(Pin("fast", "1.0", frozenset()), wheel)


def test_a_wheel_whose_hash_is_not_pinned_is_not_taken(tmp_path: Path) -> None:
    pinned = PINS["tenacity"]
    wheel = build_packages.wheels([pinned], WHEELS)["tenacity"]
    (tmp_path / wheel.name).write_bytes(wheel.read_bytes() + b"more")

    assert build_packages._wheel_of(pinned, tmp_path) is None  # noqa: SLF001 - past it comes the network


def test_pins_are_read_with_their_hashes() -> None:
    text = "".join(
        [
            "one==1.2 \\\n    --hash=sha256:" + "a" * 64 + " \\\n    --hash=sha256:" + "b" * 64 + "\n",
            "two-more==3.4 ; python_version < '3.12' \\\n    --hash=sha256:" + "c" * 64 + "\n",
        ]
    )

    assert build_packages.pins(text) == {
        "one": Pin("one", "1.2", frozenset({"a" * 64, "b" * 64})),
        "two-more": Pin("two-more", "3.4", frozenset({"c" * 64})),
    }


def test_nothing_that_the_runtime_brings_is_packed(built: Sequence[Built]) -> None:
    brought = {"boto3", "botocore", "urllib3", "jmespath", "dateutil", "s3transfer"}

    assert [name for item in built for name in item.contents if brought & set(name.split("/"))] == []


def test_no_installers_notes_are_packed(built: Sequence[Built]) -> None:
    notes = ("RECORD", "INSTALLER", "WHEEL", "REQUESTED")

    assert [name for item in built for name in item.contents if name.endswith(notes) or ".data/" in name] == []


def test_every_library_travels_with_its_licence(built: Sequence[Built]) -> None:
    licensed = {
        name.split("-")[0].removeprefix("python/") for item in built for name in item.contents if "LICEN" in name
    }

    assert [name for package in PACKAGES for name in package.libraries if name not in licensed] == []


def test_the_manifest_says_what_lies_beside_it(built: Sequence[Built], tmp_path: Path) -> None:
    build_packages.write(built, tmp_path, __version__)

    document = json.loads((tmp_path / "manifest.json").read_bytes())
    result = [
        (package["name"], package["bytes"], package["sha256"], [file["path"] for file in package["files"]])
        for package in document["packages"]
    ]
    assert (document["document"], document["version"], document["tool_version"]) == ("packages", "1.0", __version__)
    assert result == [(package["name"], *zipped(tmp_path / package["path"])) for package in document["packages"]]


def test_the_list_of_libraries_is_cyclonedx(built: Sequence[Built]) -> None:
    listed = build_packages.sbom(built, __version__)

    components = [(component["purl"], component["licenses"]) for component in listed["components"]]
    hashed = [component["hashes"][0]["content"] in PINS[component["name"]].hashes for component in listed["components"]]
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    assert components == [
        (f"pkg:pypi/{name}@{PINS[name].version}", [{"license": {"name": stated}}])
        for name, stated in (("tenacity", "Apache-2.0"), ("xlsxwriter", "BSD-2-Clause"))
    ]
    assert hashed == [True] * 2


def hashes(built: Sequence[Built]) -> dict[str, str]:
    return {item.package.path: hashlib.sha256(item.zipped).hexdigest() for item in built}


def folders(built: Built) -> set[str]:
    """Return what lies in a zip, down to the folders in which modules lie."""
    depth = 2 if built.package is LAYER else 1
    return {
        "/".join(parts if parts[-1] == "__init__.py" and len(parts) == depth + 1 else parts[: depth + 1])
        if parts[depth - 1 : depth] == ["aws_ssm_fetcher"]
        else "/".join(parts[:depth])
        for parts in (name.split("/") for name in built.contents)
    }


def zipped(path: Path) -> tuple[int, str, list[str]]:
    body = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return len(body), hashlib.sha256(body).hexdigest(), archive.namelist()
