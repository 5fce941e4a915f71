"""The few lines at the end that a person likes to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aws_ssm_fetcher.core import keys
from aws_ssm_fetcher.core.documents import counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from aws_ssm_fetcher.cli.outcome import Outcome
    from aws_ssm_fetcher.core.model import Analysis, Inventory, Severity

NOTABLE: Final = 8  # findings shown: as many as one takes in at a glance
UNKNOWN: Final = "?"
PIPED_WIDTH: Final = 160  # columns where no terminal says its own; nothing is cut or folded
_STYLES: Final[dict[Severity, str]] = {"error": "bold red", "warning": "yellow", "note": "dim"}


class _Printer(Console):
    def on_broken_pipe(self) -> None:
        """Let the command decide: rich would end the process with 1, though all is done."""
        raise BrokenPipeError


def print_summary(outcome: Outcome) -> None:
    """Print what was made, to standard output; in colour if that is a terminal."""
    console = _Printer(highlight=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    for part in _parts(outcome):
        console.print(part)


def _parts(outcome: Outcome) -> Iterator[RenderableType]:
    yield _headline(outcome.inventory)
    yield ""
    if outcome.analysis is None:
        yield _counted(outcome.inventory)
    else:
        yield _figures(outcome.analysis)
        yield ""
        yield _partitions(outcome.analysis)
        yield from _notable(outcome.analysis)
    yield ""
    yield _places(outcome)


def _headline(inventory: Inventory) -> str:
    source = inventory.source
    day, minute = f"[bold]AWS on {inventory.taken:%Y-%m-%d}[/]", f"[bold]AWS on {inventory.taken:%Y-%m-%d %H:%M} UTC[/]"
    if source.kind == "bundled":
        return f"{day}, as the record shipped with {escape(source.origin)} has it. For today's: --source aws"
    if source.kind == "file":
        return f"{minute}, as {escape(source.origin)} from {source.query_region} have it"
    effort = inventory.effort
    told = f"{minute}, as its parameter store in {source.query_region} has it"
    if effort is None:
        return told
    retried = f", {effort.retries:,} retries" if effort.retries else ""
    cached = f", {effort.from_cache:,} answers from the cache" if effort.from_cache else ""
    return f"{told} [dim]({effort.calls:,} calls{retried}{cached})[/]"


def _counted(inventory: Inventory) -> Table:
    table = _columns("", "right", "")
    for noun, number in counts(inventory).items():
        table.add_row(noun.capitalize(), f"{number:,}", "")
    for gap in inventory.gaps:
        table.add_row("[bold red]Not read", "", escape(f"{gap.path}: {gap.error} after {gap.attempts} attempts"))
    return table


def _figures(analysis: Analysis) -> Table:
    figure = _told(analysis)
    table = _columns("", "right", "")
    kinds = ("availability", "local", "wavelength")
    zones = ", ".join(f"{{{kind}-zones}} {kind} zones" for kind in kinds if figure[f"{kind}-zones"] != UNKNOWN)
    reach = (
        "{services-in-every-region} in every region, {services-in-one-region} in one, {services-in-no-region} in none"
    )
    widths = (
        "{widest-region-services} in {widest-region}, the most, and "
        "{narrowest-region-services} in {narrowest-region}, the fewest"
    )
    for noun, words in (("regions", zones), ("services", reach), ("offerings", widths)):
        table.add_row(noun.capitalize(), f"{figure[noun]:,}", words.format_map(figure))
    if gaps := len(analysis.inventory.tree_gaps):
        table.add_row("[bold red]Gaps", f"[bold red]{gaps}", "[bold red]not read; see the errors below")
    return table


def _told(analysis: Analysis) -> dict[str, int | float | str]:
    """Give every figure by its name, ``UNKNOWN`` where there is none."""
    return {figure.id: UNKNOWN if figure.value is None else figure.value for figure in analysis.statistics}


def _partitions(analysis: Analysis) -> Table:
    figure = {statistic.id: statistic.value for statistic in analysis.statistics}
    table = _columns("", "right", "right", "right", titles=("Partition", "Regions", "Services", "Offerings"))
    for partition in sorted({region.partition for region in analysis.inventory.regions if region.partition}):
        numbers = [figure.get(f"partition-{partition}-{noun}") for noun in ("regions", "services", "offerings")]
        table.add_row(escape(partition), *(UNKNOWN if number is None else f"{number:,}" for number in numbers))
    return table


def _notable(analysis: Analysis) -> Iterator[RenderableType]:
    if not analysis.findings:
        return
    table = _columns("", "", "")
    for finding in analysis.findings[:NOTABLE]:
        style = _STYLES[finding.severity]
        table.add_row(f"[{style}]{finding.severity}", escape(finding.subject), escape(finding.message))
    yield ""
    yield "[bold]Worth knowing[/]"
    yield table
    rest = len(analysis.findings) - NOTABLE
    if rest > 0:
        yield f"  [dim]and {rest} more, on the workbook's last sheet[/]"


def _places(outcome: Outcome) -> Table:
    table = _columns("bold", "")
    root = outcome.store.root
    if outcome.manifest and outcome.latest:
        follows = outcome.latest == outcome.manifest
        place = keys.LATEST if follows else outcome.keys["report"].removesuffix(keys.MANIFEST)
        table.add_row("Reports", escape(str(root / place)) + "/")
        for file in outcome.manifest.files:
            table.add_row("", f"{escape(file.name)}  [dim]{_size(file.bytes)}[/]")
        if not follows and outcome.analysis and outcome.analysis.quarantine:
            for doubt in outcome.analysis.quarantine:
                table.add_row("", f"[bold red]Quarantined:[/] {escape(doubt.message)}")
        elif not follows:
            table.add_row("", f"{keys.LATEST} stays with run {outcome.latest.run_id}, whose record is younger")
    else:
        for name, key in outcome.keys.items():
            table.add_row(name.capitalize(), escape(str(root / key)))
    seconds = sum(outcome.seconds.values())
    parts = ", ".join(f"{name} {spent:.2f}" for name, spent in outcome.seconds.items())
    table.add_row("Run", f"{escape(outcome.inventory.run_id)} [dim]in {seconds:.2f} s ({parts})[/]")
    return table


def _columns(*kinds: str, titles: tuple[str, ...] = ()) -> Table:
    """Make a table without lines; a kind is ``right`` for numbers or a style for texts."""
    table = Table(box=None, padding=(0, 1), show_header=bool(titles), header_style="dim", pad_edge=True)
    for index, kind in enumerate(kinds):
        title = titles[index] if titles else ""
        if kind == "right":
            table.add_column(title, justify="right")
        else:
            table.add_column(title, style=kind or None, overflow="fold")
    return table


def _size(count: int) -> str:
    return f"{count / 1000:,.0f} KB"
