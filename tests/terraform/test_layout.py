"""Terraform's folders are laid out alike, and say what they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from make_module_pages import page, pages

TERRAFORM: Final = Path(__file__).parent.parent.parent / "terraform"
MODULES: Final = sorted(path.parent for path in TERRAFORM.glob("modules/*/main.tf"))
ENVIRONMENTS: Final = ("dev", "staging", "prod")
ROOTS: Final = [*MODULES, TERRAFORM / "bootstrap", *(TERRAFORM / "environments" / name for name in ENVIRONMENTS)]


def test_environments_differ_in_their_name_alone() -> None:
    texts = {name: environment(name) for name in ENVIRONMENTS}

    assert texts["dev"] == texts["staging"] == texts["prod"]


@pytest.mark.parametrize("folder", ROOTS, ids=lambda folder: folder.name)
def test_every_variable_and_every_output_says_what_it_is(folder: Path) -> None:
    blocks = re.findall(r'(?ms)^(?:variable|output) "(\w+)" \{\n(.*?)^\}', read(folder))

    assert [name for name, body in blocks if not re.match(r'  description = "[A-Z].*\."\n', body)] == []


@pytest.mark.parametrize("folder", ROOTS, ids=lambda folder: folder.name)
def test_every_variable_has_a_type_and_none_takes_anything(folder: Path) -> None:
    blocks = re.findall(r'(?ms)^variable "(\w+)" \{\n(.*?)^\}', read(folder))

    typed = {name: re.search(r"(?m)^  type +=(.*)$", body) for name, body in blocks}

    assert [name for name, item in typed.items() if item is None or re.search(r"\bany\b", item[1])] == []


@pytest.mark.parametrize("folder", ROOTS, ids=lambda folder: folder.name)
def test_every_folder_has_tests_whose_names_are_sentences(folder: Path) -> None:
    names = [
        name for path in folder.glob("tests/*.tftest.hcl") for name in re.findall(r'(?m)^run "(\w+)"', path.read_text())
    ]

    sentences = [name for name in names if name != "settings"]  # which only reads what others are tested with
    assert sentences
    assert [name for name in sentences if name.count("_") < 3] == []


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.parent.name)
def test_a_modules_page_says_what_it_takes_and_gives(path: Path) -> None:
    assert path.read_text() == page(path), "it is stale: .venv/bin/python tools/make_module_pages.py"


def environment(name: str) -> dict[str, str]:
    folder = TERRAFORM / "environments" / name
    return {path.name: re.sub(rf"\b{name}(?=\b|_)", "ENVIRONMENT", path.read_text()) for path in folder.glob("*.tf")}


def read(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.glob("*.tf")))
