"""Make the histories of resource types and of instance types that ship with the package, from releases of cfn-lint.

Run it with ``make resource-types-history``; ``tools/resource_types_history.txt`` names the releases, each with the
SHA-256 of its wheel. A region that had a list and has none later is unknown from then on, not without types.
What comes out is checked: the history shows each release's lists at its day.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.core.documents.types.history import Release, dump_types_history
from aws_ssm_fetcher.core.documents.types.instance_changes import KIND as INSTANCE_CHANGES
from aws_ssm_fetcher.core.documents.types.instance_changes import VERSION as CHANGES_VERSION
from aws_ssm_fetcher.core.documents.types.instance_changes import InstanceChanges, dump_instance_changes
from aws_ssm_fetcher.core.documents.types.instances import InstanceRelease, dump_instances_history
from aws_ssm_fetcher.core.model.history import TYPES_LINEAGE, History
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store.keys import run_id_of
from aws_ssm_fetcher.data_sources.resource_types.cfn_lint import instance_names_in, taken_of, type_names_in
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import INSTANCES_FILE, SHIPPED, TYPES_FILE
from aws_ssm_fetcher.processors.history.record import record
from aws_ssm_fetcher.processors.instance_news import CHANGES_FILE
from aws_ssm_fetcher.processors.type_news import instance_news
from aws_ssm_fetcher.processors.types_history import as_inventory
from instance_types_history import families_past
from refresh_resource_types import download

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.core.model.codes import RegionCode

PINS: Final = Path(__file__).parent / "resource_types_history.txt"
DIGITS: Final = 16  # of a SHA-256: they show a difference, and the file ships in a package that has to be small


def main() -> int:
    """Write the history."""
    pins = [line.partition(" --hash=sha256:")[::2] for line in PINS.read_text().splitlines()]
    releases = [(pin.removeprefix("cfn-lint=="), sha256) for pin, sha256 in pins]
    instances: list[tuple[InstanceRelease, dict[str, dict[RegionCode, frozenset[str]]]]] = []

    def wheels() -> Iterator[tuple[str, str, bytes]]:
        for name, sha256 in releases:
            wheel = download(name, sha256)
            release = InstanceRelease(taken_of(wheel), f"cfn-lint {name}")
            instances.append((release, instance_names_in(wheel)))
            yield name, sha256, wheel

    releases_read, history = history_of(wheels())
    packed = dump_types_history(releases_read, history)
    (SHIPPED / TYPES_FILE).write_bytes(packed)
    of_releases = [release for release, _ in instances]
    pasts = families_past(of_releases, [lists for _, lists in instances])
    packed_instances = dump_instances_history(of_releases, pasts)
    (SHIPPED / INSTANCES_FILE).write_bytes(packed_instances)
    newest = of_releases[-1].taken
    news = instance_news({family: past.history for family, past in pasts.items()}, Caution())
    changes = InstanceChanges(INSTANCE_CHANGES, CHANGES_VERSION, run_id_of(newest), newest, news)
    (SHIPPED / CHANGES_FILE).write_bytes(gzipped(dump_instance_changes(changes).decode()))
    sizes = len(packed) / 1000, len(packed_instances) / 1000
    print(f"{len(releases_read)} releases: resource types in {sizes[0]:.0f} KB, instance types in {sizes[1]:.0f} KB")
    return 0


def history_of(wheels: Iterable[tuple[str, str, bytes]]) -> tuple[list[Release], History]:
    """Return the history of releases, each given by its name, the hash of its wheel and the wheel."""
    releases, history = [], History(TYPES_LINEAGE)
    for name, types in _inventories(wheels):
        history = record(history, as_inventory(types))
        shown = offerings_as_of(history, types.taken)
        held = frozenset((region, type_name) for region, names in types.types.names_in.items() for type_name in names)
        unread = frozenset(types.types.unknown)
        if {pair for pair in shown if pair[0] not in unread} != held:
            raise SystemExit(f"The history does not show the lists of {name}")
        digest = pairs_digest(held)
        releases.append(Release(types.taken, f"cfn-lint {name}", types.types.unknown, len(held), digest))
        print(f"cfn-lint {name:<8} {types.taken:%Y-%m-%d} {len(held):>7,} pairs")
    return releases, history


def pairs_digest(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the beginning of the SHA-256 of pairs of a region and a type as ``Release`` has it."""
    lines = sorted(f"{region} {name}\n" for region, name in pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:DIGITS]


def _inventories(wheels: Iterable[tuple[str, str, bytes]]) -> Iterator[tuple[str, ResourceTypes]]:
    known: set[RegionCode] = set()
    for name, sha256, wheel in wheels:
        taken, names_in = taken_of(wheel), type_names_in(wheel)
        known |= set(names_in)
        source = TypesSource("bundled", f"cfn-lint {name}", taken, sha256)
        yield name, ResourceTypes(run_id_of(taken), taken, name_lists(source, names_in, known))


if __name__ == "__main__":
    sys.exit(main())
