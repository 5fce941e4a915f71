"""Make the table of botocore's endpoint data that ships with the package, from the installed release.

Run it with ``make endpoints`` after ``make lock`` moved botocore; ``WITNESS`` in ``core/documents/shipped.py`` moves
with it. Whose endpoints a prefix has follows from botocore's service models and the table of names.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from botocore.loaders import Loader

from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.core.documents.shipped import WITNESS
from aws_ssm_fetcher.core.model.aliases import alias_table, aliases_in
from aws_ssm_fetcher.core.model.codes import REGION_FORM

SHIPPED: Final = Path(__file__).parent.parent / "src/aws_ssm_fetcher/core/shipped/botocore-endpoints.json.gz"


def main() -> int:
    """Write the table; nothing if another release is installed than the one described."""
    if f"botocore {version('botocore')}" != WITNESS:
        print(f"botocore {version('botocore')} is installed, {WITNESS} is described", file=sys.stderr)
        return 1
    endpoints = json.loads((files("botocore") / "data" / "endpoints.json").read_bytes())
    table = {"origin": WITNESS, "services": regions_by_service(endpoints, endpoint_prefixes())}
    packed = gzipped(json.dumps(table, separators=(",", ":")))
    SHIPPED.write_bytes(packed)
    print(f"{len(table['services'])} services of {WITNESS} in {len(packed) / 1000:.1f} KB")
    return 0


def regions_by_service(endpoints: dict[str, Any], prefixes: dict[str, str]) -> dict[str, list[str]]:
    """Return the regions in which each service has an endpoint, by service code.

    *prefixes* are endpoint prefixes by botocore's service id: DocumentDB answers at the endpoints of RDS.
    """
    codes: set[str] = set(alias_table().codes)
    regions_of: dict[str, set[str]] = {}
    for partition in endpoints["partitions"]:
        for prefix, service in partition["services"].items():
            offered_in = {name for name in service.get("endpoints", {}) if re.fullmatch(REGION_FORM, name)}
            regions_of.setdefault(prefix, set()).update(offered_in)
    regions: dict[str, set[str]] = {}
    for name, prefix in [*prefixes.items(), *((prefix, prefix) for prefix in regions_of)]:
        code = _code(name, codes)
        if code is not None and regions_of.get(prefix):
            regions.setdefault(code, set()).update(regions_of[prefix])
    return {code: sorted(regions_of_code) for code, regions_of_code in sorted(regions.items())}


def endpoint_prefixes() -> dict[str, str]:
    """Return the endpoint prefix of each of botocore's services, by its id."""
    loader = Loader()
    services = loader.list_available_services("service-2")
    return {
        service: loader.load_service_model(service, "service-2")["metadata"]["endpointPrefix"] for service in services
    }


def _code(name: str, codes: set[str]) -> str | None:
    alias = aliases_in("botocore").get(name)
    if alias is not None:
        return alias.service
    return name if name in codes else None


if __name__ == "__main__":
    sys.exit(main())
