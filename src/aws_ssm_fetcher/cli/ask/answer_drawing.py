"""How answers look to a person."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from rich.console import Group

from aws_ssm_fetcher.cli.ask.folding import WithNames, offered_in, remarks
from aws_ssm_fetcher.cli.ask.list_drawing import listed_lines
from aws_ssm_fetcher.cli.shared.decimals import aligned
from aws_ssm_fetcher.cli.shared.drawing import SEVERITY_STYLES, columns, headline, listed, not_believed, show, shown
from aws_ssm_fetcher.core.model.codes import YEAR_DAYS
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.outputs.tables import percent, rounded
from aws_ssm_fetcher.queries.records.answers import (
    Comparison,
    FiguresAnswer,
    FindingsAnswer,
    RegionAnswer,
    ServiceAnswer,
)
from aws_ssm_fetcher.queries.records.lists import RegionsAnswer, ServicesAnswer
from aws_ssm_fetcher.queries.records.unread import regions_of, uncounted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rich.console import RenderableType
    from rich.table import Table

    from aws_ssm_fetcher.core.model.analysis import Analysis, Finding, Quality, Statistic
    from aws_ssm_fetcher.core.model.codes import LaunchSource, Topic
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.store.directory import DirectoryStore

Answer: TypeAlias = (
    RegionAnswer | ServiceAnswer | Comparison | FindingsAnswer | FiguresAnswer | RegionsAnswer | ServicesAnswer
)

UNKNOWN: Final = "unknown"
_UNNAMED: Final = "Their names are left out at this width: --csv has them."
NOT_ASKED: Final = "not asked for"
LAUNCH_SOURCES: Final[Mapping[LaunchSource, str]] = {
    "feed": "AWS's regions feed",
    "feed copy": "the last good copy of AWS's regions feed",
    "overlay": "the list that ships with the package",
}


def taken_for(answer: Answer) -> Iterator[str]:
    """Say for which codes the words were taken that are none."""
    if isinstance(answer, RegionAnswer | ServiceAnswer | Comparison | ServicesAnswer):
        for one in answer.meant:
            yield f'"{one.words}" is taken for {one.code}'


def draw(analysis: Analysis, store: DirectoryStore, answer: Answer) -> None:
    """Print an answer below the line that says of when the record is, and below why it is not believed."""
    inventory = analysis.inventory
    taken = map(shown, taken_for(answer))
    show((*headline(inventory, store.root), *not_believed(analysis, store), *taken, "", *_parts(inventory, answer)))


def _parts(inventory: Inventory, answer: Answer) -> Iterator[RenderableType]:
    match answer:
        case RegionAnswer():
            return _region(inventory, answer)
        case ServiceAnswer():
            return _service(inventory, answer)
        case Comparison():
            return _comparison(inventory, answer)
        case FindingsAnswer():
            return _findings_and_score(answer)
        case FiguresAnswer():
            return _figures(inventory, answer)
        case RegionsAnswer() | ServicesAnswer():
            return listed_lines(inventory, answer)
        case _:
            assert_never(answer)


def _region(inventory: Inventory, answer: RegionAnswer) -> Iterator[RenderableType]:
    region, figures = answer.region, answer.figures
    yield _title(region.name, region.code)
    yield _facts(
        ("Partition", shown(region.partition or UNKNOWN)),
        ("Country", shown(region.country or UNKNOWN)),
        ("Launched", _launched(answer)),
        ("Opt-in", _opt_in(answer)),
        ("Zones", _zones(answer, inventory.source.left_out)),
        ("Services", _services(answer)),
        ("Quality", f"{answer.quality.score}, grade {answer.quality.grade}"),
    )
    if figures.nearest:
        yield "\n[bold]Most like it[/]"
        yield _nearest(answer)
    yield from _listed("[bold]Offered nowhere else[/]", figures.exclusive)
    yield from _listed(f"[bold]Missing, of what {shown(answer.widest or UNKNOWN)} has[/]", figures.missing)
    yield from _listed("[bold]Offered[/]", answer.services)
    yield from _findings(answer.findings)


def _launched(answer: RegionAnswer) -> str:
    launch, days = answer.region.launch, answer.profile.age_days
    if launch is None:
        return UNKNOWN
    age = "yet to come" if days is None else f"{days / YEAR_DAYS:.1f} years"
    return f"{launch.date}, {age} [dim](by {LAUNCH_SOURCES[launch.source]}: {shown(launch.evidence)})[/]"


def _zones(answer: RegionAnswer, left_out: Collection[Topic]) -> str:
    profile = answer.profile
    kinds = {
        "availability": profile.availability_zones,
        "local": profile.local_zones,
        "wavelength": profile.wavelength_zones,
    }
    missing = {kind: NOT_ASKED if f"{kind}-zones" in left_out else UNKNOWN for kind in kinds}
    return ", ".join(f"{kind} {missing[kind]}" if count is None else f"{count} {kind}" for kind, count in kinds.items())


def _opt_in(answer: RegionAnswer) -> str:
    """Tell whether the region has to be enabled; of one whose partition nobody knows, that is unknown too."""
    if answer.region.partition is None:
        return UNKNOWN
    return {True: "yes", False: "no", None: "does not apply"}[answer.profile.opt_in]


def _services(answer: RegionAnswer) -> str:
    figures = answer.figures
    if figures.services is None:
        return "[bold red]unknown: the region could not be read[/]"
    of_all = f"{_percent(figures.share)} of all"
    of_partition = f"{_percent(figures.partition_share)} of its partition's" if figures.partition_share else ""
    a_year = f"{figures.services_a_year:.1f} a year since launch" if figures.services_a_year else ""
    return ", ".join(filter(None, (f"{figures.services}, rank {figures.rank}", of_all, of_partition, a_year)))


def _nearest(answer: RegionAnswer) -> Table:
    titles = ("", "Similarity", "In both", "Only here", "Only there")
    table = columns("", "right", "right", "right", "right", titles=titles)
    for one in answer.figures.nearest or ():
        counts = (f"{count:,}" for count in (one.shared, one.only_here, one.only_there))
        table.add_row(shown(one.region), _percent(one.similarity), *counts)
    return table


def _service(inventory: Inventory, answer: ServiceAnswer) -> Iterator[RenderableType]:
    figures, profile, left_out = answer.figures, answer.profile, inventory.source.left_out
    home_page = NOT_ASKED if "home-pages" in left_out else "not stated"
    yield _title(answer.service.name, answer.service.code)
    yield _facts(
        ("Home page", shown(answer.service.home_page or home_page)),
        *((("Earlier code", shown(", ".join(profile.earlier_codes))),) if profile.earlier_codes else ()),
        ("Regions", f"{regions_of(inventory, figures.regions)}, {_percent(figures.share)}"),
        ("Tier", figures.tier or f"{UNKNOWN}, while a region could not be read or placed"),
        *((f"  {shown(share.partition)}", f"{share.regions}, {_percent(share.share)}") for share in figures.partitions),
    )
    yield from _offered(inventory, answer)
    yield from _listed("[bold]Not offered[/]", answer.not_offered)
    yield from _listed("[bold red]Not known, since they could not be read[/]", answer.unknown)
    yield from _findings(answer.findings)


def _offered(inventory: Inventory, answer: ServiceAnswer) -> Iterator[RenderableType]:
    """List who offers a service; apart from the others, and not counted with them, regions that could not be read."""
    read = [one for one in answer.offered if one.region not in inventory.unread_regions]
    others = [one for one in answer.offered if one.region in inventory.unread_regions]
    if read:
        yield f"\n[bold green]Offered[/] [dim]({len(read)})[/]"
        yield offered_in(read)
    if others:
        yield f"\n[bold]Offered by services/ alone, where the region could not be read[/] [dim]({len(others)})[/]"
        yield offered_in(others)
    if answer.offered and "endpoints" in inventory.source.left_out:
        yield f"  [dim]Endpoints were {NOT_ASKED}, at detail {inventory.source.detail}.[/]"


def _comparison(inventory: Inventory, answer: Comparison) -> Iterator[RenderableType]:
    names = {region.code: region.name for region in inventory.regions}
    here, there = answer.here, answer.there
    only = {here: answer.only_here, there: answer.only_there}  # one, where a region is compared with itself
    yield f"[bold]{shown(names[here] or here)}[/] and [bold]{shown(names[there] or there)}[/]"
    yield _facts(
        ("Similarity", f"{_percent(answer.similarity)} [dim]services in both over services in either[/]"),
        *((f"Only {shown(code)}", f"{len(found):,}") for code, found in only.items()),
        ("In both", f"{len(answer.both):,}"),
    )
    services: dict[str, str | None] = {service.code: service.name for service in inventory.services}
    for code, found in only.items():
        if found:
            yield f"\n[bold]Only in {shown(code)}[/]"
            yield WithNames(found, services)
    if answer.both:
        yield "\n[bold]In both[/]"
        yield WithNames(answer.both, services, alone=Group(listed(answer.both), f"[dim]{_UNNAMED}[/]"))


def _findings_and_score(answer: FindingsAnswer) -> Iterator[RenderableType]:
    yield _facts(("Quality", _score(answer.quality)))
    if not answer.findings:
        yield "\n  No such finding."
    for rule, group in groupby(answer.findings, key=lambda finding: finding.rule):
        found = tuple(group)
        style, points = SEVERITY_STYLES[found[0].severity], sum(finding.cost for finding in found)
        cost = f", {many(points, 'point')}" if points else ""
        yield f"\n[{style}]{found[0].severity}[/] [bold]{shown(rule)}[/] [dim]({len(found)}{cost})[/]"
        yield f"  [dim]{shown(found[0].advice)}[/]"
        yield remarks(found)


def _figures(inventory: Inventory, answer: FiguresAnswer) -> Iterator[RenderableType]:
    yield _facts(("Quality", _score(answer.quality)))
    if words := uncounted(inventory):
        yield f"\n{shown(words)}"
    for section, group in groupby(answer.statistics, key=lambda figure: figure.section):
        yield f"\n[bold]{shown(section)}[/]"
        table, found = columns("", "", "dim"), tuple(group)
        for figure, value in zip(found, aligned([*map(_value, found)]), strict=True):
            table.add_row(shown(figure.label), shown(value), shown(figure.reason or ", ".join(figure.codes)))
        yield table


def _listed(title: str, codes: Collection[str] | None) -> Iterator[RenderableType]:
    """List codes below a title that counts them; of none, or where nobody knows them, say nothing."""
    if codes:
        yield f"\n{title} [dim]({len(codes)})[/]"
        yield listed(codes)


def _findings(found: Collection[Finding]) -> Iterator[RenderableType]:
    if found:
        yield f"\n[bold]Findings[/] [dim]({len(found)})[/]"
        table = columns("", "", "")
        for finding in found:
            style = SEVERITY_STYLES[finding.severity]
            table.add_row(f"[{style}]{finding.severity}", shown(finding.subject), shown(finding.message))
        yield table


def _title(name: str | None, code: str) -> str:
    return f"[bold]{shown(name)}[/] [dim]{shown(code)}[/]" if name else f"[bold]{shown(code)}[/]"


def _facts(*facts: tuple[str, str]) -> Table:
    table = columns("dim", "")
    for label, value in facts:
        table.add_row(label, value)
    return table


def _score(quality: Quality) -> str:
    return f"{quality.score} of 100, grade {quality.grade}"


def _percent(share: float | None) -> str:
    value = percent(share)
    return UNKNOWN if value is None else f"{value:.1f} %"


def _value(figure: Statistic) -> str:
    if figure.value is None:
        return "absent"
    if isinstance(figure.value, str):
        return figure.value
    return f"{rounded(figure.value):,}{' %' if figure.unit == 'percent' else ''}"
