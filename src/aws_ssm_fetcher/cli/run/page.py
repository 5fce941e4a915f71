"""``open``: the page of the latest run in the browser."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.shared.options import STORE
from aws_ssm_fetcher.core.error_handling import ObjectMissingError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.page import PAGE

if TYPE_CHECKING:
    from pathlib import Path


@click.command("open")
@STORE
@click.option("--print", "only_print", is_flag=True, help="Print the path, and open nothing.")
def open_page(root: Path, *, only_print: bool) -> None:
    """Open the page of the latest run."""
    key = keys.latest_key(PAGE)
    path = (root / key).resolve()
    if not path.is_file():
        raise ObjectMissingError(key, f"no page in {root}", advice='Make one with "aws-ssm-fetcher run"')
    click.echo(path)
    if not only_print and not webbrowser.open(path.as_uri()):
        raise click.ClickException("No browser could be started: open that file in one.")
