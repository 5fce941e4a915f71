"""``export``: all tables of ``sql`` as files for data tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.shared.options import AS_JSON, HISTORY, QUERIED_STORE, QUIET, add_options
from aws_ssm_fetcher.cli.shared.past import open_past
from aws_ssm_fetcher.cli.sql.files import FileKind, write_files
from aws_ssm_fetcher.cli.sql.material import material_of
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.tables import TABLES

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.located import Location


def _export(*, kind: FileKind, folder: Path, root: Location, quiet: bool, as_json: bool, **which: Any) -> None:  # noqa: ANN401 - as the options say
    """Write all tables for data tools.

    DIR gets a Parquet file a table, or one database of SQLite or DuckDB, and metadata.json, which describes tables and
    columns, for Datasette too. Needs DuckDB, except for SQLite: pip install duckdb.
    """
    material = material_of(open_store(root), open_past(root, **which).chosen)
    written = write_files(kind, folder, material, TABLES)
    if as_json:
        click.echo(json.dumps({"files": [{"path": str(path), "bytes": path.stat().st_size} for path in written]}))
    elif not quiet:
        for path in written:
            click.echo(f"{printable(str(path))}  {path.stat().st_size:,} bytes")


class _FolderPath(click.Path):
    """A directory, there or not. An empty name is a variable that is not set, not this directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        """Parse the value."""
        if not str(value):
            self.fail("the name is empty: name a directory.", param, ctx)
        return super().convert(value, param, ctx)


export = click.command("export", help=_export.__doc__)(
    add_options(
        _export,
        (
            click.option(
                "--to",
                "kind",
                type=click.Choice(get_args(FileKind)),
                required=True,
                help="The kind of file: parquet, sqlite or duckdb.",
            ),
            click.argument("folder", metavar="DIR", type=_FolderPath(file_okay=False, path_type=Path)),
            QUERIED_STORE,
            *HISTORY,
            QUIET,
            AS_JSON,
        ),
    )
)
