"""Plans of the three environments, read by ``fits``: nothing in them is unknown."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
from local_cloud.terraform import terraform

from aws_ssm_fetcher.cli.fits.asking import ask_stack, open_question
from aws_ssm_fetcher.core.model.aliases import terraform_type_decision

pytestmark = [pytest.mark.e2e, pytest.mark.allow_hosts(["127.0.0.1"])]

TERRAFORM: Final = Path(__file__).parents[2] / "terraform"
NOT_COPIED: Final = (".terraform", ".terraform.lock.hcl", "*.tfstate*")


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_every_resource_of_a_plan_is_decided(name: str, endpoint: str, tmp_path: Path) -> None:
    shutil.copytree(TERRAFORM, tmp_path / "terraform", ignore=shutil.ignore_patterns(*NOT_COPIED))
    folder = tmp_path / "terraform/environments" / name
    (folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    packages = tmp_path / "terraform/modules/environment/tests/packages"
    terraform(folder, endpoint, "init", "-input=false")
    variables = [f"-var=packages={packages}", "-var=region=eu-central-1"]
    terraform(folder, endpoint, "plan", "-input=false", "-out=plan", *variables)
    (tmp_path / "plan.json").write_text(terraform(folder, endpoint, "show", "-json", "plan"))

    question = open_question(tmp_path / "no store", None)
    fit = ask_stack(question, [str(tmp_path / "plan.json")], question.evidence.services.places, (), bytes)

    assert fit.home == "eu-central-1"
    assert fit.resources > 50
    assert [region.answer for region in fit.regions if region.region == "eu-central-1"] == ["fits"]
    unknown = [item for region in fit.regions for item in region.unknown]
    assert [entry.need.name for entry in unknown if "none of the tables" in entry.finding.reason] == []


def test_each_type_of_the_provider_is_decided(endpoint: str, tmp_path: Path) -> None:
    shutil.copytree(TERRAFORM, tmp_path / "terraform", ignore=shutil.ignore_patterns(*NOT_COPIED))
    folder = tmp_path / "terraform/environments/dev"
    terraform(folder, endpoint, "init", "-input=false", "-backend=false")
    providers = json.loads(terraform(folder, endpoint, "providers", "schema", "-json"))["provider_schemas"]
    provider = providers["registry.terraform.io/hashicorp/aws"]
    types = {*provider["resource_schemas"], *provider["data_source_schemas"]}

    assert len(types) > 1500
    assert [name for name in sorted(types) if terraform_type_decision(name) is None] == []
