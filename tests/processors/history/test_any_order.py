"""Whatever comes in whatever order: runs, copies, rivals, gaps, strands, other histories, decisions and rebuilds.

The history follows from the inventories and from the last decision on each: it is what a rebuild makes of both.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import zoned
from stored_runs import stored
from timelines import history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.decisions import Decision, StrandDecision, decide, decide_on_strand
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.rebuild import rebuild_all
from aws_ssm_fetcher.processors.history.record import content_digest, sighting_of
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_ssm_fetcher.core.documents.decisions import Verdict
    from aws_ssm_fetcher.core.model.codes import ZoneKind
    from aws_ssm_fetcher.core.model.inventory import Inventory

CAUTION = Caution(gap_percent=30)
WHOLE = dict.fromkeys(regions(5), "ec2 phd s3")
CONTENTS = (
    WHOLE,
    WHOLE | {"xx-test-1": "amp ec2 phd s3"},
    dict.fromkeys(regions(2), "ec2 phd s3"),
    dict.fromkeys(regions(5), "awshealthdashboard ec2 s3"),
)
ZONES: dict[str, ZoneKind] = {f"wl-{number}": "wavelength-zone" for number in range(8)}
STRAND = "wavelength-zones"
GAPS = (None, None, "regions/xx-test-1", "services", STRAND)
LINEAGES = (("us-east-1", "full"), ("us-east-1", "full"), ("eu-west-1", "full"), ("us-east-1", "endpoints"))
START = datetime(2026, 3, 1, tzinfo=UTC)


def snapshot(number: float, content: int, *, zones: int, origin: str = "AWS", gap: str | None = None) -> Inventory:
    made = zoned(seen(number, CONTENTS[content]), dict([*ZONES.items()][:zones]))
    made = made._replace(source=made.source._replace(origin=origin))
    return made._replace(gaps=(Gap(gap, "ThrottlingException", 5, None),)) if gap else made


BUNDLED = [
    snapshot(10 * number, number % 2, zones=8 if number <= 1 else 2, origin=f"moto {number}") for number in range(3)
]
PAST = dump_history(history_of(*BUNDLED))
MOMENTS = (0.0, 10.0, 0.1, 5.0, 10.1, 12.0, 20.1, 30.0)


class Step(NamedTuple):
    """What is done with a run; all but the last two need that it was processed."""

    what: str
    run: int


@st.composite
def runs(draw: st.DrawFn) -> list[Inventory]:
    made: dict[str, Inventory] = {}
    for _ in range(draw(st.integers(2, 3))):
        moment, content, zones = draw(st.tuples(st.sampled_from(MOMENTS), st.integers(0, 3), st.sampled_from((8, 2))))
        origin, gap = draw(st.sampled_from(["AWS", "file"])), draw(st.sampled_from(GAPS))
        run = snapshot(moment, content, zones=zones, origin=origin, gap=gap)
        region, detail = draw(st.sampled_from(LINEAGES))
        source = run.source._replace(query_region=RegionCode(region), detail=detail)  # type: ignore[arg-type] # a level
        run = run._replace(source=source, run_id=draw(st.sampled_from([run.run_id, RunId("a"), RunId("z")])))
        made.setdefault(keys.inventory_key(run.taken, run.run_id), run)
    return [*made.values()]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Inventory], list[Step]]:
    made = draw(runs())
    steps = [Step("process", number) for number in draw(st.permutations(range(len(made))))]
    for _ in range(draw(st.integers(0, 3))):
        number = draw(st.integers(0, len(made) - 1))
        place = draw(st.integers(steps.index(Step("process", number)) + 1, len(steps)))
        what = draw(st.sampled_from(["accepted", "rejected", f"accepted {STRAND}", f"rejected {STRAND}", "rebuild"]))
        steps.insert(place, Step(what, number))
    return made, steps


def decided(store: MemoryStore, run: Inventory, what: str, second: int) -> None:
    when, (word, _, strand) = START + timedelta(seconds=second), what.partition(" ")
    verdict: Verdict = "accepted" if word == "accepted" else "rejected"
    if strand:
        decide_on_strand(store, run.run_id, run.taken, StrandDecision(strand, verdict, when))
    else:
        content = content_digest(sighting_of(run))
        decide(store, Decision(run.run_id, verdict, when, taken=run.taken, content=content))


def done(made: Sequence[Inventory], steps: Sequence[Step], past: bytes | None) -> MemoryStore:
    store = MemoryStore()
    for second, (what, number) in enumerate(steps):
        if what == "rebuild":
            rebuild_all(store, CAUTION, past)
            continue
        if what != "process":
            decided(store, made[number], what, second)
        process(store, stored(store, made[number]), caution=CAUTION, past=past)
    return store


def histories(store: MemoryStore) -> dict[str, bytes]:
    return {key: body for key, body in store.objects.items() if key.startswith("history/query_region=")}


@settings(deadline=None, max_examples=12)
@given(stories(), st.sampled_from([None, PAST]))
def test_the_history_is_what_a_rebuild_makes_of_the_runs_and_the_decisions(
    story: tuple[list[Inventory], list[Step]], past: bytes | None
) -> None:
    made, steps = story
    result = histories(done(made, steps, past))

    store = MemoryStore()
    for run in made:
        stored(store, run)
    for second, (what, number) in enumerate(steps):
        if what not in {"process", "rebuild"}:
            decided(store, made[number], what, second)
    rebuild_all(store, CAUTION, past)
    expected = histories(store)
    # Where no run of a query region was accepted there is no history yet: a rebuild writes the bundled or an empty one.
    unwritten = [body for key, body in expected.items() if key not in result]
    assert result == {key: body for key, body in expected.items() if key in result}
    assert all(body == past or not load_history(body, "rebuilt").runs for body in unwritten)
