"""Rows as a table, or one below the other where a table would be too wide to read."""

from __future__ import annotations

from itertools import chain

import click
import pytest

from aws_ssm_fetcher.cli.shared.layout import lines_of
from aws_ssm_fetcher.cli.shared.rows_text import table_or_records

TITLES, KINDS = ("rank", "region", "missing", "reasons"), ("right", "", "", "")
ROWS = [
    ("1", "eu-west-1", "", "has what is needed"),
    ("2", "eu-north-1", "bedrock s3", "one of what is needed is missing there"),
]


def laid_out(width: int | None) -> list[str]:
    blocks = table_or_records(TITLES, KINDS, ROWS, width)
    return [click.unstyle(line).rstrip() for line in chain.from_iterable(lines_of(block, width) for block in blocks)]


@pytest.mark.parametrize("width", [None, 200])
def test_what_fits_is_a_table_and_so_is_what_goes_into_a_pipe(width: int | None) -> None:
    assert laid_out(width) == [
        " rank  region      missing     reasons",
        "    1  eu-west-1               has what is needed",
        "    2  eu-north-1  bedrock s3  one of what is needed is missing there",
    ]


def test_one_column_is_folded() -> None:
    assert laid_out(60) == [
        " rank  region      missing     reasons",
        "    1  eu-west-1               has what is needed",
        "    2  eu-north-1  bedrock s3  one of what is needed is",
        "                               missing there",
    ]


def test_what_no_table_has_room_for_is_one_record_below_the_other_without_empty_cells() -> None:
    assert laid_out(40) == [
        " rank     1",
        " region   eu-west-1",
        " reasons  has what is needed",
        "",
        " rank     2",
        " region   eu-north-1",
        " missing  bedrock s3",
        " reasons  one of what is needed is",
        "          missing there",
        "",
    ]


def test_no_rows_are_the_titles() -> None:
    blocks = table_or_records(TITLES, ("", "", "", ""), [], 20)

    assert [click.unstyle(line) for block in blocks for line in lines_of(block, None)] == [
        " rank  region  missing  reasons"
    ]
