"""Rules about the two sources, AWS's parameters and its lists of resource types: neither is an error of the other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.shipped import WITNESS, witness
from aws_ssm_fetcher.core.model.codes import RuleId
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, RuleInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode


def _listed_without_types(evidence: RuleInput) -> Iterator[Remark]:
    if evidence.cells is None:
        return
    for service, regions in evidence.cells.listed_only.items():
        message = (
            f"{many(len(regions), 'region')} where it is listed and AWS's schemas of {evidence.cells.taken:%Y-%m-%d} "
            f"({evidence.cells.origin}) register none of its resource types; {_third(service, regions)}"
        )
        yield Remark(service, message, regions)


def _types_without_listing(evidence: RuleInput) -> Iterator[Remark]:
    if evidence.cells is None:
        return
    cells = evidence.cells
    for service, regions in cells.types_only.items():
        message = (
            f"{many(len(regions), 'region')} where it is not listed and AWS's schemas of {cells.taken:%Y-%m-%d} "
            f"({cells.origin}) register resource types of it; {_third(service, regions)}"
        )
        yield Remark(service, message, regions)


def _waiting_lists(evidence: RuleInput) -> Iterator[Remark]:
    for waiting in evidence.cells.waiting if evidence.cells else ():
        state = "was rejected" if waiting.verdict else "waits for a decision"
        message = (
            f"the list of resource types of {waiting.read:%Y-%m-%d} {state}: {waiting.fewer:,} of "
            f"{waiting.answering_types:,} types fewer, {waiting.more:,} others; that of {waiting.answering:%Y-%m-%d} "
            "answers"
        )
        yield Remark(waiting.region, message)


def _third(service: ServiceCode, regions: Sequence[RegionCode]) -> str:
    """Return what the third source says of these regions, by how many."""
    # botocore's endpoint data, a third source: where the other two differ, it agrees with the parameters in 438 of 497
    # cells.
    says = Counter(witness(service, region) for region in regions)
    words = [f"{says[answer]} {answer}" for answer in ("yes", "no", "nothing") if says[answer]]
    return f"the endpoints of {WITNESS} say {', '.join(words)}"


RULES: Final = (
    Rule(
        RuleId("listed-without-types"),
        "offering",
        "note",
        "A service that AWS's parameters list in regions in which AWS's schemas register none of its resource types.",
        "Expect the service there, but not to deploy it with CloudFormation; the evidence names the regions.",
        _listed_without_types,
    ),
    Rule(
        RuleId("types-without-listing"),
        "offering",
        "note",
        "A service that has resource types in regions in which AWS's parameters do not list it.",
        "Look at AWS's own pages before you rely on either; the evidence names the regions.",
        _types_without_listing,
    ),
    Rule(
        RuleId("list-of-types-quarantined"),
        "region",
        "note",
        "A region whose newest list of resource types is not accepted, so that an older one answers.",
        "Compare both lists with AWS's own pages; `history runs` has the commands that accept or reject the newer one.",
        _waiting_lists,
    ),
)
