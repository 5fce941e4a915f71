"""Check how ``fits`` reads the templates that cfn-lint is tested with, some 250, against cfn-lint's own reading.

``python tools/check_templates.py [FOLDER]``: downloads cfn-lint's source distribution unless a folder is given; nothing
of it is kept. A template that cfn-lint parses must be read; each of its types must be decided or named as undecided;
and a type's verdict in a region must be what the region's list says. Ends with 1 if there is a problem.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfnlint.decode import decode

from aws_ssm_fetcher.cli.fits.asking import open_question
from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.data_sources.stacks.model import Target
from aws_ssm_fetcher.data_sources.stacks.paths import read_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.data_sources.stacks.model import Stack
    from aws_ssm_fetcher.queries.fits.asking import Question

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".template"})
REGIONS: Final = tuple(
    map(RegionCode, ("us-east-1", "eu-south-2", "ap-southeast-6", "cn-north-1", "us-gov-west-1", "me-south-1"))
)
EXPANDED: Final = "AWS::Serverless::"
IGNORED: Final = frozenset({"AWS::CDK::Metadata"})  # needs nothing
REFUSED_ALIASES: Final = "yaml-alias-amplification"  # cfn-lint's own bomb


class CheckedTemplates(NamedTuple):
    """What was found."""

    templates: int
    types: int
    """Types of all templates, each once a template."""
    undecided: int
    problems: tuple[str, ...]


def check(folder: Path, question: Question) -> CheckedTemplates:
    """Check all templates below a folder."""
    targets = [Target(place.region, place.partition) for place in question.evidence.services.places]
    templates = types = undecided = 0
    problems: list[str] = []
    for path in sorted(folder.rglob("*")):
        kinds = _types_by_cfn_lint(path)
        if kinds is None or REFUSED_ALIASES in path.name:
            continue
        name = path.relative_to(folder).as_posix()
        templates += 1
        types += len(kinds)
        try:
            stack = read_stack([str(path)], targets, bytes)
        except StackUnreadableError as error:
            problems.append(f"{name}: {error.reason}")
            continue
        undecided += len({remark.what for remark in stack.undecided})
        problems += [f"{name}: {text}" for text in _problems(kinds, stack, question)]
    return CheckedTemplates(templates, types, undecided, tuple(problems))


def _types_by_cfn_lint(path: Path) -> frozenset[str] | None:
    """Return the types of a template as cfn-lint parses it; ``None`` if that is no template."""
    if path.suffix not in SUFFIXES or not path.is_file():
        return None
    template, matches = decode(str(path))
    resources = template.get("Resources") if isinstance(template, dict) and not matches else None
    if not isinstance(resources, dict):
        return None
    bodies = [body for body in resources.values() if isinstance(body, dict)]
    kinds = frozenset(str(body["Type"]) for body in bodies if isinstance(body.get("Type"), str))
    return kinds or None


def _problems(kinds: frozenset[str], stack: Stack, question: Question) -> Iterator[str]:
    named = {remark.what for remark in stack.undecided}
    needed = {need.name: need for need in stack.needs if need.kind == "type"}
    for kind in sorted(kinds - IGNORED):
        if kind not in needed and kind not in named and not kind.startswith(EXPANDED):
            yield f"{kind} is neither needed nor named as undecided"
    lists = _lists()
    for name, need in needed.items():
        for region in REGIONS:
            verdict = question.judge.finding(need, region).verdict
            if verdict not in _expected(name, region, lists):
                yield f"{name} in {region}: {verdict}, but the list says otherwise"


def _expected(name: str, region: str, lists: dict[str, frozenset[str]]) -> set[str]:
    if not any(name in names for names in lists.values()):
        return {"unknown", "service missing", "closed"}
    if region not in lists:
        return {"unknown", "service missing", "closed"}
    if name in lists[region]:
        return {"available", "conflicting", "closed"}
    return {"type missing", "service missing", "closed"}


@cache
def _lists() -> dict[str, frozenset[str]]:
    folder = files("cfnlint") / "data/schemas/providers"
    lists: dict[str, Any] = {
        path.name.removesuffix(".json"): json.loads(path.read_text())
        for path in folder.iterdir()
        if path.name.endswith(".json") and path.name != "sam.json"
    }
    model = lists["us-east-1"]
    return {region: frozenset(names) for region, names in lists.items() if region == "us-east-1" or names != model}


def download(place: Path) -> Path:
    """Download cfn-lint's source distribution and return its folder of templates."""
    wanted = f"cfn-lint=={version('cfn-lint')}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*command, "--dest", str(place), wanted], check=True)  # noqa: S603 - our own interpreter
    (archive,) = place.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    (templates,) = place.glob("*/test/fixtures/templates")
    return templates


def main(arguments: list[str]) -> int:
    """Check a folder, or what cfn-lint's source distribution has."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(arguments[0]) if arguments else download(Path(place))
        checked = check(folder, open_question(Path(place) / "no store", None))
    for problem in checked.problems:
        print(problem)
    print(
        f"{checked.templates} templates, {checked.types} types, {checked.undecided} undecided, "
        f"{len(checked.problems)} problems"
    )
    return 1 if checked.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
