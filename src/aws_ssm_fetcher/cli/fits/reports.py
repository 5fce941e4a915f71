"""The answer for code scanning, for test reports, and as annotations of a workflow."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.cli.fits.phrases import Problem, problems
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.fits.model import VERDICTS

if TYPE_CHECKING:
    from aws_ssm_fetcher.queries.fits.model import StackFit

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULES: Final = {
    **{verdict.replace(" ", "-"): text for verdict, text in VERDICTS.items() if verdict != "available"},
    "undecided": "The files do not say what is needed there.",
}


def sarif(fit: StackFit) -> dict[str, Any]:
    """Return the answer as a SARIF log: a result for each place and reason.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    driver = {
        "name": "aws-ssm-fetcher",
        "version": __version__,
        "rules": [
            {"id": rule, "shortDescription": {"text": text}, "fullDescription": {"text": text}}
            for rule, text in sorted(_RULES.items())
        ],
    }
    run = {"tool": {"driver": driver}, "results": [_result(problem) for problem in problems(fit)]}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(problem.place.file)}}
    if problem.place.line:
        physical["region"] = {"startLine": problem.place.line}
    location = {"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": problem.place.address}]}
    # Without the line: code scanning recognises a result by it after lines above have moved.
    mark = hashlib.sha256(
        f"{problem.rule}|{problem.name}|{problem.place.file}|{problem.place.address}".encode()
    ).hexdigest()
    return {
        "ruleId": problem.rule,
        "level": "error" if problem.is_blocking else "warning",
        "message": {"text": problem.message},
        "locations": [location],
        "partialFingerprints": {"needAndPlace/v1": mark[:32]},
    }


def _uri(file: str) -> str:
    """Return a reference for a path, relative if that is; standard input has none of its own."""
    if file == "-":
        return "stdin"
    return PurePath(file).as_uri() if PurePath(file).is_absolute() else quote(PurePath(file).as_posix())


def junit(fit: StackFit, *, allow_unknown: bool) -> str:
    """Return the answer as JUnit XML: a suite for each region, a case for each name it needs."""
    suites = Element("testsuites", name="aws-ssm-fetcher fits")
    for region in fit.regions:
        suite = SubElement(suites, "testsuite", name=region.region)
        failed = {
            need_finding.need.name: ("failure", need_finding.finding.reason, need_finding.need.place)
            for need_finding in region.missing
        }
        weaker = "skipped" if allow_unknown else "error"
        unknown = {
            need_finding.need.name: (weaker, need_finding.finding.reason, need_finding.need.place)
            for need_finding in region.unknown
        }
        unknown |= {remark.what: (weaker, remark.reason, remark.place) for remark in region.undecided}
        needed = {
            need.name: ("", "", need.place)
            for need in fit.needs
            if not need.region and (need.only_in is None or region.region in need.only_in)
        }
        # The later wins: a name that is missing at one place and unknown at another is missing.
        outcomes = needed | unknown | failed
        for name, (kind, reason, place) in sorted(outcomes.items()):
            case = SubElement(suite, "testcase", classname=region.region, name=printable(name))
            case.set("file", place.file)
            if kind:
                child = SubElement(case, kind, message=printable(reason))
                child.text = printable(f"{place}: {name}: {reason}")
        kinds = [outcome[0] for outcome in outcomes.values()]
        suite.set("tests", str(len(outcomes)))
        for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(attribute, str(kinds.count(kind)))
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}'


def workflow_commands(fit: StackFit) -> str:
    """Return the answer as commands of a GitHub workflow, which annotate the lines of a pull request.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    lines = []
    for problem in problems(fit):
        command = "error" if problem.is_blocking else "warning"
        line = f",line={problem.place.line}" if problem.place.line else ""
        title = _property(f"{problem.name}: {problem.rule.replace('-', ' ')}")
        file = "" if problem.place.file == "-" else f"file={_property(problem.place.file)}{line},"
        lines.append(f"::{command} {file}title={title}::{_message(problem.message)}")
    return "\n".join(lines)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # Properties of a workflow command are separated by commas and end with "::".
    return _message(text).replace(":", "%3A").replace(",", "%2C")
