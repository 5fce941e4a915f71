"""Which service a stack's name belongs to, by the table of aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.error_handling import AmbiguousNameError, UnknownCodeError, UnlistedNameError
from aws_ssm_fetcher.core.model.aliases import (
    DECISIONS,
    aliases_in,
    cloudformation_type_decision,
    terraform_type_decision,
)
from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.queries.fits.verdicts import NameDecision
from aws_ssm_fetcher.queries.lookup import Catalog, find_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_ssm_fetcher.core.model.aliases import Alias
    from aws_ssm_fetcher.data_sources.stacks.model import Need
    from aws_ssm_fetcher.queries.fits.evidence import Services

_NOT_THERE: Final = NameDecision("not in the table")


def naming(services: Services) -> Callable[[Need], NameDecision]:
    """Return the function that decides which service a need's name belongs to."""
    codes = {code.casefold(): code for code in services.names}
    catalog = Catalog(codes, [(code, name) for code, name in services.names.items() if name])

    def decide(need: Need) -> NameDecision:
        if need.kind == "type":
            return _of_alias(cloudformation_type_decision(need.name))
        if need.kind in {"terraform", "data"}:
            return _of_alias(terraform_type_decision(need.name))
        if need.family in {"iam", "arn"}:
            return _of_prefix(need.name, codes)
        return _of_text(need.name, catalog)

    return decide


def _of_alias(alias: Alias | None) -> NameDecision:
    if alias is None:
        return _NOT_THERE
    return NameDecision(alias.decision, alias.codes, alias.note or "")


def _of_prefix(prefix: str, codes: Mapping[str, ServiceCode]) -> NameDecision:
    """Decide the prefix of an IAM action; that of an ARN is the same for all but a few old services."""
    # The table first: "launchwizard" is a code, and the prefix of the service launch-wizard.
    alias = aliases_in("iam").get(prefix)
    if alias is not None:
        return _of_alias(alias)
    return NameDecision("service", (codes[prefix],)) if prefix in codes else _NOT_THERE


def _of_text(text: str, catalog: Catalog[ServiceCode]) -> NameDecision:
    """Decide a name of any vocabulary."""
    try:
        return NameDecision("service", (find_service(text, catalog),))
    except UnlistedNameError as error:
        decision = next(known for known in DECISIONS if known == error.decision)
        return NameDecision(decision, tuple(map(ServiceCode, error.nearest)), error.note or "")
    except AmbiguousNameError as error:
        return NameDecision("several", tuple(map(ServiceCode, error.nearest)))
    except UnknownCodeError as error:
        return NameDecision("not in the table", note=f'did you mean "{error.nearest[0]}"?' if error.nearest else "")
