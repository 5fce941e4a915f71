"""Rules about services: their codes, their names, and whether they have ended."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.aliases import alias_table, aliases_in, ids_by_endpoint
from aws_ssm_fetcher.core.model.codes import RuleId, ServiceCode
from aws_ssm_fetcher.core.model.lifecycle import OLD_DAYS, ended_services
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, RuleInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.core.model.inventory import Service

_NO_LETTER_OR_DIGIT: Final = re.compile(r"[\W_]+")
# AWS has published "AmazonGameLiftStreams": odd is a note, and the service is kept.
_SERVICE_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# "__DELETE_FLAG__" was live in 30 regions on 2024-07-14.
_MARKER: Final = re.compile(r"__.*__|.*DELETE_FLAG.*")


def _without_name(evidence: RuleInput) -> Iterator[Remark]:
    for service in evidence.inventory.services:
        if service.name is None and evidence.inventory.was_read(f"services/{service.code}/longName"):
            yield Remark(service.code, "has no long name")


def _stray_space(evidence: RuleInput) -> Iterator[Remark]:
    for service in evidence.inventory.services:
        # split() takes no-break spaces and line ends for white space, too.
        if service.name is not None and service.name != " ".join(service.name.split()):
            yield Remark(service.code, f"its long name has stray white space: {service.name!a}")


def _name_is_code(evidence: RuleInput) -> Iterator[Remark]:
    for service in evidence.inventory.services:
        if service.name == service.code:
            yield Remark(service.code, "its long name is its code")


def _name_shared(evidence: RuleInput) -> Iterator[Remark]:
    for name, codes in _gathered(evidence, lambda service: service.name).items():
        if len(codes) > 1:
            yield Remark(codes[0], f"{' and '.join(codes)} are both named {name}", codes)


def _in_no_region(evidence: RuleInput) -> Iterator[Remark]:
    inventory = evidence.inventory
    offered = {offering.service for offering in inventory.offerings}
    # An unread region may be the one that offers the service.
    if not inventory.offerings or inventory.unread_regions or not inventory.was_read("services"):
        return
    for service in inventory.services:
        if service.code not in offered:
            yield Remark(service.code, "is listed and available in no region")


def _odd_code(evidence: RuleInput) -> Iterator[Remark]:
    for service in evidence.inventory.services:
        if not _SERVICE_CODE.fullmatch(service.code) and not _MARKER.fullmatch(service.code):
            yield Remark(service.code, "is not a well-formed service code")


def _deletion_marker(evidence: RuleInput) -> Iterator[Remark]:
    regions: defaultdict[ServiceCode, list[str]] = defaultdict(list)
    for offering in evidence.inventory.offerings:
        if _MARKER.fullmatch(offering.service):
            regions[offering.service].append(offering.region)
    for service in evidence.inventory.services:
        if _MARKER.fullmatch(service.code):
            marked = tuple(sorted(regions[service.code]))
            yield Remark(service.code, f"looks like a deletion marker, in {many(len(marked), 'region')}", marked)


def _equal_but_for_punctuation(evidence: RuleInput) -> Iterator[Remark]:
    for codes in _gathered(evidence, lambda service: _NO_LETTER_OR_DIGIT.sub("", service.code).casefold()).values():
        if len(codes) > 1:
            yield Remark(codes[0], f"{' and '.join(codes)} differ only in punctuation or case", codes)


def _endpoint_of_another(evidence: RuleInput) -> Iterator[Remark]:
    table, owners = alias_table(), ids_by_endpoint()
    ids = aliases_in("botocore")
    beginnings: defaultdict[ServiceCode, set[str]] = defaultdict(set)
    for offering in evidence.inventory.offerings:
        if offering.endpoint and offering.service in ids:
            # What stands before the region: "api.ecr" of "api.ecr.eu-west-1.amazonaws.com".
            beginnings[offering.service].add(offering.endpoint.partition(f".{offering.region}.")[0])
    for code, codes in sorted(beginnings.items()):
        # An endpoint under the service's own code, or under the prefix that the table has for it, is as expected.
        others = codes & owners.keys() - {code, table.endpoints.get(code, code)}
        for beginning in sorted(others):
            named = " and ".join(sorted(owners[beginning]))
            yield Remark(code, f"its endpoints, {beginning}.*, are those of {named} in the AWS CLI, not of {code}")


def _past_its_end(evidence: RuleInput) -> Iterator[Remark]:
    ended = ended_services(lifecycle_table(), evidence.inventory.taken.date())
    regions = Counter(offering.service for offering in evidence.inventory.offerings)
    for service in evidence.inventory.services:
        entry = ended.get(service.code)
        # Listed without a region is no claim that the service can be used; "service-in-no-region" has it.
        if entry is not None and regions[service.code]:
            when = f"support for {entry.name} ended on {entry.ends_on}" if entry.ends_on else f"{entry.name} has ended"
            message = f"is still listed in {many(regions[service.code], 'region')}, though {when}"
            yield Remark(service.code, message, (entry.source,))


def _old_lifecycle(evidence: RuleInput) -> Iterator[Remark]:
    day = evidence.inventory.taken.date()
    old = [f"{row.name}, {row.feature}" if row.feature else row.name for row in lifecycle_table() if row.is_old(day)]
    if old:
        yield Remark("lifecycle", f"{many(len(old), 'row')} checked more than {OLD_DAYS} days ago", tuple(old))


def _without_home_page(evidence: RuleInput) -> Iterator[Remark]:
    inventory = evidence.inventory
    missing = [
        service.code
        for service in inventory.services
        if service.home_page is None and inventory.was_read(f"services/{service.code}/marketingHomeURL")
    ]
    # One finding for all: 161 of 402 services have no home page.
    if missing and "home-pages" not in inventory.source.left_out:
        yield Remark("services", f"{many(len(missing), 'service')} without a home page", tuple(missing))


def _gathered(evidence: RuleInput, by: Callable[[Service], str | None]) -> dict[str, tuple[ServiceCode, ...]]:
    """Group service codes, sorted, by a key."""
    alike: defaultdict[str, list[ServiceCode]] = defaultdict(list)
    for service in evidence.inventory.services:
        if key := by(service):
            alike[key].append(service.code)
    return {key: tuple(sorted(codes)) for key, codes in alike.items()}


RULES: Final = (
    Rule(
        RuleId("deletion-marker"),
        "service",
        "warning",
        "A code that is a marker left in AWS's data, such as __DELETE_FLAG__.",
        "Do not count it as a service.",
        _deletion_marker,
    ),
    Rule(
        RuleId("equal-but-for-punctuation"),
        "service",
        "warning",
        "Service codes that differ only in punctuation or case, as one service under two spellings would.",
        "Look at both rows; add them up only if you are sure that they are one service.",
        _equal_but_for_punctuation,
    ),
    Rule(
        RuleId("service-without-name"),
        "service",
        "warning",
        "A service without a long name.",
        "Use its code.",
        _without_name,
    ),
    Rule(
        RuleId("odd-service-code"),
        "service",
        "note",
        "A service code with other characters than lower-case letters, digits and hyphens.",
        "Check your own programs if they match service codes by a pattern.",
        _odd_code,
    ),
    Rule(
        RuleId("name-with-stray-space"),
        "service",
        "note",
        "A service's long name with leading, trailing or repeated white space.",
        "Join on codes, or trim the name.",
        _stray_space,
    ),
    Rule(
        RuleId("name-is-code"),
        "service",
        "note",
        "A service whose long name is its code.",
        "No action: AWS has not named it yet.",
        _name_is_code,
    ),
    Rule(
        RuleId("name-shared"),
        "service",
        "note",
        "One long name for more than one service code.",
        "Join on codes, never on names.",
        _name_shared,
    ),
    Rule(
        RuleId("endpoint-of-another-service"),
        "service",
        "note",
        "A service whose code is the name of one interface of AWS and whose endpoints are those of another.",
        "Go by the endpoint and the long name: the code may mislead.",
        _endpoint_of_another,
    ),
    Rule(
        RuleId("service-in-no-region"),
        "service",
        "note",
        "A service that is listed and available in no region.",
        "No action: it may be coming, or have ended.",
        _in_no_region,
    ),
    Rule(
        RuleId("service-past-its-end"),
        "service",
        "warning",
        "A service that AWS has ended and whose regions AWS's parameters still list.",
        "Do not plan with it; the evidence is the page on which AWS states its end.",
        _past_its_end,
        points=0,  # it says nothing against what was read
    ),
    Rule(
        RuleId("old-lifecycle-rows"),
        "run",
        "note",
        "Rows of the shipped table of lifecycles that were checked too long before the snapshot.",
        "Use a newer release; maintainers check the rows again.",
        _old_lifecycle,
    ),
    Rule(
        RuleId("services-without-home-page"),
        "run",
        "note",
        "Services without a home page.",
        "Nothing.",
        _without_home_page,
    ),
)
