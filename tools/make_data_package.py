"""Make a distribution of the bundled data alone, for programs that embed it: JSON, Parquet, schemas, provenance.

``python tools/make_data_package.py [--output dist]`` writes ``aws_ssm_data-VERSION-py3-none-any.whl`` and prints its
path. The version is the day of the snapshot. The package has no code; equal data and an equal DuckDB give equal bytes.

Source: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import aws_ssm_fetcher
from aws_ssm_fetcher.cli.sql.cells import for_json
from aws_ssm_fetcher.cli.sql.engine import database
from aws_ssm_fetcher.cli.sql.files import write_files
from aws_ssm_fetcher.cli.sql.material import material_of
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.queries.tables import TABLES
from build_packages import zip_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from aws_ssm_fetcher.queries.tables import Material, SqlColumn, SqlTable

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = "aws_ssm_data"
DISTRIBUTION: Final = "aws-ssm-data"
WHEEL: Final = b"Wheel-Version: 1.0\nGenerator: make_data_package\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
PURPOSE: Final = (
    b'"""Which AWS services are in which regions, as JSON and Parquet: read the files with importlib.resources."""\n'
)
LICENSES: Final = ("LICENSE", "NOTICE")
KINDS: Final[Mapping[str, dict[str, Any]]] = {
    "VARCHAR": {"type": ["string", "null"]},
    "INTEGER": {"type": ["integer", "null"]},
    "DATE": {"type": ["string", "null"], "format": "date"},
    "TIMESTAMP": {"type": ["string", "null"], "format": "date-time"},
    "VARCHAR[]": {"type": "array", "items": {"type": "string"}},
}
"""Each type of a column as JSON Schema has it."""


class Wheel(NamedTuple):
    """A wheel in memory."""

    name: str
    body: bytes


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the distribution."""
    parser = argparse.ArgumentParser(description="Make a distribution of the bundled data alone.")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="the folder that it is written to")
    output = parser.parse_args(arguments).output
    wheel = bundled_wheel()
    output.mkdir(parents=True, exist_ok=True)
    (output / wheel.name).write_bytes(wheel.body)
    print(f"{output / wheel.name}  {len(wheel.body):,} bytes")
    return 0


def bundled_wheel() -> Wheel:
    """Return the distribution of the bundled data."""
    data = aws_ssm_fetcher.load()
    return make_wheel(material_of(data.store, data.history.chosen), TABLES, data.taken.date())


def make_wheel(material: Material, tables: Sequence[SqlTable], day: date) -> Wheel:
    """Return a distribution of some tables."""
    version = f"{day.year}.{day.month}.{day.day}"
    contents = {f"{PACKAGE}/{name}": body for name, body in sorted(data_files(material, tables).items())}
    contents[f"{PACKAGE}/provenance.json"] = _json(provenance(material, version, contents))
    contents |= dict(metadata_files(version, contents))
    return Wheel(f"{PACKAGE}-{version}-py3-none-any.whl", zip_of(contents))


def data_files(material: Material, tables: Sequence[SqlTable]) -> dict[str, bytes]:
    """Return the tables as JSON and Parquet, their schemas, and the licence."""
    with TemporaryDirectory() as folder:
        files = {path.name: path.read_bytes() for path in write_files("parquet", Path(folder), material, tables)}
    for table in tables:
        files[f"{table.name}.json"] = table_json(material, table)
        files[f"schemas/{table.name}.schema.json"] = _json(table_schema(table))
    return files | {"__init__.py": PURPOSE} | {name: (ROOT / name).read_bytes() for name in LICENSES}


def table_json(material: Material, table: SqlTable) -> bytes:
    """Return the rows of a table as an array of objects, a line each."""
    names = [column.name for column in table.columns]
    rows = (dict(zip(names, map(for_json, row), strict=True)) for row in table.rows(material))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode() if lines else b"[]\n"


def table_schema(table: SqlTable) -> dict[str, Any]:
    """Return the JSON Schema of a table's rows."""
    properties = {column.name: _column_schema(column) for column in table.columns}
    row = {"type": "object", "required": list(properties), "properties": properties}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{table.name}.schema.json",
        "title": table.name,
        "description": table.meaning,
        "type": "array",
        "items": row,
    }


def provenance(material: Material, version: str, contents: Mapping[str, bytes]) -> dict[str, Any]:
    """Return where the data come from, under which licence they are, and what was made of them."""
    inventory = material.inventory
    return {
        "name": DISTRIBUTION,
        "version": version,
        "licence": "Apache-2.0",
        "made_by": {"aws-ssm-data-fetcher": aws_ssm_fetcher.__version__, "duckdb": database().__version__},
        "snapshot": encode({"run_id": inventory.run_id, "taken": inventory.taken, "source": inventory.source}),
        "sources": encode(material.sources()),
        "files": {name: hashlib.sha256(body).hexdigest() for name, body in contents.items()},
    }


def metadata_files(version: str, contents: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what makes a wheel of files: its metadata, and the record of all files with their hashes."""
    folder = f"{PACKAGE}-{version}.dist-info"
    metadata = (
        f"Metadata-Version: 2.4\nName: {DISTRIBUTION}\nVersion: {version}\n"
        "Summary: Which AWS services are in which regions, since when: data alone, as JSON and Parquet.\n"
        "License-Expression: Apache-2.0\n"
        f"{''.join(f'License-File: {name}{chr(10)}' for name in LICENSES)}"
    )
    files = {
        f"{folder}/METADATA": metadata.encode(),
        f"{folder}/WHEEL": WHEEL,
        **{f"{folder}/licenses/{name}": contents[f"{PACKAGE}/{name}"] for name in LICENSES},
    }
    yield from files.items()
    listed = sorted({**contents, **files}.items())
    record = "".join(f"{name},sha256={_digest(body)},{len(body)}\n" for name, body in listed)
    yield f"{folder}/RECORD", f"{record}{folder}/RECORD,,\n".encode()


def _column_schema(column: SqlColumn) -> dict[str, Any]:
    return {"description": column.meaning.replace("`", ""), **KINDS[column.type]}


def _json(value: object) -> bytes:
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode()


def _digest(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    sys.exit(main())
