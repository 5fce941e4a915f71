"""The data-quality rules by subject: the run, its regions, its services, its offerings, its resource types.

What AWS publishes, however odd, is a note or a warning. An error is only what makes this inventory
unreliable.
"""

from __future__ import annotations

from aws_ssm_fetcher.processors.rules.offerings import RULES as OF_OFFERINGS
from aws_ssm_fetcher.processors.rules.regions import RULES as OF_REGIONS
from aws_ssm_fetcher.processors.rules.rule import COSTS, Failure, Remark, Rule, RuleInput
from aws_ssm_fetcher.processors.rules.runs import REGION_NOT_READ, STEP_FAILED
from aws_ssm_fetcher.processors.rules.runs import RULES as OF_THE_RUN
from aws_ssm_fetcher.processors.rules.services import RULES as OF_SERVICES
from aws_ssm_fetcher.processors.rules.types import RULES as OF_TYPES

RULES = (*OF_THE_RUN, *OF_REGIONS, *OF_SERVICES, *OF_OFFERINGS, *OF_TYPES)
"""Every rule, in the order of the reference page."""

__all__ = ["COSTS", "REGION_NOT_READ", "RULES", "STEP_FAILED", "Failure", "Remark", "Rule", "RuleInput"]
