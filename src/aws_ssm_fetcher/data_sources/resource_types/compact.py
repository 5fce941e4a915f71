r"""The bundled lists written down small, for the Lambda package that carries them: 25 KB in place of 37.

::

    {"document": "bundled-resource-types", "version": "1.0", "run_id": "20261020T000000Z",
     "taken": "2026-10-20T00:00:00Z", "source": {"kind": "bundled", …}, "regions": [{"region": "af-south-1", …}, …],
     "types": [["1fffff", ["AWS::ACMPCA::Certificate", …]], …],
     "instance_regions": ["af-south-1", …], "names": "0a1.2xlarge\\n34xlarge\\n…",
     "families": {"ec2": ["3fffff", "0 1fbfe 3fffff …"], …}}

A mask has the lowest bit for the first region. Of names, sorted, each line has one letter for how many characters are
those of the name before, then the rest; a family has the mask of its regions, and one of each name, 0 where it has not.
"""

from __future__ import annotations

import json
import string
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.envelopes import open_document, read_as
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.resource_types import (
    FamilyLists,
    InstanceLists,
    NameLists,
    RegionList,
    ResourceTypes,
    Shared,
    TypesSource,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

KIND: Final = "bundled-resource-types"
VERSION: Final = "1.0"
_LENGTHS: Final = string.digits + string.ascii_lowercase
"""How many characters a name shares with the one before, as a letter."""


def dump_compact(inventory: ResourceTypes) -> str:
    """Return lists as the compact document."""
    lists, instances = inventory.types, inventory.instances
    codes = [row.region for row in lists.regions]
    regions = instances.regions if instances else ()
    families = {family.family: family for family in (instances.families if instances else ())}
    names = sorted({name for family in families.values() for group in family.groups for name in group.names})
    document = {
        "document": KIND,
        "version": VERSION,
        "run_id": inventory.run_id,
        "taken": encode(inventory.taken),
        "source": encode(lists.source),
        "regions": encode(lists.regions),
        "types": [[_mask(group.regions, codes), group.names] for group in lists.groups],
        "instance_regions": regions,
        "names": "\n".join(_shortened(names)),
        "families": {
            name: [_mask(family.regions, regions), " ".join(_masks(family, names, regions))]
            for name, family in families.items()
        },
    }
    return json.dumps(document, separators=(",", ":")) + "\n"


def load_compact(body: bytes, key: str) -> ResourceTypes:
    """Read the compact document. Raises ``DocumentRefusedError`` naming *key*."""
    value = open_document(KIND, VERSION, body, key)
    source = read_as(TypesSource, value["source"], key, within="source")
    rows = read_as(tuple[RegionList, ...], value["regions"], key, within="regions")
    codes = [row.region for row in rows]
    groups = tuple(Shared(_regions(mask, codes), tuple(names)) for mask, names in value["types"])
    regions = tuple(RegionCode(code) for code in value["instance_regions"])
    names = tuple(_whole(value["names"].split("\n")))
    families = tuple(
        FamilyLists(family, _regions(of_family, regions), tuple(_groups(names, masks.split(" "), regions)))
        for family, (of_family, masks) in value["families"].items()
    )
    instances = InstanceLists(source, regions, families)
    taken = datetime.fromisoformat(value["taken"])
    return ResourceTypes(RunId(value["run_id"]), taken, NameLists(source, rows, groups), instances)


def _groups(names: Iterable[str], masks: Iterable[str], regions: Sequence[RegionCode]) -> Iterator[Shared]:
    own: dict[str, list[str]] = {}
    # In the order of names, so that groups come sorted by their first name.
    for name, mask in zip(names, masks, strict=True):
        own.setdefault(mask, []).append(name)
    return (Shared(_regions(mask, regions), tuple(of_mask)) for mask, of_mask in own.items() if mask != "0")


def _masks(family: FamilyLists, names: Iterable[str], regions: Sequence[RegionCode]) -> Iterator[str]:
    masks = {name: _mask(group.regions, regions) for group in family.groups for name in group.names}
    return (masks.get(name, "0") for name in names)


def _mask(own: Iterable[RegionCode], regions: Sequence[RegionCode]) -> str:
    return f"{sum(1 << regions.index(region) for region in own):x}"


def _regions(mask: str, regions: Sequence[RegionCode]) -> tuple[RegionCode, ...]:
    bits = int(mask, 16)
    return tuple(region for place, region in enumerate(regions) if bits >> place & 1)


def _shortened(names: Sequence[str]) -> Iterator[str]:
    for before, name in pairwise(("", *names)):
        longest = min(len(before), len(name), len(_LENGTHS) - 1)
        shared = next((place for place in range(longest) if before[place] != name[place]), longest)
        yield _LENGTHS[shared] + name[shared:]


def _whole(lines: Iterable[str]) -> Iterator[str]:
    name = ""
    for line in lines:
        name = name[: _LENGTHS.index(line[0])] + line[1:]
        yield name
