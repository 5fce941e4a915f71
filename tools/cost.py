"""Compute what a deployment uses in a month, and what that costs by prices that you give.

``python tools/cost.py [--environment dev] [--runs 30] [--seconds processor=2 …] [--prices prices.json]`` runs the
pipeline over the bundled snapshot and counts its requests and bytes. How long a function takes is what you say: look at
the metric ``Seconds``. *prices.json* names the price of one unit, ``{"lambda_gb_second": 0.1, …}``; without it there
are quantities only, since prices differ by region and time, and none is known here.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.cache import Cache
from aws_ssm_fetcher.core.config import settings_from
from aws_ssm_fetcher.core.documents.run_documents import load_analysis
from aws_ssm_fetcher.core.function.metrics import METRICS
from aws_ssm_fetcher.core.model.changes import regions_of, services_of
from aws_ssm_fetcher.core.model.codes import NEWS_DAYS, RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.core.store.views import CreateOnly, SkipUnchanged
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.fetching import stored_inventory
from aws_ssm_fetcher.data_sources.parameter_store.cached import CachedTree
from aws_ssm_fetcher.data_sources.resource_types.archive import SchemasRefusedError
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.data_sources.resource_types.reader import Listing, SchemaReader
from aws_ssm_fetcher.data_sources.resource_types.stored import answering_types, store_live_types
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.bundled import bundled_history, bundled_types_past
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.processors.types_history import keep_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.ports import Notice, ParameterStore
    from aws_ssm_fetcher.core.store.objects import Stored, Version

SETTINGS: Final = Path(__file__).parent.parent / "terraform/modules/settings/main.tf"
GIGABYTE: Final = 2**30
MONTH_DAYS: Final = 365.25 / 12
SECONDS: Final = {"data_fetcher": 217.0, "processor": 2.0, "report_generator": 6.0}
"""The fetcher's 5,413 calls at 25 a second; the others as in the local cloud, started cold, rounded up."""
WRITTEN_OVER: Final = (keys.LATEST, keys.HISTORY, keys.CACHE)
FUNCTION_ALARMS: Final = 3
PIPELINE_ALARMS: Final = 5
ON: Final = settings_from({"RESOURCE_TYPES": "on"})


class CountingStore(MemoryStore):
    """Counts what S3 would be paid for, since it was last reset."""

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def forget(self) -> None:
        """Count from here."""
        self.puts = self.gets = 0
        self.written: list[tuple[str, int]] = []
        """Each key that was written, with its bytes."""

    def read(self, key: str) -> Stored:
        """Count a GET."""
        self.gets += 1
        return super().read(key)

    def write(self, key: str, body: bytes) -> None:
        """Count a PUT."""
        self._put(key, body)
        super().write(key, body)

    def create(self, key: str, body: bytes) -> None:
        """Count a PUT."""
        self._put(key, body)
        super().create(key, body)

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Count a PUT."""
        self._put(key, body)
        super().replace(key, body, version)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Count a LIST, which costs what a PUT does."""
        self.puts += 1
        return super().keys(prefix, after)

    def bytes_written(self, prefix: str) -> int:
        """Sum up what was written below a prefix."""
        return sum(size for key, size in self.written if key.startswith(prefix))

    def bytes_held(self, prefix: str) -> int:
        """Sum up what lies below a prefix."""
        return sum(len(super(CountingStore, self).read(key).body) for key in super().keys(prefix))

    def _put(self, key: str, body: bytes) -> None:
        self.puts += 1
        self.written.append((key, len(body)))


class Nobody:
    """Subscribers that cost nothing: messages are not counted, what is noted of them is."""

    def publish(self, notice: Notice) -> None:
        """Publish nothing."""


class BundledSchemas(SchemaReader):
    """A server of AWS's resource schemas that has the lists that ship with the package."""

    def read(self, region: RegionCode, domain: str, known: Iterable[str], etag: str | None = None) -> Listing | None:
        """Return a region's list, of which nothing is sent when it is asked for again."""
        del domain, known
        names = bundled_resource_types().types.names_in.get(region)
        if names is None:
            raise SchemasRefusedError("the server has no such list", code="NotFound")
        return None if etag == region else Listing(names, region)


def a_day() -> CountingStore:
    """Run the three stages over the bundled snapshot as the functions do, for two days, and count the second."""
    store, tree = CountingStore(), bundled_tree()
    run(store, tree, "the-first", tree.taken)
    store.forget()
    run(store, tree, "the-second", tree.taken + timedelta(days=1))
    return store


def run(store: CountingStore, tree: ParameterStore, name: str, taken: datetime) -> None:
    """Run the three stages once, and read what the first and the last left, as their handlers do to answer."""
    run_id = RunId(name)
    stored_inventory(store, run_id)
    store_live_types(CreateOnly(store), ON, taken, BundledSchemas())
    cache = Cache((MemoryStore(), store), ttl_seconds=0, clock=lambda: taken)
    launches = Launches(bundled_launches())
    with ThreadPoolExecutor(1) as executor:
        inventory = collect(
            CachedTree(tree, cache, "a tree"),
            lambda _: launches,
            CreateOnly(store),
            run_id=run_id,
            taken=taken,
            executor=executor,
        )
    store.read(inventory)
    answering_types(store, ON, taken)
    keep_types(store, ON.caution, bundled_types_past)
    analysis = process(SkipUnchanged(store), inventory, past=bundled_history()).key
    store.read(report(store, analysis, notifier=Nobody()))


def quantities(
    day: CountingStore, days: Mapping[str, int], sizes: Mapping[str, int], seconds: Mapping[str, float], runs: float
) -> dict[str, float]:
    """Return what a month uses, in billed units, once the oldest objects expire.

    In a bucket with versions a thing stays as an old version after it has expired or was written over.
    """
    old, a_day = days["old_versions"], runs / MONTH_DAYS
    expiring = {keys.RAW_DATA: "raw_data", keys.PROCESSED_DATA: "processed_data", f"{keys.REPORTS}2": "reports"}
    held = sum(day.bytes_written(prefix) * a_day * (days[name] + old) for prefix, name in expiring.items())
    held += sum(day.bytes_held(prefix) + day.bytes_written(prefix) * a_day * old for prefix in WRITTEN_OVER)
    return {
        "lambda_request": runs * len(sizes),
        "lambda_gb_second": runs * sum(sizes[name] / 1024 * seconds[name] for name in sizes),
        "s3_put_or_list": runs * day.puts,
        "s3_get": runs * day.gets,
        "s3_gb_month": held / GIGABYTE,
        "cloudwatch_metric_month": sum(len(sizes) if metric.functions not in sizes else 1 for metric in METRICS),
        "sns_publish": messages_a_month(day),
        "cloudwatch_alarm_month": FUNCTION_ALARMS * len(sizes) + PIPELINE_ALARMS,
        "cloudwatch_dashboard_month": 1,
        "kms_key_month": 1,
    }


def messages_a_month(day: CountingStore) -> float:
    """Return how many messages a month of the bundled history has: of each region and service, and of all."""
    key = max(super(CountingStore, day).keys(keys.PROCESSED_DATA), default=None)
    if key is None:
        return 0.0
    analysis = load_analysis(super(CountingStore, day).read(key).body, key)
    by_run: defaultdict[datetime, list[Change]] = defaultdict(list)
    for change in analysis.changes:
        by_run[change.announced].append(change)
    messages = sum(
        1 + len({code for item in entry for code in (*regions_of(item), *services_of(item))})
        for entry in by_run.values()
    )
    return messages / NEWS_DAYS * MONTH_DAYS


def retentions(text: str, environment: str) -> dict[str, int]:
    """Read how long an environment keeps things, from the module's own table."""
    row = re.search(rf"(?m)^    {environment} += \{{(.*)\}}$", text)
    if row is None:
        raise SystemExit(f"There is no environment {environment} in {SETTINGS}")
    return {name: int(number) for name, number in re.findall(r"(\w+) = (\d+)", row[1])}


def memories(text: str) -> dict[str, int]:
    """Read how much memory each function has, in MB."""
    return {name: int(number) for name, number in re.findall(r"(?m)^    (\w+) += \{ memory_mb = (\d+),", text)}


def lines(used: Mapping[str, float], prices: Mapping[str, float]) -> Iterator[str]:
    """Lay out quantities, and costs where there is a price."""
    for name, amount in used.items():
        cost = f"{amount * prices[name]:>10.2f}" if name in prices else ""
        yield f"{name:<27}{amount:>12,.2f}{cost}".rstrip()
    if prices:
        missing = sorted(used.keys() - prices.keys())
        total = sum(amount * prices[name] for name, amount in used.items() if name in prices)
        yield f"{'all together':<27}{'':>12}{total:>10.2f}" + (f"  without {', '.join(missing)}" if missing else "")


def main(arguments: Sequence[str] | None = None, count: Callable[[], CountingStore] | None = None) -> int:
    """Compute and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", default="dev")
    parser.add_argument("--runs", type=float, default=MONTH_DAYS, help="in a month; one a day unless said otherwise")
    parser.add_argument("--seconds", nargs="*", default=[], metavar="FUNCTION=SECONDS", help="how long each takes")
    parser.add_argument("--prices", type=Path, help="JSON: the price of one unit of each, in your currency")
    options = parser.parse_args(arguments)
    durations = {name: float(number) for name, _, number in (option.partition("=") for option in options.seconds)}
    text = SETTINGS.read_text()
    prices = json.loads(options.prices.read_text()) if options.prices else {}
    days, sizes = retentions(text, options.environment), memories(text)
    used = quantities((count or a_day)(), days, sizes, SECONDS | durations, options.runs)
    print("\n".join(lines(used, prices)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
