"""The checks of the packages pass on what was built, and each catches what it is there for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pytest

import build_packages
import check_packages
from aws_ssm_fetcher import __version__
from build_packages import FUNCTIONS, LAYER, PACKAGES, zip_of

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from build_packages import Built, Contents

PROCESSOR: Final = FUNCTIONS[1]
DATES: Final = "aws_ssm_fetcher/data_sources/shipped/region-launches.json"
LAYER_CONFIG: Final = "python/aws_ssm_fetcher/core/config.py"


@pytest.fixture(scope="module")
def built() -> tuple[Built, ...]:
    return build_packages.build(build_packages.ROOT, build_packages.ROOT / ".cache/wheels")


@pytest.fixture
def output(built: tuple[Built, ...], tmp_path: Path) -> Path:
    """Return a folder with the packages in it."""
    build_packages.write(built, tmp_path, __version__)
    return tmp_path


def failed(output: Path) -> list[str]:
    return [checked for checked, wrong in check_packages.checks(output, [PROCESSOR]) if wrong]


def test_what_was_built_passes_every_check(output: Path) -> None:
    result = list(check_packages.checks(output))

    assert ([checked for checked, wrong in result if wrong], len(result)) == (
        [],
        2 * len(PACKAGES) + 4 + 3 * len(FUNCTIONS) + 1,
    )


@pytest.mark.parametrize(
    ("spoil", "caught"),
    [
        (
            lambda it: it | {"lambda_function.py": b"def lambda_handler(event, context):\n    raise RuntimeError\n"},
            "runs",
        ),
        (lambda it: it | {"lambda_function.py": b"def lambda_handler(event):\n    pass\n"}, "signature"),
        (lambda it: without(it, "lambda_function.py"), "handler found"),
        (lambda it: without(it, "aws_ssm_fetcher/processors/service_mapper.py"), "signature"),
        (lambda it: it | {"aws_ssm_fetcher/__init__.py": b""}, "signature"),
        (lambda it: it | {"fast.py": b"\x7fELF"}, "pure Python"),
        (lambda it: it | {"large.json": noise(300_000)}, "within"),
    ],
    ids=["always raises", "signature", "no handler", "missing module", "no path extension", "compiled", "too large"],
)
def test_a_spoilt_function_is_caught(
    built: tuple[Built, ...], output: Path, spoil: Callable[[Contents], Contents], caught: str
) -> None:
    spoilt = zip_of(spoil(built[PACKAGES.index(PROCESSOR)].contents))
    (output / PROCESSOR.path).write_bytes(spoilt)

    result = failed(output)

    assert any(caught in item for item in result)
    assert [entry for entry in result if not entry.startswith("processor: ")] == []


def test_a_package_that_only_a_real_run_shows_to_be_spoilt_is_caught(built: tuple[Built, ...], output: Path) -> None:
    fetcher = FUNCTIONS[0]
    spoilt = zip_of(without(built[PACKAGES.index(fetcher)].contents, DATES))
    (output / fetcher.path).write_bytes(spoilt)

    assert failed(output) == ["deployed: one invocation of the fetcher ends in a report"]


def test_a_spoilt_layer_is_caught(built: tuple[Built, ...], output: Path) -> None:
    (output / LAYER.path).write_bytes(zip_of(without(built[0].contents, LAYER_CONFIG)))

    assert "shared_layer: core.config can be imported" in failed(output)


def test_a_failed_check_fails_the_program(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (output / PROCESSOR.path).unlink()

    assert (check_packages.main(["--output", str(output)]), "FAIL processor: " in capsys.readouterr().out) == (1, True)


def without(contents: Contents, name: str) -> Contents:
    return {path: body for path, body in contents.items() if path != name}


def noise(size: int) -> bytes:
    """Make bytes that no zip makes smaller."""
    return b"".join(hashlib.sha256(number.to_bytes(8)).digest() for number in range(size // 32))
