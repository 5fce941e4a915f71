"""What the words of answers mean, for an agent that reads them."""

from __future__ import annotations

from typing import Any, get_args

from aws_ssm_fetcher.core.model.codes import REACHES, ChangeKind, Detail
from aws_ssm_fetcher.processors.rules import RULES
from aws_ssm_fetcher.processors.statistics_analyzer import TIERS
from aws_ssm_fetcher.queries.fits.choice import GEOGRAPHIES
from aws_ssm_fetcher.queries.fits.model import VERDICTS


def definitions() -> dict[str, Any]:
    """Return the words by where they stand."""
    return {
        "unknown": "AWS publishes nothing about it, or it could not be read. It does not mean absent.",
        "offering": "A service listed in a region by AWS's public parameters.",
        "tiers": {name: f"offered in {share:.0%} or more of the regions of its partitions" for share, name in TIERS},
        "reach": dict(REACHES),
        "verdicts of check_stack": dict(VERDICTS),
        "kinds of change": list(get_args(ChangeKind)),
        "levels of detail": list(get_args(Detail)),
        "geographies": {name: sorted(countries) for name, countries in GEOGRAPHIES.items()},
        "rules of findings": {rule.id: rule.meaning for rule in RULES},
    }
