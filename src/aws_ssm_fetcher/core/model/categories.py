"""What each service is for: one category a service, from a table of our own, since AWS's parameters have none.

``shipped/categories.json`` is ``{"reviewed": "2026-11-29", "categories": {"compute": ["ec2", …], …}}``.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from aws_ssm_fetcher.core.model.codes import ServiceCode

if TYPE_CHECKING:
    from collections.abc import Mapping

Category = Literal[
    "compute",
    "containers",
    "storage",
    "database",
    "analytics",
    "ai",
    "networking",
    "security",
    "management",
    "developer-tools",
    "media",
    "iot",
    "business",
    "other",
]
CATEGORIES: Final[Mapping[Category, str]] = {
    "compute": "Servers, functions, batch jobs, and what scales them.",
    "containers": "Containers, their orchestration and registries.",
    "storage": "Objects, files, blocks, archives, backup and data transfer.",
    "database": "Databases, caches, and what moves data into them.",
    "analytics": "Queries, pipelines, streams, search and dashboards.",
    "ai": "Models, agents, machine learning and services built on them.",
    "networking": "Networks, DNS, load balancing, content delivery and API front ends.",
    "security": "Identity, access, keys, detection, protection and compliance.",
    "management": "Operations, monitoring, governance, support and cost.",
    "developer-tools": "Source, build, deployment, testing and front-end tools.",
    "media": "Video, streaming and rendering.",
    "iot": "Devices and what they send.",
    "business": "Contact centers, messaging to people, desktops, marketplace and partners.",
    "other": "Application integration, migration, games, quantum, satellites and the rest.",
}


@cache
def categories_reviewed() -> str:
    """Return the day of the table's last review, ISO 8601."""
    return str(_table()["reviewed"])


def category_of(service: str) -> Category | None:
    """Return a service's category; ``None`` for a code that the table has not been reviewed for."""
    return _by_service().get(ServiceCode(service))


@cache
def _by_service() -> Mapping[ServiceCode, Category]:
    table = _table()["categories"]
    return {ServiceCode(code): category for category in CATEGORIES for code in table[category]}


@cache
def _table() -> Mapping[str, Any]:
    from importlib.resources import files  # noqa: PLC0415 - 3 ms that most questions do without

    table: dict[str, Any] = json.loads((files("aws_ssm_fetcher.core") / "shipped" / "categories.json").read_bytes())
    return table
