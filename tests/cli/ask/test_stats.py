from __future__ import annotations

from aws_ssm_fetcher.cli.ask.stats import aligned


def test_decimal_points_stand_below_each_other() -> None:
    assert aligned(["220", "157.6", "-0.458", "1,024"]) == [
        "  220    ",
        "  157.6  ",
        "   -0.458",
        "1,024    ",
    ]


def test_a_unit_stands_behind_all_digits() -> None:
    assert aligned(["3", "19.109 %", "50 %"]) == [" 3      ", "19.109 %", "50     %"]


def test_what_is_no_number_ends_at_the_right() -> None:
    assert aligned(["absent", "405", "us-east-1", "1.2.3"]) == ["   absent", "      405", "us-east-1", "    1.2.3"]


def test_where_nothing_is_nothing_is_aligned() -> None:
    assert aligned([]) == []
