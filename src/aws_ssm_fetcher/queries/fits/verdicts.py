"""The verdict on one name in one region.

CloudFormation's lists are close to the truth about deploying a type, AWS's published parameters to the truth about
the service. Neither alone makes a name available where the other speaks against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from aws_ssm_fetcher.queries.fits.model import NeedVerdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry
    from aws_ssm_fetcher.data_sources.stacks.model import Need
    from aws_ssm_fetcher.queries.fits.evidence import Evidence, Listing


class NameDecision(NamedTuple):
    """Which service a name belongs to."""

    kind: Literal["service", "feature", "several", "retired", "unlisted", "not in the table"]
    services: tuple[ServiceCode, ...] = ()
    note: str = ""


_FEATURE_TYPES: Final = {
    "launch configurations": ("AWS::AutoScaling::LaunchConfiguration", "aws_launch_configuration"),
    "Bedrock Agents Classic": ("AWS::Bedrock::Agent", "AWS::Bedrock::AgentAlias", "aws_bedrockagent_agent"),
    "version 1": ("AWS::Greengrass::",),
    "CloudTrail Lake": ("AWS::CloudTrail::EventDataStore", "aws_cloudtrail_event_data_store"),
    "SiteWise Monitor": ("AWS::IoTSiteWise::Portal", "AWS::IoTSiteWise::Project", "AWS::IoTSiteWise::Dashboard"),
    "LiveAnalytics": ("AWS::Timestream::Database", "AWS::Timestream::Table", "AWS::Timestream::ScheduledQuery"),
}
"""The types of features that the table of lifecycles names; one that ends in ``::`` stands for a namespace."""


class Judge:
    """Decides names, each once for a region."""

    def __init__(self, evidence: Evidence, decide: Callable[[Need], NameDecision]) -> None:
        self.evidence = evidence
        self._decide = decide
        self._decisions: dict[tuple[str, str, str], NameDecision] = {}
        self._findings: dict[tuple[object, ...], NeedVerdict] = {}
        self._listings: dict[tuple[tuple[ServiceCode, ...], RegionCode], Listing | None] = {}
        self._schemas: dict[RegionCode, str] = {}

    def finding(self, need: Need, region: RegionCode) -> NeedVerdict:
        """Return the verdict on a need in a region."""
        key = (need.kind, need.name, need.family, need.any_of, region)
        if key not in self._findings:
            self._findings[key] = self._find(need, region)
        return self._findings[key]

    def decision(self, need: Need) -> NameDecision:
        """Return which service a need's name belongs to."""
        key = (need.kind, need.name, need.family)
        if key not in self._decisions:
            self._decisions[key] = self._decide(need)
        return self._decisions[key]

    def _find(self, need: Need, region: RegionCode) -> NeedVerdict:
        if need.kind == "instance":
            return self._of_instance(need, region)
        decision = self.decision(need)
        if decision.kind == "retired":
            return NeedVerdict("closed", f"the service has ended{_bracketed(decision.note)}", is_blocking=True)
        if need.kind == "type":
            finding = self._of_type(need.name, decision, region)
        elif need.name.startswith("awscc_"):
            finding = self._of_type(self._cloud_control_type(need.name), decision, region)
        else:
            finding = self._of_name(need, decision, region)
        return self._with_lifecycle(need, decision, finding) if finding.verdict == "available" else finding

    def _of_instance(self, need: Need, region: RegionCode) -> NeedVerdict:
        types = self.evidence.types
        if types.instances_taken is None:
            return NeedVerdict("unknown", f"no list of instance types is known of {self.evidence.day}")
        source = f"AWS's price list of {types.instances_taken}"
        names = need.any_of or (need.name,)
        listings = {types.instance_availability(name, region, need.family) for name in names}
        if "listed" in listings:
            return NeedVerdict("available", f"listed there by {source}")
        if "unknown" in listings:
            return NeedVerdict("unknown", f"{source} has no list of instance types for {region}")
        # A misspelled instance type is in no region; that is no "missing here".
        if not any(types.instance_regions(name, need.family) for name in names):
            return NeedVerdict("unknown", f"{source} lists it in no region")
        return NeedVerdict("type missing", f"not listed there by {source}", is_blocking=True)

    def _of_type(self, name: str, decision: NameDecision, region: RegionCode) -> NeedVerdict:
        types, service = self.evidence.types, _single(decision)
        schemas = self._schemas_of(region)
        # A type of no region's list may be new, or misspelled: unknown, not missing.
        if not types.knows(name):
            return NeedVerdict("unknown", f"no region's list has this type in {schemas}", service)
        registration = types.of(name, region)
        listing = self._listing(decision, region)
        # CloudFormation registers types before, and without, AWS's parameters listing the service: see two-sources.md.
        if registration == "registered":
            return self._of_registered(decision, listing, schemas, region)
        if listing == "not listed":
            return NeedVerdict("service missing", self._not_listed(decision), service, is_blocking=True)
        if registration == "not registered":
            return NeedVerdict("type missing", f"not registered there by {schemas}", service, is_blocking=True)
        return NeedVerdict("unknown", f"AWS publishes no list of resource types for {region}", service)

    def _of_registered(
        self, decision: NameDecision, listing: Listing | None, schemas: str, region: RegionCode
    ) -> NeedVerdict:
        service, reason = _single(decision), f"registered there by {schemas}"
        if listing == "not listed":
            return NeedVerdict("conflicting", f"{reason}, but {self._not_listed(decision)}", service)
        if listing == "unread":
            return NeedVerdict("unknown", f"{reason}, but the services of {region} could not be read", service)
        return NeedVerdict("available", reason, service)

    def _of_name(self, need: Need, decision: NameDecision, region: RegionCode) -> NeedVerdict:
        """Return the verdict on a service, or on a Terraform type, which needs no CloudFormation type."""
        if decision.kind == "not in the table":
            return NeedVerdict("unknown", "the name is in none of the tables" + _bracketed(decision.note))
        if decision.kind == "unlisted":
            return NeedVerdict("unknown", "AWS's published data has no such service" + _bracketed(decision.note))
        service, listing = _single(decision), self._listing(decision, region)
        if listing == "unread" or listing is None:
            return NeedVerdict("unknown", f"the services of {region} could not be read", service)
        if listing == "not listed":
            absent = [code for code in decision.services if self._is_not_listed(code, region)]
            known = {self.evidence.registration_of_service(code, region) for code in absent}
            # All of those that are not listed: one that is registered nowhere is missing.
            if known == {"registered"}:
                reason = f"{self._not_listed(decision)}, but CloudFormation registers types of it there"
                return NeedVerdict("conflicting", reason, service)
            return NeedVerdict("service missing", self._not_listed(decision), service, is_blocking=True)
        return self._of_listed(need, decision, region, service)

    def _of_listed(
        self, need: Need, decision: NameDecision, region: RegionCode, service: ServiceCode | None
    ) -> NeedVerdict:
        """Return the verdict on a name whose service is listed: a type of the same name may speak against it."""
        types = self.evidence.types
        # "aws_lambda_function_url" has no type of these letters; where there is one, it is the same resource.
        letters = need.name.partition("_")[2].replace("_", "")
        equal = self.evidence.type_by_letters.get(letters) if need.kind == "terraform" else None
        registration = types.of(equal, region) if equal else "unknown"
        schemas = self._schemas_of(region)
        if registration == "not registered":
            reason = f"{self._listed(decision)}, but {equal} is not registered there by {schemas}"
            return NeedVerdict("unknown", reason, service)
        if decision.kind == "feature" and registration == "unknown":
            return NeedVerdict("unknown", f"a feature of {service} that AWS publishes no list of regions for", service)
        if self._listing(decision, region) == "everywhere":
            endpoint = f"{' and '.join(decision.services)} has one endpoint for the partition"
            return NeedVerdict("available", f"{endpoint} by AWS's parameters of {self._taken}", service)
        return NeedVerdict("available", self._listed(decision), service)

    def _cloud_control_type(self, name: str) -> str:
        """Return the CloudFormation type of a resource of the awscc provider, which is made from it by rule."""
        letters = name.removeprefix("awscc_").replace("_", "")
        return self.evidence.type_by_letters.get(letters, name)

    def _with_lifecycle(self, need: Need, decision: NameDecision, available: NeedVerdict) -> NeedVerdict:
        day = self.evidence.day
        for service in decision.services:
            for entry in self.evidence.closed.get(service, ()):
                if entry.feature is not None and not _is_of_feature(need.name, entry.feature):
                    continue
                # The end of a service says nothing of its features, which have entries of their own.
                if entry.feature is None and decision.kind == "feature":
                    continue
                stage = entry.stage_on(day)
                if stage is not None:
                    reason = _lifecycle_reason(entry, stage)
                    return NeedVerdict("closed", reason, available.service, is_blocking=stage == "shut down")
        return available

    def _listing(self, decision: NameDecision, region: RegionCode) -> Listing | None:
        """Return the worst listing of the services that a name stands for; ``None`` if it stands for none."""
        key = (decision.services, region)
        if key not in self._listings:
            self._listings[key] = self._worst_listing(decision, region)
        return self._listings[key]

    def _worst_listing(self, decision: NameDecision, region: RegionCode) -> Listing | None:
        listings = {self.evidence.services.listing(service, region) for service in decision.services}
        # A name of several services needs all of them, so the worst counts.
        order: tuple[Listing, ...] = ("not listed", "unread", "everywhere", "listed")
        return next((listing for listing in order if listing in listings), None)

    def _schemas_of(self, region: RegionCode) -> str:
        if region not in self._schemas:
            self._schemas[region] = f"AWS's schemas of {self.evidence.types.taken_in(region)}"
        return self._schemas[region]

    def _is_not_listed(self, service: ServiceCode, region: RegionCode) -> bool:
        return self.evidence.services.listing(service, region) == "not listed"

    def _not_listed(self, decision: NameDecision) -> str:
        return f"{' or '.join(decision.services)} is not listed there by AWS's parameters of {self._taken}"

    def _listed(self, decision: NameDecision) -> str:
        return f"{' and '.join(decision.services)} is listed there by AWS's parameters of {self._taken}"

    @property
    def _taken(self) -> str:
        return self.evidence.services.taken.isoformat()


def _single(decision: NameDecision) -> ServiceCode | None:
    return decision.services[0] if len(decision.services) == 1 else None


def _is_of_feature(name: str, feature: str) -> bool:
    return any(
        name == known or (known.endswith("::") and name.startswith(known)) for known in _FEATURE_TYPES.get(feature, ())
    )


def _lifecycle_reason(entry: LifecycleEntry, stage: str) -> str:
    what = f"{entry.name}, {entry.feature}," if entry.feature else entry.name
    if stage == "shut down":
        return f"{what} has ended" + (f" on {entry.ends_on}" if entry.ends_on else "")
    if entry.ends_on is not None:
        return f"{what} ends on {entry.ends_on}"
    if stage == "sunset":
        return f"{what} ends, by AWS's announcement"
    since = f" since {entry.closed_on}" if entry.closed_on else ""
    return f"{what} deploys only for existing customers{since}"


def _bracketed(note: str) -> str:
    return f" ({note})" if note else ""
