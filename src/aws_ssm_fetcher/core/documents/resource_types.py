"""The document of resource types and instance types by region: versioned, sorted, the same bytes for the same lists.

::

    {"document": "resource-types", "version": "1.1",
     "run_id": "20261020T000000Z", "taken": "2026-10-20T00:00:00Z",
     "counts": {"regions": 37, "unknown_regions": 9, "types": 1884, "pairs": 44330, "instance_types": 3300},
     "content": {
       "types": {
         "source": {"kind": "bundled", "origin": "cfn-lint 1.58.0", …},
         "regions": [{"region": "af-south-1", "status": "own"}, {"region": "eusc-de-east-1", "status": "copy"}, …],
         "groups": [{"regions": ["af-south-1", …], "names": ["AWS::ACMPCA::Certificate", …]}, …]},
       "instances": {
         "source": {…}, "regions": ["af-south-1", …],
         "families": [{"family": "ec2", "regions": […], "groups": [{"regions": […], "names": ["c5.large", …]}]}]}}}

A group is a set of regions with the names that exactly these regions have: 44,330 pairs in 336 groups.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.envelopes import open_document, read_as, to_json
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.resource_types import InstanceLists, NameLists, ResourceTypes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.resource_types import Shared

KIND: Final = "resource-types"
VERSION: Final = "1.1"
_SHOWN: Final = 5  # values in a message: enough to see what is wrong


class TypesEnvelope(NamedTuple):
    """The head of the document."""

    document: str
    version: str
    run_id: RunId
    taken: datetime
    """When the youngest of the lists was read."""
    counts: dict[str, int]


class TypesContent(NamedTuple):
    """The lists themselves."""

    types: NameLists
    instances: InstanceLists | None


def dump_resource_types(inventory: ResourceTypes) -> bytes:
    """Return an inventory of resource types as a document."""
    envelope = TypesEnvelope(KIND, VERSION, inventory.run_id, inventory.taken, counts_of(inventory))
    return to_json(encode(envelope) | {"content": encode(TypesContent(inventory.types, inventory.instances))})


def load_resource_types(body: bytes, key: str) -> ResourceTypes:
    """Read an inventory of resource types. Raises ``DocumentRefusedError`` naming *key*."""
    value = open_document(KIND, VERSION, body, key)
    envelope = read_as(TypesEnvelope, value, key)
    content = read_as(TypesContent, value.get("content"), key, within="content")
    inventory = ResourceTypes(envelope.run_id, envelope.taken, content.types, content.instances)
    _check_groups(key, "types", content.types.groups, content.types.known)
    for family in content.instances.families if content.instances else ():
        _check_groups(key, f"instance types of {family.family}", family.groups, family.regions)
    # The counts beside the content show a document that was put together from two.
    held = counts_of(inventory)
    if any(envelope.counts.get(noun) != count for noun, count in held.items()):
        raise DocumentRefusedError(key, expected=f"counts as in its content: {held}", found=str(envelope.counts)[:200])
    return inventory


def counts_of(inventory: ResourceTypes) -> dict[str, int]:
    """Return how many of each noun an inventory holds."""
    families = inventory.instances.families if inventory.instances else ()
    return {
        "regions": len(inventory.types.known),
        "unknown_regions": len(inventory.types.unknown),
        "types": sum(len(group.names) for group in inventory.types.groups),
        "pairs": inventory.types.pairs,
        "instance_types": sum(len(group.names) for family in families for group in family.groups),
    }


def _check_groups(key: str, noun: str, groups: Iterable[Shared], regions: Sequence[RegionCode]) -> None:
    """Refuse groups that name a region without a list, or a name twice."""
    groups = tuple(groups)
    stray = sorted({region for group in groups for region in group.regions} - set(regions))
    if stray:
        expected = f"{noun} only in the {len(regions)} regions with a list of their own"
        raise DocumentRefusedError(key, expected=expected, found=_some(stray))
    twice = [name for name, times in Counter(name for group in groups for name in group.names).items() if times > 1]
    if twice:
        raise DocumentRefusedError(key, expected=f"{noun} each in one group", found=f"{_some(twice)} more than once")


def _some(values: Sequence[str]) -> str:
    shown = [ascii(value).strip("'") for value in values[:_SHOWN]]
    return ", ".join(shown) + (", …" if len(values) > _SHOWN else "")
