"""Apply the data-quality rules to an inventory and compute the quality score of the run and of each region."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, get_args

from aws_ssm_fetcher.core.model.analysis import Finding, Quality, RegionQuality
from aws_ssm_fetcher.core.model.codes import Grade, RegionCode, Severity
from aws_ssm_fetcher.processors.rules import REGION_NOT_READ, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.processors.rules import Rule, RuleInput

BEST: Final = 100
GRADES: Final[tuple[tuple[int, Grade], ...]] = ((90, "A"), (80, "B"), (70, "C"), (60, "D"))
"""The lowest score of each grade, the best first; below all of them the grade is ``F``."""
_SEVERITY_RANK: Final = {severity: rank for rank, severity in enumerate(get_args(Severity))}


def validate(evidence: RuleInput, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """Apply every rule and return its findings, the most severe first, then by rule and subject."""
    return worst_first(
        Finding(
            rule=rule.id,
            severity=rule.severity,
            scope=rule.scope,
            subject=remark.subject,
            message=remark.message,
            advice=rule.advice,
            cost=rule.cost,
            evidence=remark.evidence,
        )
        for rule in rules
        for remark in rule.check(evidence)
    )


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by severity, rule, subject and message."""
    return tuple(
        sorted(
            findings,
            key=lambda finding: (_SEVERITY_RANK[finding.severity], finding.rule, finding.subject, finding.message),
        )
    )


def quality(findings: Sequence[Finding], regions: Iterable[RegionCode]) -> Quality:
    """Score the whole by all findings, and each region by those that name it, as subject or in their evidence.

    A score is 100 less what the findings cost, and never below 0. A region that could not be read has 0: nothing is
    known of it. The findings alone decide, so anybody who has them can recompute it.
    """
    codes = tuple(regions)
    lost: Counter[str] = Counter()
    for finding in findings:
        # A set of words: a region that a finding names in subject and evidence loses its cost once.
        for code in codes_in(finding).intersection(codes):
            # All points: of a region that was not read nothing is known, so no share of a score would be right.
            lost[code] += BEST if finding.rule == REGION_NOT_READ.id else finding.cost
    score = _left(sum(finding.cost for finding in findings))
    by_region = tuple(RegionQuality(code, _left(lost[code]), grade(_left(lost[code]))) for code in codes)
    return Quality(score, grade(score), by_region)


def codes_in(finding: Finding) -> frozenset[str]:
    """Return the words of a finding's subject and evidence that may be region codes; a path is split."""
    return frozenset(word for text in (finding.subject, *finding.evidence) for word in text.split("/"))


def grade(score: int) -> Grade:
    """Return the grade of a score."""
    return next((name for least, name in GRADES if score >= least), "F")


def _left(lost: int) -> int:
    return max(BEST - lost, 0)
