"""Measure the history over ten years of daily runs: replay, size, and questions as whole processes beside DuckDB.

``python benchmarks/history.py [RUNS]``. The ten years are the shipped past, with its own rate of change: each of its
changes falls on a day between the two releases that show it, those of one service together; and the past goes on, with
what changed in it changing again under other codes, until there are 3,650 days. DuckDB is asked the same of full daily
copies in one Parquet file, a process each time, too. "x empty" divides by the time of an empty Python process.
The budget is that of a first answer; a list of all changes of ten years is shown beside it, and has none.
Processes find what they import compiled, as it is once it is installed, whatever the environment says of that.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.history import LIVE_ORIGIN, History, Lineage, Run, Subject
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.record import Sighting, replay

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DAYS: Final = 3650
RUNS: Final = 7
BUDGET_MS: Final = 150
BUDGET_KB: Final = 100
ANSWERS: Final = {
    "as-of": ["history", "as-of", "{middle}", "--csv"],
    "changes of a week": ["history", "changes", "--since", "{week}", "--json"],
    "all changes": ["history", "changes", "--json"],
}
UNBUDGETED: Final = "all changes"
UNUSUAL: Final = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
ByDay = defaultdict[int, set[Subject]]
COMMAND: Final = Path(sys.executable).with_name("aws-ssm-fetcher")
COPIES: Final = "copies.parquet"
FULL_COPIES: Final = """
create table intervals as select * from read_json('{history}', format = 'newline_delimited');
copy (
  select day, region, service
  from (select unnest(regions) as region, service, first_seen, last_seen from intervals where kind = 'offering') spans
  join (select taken as day from intervals where kind = 'run') days
    on day >= first_seen and (last_seen is null or day <= last_seen)
  order by day, region, service
) to '{copies}';
"""
ASKED_OF_COPIES: Final = {
    "as-of": """
copy (select region, service from '{copies}' where day = '{middle}T06:00:00Z') to '/dev/stdout' (format csv)""",
    "all changes": """
copy (
  with days as (select day, row_number() over (order by day) as number from (select distinct day from '{copies}')),
  numbered as (select number, region, service from '{copies}' join days using (day)),
  steps as (select *, lag(number) over (partition by region, service order by number) as before from numbered)
  select day, region, service from steps join days using (number)
  where number > 1 and (before is null or before < number - 1) order by day
) to '/dev/stdout' (format json)""",
}


def sightings(past: History, days: int, *, scattered: bool = False) -> Iterator[Sighting]:
    """Yield what each day's run would have seen; *scattered*: a service comes to each region on a day of its own."""
    start = past.runs[0].taken.replace(hour=6)
    comes, goes = _by_day(past, days, scattered=scattered)
    seen: set[Subject] = set()
    for day in range(days):
        seen = (seen | comes[day]) - goes[day]
        taken = start + timedelta(days=day)
        yield Sighting(Run(taken, keys.run_id_of(taken), LIVE_ORIGIN), frozenset(seen), {})


def _by_day(past: History, days: int, *, scattered: bool) -> tuple[ByDay, ByDay]:
    """Return what is added and removed on each day."""
    comes: ByDay = defaultdict(set)
    goes: ByDay = defaultdict(set)
    at = [(run.taken - past.runs[0].taken).days for run in past.runs]
    opened = {subject.region: spans[0].first for subject, spans in past.spans.items() if subject.kind == "region"}
    for turn in range(days // at[-1] + 1):
        for subject, spans in past.spans.items():
            again = subject._replace(service=f"{subject.service}-{turn}") if turn else subject
            if turn and (not subject.service or spans == ((0, None),)):
                continue  # regions and zones do not open twice, and what never changed is there already
            batch = f"{subject.service} {subject.region if scattered else ''}" if subject.service else subject.region
            for first, last in spans:
                together = subject.region if first == opened.get(subject.region) else batch
                begins = _between(at[first - 1], at[first], f"{turn} {first} {together}") if first else 0
                comes[turn * at[-1] + begins].add(again)
                if last is not None:
                    ends = _between(max(at[last], begins), at[last + 1], f"{turn} {last} {batch}")
                    goes[turn * at[-1] + ends].add(again)
    return comes, goes


def _between(earlier: int, later: int, together: str) -> int:
    """Choose a day after one and up to another: the same for what changes together."""
    return random.Random(together).randint(earlier + 1, later)  # noqa: S311 - the same ten years each time


def processes(command: Sequence[str], runs: int) -> float:
    """Return the median wall time of a command as a process of its own, in milliseconds; one before is not counted."""
    environment = {name: value for name, value in os.environ.items() if name not in UNUSUAL}
    times = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment | {"LOG_LEVEL": "WARNING"})
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])


def ask(folder: Path, history: Path, taken: Sequence[datetime], runs: int) -> bool:
    """Print how long the first answer to each question takes; tell whether all kept their budgets."""
    dates = {"middle": f"{taken[len(taken) // 2]:%Y-%m-%d}", "week": f"{taken[-8]:%Y-%m-%d}"}
    names = dates | {"history": str(history), "copies": str(folder / COPIES)}
    duckdb.execute(FULL_COPIES.format(**names))
    print(f"full daily copies   {(folder / COPIES).stat().st_size / 1e6:.1f} MB")
    empty = processes([sys.executable, "-c", "pass"], runs)
    kept = True
    print(f"{'first answer':<20} {'ours':>8} {'x empty':>8} {'DuckDB':>8} {'x empty':>8}")
    for question, arguments in ANSWERS.items():
        command = [str(COMMAND), *(argument.format(**names) for argument in arguments)]
        ours = processes([*command, "--store", str(folder)], runs)
        kept = kept and (question == UNBUDGETED or ours <= BUDGET_MS)
        line = f"{question:<20} {ours:>5.0f} ms {ours / empty:>8.1f}"
        if question in ASKED_OF_COPIES:
            program = f"import duckdb; duckdb.execute({ASKED_OF_COPIES[question].format(**names)!r})"
            theirs = processes([sys.executable, "-c", program], runs)
            line += f" {theirs:>5.0f} ms {theirs / empty:>8.1f}"
        print(line)
    return kept


def main(runs: int) -> int:
    """Print everything; fail if a budget is missed."""
    past = load_history(bundled_history(), "the shipped past")
    started = time.perf_counter()
    history = replay(History(Lineage(past.lineage.query_region, past.lineage.detail)), sightings(past, DAYS))
    replayed = time.perf_counter() - started
    started = time.perf_counter()
    body = dump_history(history)
    dumped = time.perf_counter() - started
    started = time.perf_counter()
    load_history(body, "ten years")
    loaded = time.perf_counter() - started
    scattered = replay(History(history.lineage), sightings(past, DAYS, scattered=True))
    kilobytes = len(body) / 1000
    print(f"{DAYS:,} daily runs    replayed in {replayed:.2f} s, dumped in {dumped:.2f} s, loaded in {loaded:.3f} s")
    print(f"{len(history.spans):,} subjects     {kilobytes:.0f} KB of {BUDGET_KB};", end=" ")
    print(f"{len(dump_history(scattered)) / 1000:.0f} KB if no two regions got a service on one day")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        key = folder / keys.history_key(past.lineage.query_region, past.lineage.detail)
        key.parent.mkdir(parents=True)
        key.write_bytes(body)
        kept = ask(folder, key, [run.taken for run in history.runs], runs)
    return int(not (kept and kilobytes <= BUDGET_KB))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
