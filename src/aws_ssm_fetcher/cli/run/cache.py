"""``cache info`` and ``cache clear``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.options import AS_JSON, STORE
from aws_ssm_fetcher.cli.shared.session import open_session
from aws_ssm_fetcher.core.documents.decoding import in_utc
from aws_ssm_fetcher.core.text import many

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.located import Location


@click.command()
@STORE
@AS_JSON
def info(root: Location, *, as_json: bool) -> None:
    """Show how many answers are cached.

    Also how large they are, and when the oldest and the newest were read.
    """
    session = open_session(root, as_json=as_json)
    kept = session.cache().info()
    ages = {"oldest": kept.oldest and in_utc(kept.oldest), "newest": kept.newest and in_utc(kept.newest)}
    if as_json:
        click.echo(json_text({"entries": kept.entries, "bytes": kept.bytes, **ages}))
    elif kept.entries:
        click.echo(f"{kept.entries:,} answers, {kept.bytes / 1000:,.0f} KB, from {ages['oldest']} to {ages['newest']}")
    else:
        click.echo(f"No cached answers in {root}")


@click.command()
@STORE
@AS_JSON
def clear(root: Location, *, as_json: bool) -> None:
    """Delete cached answers.

    The last good copy of the regions feed is deleted too.
    """
    dropped = open_session(root, as_json=as_json).cache().clear()
    click.echo(json_text({"dropped": dropped}) if as_json else f"{many(dropped, 'answer')} deleted")
