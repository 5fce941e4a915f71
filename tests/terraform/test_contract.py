"""What Terraform says is what the code says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from aws_ssm_fetcher.core.config import SETTINGS, Setting
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.store import keys
from make_contract import CONTRACT, contract_file

TERRAFORM: Final = Path(__file__).parent.parent.parent / "terraform"
DECIDED_BY_DEPLOYING: Final = {"OUTPUT_S3_BUCKET", "OUTPUT_KMS_KEY", "NOTIFICATION_TOPIC_ARN", "SITE_URL"}
VALUES: Final = (
    *(setting.default for setting in SETTINGS),
    *(
        "",
        "0",
        "0.0",
        "0.5",
        "1",
        "3",
        "25",
        "99.9",
        "100",
        "100.5",
        "101",
        "1000",
        "1001",
        "604800",
        "604801",
        "999999",
    ),
    *("eu-west-1", "us-gov-west-1", "nowhere", "offerings", "LOUD", "DEBUG", "http://example.com/", "https://a b/"),
)


def test_the_contract_is_what_the_code_says() -> None:
    assert CONTRACT.read_text() == contract_file(), "it is stale: .venv/bin/python tools/make_contract.py"


def test_every_setting_is_either_set_by_hand_or_follows_from_the_deployment() -> None:
    names = {setting.name for setting in SETTINGS}

    assert names - accepted().keys() == names & DECIDED_BY_DEPLOYING


@pytest.mark.parametrize(
    "setting", [setting for setting in SETTINGS if setting.name not in DECIDED_BY_DEPLOYING], ids=lambda item: item.name
)
def test_terraform_lets_through_the_default_and_nothing_that_the_code_refuses(setting: Setting) -> None:
    pattern = accepted()[setting.name]

    let_through = {value for value in VALUES if re.fullmatch(pattern, value)}

    assert setting.default in let_through
    assert {value for value in let_through if not setting.accepts(value)} == set()


def test_what_expires_are_the_documents_of_runs_and_nothing_that_is_kept() -> None:
    taken, run_id = datetime(2026, 10, 27, tzinfo=UTC), RunId("20261027T000000Z")
    expiring = tuple(
        prefix.replace("${local.prefixes.reports}", keys.REPORTS)
        for prefix in (
            keys.RAW_DATA,
            keys.PROCESSED_DATA,
            keys.CACHE,
            *re.findall(r'"(\$\{local\.prefixes\.\w+\}\w*)"', settings()),
        )
    )

    documents = {
        keys.inventory_key(taken, run_id): True,
        keys.analysis_key(taken, run_id): True,
        keys.report_key(taken, run_id, keys.MANIFEST): True,
        keys.cache_key("anything"): True,
        keys.latest_key(keys.MANIFEST): False,
        keys.history_key(RegionCode("us-west-1"), "full"): False,
        keys.decision_key(run_id): False,
    }
    assert {key: key.startswith(expiring) for key in documents} == documents


def settings() -> str:
    return (TERRAFORM / "modules/settings/main.tf").read_text()


def accepted() -> dict[str, str]:
    """Read the patterns as Terraform has them, with what they refer to."""
    text = (TERRAFORM / "modules/pipeline/settings.tf").read_text()
    named = {name: value.replace("\\\\", "\\") for name, value in re.findall(r'(?m)^  (\w+) += "(.*)"$', text)}
    patterns = re.findall(r'(?m)^    ([A-Z_]+) += (?:"(.*)"|local\.(\w+))$', text)
    return {name: own.replace("\\\\", "\\") if own else named[other] for name, own, other in patterns if own or other}
