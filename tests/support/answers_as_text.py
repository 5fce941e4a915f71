"""Answers as people see them, without a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aws_ssm_fetcher.cli.ask import compare, findings, region, regions, service, services, stats
from aws_ssm_fetcher.cli.history import changes, days, growth, timeline
from aws_ssm_fetcher.cli.shared.layout import lines_of, show
from aws_ssm_fetcher.cli.shared.past import HistorySource
from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import History, Lineage
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.queries.history.changes import ChangesAnswer, FlapsAnswer
from aws_ssm_fetcher.queries.history.days import DayAnswer, DiffAnswer
from aws_ssm_fetcher.queries.history.past import GrowthAnswer, PastAnswer
from aws_ssm_fetcher.queries.history.source import Chosen
from aws_ssm_fetcher.queries.records.answers import (
    Comparison,
    FiguresAnswer,
    FindingsAnswer,
    RegionAnswer,
    ServiceAnswer,
)
from aws_ssm_fetcher.queries.records.lists import RegionsAnswer, ServicesAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis

TEXTS: Final[dict[type, Any]] = {
    RegionAnswer: region.text,
    ServiceAnswer: service.text,
    Comparison: compare.text,
    FindingsAnswer: findings.text,
    FiguresAnswer: stats.text,
    RegionsAnswer: regions.text,
    ServicesAnswer: services.text,
    ChangesAnswer: changes.changes_text,
    FlapsAnswer: changes.flaps_text,
    DayAnswer: days.day_text,
    DiffAnswer: days.diff_text,
    PastAnswer: timeline.text,
    GrowthAnswer: growth.text,
}


def show_past(answer: object) -> None:
    """Print what a history of services answers, without its headline."""
    history = History(Lineage(RegionCode("us-west-1"), "full"))
    show(TEXTS[type(answer)](answer, HistorySource(Path("out"), Chosen(history, None), "")))


def show_snapshot(analysis: Analysis, root: Path, answer: object) -> None:
    """Print what a snapshot answers, with its headline."""
    snapshot = Snapshot(DirectoryStore(root), None, analysis, analysis.inventory.taken)
    show((*snapshot.headline(answer), "", *TEXTS[type(answer)](answer, snapshot)))


def lines_at(width: int, analysis: Analysis, answer: object) -> list[str]:
    """Return the lines of an answer, folded to a width."""
    snapshot = Snapshot(DirectoryStore(Path("out")), None, analysis, analysis.inventory.taken)
    return folded_lines(width, *TEXTS[type(answer)](answer, snapshot))


def folded_lines(width: int, *blocks: Block) -> list[str]:
    """Return the lines of blocks, folded to a width, without styles."""
    lines: Iterable[str] = (line for block in blocks for line in lines_of(block, width))
    return [click.unstyle(line).rstrip() for line in lines]
