"""Types of fields whose values have limits: the schemas of documents state them."""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypeAlias


class Limits(NamedTuple):
    """The keywords of JSON Schema for the values of a field."""

    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None


Count: TypeAlias = Annotated[int, Limits(minimum=0)]
Positive: TypeAlias = Annotated[int, Limits(minimum=1)]
NonNegative: TypeAlias = Annotated[float, Limits(minimum=0)]
Share: TypeAlias = Annotated[float, Limits(minimum=0, maximum=1)]
Score: TypeAlias = Annotated[int, Limits(minimum=0, maximum=100)]
Sha256: TypeAlias = Annotated[str, Limits(pattern="^[0-9a-f]{64}$")]
