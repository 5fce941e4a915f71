"""Make the history of resource types that ships with the package: the lists that releases of cfn-lint carry.

Run it with ``make resource-types-history``; ``tools/resource_types_history.txt`` names the releases, each with the
SHA-256 of its wheel. A region that had a list and has none later is unknown from then on, not without types.
What comes out is checked: the history shows each release's lists at its day.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.types_history import Release, dump_types_history
from aws_ssm_fetcher.core.model.history import TYPES_LINEAGE, History
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store.keys import run_id_of
from aws_ssm_fetcher.data_sources.resource_types.cfn_lint import taken_of, type_names_in
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import SHIPPED, TYPES_FILE
from aws_ssm_fetcher.processors.history.record import record
from aws_ssm_fetcher.processors.types_history import as_inventory
from refresh_resource_types import download

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.core.model.codes import RegionCode

PINS: Final = Path(__file__).parent / "resource_types_history.txt"


def main() -> int:
    """Write the history."""
    pins = [line.partition(" --hash=sha256:")[::2] for line in PINS.read_text().splitlines()]
    releases = [(pin.removeprefix("cfn-lint=="), sha256) for pin, sha256 in pins]
    releases_read, history = history_of((name, sha256, download(name, sha256)) for name, sha256 in releases)
    packed = dump_types_history(releases_read, history)
    (SHIPPED / TYPES_FILE).write_bytes(packed)
    print(f"{len(releases_read)} releases in {len(packed) / 1000:.0f} KB")
    return 0


def history_of(wheels: Iterable[tuple[str, str, bytes]]) -> tuple[list[Release], History]:
    """Return the history of releases, each given by its name, the hash of its wheel and the wheel."""
    releases, history = [], History(TYPES_LINEAGE)
    for name, sha256, types in _inventories(wheels):
        history = record(history, as_inventory(types))
        shown = offerings_as_of(history, types.taken)
        held = frozenset((region, type_name) for region, names in types.types.names_in.items() for type_name in names)
        unread = frozenset(types.types.unknown)
        if {pair for pair in shown if pair[0] not in unread} != held:
            raise SystemExit(f"The history does not show the lists of {name}")
        digest = pairs_digest(held)
        releases.append(Release(types.taken, f"cfn-lint {name}", sha256, types.types.unknown, len(held), digest))
        print(f"cfn-lint {name:<8} {types.taken:%Y-%m-%d} {len(held):>7,} pairs")
    return releases, history


def pairs_digest(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of pairs of a region and a type as ``Release`` has it."""
    lines = sorted(f"{region} {name}\n" for region, name in pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _inventories(wheels: Iterable[tuple[str, str, bytes]]) -> Iterator[tuple[str, str, ResourceTypes]]:
    known: set[RegionCode] = set()
    for name, sha256, wheel in wheels:
        taken, names_in = taken_of(wheel), type_names_in(wheel)
        known |= set(names_in)
        source = TypesSource("bundled", f"cfn-lint {name}", taken, sha256)
        yield name, sha256, ResourceTypes(run_id_of(taken), taken, name_lists(source, names_in, known))


if __name__ == "__main__":
    sys.exit(main())
