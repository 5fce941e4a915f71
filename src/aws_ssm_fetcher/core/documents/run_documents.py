"""The documents in which stages meet: versioned envelopes, sorted, so that equal inputs give equal bytes.

::

    {"document": "inventory", "version": "1.0",
     "run_id": "20261027T000000Z", "taken": "2026-10-27T00:00:00Z",
     "counts": {"regions": 39, "services": 405, "offerings": 9289, "gaps": 0},
     "content": {
       "source": {"kind": "bundled", …},
       "regions": [{"code": "af-south-1", "name": "Africa (Cape Town)", "zones": […], …}],
       "services": [{"code": "s3", "name": "Amazon Simple Storage Service (S3)", …}],
       "offerings": {"af-south-1": {"s3": {"endpoint": "s3.af-south-1.amazonaws.com", "protocols": ["HTTPS"]}}},
       "gaps": [], "oddities": []}}

An analysis holds its inventory's content under ``inventory``, beside what was derived from it (``reaches``,
``region_profiles``, ``service_profiles``), measured on it (``regions``, ``services``, ``clusters``, ``parity``,
``statistics``), found in it (``findings``, ``quality``) and against its history (``changes``, ``quarantine``,
``last_names``, ``quarantined_strands``). The JSON Schemas are in ``schemas/``.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar

from aws_ssm_fetcher.core.documents.decoding import encode, in_utc, name_of, stated_fields
from aws_ssm_fetcher.core.documents.envelopes import open_document, read_as, to_json
from aws_ssm_fetcher.core.documents.inventory_content import (
    InventoryContent,
    check_equal,
    content_of_inventory,
    inventory_from,
)
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import AWS_BEGAN, LAST_YEAR, RunId
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

Kind = Literal["inventory", "analysis"]
T = TypeVar("T")

VERSIONS: Final[Mapping[Kind, str]] = {"inventory": "1.0", "analysis": "2.2"}
"""Major: readers of another one refuse the document. Minor: fields, rules or kinds of oddity were added."""


class _Envelope(NamedTuple):
    document: str
    version: str
    run_id: RunId
    taken: datetime
    counts: dict[str, int]


def dump_inventory(inventory: Inventory) -> bytes:
    """Return an inventory as a document."""
    return _dump("inventory", inventory, content_of_inventory(inventory))


def load_inventory(body: bytes, key: str) -> Inventory:
    """Read an inventory. Raises ``DocumentRefusedError`` with *key* if it is not one."""
    envelope, content = _load("inventory", InventoryContent, body, key)
    return _inventory(envelope, content, key)


def dump_analysis(analysis: Analysis) -> bytes:
    """Return an analysis as a document."""
    from aws_ssm_fetcher.core.documents.analysis_content import content_of_analysis  # noqa: PLC0415 - 40 ms: not stage one

    return _dump("analysis", analysis.inventory, content_of_analysis(analysis))


def load_analysis(body: bytes, key: str) -> Analysis:
    """Read an analysis. Raises ``DocumentRefusedError`` with *key* if it is not one."""
    from aws_ssm_fetcher.core.documents.analysis_content import AnalysisContent, analysis_from  # noqa: PLC0415 - see above

    envelope, content = _load("analysis", AnalysisContent, body, key)
    inventory = _inventory(envelope, content.inventory, key)
    return analysis_from(content, inventory, key)


def counts(inventory: Inventory) -> dict[str, int]:
    """Count what an inventory holds; every document and report carries these four."""
    return {
        "regions": len(inventory.regions),
        "services": len(inventory.services),
        "offerings": len(inventory.offerings),
        "gaps": len(inventory.gaps),
    }


def _dump(kind: Kind, inventory: Inventory, content: object) -> bytes:
    envelope = _Envelope(kind, VERSIONS[kind], inventory.run_id, inventory.taken, counts(inventory))
    # Piece after piece into one buffer: a list of all pieces would hold the document twice.
    document = BytesIO()
    document.writelines((to_json(encode(envelope))[:-2], b',"content":'))
    document.writelines(_pieces(content))
    document.write(b"}\n")
    return document.getvalue()


_AT_ONCE: Final = 1000  # values of a list that are encoded together


def _pieces(record: object) -> Iterator[bytes]:
    """Yield a record as JSON: field by field, also those of the inventory in it, and long lists in parts.

    Encoded as a whole, the values of an analysis take 7 MB for a moment, when a function has the most in memory.
    """
    for place, (name, part) in enumerate(stated_fields(record)):
        yield (b"," if place else b"{") + to_json(name)[:-1] + b":"
        if isinstance(part, InventoryContent):
            yield from _pieces(part)
        elif type(part) is tuple and len(part) > _AT_ONCE:
            chunks = (part[start : start + _AT_ONCE] for start in range(0, len(part), _AT_ONCE))
            yield b"[" + b",".join(to_json(encode(chunk))[1:-2] for chunk in chunks) + b"]"
        elif type(part) is dict and part:
            # Member by member: the offerings of all regions, encoded together, take 7 MB.
            for number, (member, value) in enumerate(part.items()):
                yield (b"," if number else b"{") + to_json({member: encode(value)})[1:-2]
            yield b"}"
        else:
            yield to_json(encode(part))[:-1]
    yield b"}"


def _load(kind: Kind, content: type[T], body: bytes, key: str) -> tuple[_Envelope, T]:
    value = open_document(kind, VERSIONS[kind], body, key)
    return read_as(_Envelope, value, key), read_as(content, value.get("content"), key, within="content")


def _inventory(envelope: _Envelope, content: InventoryContent, key: str) -> Inventory:
    _check_run(envelope, key)
    inventory = inventory_from(content, envelope.run_id, envelope.taken, key)
    held = counts(inventory)
    check_equal(key, "counts", [(noun, envelope.counts.get(noun)) for noun in held], list(held.items()))
    return inventory


def _check_run(envelope: _Envelope, key: str) -> None:
    """Refuse a document whose run or time is not the one of its key."""
    if not keys.is_run_id(envelope.run_id):
        raise DocumentRefusedError(key, expected="a run id", found=name_of(envelope.run_id))
    if not AWS_BEGAN <= envelope.taken.year <= LAST_YEAR:
        expected = f"a time from {AWS_BEGAN} to {LAST_YEAR}"
        raise DocumentRefusedError(key, expected=expected, found=in_utc(envelope.taken))
    stated = keys.place(envelope.taken, envelope.run_id)
    # A copy under the wrong day would be evaluated as that day's run. Other keys (a file given by hand) name no run.
    if key.startswith((keys.RAW_DATA, keys.PROCESSED_DATA)) and keys.day_in(key) and keys.place_of(key) != stated:
        expected = f"the run of its key, {keys.place_of(key).path}"
        raise DocumentRefusedError(key, expected=expected, found=stated.path)
