"""Replay the bundled past in many orders, and compare what they end in.

    .venv/bin/python tools/replay_bundled_past.py [--shuffles 2] [--runs 43] [--seed 1]

Each bundled run becomes an inventory again, and goes through stage two into an empty store: in order, reversed, and
shuffled. Then once more, each together with a copy of an archive that has every third run at another hour of the same
day. All orders of the same runs have to end in the same bytes of the history, in which no run is missing, the offerings
as of each run are the bundled ones, and nothing is announced as removed that a later run shows within 60 days. With
--runs N only the first N are replayed. It takes minutes: a run that comes late has others evaluated again.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.core.model.inventory import Inventory, Launch, Offering, Region, Service, Source, Zone
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import bundled_past
from aws_ssm_fetcher.processors.history.changes import track
from aws_ssm_fetcher.processors.history.record import sighting_at
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_ssm_fetcher.core.model.history import History

HOURS: Final = (-5, 7, 1)  # of the archive's runs, from those of the bundled ones
EVERY_THIRD: Final = 3
NEAR: Final = timedelta(days=60)


def main() -> int:
    """Replay, print, and return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shuffles", type=int, default=2)
    parser.add_argument("--runs", type=int, default=len(bundled_past().runs))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - to be repeated, not to be secret
    past = [inventory_at(bundled_past(), position) for position in range(options.runs)]
    archive = [_moved(snapshot, HOURS[number % len(HOURS)]) for number, snapshot in enumerate(past[::EVERY_THIRD])]
    failed = _compare("the bundled past", past, options.shuffles, chance)
    failed |= _compare("with an archive of the same days", past + archive, options.shuffles, chance)
    return 1 if failed else 0


def inventory_at(history: History, position: int) -> Inventory:
    """Return what a run of a history shows as an inventory; what could not be read counts as left out."""
    run = history.runs[position]
    seen = sighting_at(history, position).seen
    names = {(subject.region, subject.service): subject.value for subject in seen if subject.kind == "name"}
    hosts = {(subject.region, subject.service): subject.value for subject in seen if subject.kind == "endpoint"}
    launches = {
        subject.region: Launch(date.fromisoformat(subject.value), "overlay", "")
        for subject in seen
        if subject.kind == "launch"
    }
    zones = sorted(subject for subject in seen if subject.kind == "zone")
    lineage = history.lineage
    return Inventory(
        run.run_id,
        run.taken,
        Source("file", run.origin, lineage.query_region, lineage.detail, run.unread),  # type: ignore[arg-type] # paths
        tuple(
            Region(
                subject.region,  # type: ignore[arg-type] # a region's code
                names.get((subject.region, "")),
                launch=launches.get(subject.region),
                zones=tuple(Zone(zone.zone, zone.value) for zone in zones if zone.region == subject.region),  # type: ignore[arg-type]
            )
            for subject in sorted(seen)
            if subject.kind == "region"
        ),
        tuple(
            Service(ServiceCode(subject.service), names.get(("", subject.service)))
            for subject in sorted(seen)
            if subject.kind == "service"
        ),
        tuple(
            Offering(ServiceCode(subject.service), subject.region, hosts.get((subject.region, subject.service)))  # type: ignore[arg-type]
            for subject in sorted(seen)
            if subject.kind == "offering"
        ),
    )


def _moved(inventory: Inventory, hours: int) -> Inventory:
    taken = inventory.taken + timedelta(hours=hours)
    return inventory._replace(taken=taken, run_id=keys.run_id_of(taken))


def _compare(what: str, runs: Sequence[Inventory], shuffles: int, chance: random.Random) -> bool:
    ordered = sorted(runs, key=lambda run: run.taken)
    orders = {"in order": ordered, "reversed": ordered[::-1]}
    orders |= {f"shuffled {number}": chance.sample(ordered, len(ordered)) for number in range(1, shuffles + 1)}
    bodies = {}
    for name, order in orders.items():
        started = time.process_time()
        bodies[name] = _replayed(order)
        digest = hashlib.sha256(bodies[name]).hexdigest()[:12]
        print(f"{what}, {name}: {len(order)} runs, {digest}, {time.process_time() - started:.0f} s", flush=True)
    history = load_history(bodies["in order"], "replayed")
    missing = {run.taken for run in runs} - {run.taken for run in history.runs}
    wrong = [run for run in history.runs if not _as_the_bundled(history, run.taken, runs)]
    false = _false_removals(history)
    others = len(set(bodies.values())) - 1
    print(
        f"{what}: {others} differ, {len(missing)} missing, {len(wrong)} wrong as of their day, {false} false removals"
    )
    return len(set(bodies.values())) > 1 or bool(missing or wrong or false)


def _replayed(order: Sequence[Inventory]) -> bytes:
    store = MemoryStore()
    for inventory in order:
        key = keys.inventory_key(inventory.taken, inventory.run_id)
        store.write(key, run_documents.dump_inventory(inventory))
        process(store, key)
    lineage = bundled_past().lineage
    return store.read(keys.history_key(lineage.query_region, lineage.detail)).body


def _as_the_bundled(history: History, taken: object, runs: Sequence[Inventory]) -> bool:
    inventory = next(candidate for candidate in runs if candidate.taken == taken)
    offered = {(offering.region, offering.service) for offering in inventory.offerings}
    shown = offerings_as_of(history, inventory.taken)
    return shown >= offered if inventory.source.left_out else shown == offered


def _false_removals(history: History) -> int:
    """Count offerings that are announced as removed and shown again soon."""
    taken, returned = [run.taken for run in history.runs], 0
    for change in track(history, Caution()).changes:
        if change.kind == "removed":
            pair = ("offering", change.region, change.service)
            own = next(
                own for subject, own in history.spans.items() if (subject.kind, subject.region, subject.service) == pair
            )
            away = [taken[span.first] - change.announced for span in own]
            returned += any(timedelta(0) < time_away <= NEAR for time_away in away)
    return returned


if __name__ == "__main__":
    raise SystemExit(main())
