"""Assemble the page from its parts: a template, a style sheet, modules of script, and the data, gzipped.

The modules of the script are joined into one, so that the file needs no server: each becomes a function that returns
its exports, behind those that it imports, and an import reads from that. The page's security policy names the hashes of
script and style sheet and forbids everything else, requests included.

Source: https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.outputs.page.content import page_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import NameLists

PAGE: Final = "index.html"
_HERE: Final = Path(__file__).parent
_ENTRY: Final = "main"
_IMPORT: Final = re.compile(r'^import \{ ([^}]*) \} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async )?(?:function|const) (\w+))", re.MULTILINE)
_SLOT: Final = re.compile(r"\{\{(policy|style|script|data)\}\}")


def page_file(analysis: Analysis, history: History | None = None, types: NameLists | None = None) -> bytes:
    """Write the page of one run. Equal inputs give equal bytes."""
    text = json.dumps(page_content(analysis, history, types), ensure_ascii=True, separators=(",", ":"))
    return page_with(base64.b64encode(gzipped(text)).decode())


def page_with(data: str) -> bytes:
    """Fill the template. *data* is Base64, which has no character that HTML could read as markup."""
    script, style = joined_script(), _part("style.css")
    slots = {"policy": _policy(script, style), "style": style, "script": script, "data": data}
    # In one pass: a slot's text may contain what looks like another slot.
    return _SLOT.sub(lambda slot: slots[slot[1]], _part("template.html")).encode()


@cache
def joined_script() -> str:
    """Join the modules, each behind those that it imports."""
    *modules, entry = _in_order()
    return "\n".join((*map(_as_function, modules), _body(entry)))


def _as_function(name: str) -> str:
    exported = ", ".join(match[1] for match in _EXPORT.findall(_module(name)))
    return f"const ${name} = (() => {{\n{_body(name)}\nreturn {{ {exported} }};\n}})();"


def _body(name: str) -> str:
    def read(match: re.Match[str]) -> str:
        return f"const {{ {match[1].replace(' as ', ': ')} }} = ${match[2]};"

    return _EXPORT.sub(r"\1", _IMPORT.sub(read, _module(name))).strip()


def _in_order() -> Iterator[str]:
    """Yield the modules by name, each after those that it imports. None imports itself by way of another."""
    yielded: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in yielded:
            return
        yielded.add(name)
        for _, imported in _IMPORT.findall(_module(name)):
            yield from visit(imported)
        yield name

    return visit(_ENTRY)


def _module(name: str) -> str:
    return _part(f"scripts/{name}.js")


@cache
def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",  # the icon
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",  # no text ever becomes markup
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
