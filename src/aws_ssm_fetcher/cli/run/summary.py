"""Print what a command made: as JSON, or as a summary for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.run.outcome import outcome_of
from aws_ssm_fetcher.cli.run.outdated import outdated
from aws_ssm_fetcher.cli.shared.headline import UNKNOWN, headline, quarantine_lines, strand_lines
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import TextTable, Whole, bold, dim, show, styled
from aws_ssm_fetcher.cli.shared.past import late_dates
from aws_ssm_fetcher.core.documents.run_documents import counts
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.listing import analyses
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.outputs.notifications import QUARANTINED
from aws_ssm_fetcher.outputs.page import PAGE
from aws_ssm_fetcher.queries.history.run_names import names_in
from aws_ssm_fetcher.queries.records.current import youngest_of
from aws_ssm_fetcher.queries.records.unread import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.run.outcome import Outcome
    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.outputs.manifest import Manifest

NOTABLE: Final = 8  # findings shown: as many as one takes in at a glance


def show_outcome(
    session: Session, *, inventory: str | None = None, analysis: str | None = None, manifest: str | None = None
) -> None:
    """Print what was made, by its keys: as JSON, as text for people, or not at all."""
    if session.quiet:
        return
    outcome = outcome_of(session.store, inventory, analysis, manifest, session.seconds, session.clock())
    if session.as_json:
        click.echo(json_text(outcome.as_json()))
    else:
        show(summary(outcome))


def summary(outcome: Outcome) -> Iterator[Block]:
    """Yield what was made, and what to do next."""
    yield from headline(outcome.inventory, outcome.store.root, outcome.now)
    if outcome.analysis:
        yield from quarantine_lines(outcome.analysis, outcome.store)
        yield from strand_lines(outcome.analysis, outcome.store)
    yield ""
    if outcome.analysis is None:
        yield _counted(outcome.inventory)
    else:
        yield _figures(outcome.analysis)
        yield ""
        yield _partitions(outcome.analysis)
        if words := uncounted(outcome.inventory):
            yield f"\n{printable(words)}"
        yield from _notable(outcome.analysis, outcome)
    yield ""
    yield _places(outcome)
    if outcome.manifest is None:
        width = max(map(len, outcome.keys))
        for number, next_one in enumerate(_next(outcome)):
            label = "" if number else "Next"
            yield Whole(f" {bold(f'{label:<{width}}')}  {printable(next_one)}")


def _counted(inventory: Inventory) -> TextTable:
    table = TextTable("", "right", "")
    for noun, number in counts(inventory).items():
        table.add_row(noun.capitalize(), f"{number:,}", "")
    for gap in inventory.gaps:
        table.add_row(
            _red("Could not be read"), "", printable(f"{gap.path}: {gap.error} after {many(gap.attempts, 'attempt')}")
        )
    return table


def _figures(analysis: Analysis) -> TextTable:
    figure = _by_name(analysis)
    table = TextTable("", "right", "")
    kinds = ("availability", "local", "wavelength")
    # Zones that were not read are left out, not shown as 0.
    zones = ", ".join(f"{{{kind}-zones}} {kind} zones" for kind in kinds if figure[f"{kind}-zones"] != UNKNOWN)
    reach = (
        "{services-in-every-region} in every region, {services-in-one-region} in one, {services-in-no-region} in none"
    )
    widths = (
        "{services-per-region-maximum} in {widest-region}, the most, and "
        "{services-per-region-minimum} in {narrowest-region}, the fewest"
    )
    for noun, words in (("regions", zones), ("services", reach), ("offerings", widths)):
        table.add_row(noun.capitalize(), f"{figure[noun]:,}", words.format_map(figure))
    quality = analysis.quality
    lost = sum(finding.cost for finding in analysis.findings)
    words = (
        f"quality {quality.grade}: {lost} points lost by {_cost_more(analysis)}"
        if lost
        else "no findings that cost points"
    )
    table.add_row("Score", f"{quality.score}", words)
    if gaps := len(analysis.inventory.tree_gaps):
        table.add_row(_red("Gaps"), _red(f"{gaps}"), _red("could not be read; see the errors below"))
    return table


def _cost_more(analysis: Analysis) -> str:
    """Count the findings that cost points, by severity."""
    counted = Counter(finding.severity for finding in analysis.findings if finding.cost)
    return ", ".join(many(count, severity) for severity, count in counted.items())


def _by_name(analysis: Analysis) -> dict[str, int | float | str]:
    """Return every statistic by its id, ``UNKNOWN`` where there is none."""
    values: defaultdict[str, int | float | str] = defaultdict(lambda: UNKNOWN)
    for statistic in analysis.statistics:
        if isinstance(statistic.value, str):
            values[statistic.id] = printable(statistic.value)
        elif statistic.value is not None:
            values[statistic.id] = statistic.value
    return values


def _partitions(analysis: Analysis) -> TextTable:
    values = {statistic.id: statistic.value for statistic in analysis.statistics}
    partitions = sorted({region.partition for region in analysis.inventory.regions if region.partition})
    table = TextTable("", "right", "right", "right", titles=("Partition", "Regions", "Services", "Offerings"))

    def number(partition: str, noun: str) -> str:
        value = values.get(f"partition-{partition}-{noun}")
        return UNKNOWN if value is None else f"{value:,}"

    for partition in partitions:
        numbers = (number(partition, noun) for noun in ("regions", "services", "offerings"))
        table.add_row(printable(partition), *numbers)
    return table


def _notable(analysis: Analysis, outcome: Outcome) -> Iterator[Block]:
    if not analysis.findings:
        return
    table = TextTable("", "", "")
    # sorted is stable: of equal cost they stay by severity, rule and subject.
    costly_first = sorted(analysis.findings, key=lambda finding: -finding.cost)
    for finding in costly_first[:NOTABLE]:
        table.add_row(styled(finding.severity), printable(finding.subject), printable(finding.message))
    yield ""
    yield bold("Findings")
    yield table
    rest = len(analysis.findings) - NOTABLE
    if rest > 0:
        where = _findings(outcome) or " on the workbook's sheet Findings"
        yield Whole(f"  {dim(printable(f'and {rest:,} more{where}'))}")


def _places(outcome: Outcome) -> TextTable:
    table = TextTable("bold", "")
    root, page = outcome.store.root, ""
    if outcome.manifest and outcome.latest:
        follows = outcome.latest == outcome.manifest
        place = keys.LATEST if follows else outcome.keys["report"].removesuffix(keys.MANIFEST)
        page = printable(str(root / place / PAGE))
        if not follows:
            table.add_row("Latest", f"{keys.LATEST} {printable(_stays(outcome, outcome.latest))}")
    else:
        for name, key in outcome.keys.items():
            table.add_row(name.capitalize(), printable(str(root / key)))
    if outcome.notified:
        table.add_row("Notified", _news(outcome.notified))
    if outcome.analysis:
        for title, words in _history(outcome.analysis):
            table.add_row(title, printable(words))
        if outcome.dated_by_releases:
            table.add_row("", printable(late_dates(root)))
    seconds = sum(outcome.seconds.values())
    parts = ", ".join(f"{name} {spent:.2f}" for name, spent in outcome.seconds.items())
    table.add_row("Run", f"{printable(outcome.inventory.run_id)} {dim(f'in {seconds:.2f} s ({parts})')}")
    if page:
        table.add_row("Page", page)
    return table


def _history(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """Yield which history the run went into, since when that reaches, and what changed with this run."""
    reach = analysis.history
    if reach is None:
        return
    seam = f"; the bundled history answers until {reach.seam:%Y-%m-%d}" if reach.seam else ""
    left_out = ", without this run" if analysis.quarantine else ""
    yield "History", f"{reach.query_region} ({reach.detail} detail), since {reach.since:%Y-%m-%d}{left_out}{seam}"
    own = analysis.inventory.run_id, analysis.inventory.taken
    counts = Counter(change.kind for change in analysis.changes if (change.run_id, change.announced) == own)
    if not analysis.quarantine:
        yield (
            "Changes",
            ", ".join(f"{count:,} {kind}" for kind, count in counts.items()) or "none announced by this run",
        )


def _stays(outcome: Outcome, latest: Manifest) -> str:
    """Return which run ``latest`` stays on, and why if no quarantine reason says it."""
    name = names_in(outcome.store, (latest,)).of(latest)
    quarantined = outcome.analysis and outcome.analysis.quarantine
    return f"stays with run {name}{'' if quarantined else ', whose snapshot is newer'}"


def _next(outcome: Outcome) -> Iterator[str]:
    """Yield the command of the stage that reads what was made, and those for other runs that were re-evaluated."""
    root = outcome.store.root
    yield proposed("report" if outcome.analysis else "process", root)
    stale = outdated(outcome.store, outcome.keys["analysis"]) if outcome.analysis else []
    for key in stale:
        yield proposed(f"report --run-id {keys.place_of(key).run_id}", root)


def _findings(outcome: Outcome) -> str:
    """Return the command that lists the findings of this run; empty if its id names another snapshot too."""
    store, own, run_id = outcome.store, outcome.keys["analysis"], outcome.inventory.run_id
    candidates = [*analyses(store)]
    if youngest_of(store, candidates) == own:
        return f": {proposed('findings', store.root)}"
    named = [key for key in candidates if keys.place_of(key).run_id == run_id]
    if named and youngest_of(store, named) == own:
        return f": {proposed(f'findings --run-id {run_id}', store.root)}"
    return ""


def _news(notices: tuple[str, ...]) -> str:
    """Return what subscribers were notified of."""
    changes = sum(notice != QUARANTINED for notice in notices)
    words = [many(changes, "change")] if changes else []
    reasons = ["that it is quarantined"] if QUARANTINED in notices else []
    return f"subscribers, of {' and '.join([*reasons, *words])}"


def _red(text: str) -> str:
    return click.style(text, fg="red", bold=True)
