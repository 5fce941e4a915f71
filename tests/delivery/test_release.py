"""What a release consists of, and what it says."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest
from hatch_build import with_absolute_links

import draft_release
import make_release
from draft_release import section, version_of
from make_release import ReleaseRefusedError, release_files, sums, zip_of_folder

CHANGELOG: Final = "# Changelog\n\n## Unreleased\n\n- later\n\n## 1.2.0\n\n- earlier\n\n## 1.1.0\n\n- first\n"


def test_a_release_says_what_the_changelog_says_of_its_version() -> None:
    assert section(CHANGELOG, "1.2.0") == "- earlier\n"


def test_a_version_without_a_section_is_refused_with_what_to_do() -> None:
    with pytest.raises(draft_release.DraftRefusedError, match=r"no section 1\.3\.0\. Rename Unreleased"):
        section(CHANGELOG, "1.3.0")


def test_a_tag_is_that_of_the_package() -> None:
    assert version_of("v1.2.0", "1.2.0") == "1.2.0"
    with pytest.raises(draft_release.DraftRefusedError, match=r"The tag is v1\.2\.0 and the package 1\.1\.0"):
        version_of("v1.2.0", "1.1.0")


def test_a_folder_is_packed_to_the_same_bytes_whenever_it_was_written(tmp_path: Path) -> None:
    for name in ("one", "other"):
        folder = tmp_path / name
        (folder / "b").mkdir(parents=True)
        (folder / "b/c.txt").write_text("c")
        (folder / "a.txt").write_text("a")
    (tmp_path / "other/a.txt").touch()

    packed = zip_of_folder(tmp_path / "one")

    assert packed == zip_of_folder(tmp_path / "other")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["a.txt", "b/c.txt"]


def test_the_sums_are_in_the_form_of_sha256sum() -> None:
    assert sums({"b": b"", "a": b"a"}).decode().splitlines() == [
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b",
    ]


def test_links_of_the_readme_lead_to_the_repository_that_builds_the_package() -> None:
    readme = "[docs](docs/index.md) ![map](docs/map.png) [moto](https://example.com/m) [below](#below)"

    assert with_absolute_links(readme, "https://example.com/o/r") == (
        "[docs](https://example.com/o/r/blob/main/docs/index.md) ![map](https://example.com/o/r/raw/main/docs/map.png) "
        "[moto](https://example.com/m) [below](#below)"
    )
    assert with_absolute_links(readme, "") == readme


def test_a_release_without_packages_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefusedError, match="make packages"):
        release_files(make_release.ROOT, tmp_path, {"page.html": b""})


def test_a_release_has_a_wheel_a_source_distribution_packages_and_their_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPOSITORY_URL", "https://example.com/ours/ours")
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "sbom.cdx.json").write_text("{}")

    files = release_files(make_release.ROOT, tmp_path, {"page.html": b""})

    assert [Path(name).suffixes[-1] for name in files] == [".whl", ".gz", ".zip", ".json", ".html"]
    with zipfile.ZipFile(io.BytesIO(next(iter(files.values())))) as wheel:
        [entry_points] = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
        scripts = wheel.read(entry_points).decode()
        [metadata] = (name for name in wheel.namelist() if name.endswith("/METADATA"))
        described = wheel.read(metadata).decode()
    assert _wheel_of(files, tmp_path) == next(body for name, body in files.items() if name.endswith(".whl"))
    assert "aws-ssm-data-fetcher = aws_ssm_fetcher.__main__:main" in scripts
    assert "aws-ssm-fetcher = aws_ssm_fetcher.__main__:main" in scripts
    assert "Project-URL: Documentation, https://example.com/ours/ours/tree/main/docs" in described


def _wheel_of(files: dict[str, bytes], folder: Path) -> bytes:
    """Return the wheel that is built of the source distribution, as pip does to install it."""
    [sdist] = (body for name, body in files.items() if name.endswith(".tar.gz"))
    with tarfile.open(fileobj=io.BytesIO(sdist)) as archive:
        archive.extractall(folder, filter="data")
    [unpacked] = folder.glob("aws_ssm_data_fetcher-*/")
    (unpacked / "PKG-INFO").unlink()  # from which some versions of hatchling take what others make again
    [wheel] = (body for name, body in make_release.python_files(unpacked).items() if name.endswith(".whl"))
    return wheel
