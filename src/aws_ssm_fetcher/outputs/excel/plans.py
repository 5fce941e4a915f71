"""The sheets of the workbook, in their order: a table becomes a sheet by one row here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.outputs.excel import views

if TYPE_CHECKING:
    from aws_ssm_fetcher.outputs.excel.views import View

OVERVIEW, MATRIX, ABOUT, CHART_DATA = "Overview", "Service Matrix", "About", "Chart Data"
_FIRST, _REGIONS, _NEWS, _CHECK, _DATA = "#1B2733", "#0B5CAD", "#C05621", "#B7791F", "#A0A9B3"


class SheetPlan(NamedTuple):
    """One sheet."""

    title: str
    """Of the sheet, and of the table that it shows, unless it has a layout of its own."""
    purpose: str
    """What it is for, in the list on the overview."""
    colour: str
    view: View = views.as_it_is
    printed: bool = True
    """Whether printing the whole workbook prints the rows."""
    last_printed: str | None = None
    """The title of the last column on paper; ``None`` for all. Behind it stands what only a screen has room for."""


PLANS: Final = (
    SheetPlan(OVERVIEW, "Totals, charts, what changed, what to look at.", _FIRST),
    SheetPlan(MATRIX, "Which service is in which region: regions by geography, services by category.", _REGIONS),
    SheetPlan(
        "Region Summary",
        "Each region: services, coverage, zones, launch, most similar region.",
        _REGIONS,
        views.region_summary,
        last_printed="Similarity %",
    ),
    SheetPlan(
        "Service Summary",
        "Each service: category, regions, where it is missing, its product page.",
        _REGIONS,
        views.service_summary,
        last_printed="Missing In",
    ),
    SheetPlan(
        "Changes",
        "What was added, removed or renamed in 400 days, the newest first.",
        _NEWS,
        views.changes,
        last_printed="Previous Snapshot",
    ),
    SheetPlan("Findings", "What is unusual or wrong in AWS's data, and what to do about it.", _CHECK, views.findings),
    SheetPlan("Resource Types", "Which region has which CloudFormation resource type.", _REGIONS, views.by_region),
    SheetPlan(
        "Service Depth",
        "How many percent of the resource types of a service each region has.",
        _REGIONS,
        views.by_region,
    ),
    SheetPlan("Lifecycle", "What AWS closes to new customers, ends or has shut down.", _NEWS),
    SheetPlan(
        "Nearest Regions", "For each region the ones with the most similar services.", _REGIONS, views.nearest_regions
    ),
    SheetPlan(
        "Partition Parity", "Services that one partition has and another lacks.", _REGIONS, views.partition_parity
    ),
    SheetPlan("Statistics", "Every overall figure with its definition.", _DATA),
    SheetPlan(
        "Regional Services",
        "The whole list, one row for each service in each region. Not printed.",
        _DATA,
        views.regional_services,
        printed=False,
    ),
    SheetPlan(
        "Other Names",
        "What services are called elsewhere: in IAM, the CLI, CloudFormation, Terraform. Not printed.",
        _DATA,
        printed=False,
    ),
    SheetPlan(ABOUT, "Sources and dates, and what every column and figure means.", _FIRST),
    SheetPlan(CHART_DATA, "The figures that the charts draw.", _DATA),
)
