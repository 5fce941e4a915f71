"""Names of AWS services in other vocabularies, each with the decision which service code it stands for.

``shipped/aliases.json.gz`` is made by ``tools/refresh_aliases.py``::

    {"reviewed": "2026-11-29", "codes": ["acm", …], "sources": ["botocore 1.44.5, id", …],
     "endpoints": {"amp": "aps", …},
     "vocabularies": {"botocore": [["ce", "costexplorer", 1], ["cur", "unlisted", 2, "AWS Cost and …"], …], …}}

A row is a name, a decision, the index of its source and, if there is one, a note. Reading the table takes a few
milliseconds: callers look for codes and long names first.
"""

from __future__ import annotations

import json
import re
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.model.codes import ServiceCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Vocabulary = Literal["botocore", "cli", "iam", "cloudformation", "terraform", "product"]
Decision = Literal["service", "feature", "several", "retired", "unlisted"]

VOCABULARIES: Final[Mapping[Vocabulary, str]] = {
    "botocore": "ids of botocore, which are the AWS CLI's commands too",
    "cli": "commands of the AWS CLI that differ from botocore's id",
    "iam": "prefixes of IAM actions",
    "cloudformation": "namespaces and types of CloudFormation, without AWS::",
    "terraform": "beginnings of the resource types of Terraform's AWS provider, without aws_",
    "product": "names of AWS's product pages and abbreviations",
}
DECISIONS: Final[Mapping[Decision, str]] = {
    "service": "The name is another name of the service, or of an interface to it.",
    "feature": "A part of the service that AWS publishes no list of regions for.",
    "several": "The name stands for more than one service.",
    "retired": "The service has ended.",
    "unlisted": "AWS's public parameters have no such service.",
}

_GZIP: Final = 31  # zlib's number for a gzip file and nothing else
_FEATURE: Final = "feature of "
_SEVERAL: Final = "several: "
_CLOUDFORMATION: Final = "AWS::"
_TERRAFORM: Final = "aws_"
_VENDOR: Final = re.compile(r"^(?:amazon web services|amazon|aws)\s+", re.IGNORECASE)
_OTHER: Final = re.compile(r"[\W_]+")


class Alias(NamedTuple):
    """One name of one vocabulary, decided."""

    vocabulary: Vocabulary
    name: str
    decision: Decision
    codes: tuple[ServiceCode, ...]
    """The service; of a feature its parent; of several each one. Empty if it has ended or is not listed."""
    source: str
    """What the decision rests on: ``botocore 1.44.5, signing name``."""
    note: str | None = None

    @property
    def service(self) -> ServiceCode | None:
        """The service that the name is another name of."""
        return self.codes[0] if self.decision == "service" else None

    @property
    def written(self) -> str:
        """The name as its vocabulary writes it: ``AWS::Lambda``, ``aws_msk``."""
        prefix = {"cloudformation": _CLOUDFORMATION, "terraform": _TERRAFORM}.get(self.vocabulary, "")
        return f"{prefix}{self.name}"

    @property
    def feature_of(self) -> ServiceCode | None:
        """The service that the name is a part of."""
        return self.codes[0] if self.decision == "feature" else None


class AliasTable(NamedTuple):
    """All names, and the codes that they were decided against."""

    reviewed: str
    """The day of the last review, ISO 8601."""
    codes: tuple[ServiceCode, ...]
    """The codes of the snapshot that the table was made with."""
    endpoints: Mapping[str, str]
    """What endpoints begin with by botocore's service models, by id, where it is not the id: ``api.ecr`` of ``ecr``."""
    aliases: tuple[Alias, ...]
    """In the order of ``VOCABULARIES``, then by name."""


def fold(name: str) -> str:
    """Reduce a name to letters and digits, without capitals and accents: ``São Paulo`` and ``sao-paulo`` agree."""
    if not name.isascii():
        from unicodedata import combining, normalize  # noqa: PLC0415 - most names are ASCII

        # NFKD splits an accented letter into the letter and its accent, which is then left out.
        name = "".join(character for character in normalize("NFKD", name) if not combining(character))
    return _OTHER.sub("", name.casefold())


def parse_decision(text: str) -> tuple[Decision, tuple[ServiceCode, ...]]:
    """Parse ``elb``, ``feature of s3``, ``several: kinesis, firehose``, ``retired`` or ``unlisted``."""
    if text in {"retired", "unlisted"}:
        return ("retired" if text == "retired" else "unlisted"), ()
    if text.startswith(_FEATURE):
        return "feature", (ServiceCode(text.removeprefix(_FEATURE)),)
    if text.startswith(_SEVERAL):
        return "several", tuple(ServiceCode(code) for code in text.removeprefix(_SEVERAL).split(", "))
    return "service", (ServiceCode(text),)


@cache
def alias_table() -> AliasTable:
    """Read the shipped table."""
    return decode_table(_document())


def decode_table(document: Mapping[str, Any]) -> AliasTable:
    """Decode the shipped document."""
    aliases = tuple(_decoded(document, lambda _: True))
    return AliasTable(document["reviewed"], tuple(document["codes"]), document["endpoints"], aliases)


def _decoded(document: Mapping[str, Any], is_wanted: Callable[[str], bool]) -> Iterator[Alias]:
    """Yield the names with wanted decisions. Most callers want few, and making all takes 10 ms."""
    sources = document["sources"]
    decisions: dict[str, tuple[Decision, tuple[ServiceCode, ...]]] = {}
    for vocabulary in VOCABULARIES:
        for name, decision, source, *note in document["vocabularies"].get(vocabulary, ()):
            # Before the alias is made: making all of them takes 10 ms.
            if not is_wanted(decision):
                continue
            if decision not in decisions:
                decisions[decision] = parse_decision(decision)
            yield Alias(vocabulary, name, *decisions[decision], sources[source], *note)


@cache
def _document() -> Mapping[str, Any]:
    from importlib.resources import files  # noqa: PLC0415 - 3 ms that a lookup of an exact code does without

    packed = (files("aws_ssm_fetcher.core") / "shipped" / "aliases.json.gz").read_bytes()
    document: dict[str, Any] = json.loads(zlib.decompress(packed, _GZIP))
    return document


@cache
def aliases_in(vocabulary: Vocabulary) -> Mapping[str, Alias]:
    """Return the names of one vocabulary, by name."""
    return {alias.name: alias for alias in alias_table().aliases if alias.vocabulary == vocabulary}


@cache
def aliases_by_letters() -> Mapping[str, tuple[Alias, ...]]:
    """Return the names that stand for themselves, folded; types and Terraform's words need their prefix."""
    named: dict[str, list[Alias]] = {}
    for alias in alias_table().aliases:
        if alias.vocabulary != "terraform" and "::" not in alias.name:
            for form in {fold(alias.name), fold(without_vendor(alias.name))}:
                named.setdefault(form, []).append(alias)
    return {form: tuple(aliases) for form, aliases in named.items()}


def without_vendor(name: str) -> str:
    """Return a name without ``Amazon`` or ``AWS`` in front."""
    return _VENDOR.sub("", name.strip(), count=1)


def aliases_of(code: ServiceCode) -> tuple[Alias, ...]:
    """Return the other names of a service; not those of its features."""
    return tuple(alias for alias in _decoded(_document(), code.__eq__) if alias.name != code)


@cache
def ids_by_endpoint() -> Mapping[str, frozenset[str]]:
    """Return botocore's ids by what their endpoints begin with: ``autoscaling-plans``, ``email``."""
    endpoints, owners = alias_table().endpoints, dict[str, set[str]]()
    for name in aliases_in("botocore"):
        owners.setdefault(endpoints.get(name, name), set()).add(name)
    return {endpoint: frozenset(ids) for endpoint, ids in owners.items()}


def namespace_decision(namespace: str) -> Alias | None:
    """Return the decision about a namespace of CloudFormation: ``Lambda``, ``AWS::S3Tables``.

    A namespace that the table lacks is compared with codes and botocore's ids. ``None`` if nothing fits.
    """
    name = namespace.removeprefix(_CLOUDFORMATION)
    return aliases_in("cloudformation").get(name) or _by_rule("cloudformation", name)


def cloudformation_type_decision(resource_type: str) -> Alias | None:
    """Return the decision about a resource type of CloudFormation: ``AWS::EC2::VPCEndpoint``, ``Lambda::Function``.

    The longest beginning in the table wins, since some types have a code finer than their namespace's.
    """
    name = resource_type.removeprefix(_CLOUDFORMATION)
    namespace = name.partition("::")[0]
    # EC2 is one namespace for several codes: AWS::EC2::VPC is "vpc", AWS::EC2::TransitGateway "transitgateway".
    finer = [alias for alias in _finer_types() if name.startswith(alias.name)]
    return max(finer, key=lambda alias: len(alias.name)) if finer else namespace_decision(namespace)


@cache
def service_of_type(name: str) -> ServiceCode | None:
    """Return the service that a resource type belongs to, as itself or by a feature; ``None`` if none is decided."""
    alias = cloudformation_type_decision(name)
    if alias is None or alias.decision not in {"service", "feature"}:
        return None
    return alias.codes[0]


def terraform_type_decision(resource_type: str) -> Alias | None:
    """Return the decision about a resource type or data source of Terraform: ``aws_msk_cluster``.

    The longest beginning of whole words wins, be it in the table or a code, botocore's id or a namespace.
    """
    words = resource_type.removeprefix(_TERRAFORM).split("_")
    for count in range(len(words), 0, -1):
        beginning = "_".join(words[:count])
        alias = aliases_in("terraform").get(beginning) or _by_rule("terraform", beginning)
        if alias is not None:
            return alias
    return None


def service_of_namespace(namespace: str) -> ServiceCode | None:
    """Return the service of a namespace of CloudFormation; ``None`` for a feature and for what AWS does not list."""
    alias = namespace_decision(namespace)
    return alias.service if alias else None


def service_of_cloudformation_type(resource_type: str) -> ServiceCode | None:
    """Return the service of a resource type of CloudFormation, by its finest code: ``AWS::EC2::VPC`` is ``vpc``."""
    alias = cloudformation_type_decision(resource_type)
    return alias.service if alias else None


def service_of_terraform_type(resource_type: str) -> ServiceCode | None:
    """Return the service of a resource type of Terraform; ``None`` for a feature and for what AWS does not list."""
    alias = terraform_type_decision(resource_type)
    return alias.service if alias else None


@cache
def _finer_types() -> tuple[Alias, ...]:
    return tuple(alias for name, alias in aliases_in("cloudformation").items() if "::" in name)


def _by_rule(vocabulary: Vocabulary, name: str) -> Alias | None:
    """Decide a name by the code, botocore's id or the namespace that it equals but for punctuation and capitals."""
    equal = _decided_by_letters().get(fold(name))
    if equal is None:
        return None
    return Alias(vocabulary, name, equal.decision, equal.codes, "equals another name but for punctuation", equal.note)


@cache
def _decided_by_letters() -> Mapping[str, Alias]:
    """Return codes, ids of botocore and namespaces by their letters; the earlier kind wins."""
    table = alias_table()
    known = [Alias("product", code, "service", (code,), "the code") for code in table.codes]
    known += aliases_in("botocore").values()
    # A name with "::" is a type; its namespace has a row of its own.
    known += [alias for name, alias in aliases_in("cloudformation").items() if "::" not in name]
    # Reversed, so that of equal letters the earlier kind is written last and stays.
    return {fold(alias.name): alias for alias in reversed(known)}
