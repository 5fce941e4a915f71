"""The history of instance types that ships with the package, from the lists that releases of cfn-lint carry.

From 2024-02 to 2026-06 these releases had one list for all regions, that of all types anywhere: of such a release
nothing is known of any region. What comes out is checked: the history shows each other release's lists at its day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents.types.instances import FamilyPast
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import INSTANCES_LINEAGE, History, Run, Subject
from aws_ssm_fetcher.core.store.keys import run_id_of
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.record import Sighting, replay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.documents.types.instances import InstanceRelease

Lists = Mapping[RegionCode, frozenset[str]]
FEWEST_READ = 2  # of one release alone there is no history


def families_past(releases: Sequence[InstanceRelease], lists: Sequence[Mapping[str, Lists]]) -> dict[str, FamilyPast]:
    """Return the history of each use that two releases at least have lists of, given the lists of each release."""
    families = sorted({family for of_release in lists for family in of_release})
    pasts = {family: _past(releases, [of_release.get(family, {}) for of_release in lists]) for family in families}
    return {family: past for family, past in pasts.items() if past}


def is_one_list(names_in: Lists) -> bool:
    """Return whether several regions have one list, which then is a copy and says nothing of any of them."""
    return len(names_in) > 1 and len(set(names_in.values())) == 1


def pairs_digest(pairs: Iterable[tuple[int, str, str]]) -> str:
    """Return the SHA-256 of runs, regions and instance types as ``FamilyPast`` has it."""
    lines = sorted(f"{place} {region} {name}\n" for place, region, name in pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _past(releases: Sequence[InstanceRelease], lists: Sequence[Lists]) -> FamilyPast | None:
    read = [{} if is_one_list(names_in) else names_in for names_in in lists]
    if sum(map(bool, read)) < FEWEST_READ:
        return None
    known: set[RegionCode] = set()
    every = set[RegionCode]().union(*lists)
    sightings = []
    for release, of_all, names_in in zip(releases, lists, read, strict=True):
        known |= set(of_all)
        # A release without lists says nothing of a region that came later either.
        unread = tuple(
            f"regions/{region}/services" for region in sorted((known if names_in else every) - set(names_in))
        )
        run = Run(release.taken, run_id_of(release.taken), release.origin, unread)
        seen = frozenset(Subject("offering", region, name) for region, names in names_in.items() for name in names)
        sightings.append(Sighting(run, seen, {}))
    history = replay(History(INSTANCES_LINEAGE), sightings)
    pairs = [{(region, name) for region, names in names_in.items() for name in names} for names_in in read]
    for release, names_in, shown in zip(releases, read, pairs, strict=True):
        if {pair for pair in offerings_as_of(history, release.taken) if pair[0] in names_in} != shown:
            raise SystemExit(f"The history does not show the instance types of {release.origin}")
    digest = pairs_digest((place, *pair) for place, of_run in enumerate(pairs) for pair in of_run)
    return FamilyPast(history, tuple(map(len, pairs)), digest)
