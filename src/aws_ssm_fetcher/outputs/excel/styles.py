"""Colours and formats of the workbook. Colours that depend on values are conditional formats, in ``rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

INK, PAPER, LINE, QUIET = "#1B2733", "#FFFFFF", "#E3E7EB", "#52606D"
ACCENT, BAR, BAND, TINT = "#0B5CAD", "#A9CCE9", "#EEF2F6", "#DCE9F5"
GOOD, SOME, AWAY, GLOBAL, UNKNOWN_GREY = "#2F855A", "#9BD0B3", "#F3C677", "#B9A5E0", "#C9CED3"
ERROR, WARNING, NOTE = "#F8C9C4", "#FBE3B5", "#E3E7EB"
GEOGRAPHY_COLOURS: Final[Mapping[str, str]] = {
    "North America": "#0B5CAD",
    "Europe": "#2F855A",
    "Asia Pacific": "#C05621",
    "Middle East": "#805AD5",
    "South America": "#B7791F",
    "Africa": "#2C7A7B",
    "China": "#9B2C2C",
    "Elsewhere": "#718096",
}
FONT: Final = {"font_name": "Calibri", "font_size": 10, "font_color": INK}
_BODY: Final = {**FONT, "valign": "top", "bottom": 1, "bottom_color": LINE}
_HEADER: Final = {**FONT, "bold": True, "font_color": PAPER, "bg_color": INK, "valign": "top", "text_wrap": True}
_TURNED: Final = {**FONT, "font_size": 8, "rotation": 90, "align": "center", "valign": "bottom"}
_MATRIX: Final = {**FONT, "align": "center", "valign": "top", "border": 1, "border_color": LINE}
_FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": {**_BODY, "align": "left", "indent": 1},
    "prose": {**_BODY, "align": "left", "indent": 1, "text_wrap": True},
    "value": {**_BODY, "indent": 1, "align": "left", "num_format": "#,##0", "text_wrap": True},
    # figures with fractions and without, one below the other: "_0" is as wide as a digit, "?" a digit or as wide as one
    "whole": {**_BODY, "indent": 1, "align": "right", "num_format": "#,##0_._0_0_0"},
    "fraction": {**_BODY, "indent": 1, "align": "right", "num_format": "#,##0.0??"},
    "count": {**_BODY, "indent": 1, "align": "right", "num_format": "#,##0"},
    "number": {**_BODY, "indent": 1, "align": "right", "num_format": "#,##0.0"},
    "percent": {**_BODY, "indent": 1, "align": "right", "num_format": "0.0"},
    "date": {**_BODY, "indent": 1, "align": "left", "num_format": "yyyy-mm-dd"},
    "link": {**_BODY, "align": "left", "indent": 1, "font_color": ACCENT, "underline": 1},
    # 1 shows as a dot and 0 as nothing, and both add up
    "tick": {**_MATRIX, "num_format": '"●";;""'},
    "depth": {**_MATRIX, "num_format": "0"},
    "header": {**_HEADER, "align": "right", "indent": 1},
    "turned header": {
        **_HEADER,
        "font_size": 8,
        "text_wrap": False,
        "rotation": 90,
        "align": "center",
        "valign": "bottom",
    },
    "text header": {**_HEADER, "align": "left", "indent": 1},
    "title": {**FONT, "bold": True, "font_size": 20, "valign": "vcenter"},
    "subtitle": {**FONT, "font_color": QUIET, "font_size": 11, "valign": "vcenter"},
    "heading": {**FONT, "bold": True, "font_size": 13, "bottom": 2, "bottom_color": ACCENT, "valign": "vcenter"},
    "heading link": {
        **FONT,
        "bottom": 2,
        "bottom_color": ACCENT,
        "valign": "vcenter",
        "font_color": ACCENT,
        "underline": 1,
        "align": "right",
    },
    "tile value": {
        **FONT,
        "bold": True,
        "font_size": 20,
        "font_color": ACCENT,
        "bg_color": BAND,
        "align": "center",
        "valign": "vcenter",
        "num_format": "#,##0",
    },
    "tile label": {**FONT, "font_color": QUIET, "bg_color": BAND, "align": "center", "valign": "top"},
    "plain": {**FONT, "valign": "top", "align": "left"},
    "plain prose": {**FONT, "valign": "top", "align": "left", "text_wrap": True},
    "plain bold": {**FONT, "bold": True, "valign": "top", "align": "left"},
    "plain link": {**FONT, "valign": "top", "align": "left", "font_color": ACCENT, "underline": 1},
    "hint": {**FONT, "font_color": QUIET, "italic": True, "valign": "top", "align": "left", "text_wrap": True},
    # the matrix: a cell holds a word, "partial", and shows a sign; every other sign is a rule's
    "cell": {**_MATRIX, "num_format": '0;0;0;"●"'},
    "legend": {**_MATRIX, "num_format": '0;0;0;"●"'},
    "band": {**FONT, "bold": True, "font_color": PAPER, "bg_color": INK, "align": "left", "indent": 1},
    "turned name": {**_TURNED, "bg_color": BAND},
    "turned code": {**_TURNED, "font_color": QUIET, "bg_color": BAND},
    "turned total": {**_TURNED, "bold": True, "bg_color": TINT},
    "year": {**_TURNED, "font_color": QUIET, "bg_color": BAND, "num_format": "0"},
    "head": {**FONT, "bold": True, "bg_color": BAND, "align": "left", "valign": "bottom", "indent": 1},
    "head number": {**FONT, "bold": True, "bg_color": BAND, "align": "right", "valign": "bottom", "indent": 1},
    "total": {**_MATRIX, "bold": True, "bg_color": TINT, "num_format": "#,##0", "font_size": 9},
    "matrix total": {**_MATRIX, "bg_color": "#F4F8FC", "num_format": "#,##0;;", "font_size": 9},
    "category": {**FONT, "bold": True, "bg_color": TINT, "align": "left", "indent": 1, "valign": "top"},
    "category total": {**_MATRIX, "bold": True, "bg_color": TINT, "num_format": "#,##0", "font_size": 9},
    "service": {**_BODY, "align": "left", "indent": 2},
    "code": {**_BODY, "align": "left", "indent": 1, "font_color": QUIET},
}


class Styles:
    """The formats of one workbook, each made when it is first used: Excel keeps those that are used."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter ships no types
        self.book = book
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as above
        """Return a format by its name."""
        if name not in self._made:
            self._made[name] = self.book.add_format(dict(_FORMATS[name]))
        return self._made[name]

    def rule(self, **properties: Any) -> Any:  # noqa: ANN401 - as above
        """Return a format for a conditional format."""
        key = repr(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(properties)
        return self._made[key]
