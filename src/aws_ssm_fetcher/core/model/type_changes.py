"""Changes of resource types: which types regions gained and lost, by AWS's CloudFormation schemas."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple

from aws_ssm_fetcher.core.model.codes import RegionCode, RunId

TypeChangeKind = Literal["type-opened", "type-ended", "added", "removed", "returned"]
TYPE_NEWS_DAYS: Final = 90  # of changes; in 400 days there are 12,000, and 3,600 in these


class TypeChange(NamedTuple):
    """What happened to one resource type in one run, with all regions where it did."""

    kind: TypeChangeKind
    name: str
    """``AWS::Lambda::Url``."""
    seen: datetime
    """The lists that first showed it: for a removal, the first ones without."""
    announced: datetime
    """The lists that confirmed it. For a removal these are later than ``seen``."""
    run_id: RunId
    """The run of those lists."""
    after: datetime | None = None
    """The last lists that showed what was before."""
    regions: tuple[RegionCode, ...] = ()
    """Sorted: of a new type those that have it, of one that is gone those that it left last."""

    @property
    def id(self) -> str:
        """Return its id among the changes of one run: ``type/added/AWS::Lambda::Url/2026-10-20``."""
        return f"type/{self.kind}/{self.name}/{self.seen:%Y-%m-%d}"
