"""Words that may not come back: invented ones, and those for which the field has another.

Held against docstrings, comments and messages of the package, the help of every command, and the docs.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).parent.parent
WORDS: Final = {
    r"\bbelie(?:f|ved?|ves)\b": "accepted",
    r"\bdoubt(?:s|ed)\b": "quarantined; a quarantine reason",
    r"\breckon(?:s|ed|ing)?\b": "computed",
    r"\bAWS's (?:own )?record\b|\bthe record (?:names|has|shows|says)\b": "AWS's published data; a snapshot",
    r"\bshipped (?:tree|record)\b|\bbundled tree\b|\b(?:bundled|newest|youngest) record\b": "snapshot",
    r"\bjudged\b|\banew\b": "evaluated; re-evaluated, again",
    r"\blacking in\b": "missing in",
    r"\bby AWS's word\b|\bby the word of\b": "according to",
    r"\bso-manieth\b|\bwhence\b": "nothing",
    r"\basked for and not got\b": "could not be read",
    r"\bmade certain\b|\bcertain with\b": "confirmed",
    r'\btold\b(?!")': "sent, reported, returned; of a history: shown",
    r"\btells? (?:of|its|the)\b|\bstory of\b": "lists, describes, shows; a timeline",
    r"\bjudges\b": "evaluates",
    r"\bheld against\b|\bhold [\w ]+ against\b": "compared with, checked against",
    r"\bis meant\b|\bbe meant\b": "matched, selected",
    r"\b(?:a|one) (?:row|line|column|file|sheet|table|message|request) an? ": "a row per, a line per",
}
OPENINGS: Final = re.compile(r'"""(?:Give|Tell|Say|Hold|Have)s?\b')
CODE: Final = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
"""Code in a page: names of fields are documented as they are."""
FIELD: Final = re.compile(r"""^["'][\w.-]*["']$|\{[^{}]*\}""")
"""A string that is a name and no text, and what an f-string puts into one."""
VAGUE: Final = frozenset({"one", "told", "said", "found", "put"})
"""Names that say nothing of what they hold."""
OLD_PAGES: Final = frozenset({"CHANGELOG.md"})  # it names old titles beside the new ones


def prose() -> Iterator[tuple[str, str]]:
    """Yield each text that people read, with the file that it stands in."""
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "terraform").rglob("*.md")):
        if page.name not in OLD_PAGES and ".terraform" not in page.parts:
            yield str(page.relative_to(ROOT)), CODE.sub("", page.read_text(encoding="utf-8"))
    for folder in ("src", "lambda_functions", "local_cloud", "tools", "benchmarks", "tests/support"):
        for module in (ROOT / folder).rglob("*.py"):
            for token in tokenize.generate_tokens(io.StringIO(module.read_text(encoding="utf-8")).readline):
                if token.type in {tokenize.STRING, tokenize.COMMENT}:
                    yield f"{module.relative_to(ROOT)}:{token.start[0]}", FIELD.sub("", token.string)


TEXTS: Final = tuple(prose())


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules below some folders, parsed, with their paths."""
    for folder in folders:
        for module in (ROOT / folder).rglob("*.py"):
            yield str(module.relative_to(ROOT)), ast.parse(module.read_text(encoding="utf-8"))


def classes_by_name(trees: Iterable[tuple[str, ast.Module]]) -> dict[str, list[str]]:
    """Return where each class is defined."""
    defined = defaultdict(list)
    for path, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                defined[node.name].append(path)
    return dict(defined)


def vague_names(trees: Iterable[tuple[str, ast.Module]]) -> list[str]:
    """Return where a variable has a name that says nothing."""
    return [
        f"{path}:{node.lineno}: {node.id}"
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id.strip("_") in VAGUE
        if (path, node.id) != ("src/aws_ssm_fetcher/outputs/notifications.py", "told")  # a field of stored documents
    ]


def places(pattern: str) -> list[str]:
    result = re.compile(pattern, re.IGNORECASE)
    return [f"{place}: {match[0]}" for place, text in TEXTS for match in result.finditer(" ".join(text.split()))]


@pytest.mark.parametrize(("pattern", "instead"), WORDS.items())
def test_a_word_that_readers_stumble_over_is_not_used(pattern: str, instead: str) -> None:
    assert places(pattern) == [], f"Write instead: {instead}"


def test_docstrings_begin_with_the_verbs_of_the_field() -> None:
    assert [place for place, text in TEXTS if OPENINGS.match(text)] == []


def test_help_is_among_the_texts_that_are_checked() -> None:
    assert any(text.startswith(('"Accept a quarantined run', '"""Accept a quarantined run')) for _, text in TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        "the run is not believed",
        "it is reckoned",
        "AWS's record of today",
        "as the shipped tree has it",
        "a row a service",
    ],
)
def test_a_word_that_came_back_would_be_found(text: str) -> None:
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in WORDS)


def test_a_class_name_is_used_once() -> None:
    defined = classes_by_name(modules("src", "lambda_functions", "local_cloud", "tools", "benchmarks"))
    assert {name: paths for name, paths in defined.items() if len(paths) > 1} == {}


def test_a_variable_is_named_after_what_it_holds() -> None:
    assert vague_names(modules("src", "lambda_functions", "local_cloud", "tools", "benchmarks", "tests")) == []


def test_a_vague_name_and_a_second_class_of_a_name_are_noticed() -> None:
    tree = ast.parse("class Row: ...\nfor one in rows: found = one")
    assert vague_names([("a.py", tree)]) == ["a.py:2: one", "a.py:2: found"]
    assert classes_by_name([("a.py", tree), ("b.py", tree)]) == {"Row": ["a.py", "b.py"]}
