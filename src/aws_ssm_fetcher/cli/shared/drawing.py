"""What all that is printed has in common: where it goes, how wide it is, tables without lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.proposals import can_be_decided, proposed, verdicts_on
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.history.run_names import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rich.console import RenderableType

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Severity
    from aws_ssm_fetcher.core.model.inventory import Inventory, Source
    from aws_ssm_fetcher.core.store.directory import DirectoryStore

UNKNOWN: Final = "?"
PIPED_WIDTH: Final = 160  # columns where neither a terminal nor COLUMNS says how many; nothing is cut
SEVERITY_STYLES: Final[Mapping[Severity, str]] = {"error": "bold red", "warning": "yellow", "note": "dim"}


class _Printer(Console):
    def on_broken_pipe(self) -> None:
        """Let the command decide: rich would end the process with 1, though all is done."""
        raise BrokenPipeError


def show(parts: Iterable[RenderableType]) -> None:
    """Print to standard output; in colour if that is a terminal, and elsewhere without blanks at the ends of lines."""
    console = _Printer(highlight=False, emoji=False)
    if console.is_terminal:
        for part in parts:
            console.print(part, crop=False)
        return
    console.width = terminal.width() or PIPED_WIDTH
    with console.capture() as captured:
        for part in parts:
            console.print(part, crop=False)
    console.out("\n".join(line.rstrip() for line in captured.get().splitlines()), highlight=False)


def shown(text: str) -> str:
    """Show a text as it stands: neither markup in it nor a control character has any power."""
    return escape(printable(text))


def headline(inventory: Inventory, root: Path) -> Iterator[RenderableType]:
    """Say of when the record is, where it was read, what of it was not asked for, and how today's is had."""
    source = inventory.source
    yield _origin(inventory)
    if source.kind == "bundled":
        yield unfolded(f"For today's: {shown(proposed('run --source aws', root))}")
    yield from _unasked(source)


def plain_headline(analysis: Analysis) -> str:
    """Say of when the record is, and why it is not believed, if it is not, where nothing is drawn."""
    inventory = analysis.inventory
    told = (Text.from_markup(line).plain for line in (_origin(inventory), *_unasked(inventory.source)))
    doubts = (f"Quarantined: {doubt.message}" for doubt in (*analysis.quarantine, *analysis.quarantined_strands))
    return "\n".join((*told, *map(printable, doubts)))


def not_believed(analysis: Analysis, store: DirectoryStore) -> Iterator[RenderableType]:
    """Yield why a run, or a strand of it, is quarantined, and the commands that decide on it."""
    for doubt in analysis.quarantine:
        yield f"[bold red]Quarantined:[/] {shown(doubt.message)}"
    for doubt in analysis.quarantined_strands:
        yield f"[bold red]Strand quarantined:[/] {shown(doubt.message)}"
        if doubt.rule != "rejected":
            arguments = names_in(store).arguments(analysis.inventory)
            command = proposed(f"accept {arguments} --strand {doubt.strand}", store.root)
            yield unfolded(f"[dim]{shown(f'If that is right: {command}')}[/]")
    run, rejected = analysis.inventory, any(doubt.rule == "rejected" for doubt in analysis.quarantine)
    if analysis.quarantine and can_be_decided(store, run):
        for line in verdicts_on(run, names_in(store), store.root, rejected=rejected):
            yield unfolded(f"[dim]{shown(line)}[/]")


def unfolded(markup: str) -> RenderableType:
    """Keep in one line what has to be copied as it is: a terminal folds it, and still gives it whole."""
    line = Text.from_markup(markup, overflow="ignore")
    line.no_wrap = True
    return Group(line)  # rich makes a text of its own of one that stands alone, and folds that


def columns(*kinds: str, titles: tuple[str, ...] = ()) -> Table:
    """Make a table without lines; a kind is ``right`` for numbers or a style for texts."""
    table = Table(box=None, padding=(0, 1), show_header=bool(titles), header_style="dim", pad_edge=True)
    for index, kind in enumerate(kinds):
        title = titles[index] if titles else ""
        if kind == "right":
            table.add_column(title, justify="right")
        else:
            table.add_column(title, style=kind or None, overflow="fold")
    return table


def listed(codes: Iterable[str]) -> RenderableType:
    """Lay codes out one behind the other, as many as fit into a line."""
    return Padding("  ".join(shown(code) for code in codes), (0, 0, 0, 2))


def _unasked(source: Source) -> Iterator[str]:
    if source.left_out:
        left_out = ", ".join(topic.replace("-", " ") for topic in source.left_out)
        yield f"[dim]Not asked for, at detail {source.detail}: {left_out}[/]"


def _origin(inventory: Inventory) -> str:
    source = inventory.source
    day, minute = f"[bold]AWS on {inventory.taken:%Y-%m-%d}[/]", f"[bold]AWS on {inventory.taken:%Y-%m-%d %H:%M} UTC[/]"
    if source.kind == "bundled":
        return f"{day}, as the record shipped with {shown(source.origin)} has it"
    if source.kind == "file":
        return f"{minute}, as {shown(source.origin)} from {shown(source.query_region or UNKNOWN)} have it"
    effort = inventory.effort
    told = f"{minute}, as its parameter store in {shown(source.query_region or UNKNOWN)} has it"
    if effort is None:
        return told
    retried = f", {effort.retries:,} retries" if effort.retries else ""
    cached = f", {effort.from_cache:,} answers from the cache" if effort.from_cache else ""
    return f"{told} [dim]({effort.calls:,} calls{retried}{cached})[/]"
