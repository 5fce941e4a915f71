"""Two tables that ship with the package: lifecycles, and the regions that botocore's endpoint data name.

``shipped/lifecycle.json`` has one row per service or feature. ``shipped/botocore-endpoints.json.gz`` is made by
``tools/refresh_endpoints.py``: region codes by service code. What botocore has no regional endpoints of has no row.
Source: ``botocore/data/endpoints.json`` (Apache-2.0).
"""

from __future__ import annotations

import json
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from aws_ssm_fetcher.core.documents.decoding import decode
from aws_ssm_fetcher.core.documents.gzipped import GZIP
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry
from aws_ssm_fetcher.core.model.resource_types import partition_of_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode

_FOLDER: Final = Path(__file__).parent.parent / "shipped"
LIFECYCLES: Final = _FOLDER / "lifecycle.json"
WITNESS: Final = "botocore 1.44.5"
Testimony = Literal["yes", "no", "nothing"]


@cache
def lifecycle_table() -> tuple[LifecycleEntry, ...]:
    """Read the lifecycles, by name."""
    return decode(tuple[LifecycleEntry, ...], json.loads(LIFECYCLES.read_bytes()))


@cache
def endpoint_regions() -> Mapping[str, frozenset[str]]:
    """Read the regions of each service in botocore's endpoint data, by code."""
    packed = (_FOLDER / "botocore-endpoints.json.gz").read_bytes()
    table = json.loads(zlib.decompress(packed, GZIP))
    # JSON makes a text of its own of each of the 17,000 codes, which are a few hundred.
    return {service: frozenset(map(sys.intern, regions)) for service, regions in table["services"].items()}


def witness(service: ServiceCode, region: RegionCode) -> Testimony:
    """Return whether botocore's endpoint data name a region for a service.

    "nothing" where they have no regional endpoint of it in the region's partition.
    """
    regions = endpoint_regions().get(service, frozenset())
    if region in regions:
        return "yes"
    partition = partition_of_code(region)
    return "no" if any(partition_of_code(other) == partition for other in regions) else "nothing"
