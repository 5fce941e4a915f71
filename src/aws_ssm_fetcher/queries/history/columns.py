"""The columns of what a history answers in CSV."""

from __future__ import annotations

from typing import Final

CHANGE: Final = (
    "id",
    "kind",
    "seen",
    "announced",
    "run_id",
    "after",
    "region",
    "service",
    "zone",
    "regions",
    "old",
    "new",
    "absent_days",
    "launched",
    "hint",
)
FLAP: Final = ("kind", "region", "service", "first", "until", "days")
QUARTER: Final = ("quarter", "taken", "regions", "services", "offerings")
LAG: Final = ("service", "status", "region_first", "leader_first", "days")
OFFERING: Final = ("region", "service")
DIFFERENCE: Final = ("change", "region", "service")
RUN: Final = (
    "taken",
    "run_id",
    "status",
    "query_region",
    "detail",
    "origin",
    "latest",
    "verdict",
    "decided",
    "reason",
    "rules",
    "reasons",
    "decidable",
    "replaced_by",
    "shipped",
    "strands",
    "strand_reasons",
)
