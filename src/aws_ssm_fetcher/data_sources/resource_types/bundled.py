"""The resource types and instance types that ship with the package, from a pinned release of cfn-lint.

cfn-lint's wheel carries AWS's public resource schemas by region and the instance types of AWS's price list. It is
needed to make the bundled document (``tools/refresh_resource_types.py``), not to read it.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.gzipped import GZIP
from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types
from aws_ssm_fetcher.data_sources.resource_types.compact import load_compact

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

BUNDLED_TYPES: Final = "the resource types that ship with the package"  # they have no key, and are named by this
SHIPPED: Final = files("aws_ssm_fetcher.data_sources") / "shipped"
_HEAD_BYTES: Final = 256  # the envelope is shorter
TYPES_FILE: Final = "resource-types.json.gz"


@cache
def bundled_resource_types() -> ResourceTypes:
    """Read the resource types that ship with the package."""
    return load_compact(zlib.decompress((SHIPPED / TYPES_FILE).read_bytes(), GZIP), BUNDLED_TYPES)


def bundled_types_taken() -> datetime:
    """Return the day of the lists that ship with the package, from the head of their document alone."""
    head = zlib.decompressobj(GZIP).decompress((SHIPPED / TYPES_FILE).read_bytes(), _HEAD_BYTES)
    return datetime.fromisoformat(head.partition(b'"taken":"')[2][:20].decode())


def bundled_types_document() -> bytes:
    """Return the bundled lists as they would stand in a store."""
    return dump_resource_types(bundled_resource_types())
