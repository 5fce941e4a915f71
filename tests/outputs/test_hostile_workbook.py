"""A workbook of texts that nobody should write: every part of it stays XML."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sheets import parts_of
from some_news import ONE_OF_EACH_KIND, added, analysis_of, change

from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.outputs.excel import workbook
from aws_ssm_fetcher.outputs.tables import all_tables

EXCELS_LONGEST_TEXT = 32_767  # UTF-16 units
NEWS = (change("name-changed", "s3/0", service=ServiceCode("s3"), old="a", new="b"), added("s3", "eu-south-2"))
HOSTILE = (
    "=HYPERLINK(1)",
    "https://example.com/\x0b",
    "https://example.com/\x00\x1f\ufffe",
    "https://example.com/<&>\"'",
    "https://example.com/\u202e\n",
    "=cmd()\x08",
    "\uffff]]>",
    "<script>alert(1)</script>",
    "<r>&</r>",
    "\u202eevil\nline",
    "\U0001f680" * 32_768,
    "x" * 32_768,
)


def _spoiled(value: Any, text: str) -> Any:  # noqa: ANN401 - any record of the model
    """Put a text into every field of a value that holds free text."""
    free = {"name", "home_page", "endpoint", "location", "origin", "message", "advice", "detail"}
    return value._replace(**{name: text for name in free & {*value._fields} if isinstance(getattr(value, name), str)})


@pytest.mark.parametrize("text", HOSTILE)
def test_every_part_of_a_workbook_is_xml_whatever_stands_in_the_fields(text: str) -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)
    inventory = analysis.inventory
    spoiled = analysis._replace(
        inventory=inventory._replace(
            source=_spoiled(inventory.source, text),
            regions=tuple(_spoiled(region, text) for region in inventory.regions),
            services=tuple(service._replace(name=text, home_page=text) for service in inventory.services),
            offerings=tuple(offering._replace(endpoint=text) for offering in inventory.offerings),
        ),
        findings=tuple(_spoiled(finding, text) for finding in analysis.findings),
        changes=tuple(change._replace(old=text, new=text) for change in analysis.changes) + NEWS,
    )

    body = workbook(all_tables(spoiled), spoiled)
    texts = {name: part for name, part in parts_of(body).items() if name.endswith((".xml", ".rels"))}
    for part in texts.values():
        ET.fromstring(part)  # noqa: S314 - our own
    assert len(texts) > 40
    strings = ET.fromstring(texts["xl/sharedStrings.xml"])  # noqa: S314 - our own
    assert max(len("".join(string.itertext()).encode("utf-16-le")) // 2 for string in strings) <= EXCELS_LONGEST_TEXT
    formulas = [name for name, part in texts.items() if re.search(rb"<(c:)?f>[^<]*(cmd|HYPERLINK)", part)]
    assert formulas == []


def test_a_link_is_printable_ascii_or_plain_text() -> None:
    analysis = analysis_of()
    [service] = analysis.inventory.services
    inventory = analysis.inventory._replace(services=(service._replace(home_page="https://aws.amazon.com/\x0bs3"),))
    spoiled = analysis._replace(inventory=inventory)

    links = parts_of(workbook(all_tables(spoiled), spoiled), "xl/worksheets/_rels/")
    assert not any(b"\x0b" in part for part in links.values())
