"""Codes that services had in earlier snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import ServiceCode

if TYPE_CHECKING:
    from collections.abc import Mapping

EARLIER_CODES: Final[Mapping[ServiceCode, tuple[ServiceCode, ...]]] = {
    ServiceCode("ahl"): (ServiceCode("healthlake"),),
    ServiceCode("aps"): (ServiceCode("amp"),),
    ServiceCode("aws-appfabric"): (ServiceCode("appfabric"),),
    ServiceCode("aws-devops-agent"): (ServiceCode("devops-agent"),),
    ServiceCode("awshealthdashboard"): (ServiceCode("phd"),),
    ServiceCode("identity-center"): (ServiceCode("sso"),),
}
"""Earlier codes by present code, found by comparing snapshots of different years."""

CODES_OF_RENAMES: Final = frozenset((*EARLIER_CODES, *(old for earlier in EARLIER_CODES.values() for old in earlier)))
"""Those present and earlier codes."""
