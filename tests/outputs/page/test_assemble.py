from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.model.codes import CHANGE_KINDS
from aws_ssm_fetcher.outputs.page import assemble
from aws_ssm_fetcher.outputs.page.assemble import joined_script, page_file, page_with
from aws_ssm_fetcher.outputs.page.content import page_content
from aws_ssm_fetcher.processors.history.bundled import bundled_history

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

SCRIPTS = Path(assemble.__file__).parent / "scripts"
LARGEST = 300_000


@pytest.fixture(scope="module")
def page(real_analysis: Analysis) -> str:
    return page_file(real_analysis, load_history(bundled_history(), "bundled")).decode()


def between(page: str, start: str, end: str) -> str:
    return page.partition(start)[2].partition(end)[0]


@pytest.mark.parametrize("kind", CHANGE_KINDS)
def test_the_page_has_a_word_and_a_sentence_for_every_kind_of_change(kind: str) -> None:
    script = (SCRIPTS / "changes.js").read_text(encoding="utf-8")

    assert len(re.findall(rf'(?<![\w-])"?{kind}"?: ["`]', script)) == 2


def test_the_page_of_the_real_data_is_smaller_than_its_limit(page: str) -> None:
    assert len(page.encode()) < LARGEST


def test_the_data_in_the_page_are_its_content(page: str, real_analysis: Analysis) -> None:
    packed = between(page, '<script id="data" type="application/octet-stream">', "</script>")

    content = json.loads(zlib.decompress(base64.b64decode(packed), 31))
    expected = page_content(real_analysis, load_history(bundled_history(), "bundled"))
    assert content == json.loads(json.dumps(expected))


def test_the_policy_allows_this_script_and_this_style_sheet_and_nothing_else(page: str) -> None:
    policy = dict(part.split(" ", 1) for part in between(page, 'Policy" content="', '"').split("; "))
    script = between(page, '<script type="module">', "</script>")
    style = between(page, "<style>", "</style>")

    def named(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", named(script), named(style))
    assert policy["require-trusted-types-for"] == "'script'"


def test_the_page_loads_nothing(page: str) -> None:
    markup = page.replace(between(page, '<script type="module">', "</script>"), "")

    assert re.findall(r"(?:src|href)=\"(?!#|data:)[^\"]*\"", markup) == []
    assert re.findall(r"url\(|@import", markup) == []


@pytest.mark.parametrize(
    "forbidden", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch("]
)
def test_no_script_makes_markup_of_text_or_asks_the_network(forbidden: str) -> None:
    assert forbidden not in joined_script()


def test_no_part_ends_the_element_that_it_stands_in(page: str) -> None:
    assert "</script" not in joined_script().lower()
    assert page.lower().count("</script>") == 2
    assert page.lower().count("</style>") == 1


def test_every_module_is_in_the_script_once_and_after_those_that_it_imports() -> None:
    script = joined_script()
    modules = {path.stem for path in SCRIPTS.glob("*.js")}

    placed = {name: script.index(f"const ${name} = ") for name in modules - {"main"}}
    for name in modules - {"main"}:
        imported = re.findall(r'from "\./(\w+)\.js"', (SCRIPTS / f"{name}.js").read_text())
        assert [other for other in imported if placed[other] > placed[name]] == []
    assert "import " not in re.sub(r"(?m)//.*|/\*.*?\*/", "", script)
    assert re.findall(r"(?m)^export ", script) == []


def test_every_import_is_exported_and_used() -> None:
    for path in SCRIPTS.glob("*.js"):
        text = path.read_text()
        for names, module in re.findall(r'import \{ ([^}]*) \} from "\./(\w+)\.js";', text):
            exported = set(
                re.findall(r"(?m)^export (?:async )?(?:function|const) (\w+)", (SCRIPTS / f"{module}.js").read_text())
            )
            assert {name.split(" as ")[0] for name in names.split(", ")} <= exported, path.name
            for name in names.split(", "):
                assert len(re.findall(rf"\b{re.escape(name.rpartition(' as ')[2])}\b", text)) > 1, (path.name, name)


def test_equal_data_give_equal_pages() -> None:
    assert page_with("AAAA") == page_with("AAAA")
    assert page_with("AAAA") != page_with("BBBB")
