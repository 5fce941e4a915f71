"""Which service a stack's name belongs to, by the table of aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.aliases import (
    aliases_by_letters,
    aliases_in,
    cloudformation_type_decision,
    fold,
    terraform_type_decision,
    without_vendor,
)
from aws_ssm_fetcher.queries.fits.verdicts import NameDecision
from aws_ssm_fetcher.queries.lookup import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_ssm_fetcher.core.model.aliases import Alias
    from aws_ssm_fetcher.core.model.codes import ServiceCode
    from aws_ssm_fetcher.data_sources.stacks.model import Need
    from aws_ssm_fetcher.queries.fits.evidence import Services

_NOT_THERE: Final = NameDecision("not in the table")


def naming(services: Services) -> Callable[[Need], NameDecision]:
    """Return the function that decides which service a need's name belongs to."""
    codes = {code.casefold(): code for code in services.names}

    def decide(need: Need) -> NameDecision:
        if need.kind == "type":
            return _of_alias(cloudformation_type_decision(need.name))
        if need.kind in {"terraform", "data"}:
            return _of_alias(terraform_type_decision(need.name))
        if need.family in {"iam", "arn"}:
            return _of_prefix(need.name, codes)
        return _of_text(need.name, codes, services.names)

    return decide


def _of_alias(alias: Alias | None) -> NameDecision:
    if alias is None:
        return _NOT_THERE
    return NameDecision(alias.decision, alias.codes, alias.note or "")


def _of_prefix(prefix: str, codes: Mapping[str, ServiceCode]) -> NameDecision:
    """Decide the prefix of an IAM action; that of an ARN is the same for all but a few old services."""
    alias = aliases_in("iam").get(prefix)
    if alias is not None:
        return _of_alias(alias)
    return NameDecision("service", (codes[prefix],)) if prefix in codes else _NOT_THERE


def _of_text(text: str, codes: Mapping[str, ServiceCode], names: Mapping[ServiceCode, str | None]) -> NameDecision:
    """Decide a name of any vocabulary: the code, then a long name, then a name of another vocabulary."""
    if text.casefold() in codes:
        return NameDecision("service", (codes[text.casefold()],))
    wanted = {fold(text), fold(without_vendor(text))}
    named = [code for code, name in names.items() if name and fold(without_vendor(name)) in wanted]
    if len(named) == 1:
        return NameDecision("service", (named[0],))
    decided = [alias for form in sorted(wanted) for alias in aliases_by_letters().get(form, ())]
    products = [alias for alias in decided if alias.vocabulary == "product"] or decided
    if len({(alias.decision, alias.codes) for alias in products}) == 1:
        return _of_alias(products[0])
    either = named or [code for alias in products for code in alias.codes]
    if either:
        return NameDecision("several", tuple(dict.fromkeys(either)))
    near = nearest(text.casefold(), codes, ())
    return NameDecision("not in the table", note=f'did you mean "{near[0]}"?' if near else "")
