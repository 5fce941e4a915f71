"""Print into which account and region Terraform would deploy, or what is missing and what to do about it.

``python tools/account.py [--environment dev] [--packages dist]`` looks for the packages, if asked to, then for a region
and credentials, as Terraform does. It asks AWS one question, who it is, and changes nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)
from botocore.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ENVIRONMENTS: Final = Path(__file__).parent.parent / "terraform/environments"
SIGN_IN: Final = "sign in (aws configure, aws sso login, or AWS_PROFILE), and see that the clock is right"
_NOT_SIGNED_IN: Final = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError)


class NotReadyError(Exception):
    """Something is missing; the message says what, and what to do."""


def region(written: str | None, environment: Mapping[str, str], profile: str | None) -> str:
    """Return the region that Terraform would use: the given one, ``AWS_REGION``, or the profile's."""
    region_name = written or environment.get("TF_VAR_region") or environment.get("AWS_REGION") or profile
    if not region_name:
        raise NotReadyError("No region is set: export AWS_REGION=us-east-1, or the one you want")
    return region_name


def region_in_variables(variables: Path) -> str | None:
    """Read the region from a ``terraform.tfvars``, if there is one and it names a region."""
    if not variables.is_file():
        return None
    match = re.search(r'(?m)^\s*region\s*=\s*"([^"]+)"', variables.read_text())
    return match[1] if match else None


def identity(ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Ask AWS who we are."""
    try:
        return ask()
    except _NOT_SIGNED_IN as error:
        raise NotReadyError(f"There are no AWS credentials to use: {SIGN_IN}") from error
    except ClientError as error:
        raise NotReadyError(f"AWS refuses the credentials ({error.response['Error']['Code']}): {SIGN_IN}") from error
    except BotoCoreError as error:
        raise NotReadyError(f"AWS cannot be asked: {error}") from error


def look_for_packages(folder: Path) -> None:
    """Miss the packages before anybody is asked anything."""
    if not (folder / "manifest.json").is_file():
        raise NotReadyError(f"There are no packages in {folder}/: make packages")


def ready(environment: Mapping[str, str], variables: Path, packages: Path | None) -> str:
    """Print where a deployment would go."""
    if packages:
        look_for_packages(packages)
    try:
        session = Session()
        own_region = session.get_config_variable("region")
        session.get_scoped_config()  # fails here if the profile does not exist
    except ProfileNotFound as error:
        raise NotReadyError(f"{error}: set AWS_PROFILE to one that there is") from error
    where = region(region_in_variables(variables), environment, own_region)
    config = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})
    who = identity(lambda: session.create_client("sts", region_name=where, config=config).get_caller_identity())
    return f"Account {who['Account']}, region {where}, as {who['Arn']}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the target, or what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    there = sorted(path.parent.name for path in ENVIRONMENTS.glob("*/main.tf"))
    parser.add_argument("--environment", default="dev", choices=there)
    parser.add_argument("--packages", type=Path, help="the folder in which packages have to be")
    options = parser.parse_args(arguments)
    try:
        print(ready(os.environ, ENVIRONMENTS / options.environment / "terraform.tfvars", options.packages))
    except NotReadyError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
