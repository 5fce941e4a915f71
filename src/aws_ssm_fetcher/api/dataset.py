"""What AWS publishes, for programs: a snapshot, its resource types and its history, each opened when it is needed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.api import results
from aws_ssm_fetcher.api.forms import Table, upgraded
from aws_ssm_fetcher.api.past import Past
from aws_ssm_fetcher.api.stores import location_of, open_store
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.error_handling import SettingRefusedError
from aws_ssm_fetcher.core.model.lifecycle import by_service
from aws_ssm_fetcher.core.store.located import LocatedStore
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.fits import asking
from aws_ssm_fetcher.queries.fits.choice import Wish
from aws_ssm_fetcher.queries.history.source import choose
from aws_ssm_fetcher.queries.records import answers, lists, type_answers
from aws_ssm_fetcher.queries.records.availability import availability
from aws_ssm_fetcher.queries.records.current import current_analysis, stored_key
from aws_ssm_fetcher.queries.records.current_types import AnsweringTypes
from aws_ssm_fetcher.queries.records.offerings import listed_offerings
from aws_ssm_fetcher.queries.sources import all_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import RunId, Severity
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.queries.records.availability import ResourceKind

STANDARD_INPUT: Final = "-"
_NOWHERE: Final = Path(os.devnull) / "bundled"
"""A directory that cannot exist: without a store the bundled snapshot answers, whatever the working directory has."""


@dataclass(frozen=True)
class Dataset:
    """What is known of AWS's regions and services: the newest snapshot of a store, or the bundled one.

    Its properties are tables of records, its methods answer questions. Names are as people write them: ``bedrock``,
    ``Amazon Bedrock``, ``AWS::Bedrock``, ``spain``, ``eu-south-2``. What AWS publishes nothing about is ``None`` or
    listed as unknown, never as absent.
    """

    store: LocatedStore
    named_run: str | None = None
    """The run that was asked for, if not the newest."""

    @cached_property
    def analysis(self) -> Analysis:
        """The analysis itself; its class may change between minor versions."""
        return current_analysis(self.store, self.named_run, detail=settings_from(os.environ, used=QUESTIONS).detail)

    @cached_property
    def resource_types(self) -> ResourceTypes:
        """The lists of resource types and instance types; their class may change between minor versions."""
        return self._types.lists

    @cached_property
    def _types(self) -> AnsweringTypes:
        return AnsweringTypes(self.store)

    @cached_property
    def history(self) -> Past:
        """The history: the store's, or the bundled one."""
        return Past(choose(self.store, query_region=None, detail=None, bundled=False))

    @property
    def run_id(self) -> RunId:
        """The run of the snapshot."""
        return self.analysis.inventory.run_id

    @property
    def taken(self) -> datetime:
        """When the snapshot was taken."""
        return self.analysis.inventory.taken

    @cached_property
    def sources(self) -> Table[results.SourceRecord]:
        """What the answers rest on, each source with its day."""
        sources = all_sources(self._question.evidence, self.history.chosen)
        return Table(results.SourceRecord, tuple(upgraded(results.SourceRecord, source) for source in sources))

    @cached_property
    def regions(self) -> Table[results.RegionRecord]:
        """All regions."""
        listed = lists.regions(self.analysis).regions
        return Table(results.RegionRecord, tuple(upgraded(results.RegionRecord, region) for region in listed))

    @cached_property
    def services(self) -> Table[results.ServiceRecord]:
        """All services."""
        listed = lists.services(self.analysis).services
        return Table(results.ServiceRecord, tuple(upgraded(results.ServiceRecord, service) for service in listed))

    @cached_property
    def offerings(self) -> Table[results.OfferingRecord]:
        """All pairs of a region and a service that it offers."""
        listed = listed_offerings(self.analysis)
        return Table(results.OfferingRecord, tuple(upgraded(results.OfferingRecord, offering) for offering in listed))

    @cached_property
    def types(self) -> Table[results.TypeRecord]:
        """All CloudFormation resource types."""
        listed = type_answers.list_types(self.analysis, self.resource_types).types
        return Table(results.TypeRecord, tuple(upgraded(results.TypeRecord, listed_type) for listed_type in listed))

    @cached_property
    def findings(self) -> Table[results.FindingRecord]:
        """The data-quality findings, the most severe first."""
        return self.find_findings()

    @cached_property
    def statistics(self) -> Table[results.StatisticRecord]:
        """The overall statistics."""
        statistics = self.analysis.statistics
        return Table(
            results.StatisticRecord, tuple(upgraded(results.StatisticRecord, statistic) for statistic in statistics)
        )

    def find_findings(
        self, *, severities: Sequence[Severity] = (), rules: Sequence[str] = ()
    ) -> Table[results.FindingRecord]:
        """List the findings of some severities and rules."""
        findings = answers.findings(self.analysis, severities, rules).findings
        return Table(results.FindingRecord, tuple(upgraded(results.FindingRecord, finding) for finding in findings))

    def find_lifecycle(self, service: str | None = None) -> Table[results.LifecycleRecord]:
        """List what AWS has closed, ends or has shut down: all, or of one service. Raises ``UnknownCodeError``."""
        table = lifecycle_table()
        entries = by_service(table).get(answers.service_code(self.analysis, service), ()) if service else table
        return Table(results.LifecycleRecord, tuple(upgraded(results.LifecycleRecord, entry) for entry in entries))

    def find_regions(self, **filters: Any) -> results.RegionsResult:  # noqa: ANN401 - the fields of RegionFilter
        """List regions: ``partitions``, ``services``, ``countries``, ``min_azs``, ``opt_in``, ``local_zone``."""
        return upgraded(results.RegionsResult, lists.regions(self.analysis, lists.RegionFilter(**filters)))

    def find_services(self, **filters: Any) -> results.ServicesResult:  # noqa: ANN401 - the fields of ServiceFilter
        """List services: ``offered_in``, ``not_in``, ``tiers``, ``categories``."""
        return upgraded(results.ServicesResult, lists.services(self.analysis, lists.ServiceFilter(**filters)))

    def find_types(
        self,
        *,
        service: str | None = None,
        region: str | None = None,
        missing_in: str | None = None,
        since: date | None = None,
    ) -> results.TypesResult:
        """List resource types: of a service, in a region, or missing in one."""
        answer = type_answers.list_types(
            self.analysis, self.resource_types, service, region, missing_in, since, lambda: self._types.history
        )
        return upgraded(results.TypesResult, answer)

    def service(self, name: str) -> results.ServiceResult:
        """Return what is known of a service. Raises ``UnknownCodeError``."""
        return upgraded(results.ServiceResult, answers.about_service(self.analysis, name))

    def region(self, name: str) -> results.RegionResult:
        """Return what is known of a region. Raises ``UnknownCodeError``."""
        return upgraded(results.RegionResult, answers.about_region(self.analysis, name))

    def type(self, name: str) -> results.TypeResult:
        """Return where a resource type is registered, and since when. Raises ``UnknownCodeError``."""
        answer = type_answers.about_type(self.analysis, self.resource_types, name, self._types.history)
        return upgraded(results.TypeResult, answer)

    def instance(self, name: str) -> results.InstanceResult:
        """Return where an instance type is listed. Raises ``UnknownCodeError``."""
        return upgraded(results.InstanceResult, type_answers.about_instance(self.analysis, self.resource_types, name))

    def instances(self, region: str, *, family: str | None = None, use: str = "ec2") -> results.InstancesResult:
        """List the instance types of a region. Raises ``UnknownCodeError``."""
        answer = type_answers.list_instances(self.analysis, self.resource_types, region, family, use)
        return upgraded(results.InstancesResult, answer)

    def availability(
        self, kind: ResourceKind, names: Sequence[str], *, regions: Sequence[str] = ()
    ) -> results.AvailabilityResult:
        """Return whether services, resource types or instance types are available in some regions, or in all.

        *kind* is ``product``, ``cfn`` or ``instance``. Names that nothing published has are in ``unknown_names``.
        """
        answer = availability(self.analysis, self.resource_types, kind, names, regions)
        return upgraded(results.AvailabilityResult, answer)

    def compare(self, here: str, there: str, *others: str) -> results.ComparisonResult | results.ManyComparedResult:
        """Compare two to eight regions. Raises ``UnknownCodeError``, ``RegionUnreadError``, ``SettingRefusedError``."""
        texts = (here, there, *others)
        if len(texts) > answers.MOST_COMPARED:
            raise SettingRefusedError("regions", str(len(texts)), allowed=f"two to {answers.MOST_COMPARED}")
        answer = answers.compare(self.analysis, texts)
        if isinstance(answer, answers.Comparison):
            return upgraded(results.ComparisonResult, answer)
        return upgraded(results.ManyComparedResult, answer)

    def fits(
        self,
        *paths: str | os.PathLike[str],
        text: str | None = None,
        regions: Sequence[str] = (),
        ignore: Sequence[str] = (),
        as_of: date | None = None,
    ) -> results.FitResult:
        """Check whether a stack fits regions, all of them by default.

        *paths* are what ``fits`` takes: files, folders, names; *text* is the content of one file.
        Raises ``StackUnreadableError``, ``UnknownCodeError``, ``ExtraMissingError``.
        """
        question = self._question_as_of(as_of)
        wanted = {answers.region_code(self.analysis, name) for name in regions}
        places = [place for place in question.evidence.services.places if not wanted or place.region in wanted]
        fit = asking.ask_stack(question, _sources(paths, text), places, ignore, BytesIO((text or "").encode()).read)
        return upgraded(results.FitResult, fit)

    def choose(
        self,
        *paths: str | os.PathLike[str],
        text: str | None = None,
        like: str | None = None,
        ignore: Sequence[str] = (),
        **wishes: Any,  # noqa: ANN401 - the other fields of Wish
    ) -> results.ChoiceResult:
        """Rank regions for a stack; *like* is the present region.

        The wishes are ``partition``, ``country``, ``geography``, ``min_zones``, ``opt_in``, ``data_residency``.
        """
        question = self._question
        model = None if like is None else answers.region_code(self.analysis, like)
        places = question.evidence.services.places
        fit = asking.ask_stack(question, _sources(paths, text), places, ignore, BytesIO((text or "").encode()).read)
        choice = asking.ask_choice(self.analysis, question, fit, Wish(like=model, **wishes))
        return upgraded(results.ChoiceResult, choice)

    @cached_property
    def _question(self) -> asking.Question:
        return self._question_as_of(None)

    def _question_as_of(self, day: date | None) -> asking.Question:
        return asking.question_of(self.analysis.inventory, self.resource_types, self.store, day)


def load(store: str | os.PathLike[str] | None = None, *, run_id: str | None = None) -> Dataset:
    """Open the newest snapshot of a store, or the bundled one if the store is ``None`` or has none.

    *store* is a directory or ``s3://bucket/prefix``; *run_id* names another run of it.
    Raises ``SettingRefusedError`` for what is no store, ``ObjectMissingError`` if there is no such run.

    >>> data = load()
    >>> len(data.regions), data.taken.date().isoformat()
    (39, '2026-10-27')
    >>> data.service("bedrock").figures.regions
    36
    >>> data.history.as_of("2025-01-01").regions
    34
    >>> bool(data.fits("bedrock", "AWS::Lambda::Url", regions=["spain"]))
    True
    """
    dataset = Dataset(open_store(_NOWHERE if store is None else _location(os.fspath(store))), run_id)
    if run_id is not None:
        stored_key(dataset.store, run_id)  # a name that the store does not have is refused here, not at the first use
    return dataset


def _location(text: str) -> Any:  # noqa: ANN401 - a location of either kind
    location = location_of(text) if text else None
    if location is None or (isinstance(location, Path) and location.is_file()):
        raise SettingRefusedError("store", printable(text), allowed="a directory, or s3://BUCKET or s3://BUCKET/PREFIX")
    return location


def _sources(paths: Sequence[str | os.PathLike[str]], text: str | None) -> tuple[str, ...]:
    return (*(os.fspath(path) for path in paths), *([STANDARD_INPUT] if text is not None else []))
