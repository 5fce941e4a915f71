"""Rules about offerings: whether both subtrees tell them alike, and what their endpoints say; a finding a service."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import RegionCode, RuleId, ServiceCode
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.core.model.inventory import Offering


def _trees_disagree(seen: Seen) -> Iterator[Remark]:
    lonely: defaultdict[tuple[ServiceCode, str], list[RegionCode]] = defaultdict(list)
    for offering in seen.inventory.offerings:
        if offering.only_in:
            lonely[offering.service, offering.only_in].append(offering.region)
    for (service, subtree), regions in lonely.items():
        yield Remark(service, f"{many(len(regions), 'offering')} listed only under {subtree}/", tuple(sorted(regions)))
    for oddity in seen.inventory.oddities:
        if oddity.kind in {"endpoint-differs", "protocols-differ"}:
            noun = oddity.kind.partition("-")[0]
            yield Remark(oddity.path, f"the two subtrees differ on the {noun}: {oddity.detail}")


def _in_another_region(seen: Seen) -> Iterator[Remark]:
    remote: defaultdict[tuple[ServiceCode, RegionCode], list[RegionCode]] = defaultdict(list)
    for offering, reach in zip(seen.inventory.offerings, seen.reaches, strict=True):
        if reach.served_from:
            remote[offering.service, reach.served_from].append(offering.region)
    for (service, served_from), regions in remote.items():
        yield Remark(service, f"{many(len(regions), 'region')} served from {served_from}", tuple(sorted(regions)))


def _outside_the_domain(seen: Seen) -> Iterator[Remark]:
    domains = {region.code: region.domain for region in seen.inventory.regions}

    def is_outside(offering: Offering) -> bool:
        domain = domains[offering.region]
        return bool(offering.endpoint and domain) and not f".{offering.endpoint}".endswith(f".{domain}")

    return _by_service(
        seen, is_outside, "endpoint outside its region's domain", "endpoints outside their regions' domain"
    )


def _without_endpoint(seen: Seen) -> Iterator[Remark]:
    return _by_service(
        seen,
        lambda offering: not offering.endpoint and not offering.protocols,
        "offering with neither endpoint nor protocols",
        "offerings with neither endpoint nor protocols",
    )


def _endpoint_without_protocols(seen: Seen) -> Iterator[Remark]:
    return _by_service(
        seen,
        lambda offering: bool(offering.endpoint and not offering.protocols),
        "endpoint without protocols",
        "endpoints without protocols",
    )


def _protocols_without_endpoint(seen: Seen) -> Iterator[Remark]:
    return _by_service(
        seen,
        lambda offering: bool(offering.protocols and not offering.endpoint),
        "offering with protocols and no endpoint",
        "offerings with protocols and no endpoint",
    )


def _by_service(seen: Seen, applies: Callable[[Offering], bool], one: str, many: str) -> Iterator[Remark]:
    """Gather by service the regions of the offerings to which something applies; none without endpoints."""
    if "endpoints" in seen.inventory.source.left_out:
        return
    found: defaultdict[ServiceCode, list[RegionCode]] = defaultdict(list)
    for offering in seen.inventory.offerings:
        if applies(offering):
            found[offering.service].append(offering.region)
    for service, regions in found.items():
        yield Remark(service, f"{len(regions):,} {one if len(regions) == 1 else many}", tuple(sorted(regions)))


RULES: Final = (
    Rule(
        RuleId("trees-disagree"),
        "offering",
        "warning",
        "Only one of the two subtrees names an offering, or they give it different endpoints or protocols.",
        "Check the service in these regions before you rely on it; often it is arriving or leaving.",
        _trees_disagree,
    ),
    Rule(
        RuleId("endpoint-in-another-region"),
        "offering",
        "note",
        "An offering whose endpoint names a region other than the one that offers it.",
        "Mind it where it matters in which region requests are answered.",
        _in_another_region,
    ),
    Rule(
        RuleId("endpoint-outside-domain"),
        "offering",
        "note",
        "An offering whose endpoint is not within the domain that the record gives its region.",
        "Allow these host names where your network lets only known domains through.",
        _outside_the_domain,
    ),
    Rule(
        RuleId("offering-without-endpoint"),
        "offering",
        "note",
        "An offering for which the record gives neither endpoint nor protocols.",
        "Nothing: most are products without an API of their own.",
        _without_endpoint,
    ),
    Rule(
        RuleId("endpoint-without-protocols"),
        "offering",
        "note",
        "An offering for which the record gives an endpoint and no protocols.",
        "Take HTTPS for granted and nothing else.",
        _endpoint_without_protocols,
    ),
    Rule(
        RuleId("protocols-without-endpoint"),
        "offering",
        "note",
        "An offering for which the record gives protocols and no endpoint.",
        "Look the endpoint up in the service's documentation.",
        _protocols_without_endpoint,
    ),
)
