"""Conditions of CloudFormation, or locals of Terraform, that switch off what a region is known to lack."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.queries.fits.model import StackFit

_OPERANDS: Final = 10
"""``Fn::Or`` takes two to ten conditions."""


def lacking(fit: StackFit) -> dict[str, tuple[str, ...]]:
    """Return the regions that lack each name, of those that the answer is about."""
    regions: defaultdict[str, set[str]] = defaultdict(set)
    for region in fit.regions:
        for need_finding in region.missing:
            if not need_finding.need.region:
                regions[need_finding.need.name].add(region.region)
    return {name: tuple(sorted(where)) for name, where in sorted(regions.items())}


def conditions(fit: StackFit) -> str:
    """Return ``Conditions`` of a template, a condition for each name, in YAML.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
    """
    lines = [*_comment(fit), "Conditions:"]
    by_name = lacking(fit)
    taken: set[str] = set()
    for name, regions in by_name.items():
        condition = condition_name(name)
        while condition in taken:  # two names may differ in punctuation alone
            condition += "2"
        taken.add(condition)
        addresses = sorted({need.place.address for need in fit.needs if need.name == name})
        lines.append(f"  # {name}: {', '.join(addresses)}")
        lines.append(f"  {condition}: !Not")
        lines += [f"    - {line}" if at == 0 else f"      {line}" for at, line in enumerate(_any_of(regions))]
    return "\n".join(lines if by_name else [*lines[:-1], "Conditions: {}"])


def condition_name(name: str) -> str:
    """Return the name of a condition: ``AWS::AppRunner::Service`` is ``HasAppRunnerService``."""
    words = re.split(r"[^A-Za-z0-9]+", name.removeprefix("AWS::").removeprefix("aws_"))
    return "Has" + "".join(word[:1].upper() + word[1:] for word in words)


def _any_of(regions: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a condition that holds in any of some regions."""
    if len(regions) == 1:
        yield f'!Equals [!Ref "AWS::Region", {regions[0]}]'
        return
    yield "!Or"
    if len(regions) <= _OPERANDS:
        for region in regions:
            yield from (f"  - {line}" for line in _any_of([region]))
        return
    # Two levels hold 100 regions, more than AWS has.
    parts = -(-len(regions) // _OPERANDS)
    size = -(-len(regions) // parts)
    for start in range(0, len(regions), size):
        inner = list(_any_of(regions[start : start + size]))
        yield from (f"  - {line}" if at == 0 else f"    {line}" for at, line in enumerate(inner))


def terraform_locals(fit: StackFit) -> str:
    """Return ``locals`` of Terraform: for each name, whether the provider's region is known to lack it."""
    lines = [*_comment(fit)]
    by_name = lacking(fit)
    example = next(iter(by_name), "aws_apprunner_service")
    lines += [
        f"# Use: count = local.region_has[{json.dumps(example)}] ? 1 : 0",
        "# Version 5 of the provider calls the attribute region name.",
        'data "aws_region" "fits" {}',
        "",
        "locals {",
        "  region_lacks = {",
    ]
    lines += [f"    {json.dumps(name)} = {json.dumps(list(regions))}" for name, regions in by_name.items()]
    lines += [
        "  }",
        "  region_has = {",
        "    for name, regions in local.region_lacks : name => !contains(regions, data.aws_region.fits.region)",
        "  }",
        "}",
    ]
    return "\n".join(lines)


def _comment(fit: StackFit) -> Iterator[str]:
    for source in fit.sources:
        yield f"# {source.name}: {source.origin}, {source.taken}"
