"""How severities look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.model.codes import Severity

_STYLES: Final[Mapping[Severity, Mapping[str, Any]]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow"},
    "note": {"dim": True},
}


def styled(severity: Severity) -> str:
    """Return a severity in its colour."""
    return click.style(severity, **_STYLES[severity])
