from __future__ import annotations

from timelines import day

from aws_ssm_fetcher.cli.history.sparkline import sparkline


def test_the_highest_count_has_the_highest_block_and_none_has_a_blank() -> None:
    points = [(day(number), number) for number in range(9)]

    assert sparkline(points, 9) == " ▁▂▃▄▅▆▇█"


def test_a_column_is_a_moment_so_that_a_long_time_without_a_run_is_long() -> None:
    assert sparkline([(day(0), 1), (day(8), 2), (day(9), 2)], 10) == "▄▄▄▄▄▄▄▄██"


def test_one_run_and_nothing_at_all_can_be_drawn() -> None:
    assert sparkline([(day(0), 5)], 4) == "████"
    assert sparkline([(day(0), 0), (day(1), 0)], 4) == "    "
