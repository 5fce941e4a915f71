"""Changes of some regions or services. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from aws_ssm_fetcher.core.model.changes import Change

Noun = Literal["region", "service"]


def about(changes: Iterable[Change], noun: Noun, codes: AbstractSet[str]) -> Iterator[Change]:
    """Pick the changes of some regions or services; a rename is one of its old code as of its new one."""
    if noun == "region":
        return (change for change in changes if change.region in codes or not codes.isdisjoint(change.regions))
    return (
        change for change in changes if change.service in codes or (change.kind == "renamed" and change.old in codes)
    )
