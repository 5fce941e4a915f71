"""Conditional formats: colours follow the values, also after edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.outputs.excel import styles as colours
from aws_ssm_fetcher.outputs.layout import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.outputs.excel.styles import Styles

SIGNS: Final[Mapping[str, tuple[str, str, str]]] = {
    "offered": ("●", colours.GOOD, "in the region"),
    "partial": ("◐", colours.SOME, "fewer resource types than elsewhere"),
    "remote": ("→", colours.AWAY, "answered from another region"),
    "global": ("○", colours.GLOBAL, "one endpoint for all regions"),
    "?": ("?", colours.UNKNOWN_GREY, "region could not be read"),
}
"""Words in the cells of the matrix, each with its sign, its colour and what it means; an empty cell: not available."""
_LIGHT: Final = frozenset({"offered"})
_RED: Final = ("removed", "service-ended", "zone-removed")
_GREEN: Final = ("added", "returned", "service-opened", "region-opened", "region-launched", "zone-added")
_BLUE: Final = ("renamed", "name-changed", "endpoint-changed")
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "Severity": {"error": colours.ERROR, "warning": colours.WARNING, "note": colours.NOTE},
    "Kind": {
        **dict.fromkeys(_RED, colours.ERROR),
        **dict.fromkeys(_GREEN, "#CFE8D8"),
        **dict.fromkeys(_BLUE, colours.TINT),
    },
    "Stage": {
        "shut down": colours.ERROR,
        "sunset": colours.WARNING,
        "closed to new customers": colours.WARNING,
        "maintenance": colours.NOTE,
    },
    "Reach": {"remote": colours.AWAY, "global": "#E2D9F3"},
    "Grade": {"C": colours.WARNING, "D": colours.WARNING, "F": colours.ERROR},
}
"""Columns whose words have a colour."""
GROUPED: Final[Mapping[str, tuple[str, ...]]] = {
    "Changes": ("Confirmed", "Kind", "Service Name", "Service Code"),
    "Nearest Regions": ("Region Code", "Region Name"),
    "Partition Parity": ("Partition", "Partition Name", "Missing In", "Missing In Name"),
    "Statistics": ("Section",),
    "About": ("Sheet",),
}
"""Sheets with rows that belong together: what repeats from the row above is grey in these columns."""


def add_column_rules(sheet: Any, styles: Styles, title: str, kind: str, cells: str) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    """Add the conditional formats of one column."""
    if kind == "percent":
        bar = {"bar_color": colours.BAR, "bar_solid": True, "min_type": "num", "max_type": "num"}
        sheet.conditional_format(cells, {"type": "data_bar", "min_value": 0, "max_value": 100, **bar})
    if kind == "tick":
        look = styles.rule(bg_color=colours.GOOD, font_color=colours.PAPER)
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": 1, "format": look})
    if kind in {"tick", "depth"}:
        _equal(sheet, cells, UNKNOWN, styles.rule(bg_color=colours.UNKNOWN_GREY))
    if kind == "depth":
        _add_depth_rules(sheet, styles, cells)
    for word, colour in WORDS.get(title, {}).items():
        _equal(sheet, cells, word, styles.rule(bg_color=colour))


def _add_depth_rules(sheet: Any, styles: Styles, cells: str) -> None:  # noqa: ANN401 - as above
    first = cells.partition(":")[0]
    steps = ((100, colours.GOOD, colours.PAPER), (50, colours.SOME, colours.INK), (0, "#D9EFE2", colours.INK))
    for least, colour, ink in steps:
        # a text is more than any number, and a blank is 0
        at_least = f"=AND(ISNUMBER({first}),{first}>={least})"
        look = styles.rule(bg_color=colour, font_color=ink)
        # stop_if_true: the first step that fits wins, as the steps go down.
        rule = {"type": "formula", "criteria": at_least, "format": look, "stop_if_true": True}
        sheet.conditional_format(cells, rule)


def add_group_rule(sheet: Any, styles: Styles, column: str, first_row: int, last_row: int, keys: list[str]) -> None:  # noqa: ANN401 - as above
    """Show what repeats from the row above in grey, where all *keys* up to this column repeat."""
    same = ",".join(f"${key}{first_row + 1}=${key}{first_row}" for key in keys)
    repeated = {"type": "formula", "criteria": f"=AND({same})", "format": styles.rule(font_color="#7B8794")}
    sheet.conditional_format(f"{column}{first_row + 1}:{column}{last_row}", repeated)


def add_sign_rules(sheet: Any, styles: Styles, cells: str) -> None:  # noqa: ANN401 - as above
    """Show the words of the matrix as signs on colours."""
    for word, (sign, colour, _) in SIGNS.items():
        ink = colours.PAPER if word in _LIGHT else colours.INK
        _equal(sheet, cells, word, styles.rule(bg_color=colour, font_color=ink, num_format=f'0;0;0;"{sign}"'))


def _equal(sheet: Any, cells: str, word: str, look: Any) -> None:  # noqa: ANN401 - as above
    sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look})
