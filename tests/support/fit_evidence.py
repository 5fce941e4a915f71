"""Small sources for answers about stacks."""

from __future__ import annotations

from datetime import UTC, date, datetime

from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry
from aws_ssm_fetcher.core.model.resource_types import (
    FamilyLists,
    InstanceLists,
    ResourceTypes,
    TypesSource,
    grouped,
    name_lists,
)
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Need, NeedKind
from aws_ssm_fetcher.queries.fits.evidence import Candidate, Evidence, Services
from aws_ssm_fetcher.queries.fits.verdicts import Judge, NameDecision
from aws_ssm_fetcher.queries.records.resource_types import TypeAvailability

DAY = date(2026, 11, 29)
TAKEN = datetime(2026, 10, 20, tzinfo=UTC)
LISTED = {
    "us-east-1": "lambda apprunner ec2 old budgets",
    "eu-south-2": "lambda ec2",
    "eu-west-9": "ec2",
    "eusc-de-east-1": "lambda",
    "me-south-1": "",
}
TYPES = {
    "us-east-1": ("AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::AppRunner::Service", "AWS::Old::Thing"),
    "eu-south-2": ("AWS::Lambda::Function",),
    "eu-west-9": ("AWS::Lambda::Function",),
    "eusc-de-east-1": ("AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::AppRunner::Service", "AWS::Old::Thing"),
}
SIZES = {"p5.48xlarge": ("us-east-1",), "t3.micro": ("us-east-1", "eu-south-2", "eu-west-9")}
SERVICES = {
    "AWS::Lambda": "lambda",
    "AWS::AppRunner": "apprunner",
    "AWS::Old": "old",
    "AWS::EC2": "ec2",
    "aws_lambda": "lambda",
    "aws_apprunner": "apprunner",
    "aws_budgets": "budgets",
}


def evidence() -> Evidence:
    """Return five regions: one whole, two with less, one with a copied list, and one without a list."""
    source = TypesSource("bundled", "cfn-lint 1.58.0", TAKEN)
    names = {RegionCode(region): types for region, types in TYPES.items()}
    types = name_lists(source, names, [RegionCode(region) for region in LISTED])
    sizes = {name: [RegionCode(region) for region in regions] for name, regions in SIZES.items()}
    known = tuple(sorted({region for regions in sizes.values() for region in regions}))
    instances = InstanceLists(source, known, (FamilyLists("ec2", known, grouped(sizes)),))
    closed = LifecycleEntry("AWS Old", (ServiceCode("old"),), "maintenance", "https://x", "a page", DAY)
    return Evidence(
        _services(),
        TypeAvailability(ResourceTypes(RunId("t"), TAKEN, types, instances)),
        (closed,),
        DAY,
        lambda name: decide(need("type", name)).services[0],
    )


def _services() -> Services:
    places = tuple(
        Candidate(RegionCode(region), region.title(), "aws-eusc" if region.startswith("eusc") else "aws", "XX")
        for region in LISTED
    )
    offered = {
        RegionCode(region): frozenset(map(ServiceCode, codes.split()))
        for region, codes in LISTED.items()
        if region != "me-south-1"
    }
    codes = {code for listed in offered.values() for code in listed}
    everywhere = {"aws": frozenset({ServiceCode("budgets")})}
    unread = frozenset({RegionCode("me-south-1")})
    return Services(date(2026, 10, 27), "AWS's parameters", places, offered, unread, everywhere, dict.fromkeys(codes))


def decide(wanted: Need) -> NameDecision:
    """Decide names by their beginnings."""
    if wanted.name == "gone":
        return NameDecision("retired")
    if wanted.name == "cur":
        return NameDecision("unlisted", note="AWS Cost and Usage Reports")
    if wanted.name == "aws_lambda_mystery":
        return NameDecision("feature", (ServiceCode("lambda"),))
    if wanted.name == "both":
        return NameDecision("several", (ServiceCode("lambda"), ServiceCode("apprunner")))
    codes = [code for start, code in SERVICES.items() if wanted.name.startswith(start) or wanted.name == code]
    return NameDecision("service", (ServiceCode(codes[0]),)) if codes else NameDecision("not in the table")


def judge() -> Judge:
    """Return what decides names by these sources."""
    return Judge(evidence(), decide)


def need(kind: NeedKind, name: str, *, line: int = 1, family: str = "", only_in: frozenset[str] | None = None) -> Need:
    """Return a need of a line of a template."""
    return Need(kind, name, FileLocation("t.yaml", line, f"R{line}"), family, only_in=only_in)
