"""Write down for Terraform what the code says: settings, prefixes, functions, metrics and packages.

``python tools/make_contract.py`` writes ``terraform/modules/settings/contract.json``; a test fails while it is stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, get_args

from aws_ssm_fetcher.core.config import SETTINGS
from aws_ssm_fetcher.core.function.functions import FUNCTIONS, Function
from aws_ssm_fetcher.core.function.metrics import DIMENSION, METRICS, NAMESPACE
from aws_ssm_fetcher.core.model.codes import Detail
from aws_ssm_fetcher.core.ports import ROOT
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.data_sources.parameter_store.client import QUERY_REGIONS
from build_packages import PACKAGES

CONTRACT: Final = Path(__file__).parent.parent / "terraform/modules/settings/contract.json"


def contract() -> dict[str, Any]:
    """Gather what Terraform has to know, under the names that the code has for it."""
    return {
        "settings": {setting.name: {"default": setting.default, "allowed": setting.allowed} for setting in SETTINGS},
        "prefixes": {
            "raw_data": keys.RAW_DATA,
            "processed_data": keys.PROCESSED_DATA,
            "reports": keys.REPORTS,
            "latest": keys.LATEST,
            "history": keys.HISTORY,
            "cache": keys.CACHE,
        },
        "functions": {function.name: _function(function) for function in FUNCTIONS},
        "metrics": {
            "namespace": NAMESPACE,
            "dimension": DIMENSION,
            "functions": {metric.name: metric.functions for metric in METRICS},
        },
        "packages": {package.name: package.path for package in PACKAGES},
        "parameter_root": ROOT,
        "query_regions": QUERY_REGIONS,
        "details": get_args(Detail),
    }


def contract_file() -> str:
    """Write the contract as it is kept."""
    return json.dumps(contract(), indent=2) + "\n"


def _function(function: Function) -> dict[str, Any]:
    started = [function.starts_on] if function.starts_on else []
    return {
        "starts_on": function.starts_on,
        "document": function.document,
        "reads": [*started, *function.reads, *function.writes],
        "writes": list(function.writes),
    }


def main() -> None:
    """Write it."""
    CONTRACT.write_text(contract_file())


if __name__ == "__main__":
    main()
