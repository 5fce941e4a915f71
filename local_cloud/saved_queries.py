"""The saved queries of Logs Insights, which moto does not know, kept as they were sent; none is run.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = Callable[[Any], str]


def saved_queries() -> dict[str, Answer]:
    """Return the methods that moto's class for Logs lacks, over one set of saved queries."""
    kept: dict[str, dict[str, Any]] = {}

    def put(self: Any) -> str:  # noqa: ANN401 - moto's
        stated = {name: self._get_param(name) for name in ("name", "queryString", "logGroupNames")}
        known = self._get_param("queryDefinitionId") or str(uuid.uuid4())
        kept[known] = {"queryDefinitionId": known, **stated}
        return json.dumps({"queryDefinitionId": known})

    def describe(self: Any) -> str:  # noqa: ANN401 - moto's
        prefix = self._get_param("queryDefinitionNamePrefix") or ""
        return json.dumps({"queryDefinitions": [query for query in kept.values() if query["name"].startswith(prefix)]})

    def delete(self: Any) -> str:  # noqa: ANN401 - moto's
        gone = kept.pop(self._get_param("queryDefinitionId"), None)
        return json.dumps({"success": gone is not None})

    return {"put_query_definition": put, "describe_query_definitions": describe, "delete_query_definition": delete}
