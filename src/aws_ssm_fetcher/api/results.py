"""The records that programs get: those of the queries, with their forms. A result's fields are those of its query."""

from __future__ import annotations

from typing import Any

from aws_ssm_fetcher.api.forms import Record, Result
from aws_ssm_fetcher.core.model.analysis import Finding, Statistic
from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry
from aws_ssm_fetcher.queries.fits.choice import Choice
from aws_ssm_fetcher.queries.fits.documents import choice_document, fit_document
from aws_ssm_fetcher.queries.fits.model import SourceDate, StackFit
from aws_ssm_fetcher.queries.history.changes import ChangesAnswer
from aws_ssm_fetcher.queries.history.days import DayAnswer, DiffAnswer
from aws_ssm_fetcher.queries.history.lag import LagAnswer
from aws_ssm_fetcher.queries.history.past import GrowthAnswer, PastAnswer
from aws_ssm_fetcher.queries.records.answers import Comparison, ManyCompared, RegionAnswer, ServiceAnswer
from aws_ssm_fetcher.queries.records.availability import AvailabilityAnswer
from aws_ssm_fetcher.queries.records.lists import ListedRegion, ListedService, RegionsAnswer, ServicesAnswer
from aws_ssm_fetcher.queries.records.offerings import ListedOffering
from aws_ssm_fetcher.queries.records.type_answers import (
    InstanceAnswer,
    InstancesAnswer,
    ListedType,
    TypeAnswer,
    TypesAnswer,
)


class RegionRecord(Record, ListedRegion):
    """A region in a list of regions."""

    __slots__ = ()


class ServiceRecord(Record, ListedService):
    """A service in a list of services."""

    __slots__ = ()


class OfferingRecord(Record, ListedOffering):
    """A service that a region offers."""

    __slots__ = ()


class TypeRecord(Record, ListedType):
    """A CloudFormation resource type in a list of types."""

    __slots__ = ()


class FindingRecord(Record, Finding):
    """A data-quality finding."""

    __slots__ = ()


class StatisticRecord(Record, Statistic):
    """An overall statistic."""

    __slots__ = ()


class SourceRecord(Record, SourceDate):
    """A source of answers, with its day."""

    __slots__ = ()


class ChangeRecord(Record, Change):
    """A change between two snapshots."""

    __slots__ = ()


class LifecycleRecord(Record, LifecycleEntry):
    """A service or feature that AWS has closed, ends or has shut down."""

    __slots__ = ()


class AvailabilityResult(Result, AvailabilityAnswer):
    """Whether some names are available in some regions."""

    __slots__ = ()


class RegionsResult(Result, RegionsAnswer):
    """The regions that pass some filters."""

    __slots__ = ()


class ServicesResult(Result, ServicesAnswer):
    """The services that pass some filters."""

    __slots__ = ()


class ServiceResult(Result, ServiceAnswer):
    """What is known of one service."""

    __slots__ = ()


class RegionResult(Result, RegionAnswer):
    """What is known of one region."""

    __slots__ = ()


class ComparisonResult(Result, Comparison):
    """Two regions side by side."""

    __slots__ = ()


class ManyComparedResult(Result, ManyCompared):
    """Three regions or more side by side."""

    __slots__ = ()


class TypesResult(Result, TypesAnswer):
    """The resource types that pass some filters."""

    __slots__ = ()


class TypeResult(Result, TypeAnswer):
    """Where one resource type is registered."""

    __slots__ = ()


class InstanceResult(Result, InstanceAnswer):
    """Where one instance type is listed."""

    __slots__ = ()


class InstancesResult(Result, InstancesAnswer):
    """The instance types of a region."""

    __slots__ = ()


class DayResult(Result, DayAnswer):
    """What was offered on a day."""

    __slots__ = ()


class DiffResult(Result, DiffAnswer):
    """What two days differ in."""

    __slots__ = ()


class ChangesResult(Result, ChangesAnswer):
    """The changes that pass some filters."""

    __slots__ = ()


class LagResult(Result, LagAnswer):
    """How far a region trails another."""

    __slots__ = ()


class TimelineResult(Result, PastAnswer):
    """The timeline of a service or a region."""

    __slots__ = ()


class GrowthResult(Result, GrowthAnswer):
    """Growth by quarter."""

    __slots__ = ()


class FitResult(Result, StackFit):
    """Whether a stack fits regions. It is true where it fits all regions that were asked for."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return all(region.answer == "fits" for region in self.regions)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``fits --format json`` prints."""
        return fit_document(self)


class ChoiceResult(Result, Choice):
    """Regions ranked for a stack."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what ``choose --json`` prints."""
        return choice_document(self)
