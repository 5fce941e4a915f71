"""A workbook of texts that nobody should write: every part of it stays XML."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from aws_ssm_fetcher.outputs.excel import workbook
from aws_ssm_fetcher.outputs.tables import all_tables

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

HOSTILE = (
    "https://example.com/\x0b",
    "https://example.com/\x00\x1f\ufffe",
    "https://example.com/<&>\"'",
    "https://example.com/\u202e\n",
    "=cmd()\x08",
    "\uffff]]>",
    "x" * 40_000,
)


def _spoiled(value: Any, text: str) -> Any:  # noqa: ANN401 - any value of the model
    """Put a text into every field of a value that holds free text."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: text
            for field in fields(value)
            if field.name in {"name", "home_page", "endpoint", "location", "origin", "message", "advice", "detail"}
            and isinstance(getattr(value, field.name), str)
        }
        return replace(value, **changes)
    return value


@pytest.mark.parametrize("text", HOSTILE)
def test_every_part_of_a_workbook_is_xml_whatever_stands_in_the_fields(real_analysis: Analysis, text: str) -> None:
    inventory = real_analysis.inventory
    spoiled = replace(
        real_analysis,
        inventory=replace(
            inventory,
            source=_spoiled(inventory.source, text),
            regions=tuple(_spoiled(one, text) for one in inventory.regions),
            services=tuple(_spoiled(one, text) for one in inventory.services),
            offerings=(),
        ),
        reaches=(),
        types=None,
        findings=tuple(_spoiled(one, text) for one in real_analysis.findings[:3]),
        changes=(),
    )

    body = workbook(all_tables(spoiled), spoiled.inventory)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        texts = {name: parts.read(name) for name in parts.namelist() if name.endswith((".xml", ".rels"))}
    for part in texts.values():
        ET.fromstring(part)  # noqa: S314 - our own
    assert len(texts) > 10


def test_a_link_is_printable_ascii_or_plain_text(real_analysis: Analysis) -> None:
    service = replace(real_analysis.inventory.services[0], home_page="https://aws.amazon.com/\x0bs3")
    inventory = replace(real_analysis.inventory, services=(service, *real_analysis.inventory.services[1:]))

    body = workbook(all_tables(replace(real_analysis, inventory=inventory)), inventory)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        links = [parts.read(name) for name in parts.namelist() if name.endswith(".rels")]
    assert not any(b"\x0b" in part for part in links)
