"""Rules about offerings: whether both subtrees agree, and what endpoints show. One finding per service."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import RegionCode, RuleId, ServiceCode
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, RuleInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.core.model.inventory import Offering


def _trees_disagree(evidence: RuleInput) -> Iterator[Remark]:
    # By subtree too: a service can be listed only under regions/ in one region and only under services/ in another.
    lonely: defaultdict[tuple[ServiceCode, str], list[RegionCode]] = defaultdict(list)
    for offering in evidence.inventory.offerings:
        if offering.only_in:
            lonely[offering.service, offering.only_in].append(offering.region)
    for (service, subtree), regions in lonely.items():
        yield Remark(service, f"{many(len(regions), 'offering')} listed only under {subtree}/", tuple(sorted(regions)))
    for oddity in evidence.inventory.oddities:
        if oddity.kind in {"endpoint-differs", "protocols-differ"}:
            noun = oddity.kind.partition("-")[0]
            yield Remark(oddity.path, f"the two subtrees differ on the {noun}: {oddity.detail}")


def _in_another_region(evidence: RuleInput) -> Iterator[Remark]:
    remote: defaultdict[tuple[ServiceCode, RegionCode], list[RegionCode]] = defaultdict(list)
    for offering, reach in zip(evidence.inventory.offerings, evidence.reaches, strict=True):
        if reach.served_from:
            remote[offering.service, reach.served_from].append(offering.region)
    for (service, served_from), regions in remote.items():
        yield Remark(service, f"{many(len(regions), 'region')} served from {served_from}", tuple(sorted(regions)))


def _outside_the_domain(evidence: RuleInput) -> Iterator[Remark]:
    domains = {region.code: region.domain for region in evidence.inventory.regions}

    def is_outside(offering: Offering) -> bool:
        domain = domains[offering.region]
        # With a dot on both sides, so that "xamazonaws.com" does not end with "amazonaws.com", while a bare domain
        # does.
        return bool(offering.endpoint and domain) and not f".{offering.endpoint}".endswith(f".{domain}")

    return _by_service(
        evidence, is_outside, "endpoint outside its region's domain", "endpoints outside their regions' domain"
    )


def _without_endpoint(evidence: RuleInput) -> Iterator[Remark]:
    return _by_service(
        evidence,
        lambda offering: not offering.endpoint and not offering.protocols,
        "offering with neither endpoint nor protocols",
        "offerings with neither endpoint nor protocols",
    )


def _endpoint_without_protocols(evidence: RuleInput) -> Iterator[Remark]:
    return _by_service(
        evidence,
        lambda offering: bool(offering.endpoint and not offering.protocols),
        "endpoint without protocols",
        "endpoints without protocols",
    )


def _protocols_without_endpoint(evidence: RuleInput) -> Iterator[Remark]:
    return _by_service(
        evidence,
        lambda offering: bool(offering.protocols and not offering.endpoint),
        "offering with protocols and no endpoint",
        "offerings with protocols and no endpoint",
    )


def _by_service(evidence: RuleInput, applies: Callable[[Offering], bool], singular: str, many: str) -> Iterator[Remark]:
    """Yield a remark per service with the regions whose offering matches; none if endpoints were not read."""
    # At detail "offerings" no endpoint is read: each offering would be without one.
    if "endpoints" in evidence.inventory.source.left_out:
        return
    by_service: defaultdict[ServiceCode, list[RegionCode]] = defaultdict(list)
    for offering in evidence.inventory.offerings:
        if applies(offering):
            by_service[offering.service].append(offering.region)
    for service, regions in by_service.items():
        yield Remark(service, f"{len(regions):,} {singular if len(regions) == 1 else many}", tuple(sorted(regions)))


RULES: Final = (
    Rule(
        RuleId("trees-disagree"),
        "offering",
        "warning",
        "Only one of the two subtrees lists an offering, or their endpoints or protocols differ.",
        "Check the service in these regions before you rely on it: it is often being added or removed.",
        _trees_disagree,
    ),
    Rule(
        RuleId("endpoint-in-another-region"),
        "offering",
        "note",
        "An offering whose endpoint is in another region.",
        "Requests leave the region: check your data-residency rules.",
        _in_another_region,
    ),
    Rule(
        RuleId("endpoint-outside-domain"),
        "offering",
        "note",
        "An offering whose endpoint is outside its region's domain.",
        "Allow these host names if your network filters by domain.",
        _outside_the_domain,
    ),
    Rule(
        RuleId("offering-without-endpoint"),
        "offering",
        "note",
        "An offering without a published endpoint and protocols.",
        "No action: most are products without an API of their own.",
        _without_endpoint,
    ),
    Rule(
        RuleId("endpoint-without-protocols"),
        "offering",
        "note",
        "An offering with an endpoint and no protocols.",
        "Assume HTTPS only.",
        _endpoint_without_protocols,
    ),
    Rule(
        RuleId("protocols-without-endpoint"),
        "offering",
        "note",
        "An offering with protocols and no endpoint.",
        "Look up the endpoint in the service's documentation.",
        _protocols_without_endpoint,
    ),
)
