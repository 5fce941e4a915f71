"""The tools of the server: typed arguments, and a result with its sources, their days and what part of it this is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from aws_ssm_fetcher.api.dataset import Dataset
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.categories import Category
from aws_ssm_fetcher.core.model.codes import ChangeKind, Severity, Tier
from aws_ssm_fetcher.mcp.opened import Opened
from aws_ssm_fetcher.mcp.paging import MOST, Plain, paged, start_of
from aws_ssm_fetcher.queries.fits.choice import GEOGRAPHIES
from aws_ssm_fetcher.queries.records.availability import ResourceKind

if TYPE_CHECKING:
    from collections.abc import Collection

DEFAULT_LIMIT: Final = 50
Limit = Annotated[int, Field(ge=1, le=MOST, description="Entries of each list of the answer, at most.")]
NextToken = Annotated[str | None, Field(description="The next_token of the page before, to continue.")]
RegionName = Annotated[str, Field(description="A region's code or name: eu-south-2, spain, Frankfurt.")]
RegionNames = Annotated[tuple[str, ...], Field(description="Codes or names of regions; empty for all.")]
ServiceName = Annotated[str, Field(description="A service's code or name: bedrock, Amazon Bedrock, AWS::Bedrock.")]
ServiceNames = Annotated[tuple[str, ...], Field(description="Codes or names of services.")]
Day = Annotated[str, Field(description="A day such as 2025-03-01 (up to its end), or a time in ISO 8601.")]
MinAzs = Annotated[int | None, Field(ge=1, description="Availability zones, at least.")]
OptIn = Annotated[bool | None, Field(description="Whether an account must enable the region.")]
Geography = Literal["AFRICA", "ASIA", "EU", "EUROPE", "MIDDLE-EAST", "NORTH-AMERICA", "OCEANIA", "SOUTH-AMERICA"]
Text = Annotated[
    str,
    Field(
        description="The content of one file: a CloudFormation or SAM template, the output of terraform show -json, "
        "an IAM policy, JSON with ARNs, or a name a line (services, resource types, instance types)."
    ),
]
_SERVICES: Final = frozenset({"services"})
_TYPES_TOO: Final = frozenset({"services", "resource types"})
_ALL: Final = frozenset({"services", "resource types", "instance types", "lifecycle", "history"})
_OF_KIND: Final[dict[ResourceKind, frozenset[str]]] = {
    "product": _SERVICES,
    "cfn": frozenset({"resource types"}),
    "instance": frozenset({"instance types"}),
}
"""What an answer about availability rests on."""
assert set(GEOGRAPHIES) == set(Geography.__args__)  # type: ignore[attr-defined] # noqa: S101 - of a Literal


@dataclass(frozen=True)
class Tools:
    """Answers questions about one store."""

    opened: Opened

    def list_regions(  # noqa: PLR0913 - filters, each by its name
        self,
        *,
        partitions: Annotated[
            tuple[str, ...], Field(description="Only these: aws, aws-cn, aws-us-gov, aws-eusc.")
        ] = (),
        services: Annotated[tuple[str, ...], Field(description="Only regions that offer all of these.")] = (),
        countries: Annotated[tuple[str, ...], Field(description="Only in these: ES, Spain.")] = (),
        min_azs: MinAzs = None,
        opt_in: OptIn = None,
        local_zone: Annotated[bool, Field(description="Only regions with a local zone.")] = False,
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """List AWS regions: name, partition, launch date, zones, number of services."""
        data = self.opened.data()
        answer = data.find_regions(
            partitions=partitions,
            services=services,
            countries=countries,
            min_azs=min_azs,
            opt_in=opt_in,
            local_zone=local_zone,
        )
        return _of_snapshot(data, answer.to_dict(), limit, next_token)

    def list_services(
        self,
        *,
        offered_in: Annotated[tuple[str, ...], Field(description="Only services that all these regions offer.")] = (),
        not_in: Annotated[tuple[str, ...], Field(description="Only services that none of these offers.")] = (),
        tiers: Annotated[tuple[Tier, ...], Field(description="Only of these tiers of coverage.")] = (),
        categories: Annotated[tuple[Category, ...], Field(description="Only of these categories.")] = (),
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """List AWS services: name, category, how many regions offer each, and its tier of coverage."""
        data = self.opened.data()
        answer = data.find_services(offered_in=offered_in, not_in=not_in, tiers=tiers, categories=categories)
        return _of_snapshot(data, answer.to_dict(), limit, next_token)

    def get_regional_availability(
        self,
        *,
        resource_type: Annotated[
            ResourceKind,
            Field(description="product: a service; cfn: a CloudFormation resource type; instance: an instance type."),
        ],
        filters: Annotated[
            tuple[str, ...],
            Field(min_length=1, max_length=50, description="Names: bedrock, AWS::Lambda::Url, p5.48xlarge."),
        ],
        region: Annotated[
            str | None, Field(description="One region; all if neither this nor regions is given.")
        ] = None,
        regions: RegionNames = (),
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """List where services, resource types or instance types are available, not available or unknown."""
        data = self.opened.data()
        wanted = (*([region] if region else []), *regions)
        answer = data.availability(resource_type, filters, regions=wanted)
        return _of_snapshot(data, answer.to_dict(), limit, next_token, sources=_OF_KIND[resource_type])

    def compare_regions(
        self,
        *,
        regions: Annotated[tuple[str, ...], Field(min_length=2, max_length=8, description="Two to eight regions.")],
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """Compare two to eight regions: which services each offers."""
        data = self.opened.data()
        answer = data.compare(*regions).to_dict()
        sources = _TYPES_TOO if answer.get("types_source") else _SERVICES  # of two regions, numbers of types too
        return _of_snapshot(data, answer, limit, next_token, sources=sources)

    def check_stack(
        self,
        *,
        text: Text,
        regions: RegionNames = (),
        ignore: Annotated[tuple[str, ...], Field(description="Types to leave out, such as Custom::*.")] = (),
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """Check in which regions a stack can be deployed, and what is missing or unknown elsewhere."""
        data = self.opened.data()
        answer = data.fits(text=text, regions=regions, ignore=ignore).to_dict()
        return _of_snapshot(data, answer, limit, next_token, sources=_names(answer))

    def choose_region(  # noqa: PLR0913 - wishes, each by its name
        self,
        *,
        text: Text,
        like: Annotated[str | None, Field(description="The present region: those most like it come first.")] = None,
        partition: Annotated[str | None, Field(description="Only regions of this partition.")] = None,
        country: Annotated[str | None, Field(description="Only regions in this country: DE.")] = None,
        geography: Annotated[Geography | None, Field(description="Only this part of the world.")] = None,
        min_azs: MinAzs = None,
        opt_in: OptIn = None,
        data_residency: Annotated[
            bool, Field(description="Services answered from another region count against a region.")
        ] = False,
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """Rank regions for what a stack needs, each with the reasons."""
        data = self.opened.data()
        choice = data.choose(
            text=text,
            # An agent may send an empty text for what it leaves out.
            like=like or None,
            partition=partition or None,
            country=country or None,
            geography=geography,
            min_zones=min_azs,
            opt_in=opt_in,
            data_residency=data_residency,
        )
        answer = choice.to_dict()
        return _of_snapshot(data, answer, limit, next_token, sources=_names(answer))

    def what_changed(  # noqa: PLR0913 - filters, each by its name
        self,
        *,
        since: Annotated[
            str | None, Field(description="Announced since: a day, 30d (before the newest snapshot), last-run.")
        ] = None,
        until: Annotated[str | None, Field(description="Announced until: a day or a time.")] = None,
        regions: RegionNames = (),
        services: ServiceNames = (),
        kinds: Annotated[tuple[ChangeKind, ...], Field(description="Only these kinds of change.")] = (),
        partition: Annotated[str | None, Field(description="Only in regions of this partition.")] = None,
        pending: Annotated[bool, Field(description="Changes that no second snapshot has confirmed yet.")] = False,
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """List what changed: services and regions that came or went, renames, endpoints, zones."""
        data = self.opened.data()
        answer = data.history.changes(
            since=since,
            until=until,
            regions=regions,
            services=services,
            kinds=kinds,
            partition=partition or None,  # as above
            pending=pending,
        )
        return _of_history(data, answer.to_dict(), limit, next_token)

    def as_of(
        self,
        *,
        day: Day,
        regions: RegionNames = (),
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """Show what was offered on a day: counts, and services by region."""
        data = self.opened.data()
        return _of_history(data, data.history.as_of(day, regions=regions).to_dict(), limit, next_token)

    def service_timeline(
        self, *, service: ServiceName, limit: Limit = DEFAULT_LIMIT, next_token: NextToken = None
    ) -> Plain:
        """Show a service's timeline: first seen, where it was added and removed, names, number of regions."""
        data = self.opened.data()
        return _of_history(data, data.history.service(service).to_dict(), limit, next_token)

    def region_lag(
        self,
        *,
        region: RegionName,
        behind: Annotated[str, Field(description="The region to compare with.")] = "us-east-1",
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """Show by how many days a region trails another, and what it has not got yet."""
        data = self.opened.data()
        return _of_history(data, data.history.lag(region, behind=behind).to_dict(), limit, next_token)

    def lifecycle(
        self,
        *,
        service: Annotated[str | None, Field(description="Only of this service.")] = None,
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """List services and features that AWS has closed to new customers, ends or has shut down."""
        data = self.opened.data()
        answer = {"entries": encode(data.find_lifecycle(service).records)}
        return _of_snapshot(data, answer, limit, next_token, sources=frozenset({"lifecycle"}))

    def findings(
        self,
        *,
        severities: Annotated[tuple[Severity, ...], Field(description="Only of these severities.")] = (),
        rules: Annotated[tuple[str, ...], Field(description="Only of these rules.")] = (),
        limit: Limit = DEFAULT_LIMIT,
        next_token: NextToken = None,
    ) -> Plain:
        """List data-quality findings: what is wrong or odd in the published data."""
        data = self.opened.data()
        findings = data.find_findings(severities=severities, rules=rules)
        answer = {"quality": encode(data.analysis.quality), "findings": encode(findings.records)}
        sources = _TYPES_TOO if data.analysis.types else _SERVICES
        return _of_snapshot(data, answer, limit, next_token, sources=sources)

    def data_sources(self, limit: Limit = DEFAULT_LIMIT, next_token: NextToken = None) -> Plain:
        """List what all answers rest on, each source with its day, and what could not be read."""
        data = self.opened.data()
        inventory = data.analysis.inventory
        answer = {
            "sources": encode(data.sources.records),
            "unread_regions": sorted(inventory.unread_regions),
            "regions_without_list_of_types": encode(data.resource_types.types.unknown),
            "history": encode(data.history.chosen.as_json()),
        }
        return _of_snapshot(data, answer, limit, next_token, sources=_ALL)


def _names(answer: Plain) -> frozenset[str]:
    """Return the sources that an answer names itself."""
    return frozenset(source["name"] for source in answer["sources"])


def snapshot_document(data: Dataset) -> Plain:
    """Return which snapshot answers, as in the command's ``--json``."""
    inventory = data.analysis.inventory
    about = {"run_id": inventory.run_id, "taken": inventory.taken, "source": inventory.source}
    plain: Plain = encode(about | {"quarantine": data.analysis.quarantine})
    return plain


def _of_snapshot(
    data: Dataset, answer: Plain, limit: int, next_token: str | None, *, sources: Collection[str] = _SERVICES
) -> Plain:
    return _result(data, {"snapshot": snapshot_document(data)}, answer, limit, next_token, sources)


def _of_history(data: Dataset, answer: Plain, limit: int, next_token: str | None) -> Plain:
    about = {"history": encode(data.history.chosen.as_json())}
    return _result(data, about, answer, limit, next_token, frozenset({"history"}))


def _result(
    data: Dataset, about: Plain, answer: Plain, limit: int, next_token: str | None, sources: Collection[str]
) -> Plain:
    """Return a part of an answer with the sources that it rests on."""
    part, page = paged(answer, start_of(next_token), limit)
    own: list[Any] = encode([source for source in data.sources if source.name in sources])
    return about | {"sources": own, "answer": part, "page": page}
