"""What DuckDB gives, as JSON, CSV and text have it. Moments are UTC, as they are in the tables."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_ssm_fetcher.outputs.layout import Cell


def for_json(value: Any) -> Any:  # noqa: ANN401 - whatever SQL can say
    """Write a value as JSON has it; what JSON has not becomes text."""
    if isinstance(value, list | tuple):
        return [for_json(element) for element in value]
    if isinstance(value, dict):
        return {str(name): for_json(element) for name, element in value.items()}
    if isinstance(value, date):
        return f"{_utc(value).isoformat()}Z" if isinstance(value, datetime) else value.isoformat()
    # JSON and CSV have no bytes: hexadecimal digits.
    if isinstance(value, bytes):
        return value.hex()
    # A DECIMAL of DuckDB is Python's Decimal, which JSON does not have.
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def for_csv(value: Any) -> Cell:  # noqa: ANN401 - whatever SQL can say
    """Write a value as a cell: a list with spaces between, as a report has it; a structure as JSON."""
    plain = for_json(value)
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, list) and all(isinstance(element, str) for element in plain):
        return " ".join(plain)
    if isinstance(plain, list | dict):
        return json.dumps(plain, ensure_ascii=False)
    cell: Cell = plain
    return cell


def for_reading(value: Any) -> str:  # noqa: ANN401 - whatever SQL can say
    """Write a value for people: a midnight is a day, nothing is an empty cell."""
    if isinstance(value, datetime):
        return _utc(value).isoformat(" ").removesuffix(" 00:00:00")
    cell = for_csv(value)
    if isinstance(cell, float):
        return f"{cell:,g}"
    return "" if cell is None else str(cell)


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
