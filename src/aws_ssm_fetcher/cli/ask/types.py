"""``types``, ``type``, ``instance`` and ``instances``: what can be deployed where, by AWS's own lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import click

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.ask.listing import table_of
from aws_ssm_fetcher.cli.ask.parts import codes_below, facts, title
from aws_ssm_fetcher.cli.shared.answering import QuestionSource, question
from aws_ssm_fetcher.cli.shared.headline import list_lines
from aws_ssm_fetcher.cli.shared.layout import Codes, bold, dim
from aws_ssm_fetcher.cli.shared.options import Moment
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS, Snapshot, open_snapshot
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.model.codes import FAMILIES
from aws_ssm_fetcher.core.store.located import Location
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.history.waiting_lists import lists_beside
from aws_ssm_fetcher.queries.history.waiting_lists import sentence as list_sentence
from aws_ssm_fetcher.queries.records import type_answers
from aws_ssm_fetcher.queries.records.current_types import AnsweringTypes
from aws_ssm_fetcher.queries.records.type_answers import InstanceAnswer, InstancesAnswer, TypeAnswer, TypesAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.queries.history.waiting_lists import ListsBeside

_HOW_TO_LIST = {
    "resource type": 'List them with "aws-ssm-fetcher types"',
    "instance type": 'List those of a region with "aws-ssm-fetcher instances --in REGION"',
    "instance family": 'List those of a region with "aws-ssm-fetcher instances --in REGION"',
}


@dataclass(frozen=True)
class TypesSnapshot:
    """The lists of resource types that answer, and the snapshot beside them, which not every question needs."""

    root: Location
    run_id: str | None
    answering: AnsweringTypes

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot, read when it is first asked for."""
        return open_snapshot(self.root, self.run_id)

    @property
    def analysis(self) -> Analysis:
        """The analysis of the snapshot."""
        return self.snapshot.analysis

    def answer(self, query: Callable[..., Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as the query says
        """Call a query with the snapshot and the lists, and complete the advice of its errors."""
        try:
            return query(self, **parameters)
        except UnknownCodeError as error:
            if error.noun in _HOW_TO_LIST:
                error.advice = error.advice or _HOW_TO_LIST[error.noun]
                raise
            # Regions and services are looked up in the histories, as for any other question.
            return self.snapshot.answer(_raise(error), {})

    def document(self, answer: object) -> dict[str, object]:
        """Return the JSON document: the snapshot and the answer."""
        return self.snapshot.document(answer)

    def headline(self, answer: object) -> Iterator[Block]:
        """Yield of which day the lists are, which codes were matched, and which newer lists wait for a decision."""
        yield from self._sources(answer)
        beside, region = self._beside(answer)
        if beside:
            yield from list_lines(beside, self.root, region)

    def short_headline(self, answer: object) -> Iterator[str]:
        """Yield the same without styles and commands."""
        yield from self._sources(answer)
        beside, region = self._beside(answer)
        for waiting in beside.lists if beside else ():
            if region in {None, waiting.region}:
                yield printable(f"Quarantined: {list_sentence(waiting)}")

    def _sources(self, answer: object) -> Iterator[str]:
        source = getattr(answer, "source", None)
        if isinstance(source, type_answers.ListSource):
            what = "AWS's schemas" if isinstance(answer, TypesAnswer | TypeAnswer) else "AWS's price list"
            yield f"{what} of {source.taken} ({printable(source.origin)})"
        for match in getattr(answer, "matched", ()):
            yield printable(f'"{match.words}" matches {match.code}')

    def _beside(self, answer: object) -> tuple[ListsBeside | None, str | None]:
        """Return which lists do not answer, and the region that was asked for; none for other answers than on types."""
        if not isinstance(answer, TypesAnswer | TypeAnswer):
            return None, None
        return lists_beside(self.answering.lists), answer.region if isinstance(answer, TypesAnswer) else None


def _open(root: Location, run_id: str | None) -> TypesSnapshot:
    asked = TypesSnapshot(root, run_id, AnsweringTypes(open_store(root)))
    if run_id is not None:
        asked.snapshot  # noqa: B018 - a run that the store does not have is refused, whatever is asked
    return asked


def _raise(error: UnknownCodeError) -> Callable[..., NoReturn]:
    def query(*_: object, **__: object) -> NoReturn:
        raise error

    return query


TYPES = QuestionSource(
    open=_open,
    options=ANALYSIS.options,
    parameters=ANALYSIS.parameters,
    epilog="Answers come from the newest lists in the store, or else from the bundled ones. "
    "Regions without a list of their own are unknown. Nothing is written.",
)


def _types_text(answer: TypesAnswer, _: TypesSnapshot) -> Iterator[Block]:
    of = f" of {printable(answer.service)}" if answer.service else ""
    if answer.region and answer.region in answer.unknown:
        yield f"Nothing is known of {printable(answer.region)}: AWS publishes no list of its own for it."
        return
    where = f" registered in {printable(answer.region)}" if answer.region else ""
    if answer.missing:
        where = f" not registered in {printable(answer.region or '')} by AWS's schemas of {answer.source.taken}"
    came = f" since {answer.since} or later" if answer.since else ""
    yield f"{bold(many(len(answer.types), 'resource type'))}{of}{where}{came}"
    if answer.types:
        yield ""
        yield table_of(
            [
                {
                    "Type": printable(listed_type.name),
                    "Service": printable(listed_type.service or ""),
                    "Regions": f"{listed_type.regions} of {answer.known_regions}",
                    **({"Since": str(listed_type.since)} if listed_type.since else {}),
                }
                for listed_type in answer.types
            ]
        )


@question(
    TYPES,
    click.argument("service", metavar="[SERVICE]", required=False),
    click.option("--in", "region", metavar="REGION", help="Only types registered in this region."),
    click.option("--missing-in", metavar="REGION", help="Only types not registered in this region."),
    click.option(
        "--since", type=Moment(begins=True), metavar="DATE", help="With --in: only types that came on or after DATE."
    ),
    text=_types_text,
)
def types(
    asked: TypesSnapshot,
    service: str | None,
    region: str | None,
    missing_in: str | None,
    since: datetime | None,
) -> TypesAnswer:
    """List CloudFormation resource types.

    Lists all types, or those of SERVICE. Each has the number of regions that have it, of the regions for which AWS
    publishes a list.
    """
    if region is not None and missing_in is not None:
        raise click.UsageError("--in and --missing-in exclude each other: choose one.")
    if since and region is None:
        raise click.UsageError("--since goes with --in: name the region.")
    day = since.date() if since else None
    return type_answers.list_types(
        asked.analysis, asked.answering.lists, service, region, missing_in, day, lambda: asked.answering.history
    )


def _type_text(answer: TypeAnswer, _: TypesSnapshot) -> Iterator[Block]:
    registered = answer.with_answer("registered")
    absent = [region.region for region in answer.with_answer("not registered")]
    unknown = [region.region for region in answer.with_answer("unknown")]
    yield title(None, answer.name)
    yield facts(
        ("Service", printable(answer.service or "none decided")),
        ("Registered", f"in {len(registered)} of {many(len(registered) + len(absent), 'region')} with a list"),
    )
    if registered:
        yield f"\n{click.style('Registered', fg='green', bold=True)} {dim(f'({len(registered)})')}"
        yield table_of(
            [
                {
                    "Region": printable(region.region),
                    "Since": str(region.since or ""),
                    "Absent on": str(region.absent_on or "no earlier list"),
                }
                for region in registered
            ]
        )
    yield from codes_below(bold(f"Not registered, according to AWS's schemas of {answer.source.taken}"), absent)
    yield from codes_below(bold("Unknown: AWS publishes no list for these regions"), unknown)


@question(TYPES, click.argument("name", metavar="TYPE"), text=_type_text, name="type")
def type_(asked: TypesSnapshot, name: str) -> TypeAnswer:
    """List the regions that have a type.

    TYPE is a CloudFormation resource type such as AWS::Lambda::Url. "Since" is the day of the first lists that show it
    there without a break, "absent on" that of the last ones before.
    """
    return type_answers.about_type(None, asked.answering.lists, name, asked.answering.history)


def _instance_text(answer: InstanceAnswer, _: TypesSnapshot) -> Iterator[Block]:
    yield title(None, answer.name)
    for family in dict.fromkeys(region.family for region in answer.regions):
        own = [region for region in answer.regions if region.family == family]
        by_answer = {
            listed: [region.region for region in own if region.listed == listed] for listed in ("listed", "not listed")
        }
        heading = f"{FAMILIES.get(family, family)}, listed"
        count = dim(f"({len(by_answer['listed'])})")
        yield f"\n{click.style(heading, fg='green', bold=True)} {count}"
        yield table_of(
            [
                {
                    "Region": printable(region.region),
                    "Since": str(region.since or "unknown"),
                    "Absent on": str(region.absent_on or ("no earlier list" if region.since else "")),
                }
                for region in own
                if region.listed == "listed"
            ]
        )
        yield from codes_below(
            bold(f"Not listed there by AWS's price list of {answer.source.taken}"), by_answer["not listed"]
        )
    unknown = sorted({region.region for region in answer.regions if region.listed == "unknown"})
    yield from codes_below(bold("Unknown: AWS publishes no list for these regions"), unknown)


@question(TYPES, click.argument("name", metavar="INSTANCE_TYPE"), text=_instance_text)
def instance(asked: TypesSnapshot, name: str) -> InstanceAnswer:
    """List the regions that have an instance type.

    INSTANCE_TYPE is a name such as p5.48xlarge, cache.m7g.large or db.r8g.large; each use that has it has its regions.
    "Since" is the day of the first lists that show it there without a break, "absent on" that of the last ones before.
    """
    return type_answers.about_instance(None, asked.answering.lists, name)


def _instances_text(answer: InstancesAnswer, _: TypesSnapshot) -> Iterator[Block]:
    if not answer.known:
        yield f"Nothing is known of {printable(answer.region)}: AWS publishes no list of its own for it."
        return
    of = f" of family {printable(answer.family)}" if answer.family else ""
    what = f"{many(len(answer.names), 'instance type')}{of}"
    yield f"{bold(what)} for {FAMILIES[answer.use]} in {printable(answer.region)}"
    if answer.names:
        yield ""
        yield Codes(answer.names)


@question(
    TYPES,
    click.option("--in", "region", metavar="REGION", required=True, help="The region."),
    click.option("--family", metavar="FAMILY", help="Only those of this family, such as m8g."),
    click.option(
        "--for",
        "use",
        type=click.Choice([*FAMILIES]),
        default="ec2",
        show_default=True,
        metavar="USE",
        help=f"What they are for: {', '.join(FAMILIES)}.",
    ),
    text=_instances_text,
)
def instances(asked: TypesSnapshot, region: str, family: str | None, use: str) -> InstancesAnswer:
    """List the instance types of a region."""
    return type_answers.list_instances(asked.analysis, asked.answering.lists, region, family, use)
