"""The module ``environment`` from a repository, with the packages of a release: as the page on teams says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from local_cloud.terraform import terraform

import build_packages
from make_release import SUMS, sums, zip_of_folder

pytestmark = [pytest.mark.e2e, pytest.mark.allow_hosts(["127.0.0.1"])]

ROOT: Final = Path(__file__).parents[2]
NOT_COPIED: Final = (".terraform", "*.tfstate*")
ZIP: Final = "lambda-packages.zip"
AS_SOMEBODY: Final = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")


def test_the_documented_configuration_deploys_the_packages_of_a_release(endpoint: str, tmp_path: Path) -> None:
    repository, folder = tagged_repository(tmp_path / "repository", "v1.2.3"), tmp_path / "ours"
    unpack_release(tmp_path / "release", folder / "packages")
    text = documented().replace("https://github.com/OWNER/NAME.git", repository.as_uri())
    (folder / "main.tf").write_text(text)

    terraform(folder, endpoint, "init", "-input=false")
    terraform(folder, endpoint, "plan", "-input=false", "-out=plan")

    plan = json.loads(terraform(folder, endpoint, "show", "-json", "plan"))
    planned = {
        change["change"]["after"]["source_code_hash"]
        for change in plan["resource_changes"]
        if change["type"] in {"aws_lambda_function", "aws_lambda_layer_version"}
    }
    packages = json.loads((folder / "packages/manifest.json").read_text())["packages"]
    assert planned == {package["code_sha256"] for package in packages}


def documented() -> str:
    page = (ROOT / "docs/how-to/deploy-as-a-team.md").read_text()
    blocks: list[str] = re.findall(r"(?s)```hcl\n(.*?)```", page)
    return next(text for text in blocks if "git::" in text)


def tagged_repository(folder: Path, tag: str) -> Path:
    """Make a repository whose only commit, tagged, has ``terraform/`` as it is here."""
    shutil.copytree(ROOT / "terraform", folder / "terraform", ignore=shutil.ignore_patterns(*NOT_COPIED))
    for arguments in (["init", "--quiet"], ["add", "."], [*AS_SOMEBODY, "commit", "--quiet", "-m", tag], ["tag", tag]):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)  # noqa: S603, S607 - ours
    return folder


def unpack_release(release: Path, packages: Path) -> None:
    """Make the zip of a release with its sums, check it as the page says, and unpack it."""
    built = build_packages.build(build_packages.ROOT, build_packages.ROOT / ".cache/wheels")
    build_packages.write(built, release / "dist", build_packages.version_of(build_packages.ROOT))
    body = zip_of_folder(release / "dist")
    (release / ZIP).write_bytes(body)
    (release / SUMS).write_bytes(sums({ZIP: body, "of-another-file": b""}))
    check = ["sha256sum", "--check", "--ignore-missing", SUMS]
    subprocess.run(check, cwd=release, check=True, capture_output=True)  # noqa: S603 - as on the page
    with zipfile.ZipFile(BytesIO(body)) as archive:
        archive.extractall(packages)
