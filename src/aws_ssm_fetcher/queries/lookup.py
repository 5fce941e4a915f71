"""Names and aliases to codes. Pure; the table of aliases is read only if codes and long names do not decide.

Exact beats partial: the code; then the name without the vendor's prefix as a code, an abbreviation in brackets or a
long name; then aliases of other vocabularies; only then words of long names. If several fit, none is chosen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from aws_ssm_fetcher.core.error_handling import AmbiguousNameError, UnknownCodeError, UnlistedNameError
from aws_ssm_fetcher.core.model.aliases import (
    aliases_by_letters,
    aliases_in,
    cloudformation_type_decision,
    fold,
    terraform_type_decision,
    without_vendor,
)
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.queries.places import region_names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.model.aliases import Alias
    from aws_ssm_fetcher.core.model.history import History, Interval
    from aws_ssm_fetcher.core.model.inventory import Region
    from aws_ssm_fetcher.processors.history.selection import Noun

Code = TypeVar("Code", bound=str)

SUGGESTED: Final = 3  # codes proposed for one that is not known
ALIKE: Final = 0.7  # of 1.0, by difflib: at its own 0.6 it takes glue for a slip of lumber
_TELLING: Final = 4  # letters that mean something inside a word too; "ce" is in most names

_ABBREVIATED: Final = re.compile(r"(?P<name>.+?)\s*\((?P<abbreviation>[^()]*)\)")
"""A long name that ends with its abbreviation; what is in brackets further ahead is that of another service."""
_IAM_ACTION: Final = re.compile(r"[a-z0-9-]+:[A-Za-z*]+")
_VENDORS: Final = frozenset({"amazon", "aws", "amazonwebservices"})
_GENERIC: Final = frozenset({"cloud", "service", "services", "system"})
"""Words at the end of a long name that people leave out: Simple Storage (Service), Elastic File (System)."""
_FAMILIES: Final = frozenset({"cloudwatch", "connect", "ec2", "elemental", "iot", "workspaces"})
"""Words in front that people leave out: (IoT) Device Defender, (WorkSpaces) Secure Browser."""
_SMALL_WORDS: Final = frozenset({"and", "for", "in", "of", "on", "the"})
_PLURAL: Final = re.compile(r"(?<=\w{4})s$")
"""Of a word of five letters or more: "SQS" and "DNS" are no plurals."""
_SEVERAL_WORDS: Final = 2
_TYPE_SEPARATOR: Final = "::"
_TERRAFORM: Final = "aws_"


class Matched(NamedTuple):
    """A code that was asked for in other words."""

    words: str
    code: str


class Catalog(NamedTuple, Generic[Code]):
    """What can be found: codes, earlier codes, long names."""

    codes: Mapping[str, Code]
    """By what may be written, without capitals: the code itself and codes that it had before."""
    names: Sequence[tuple[Code, str]]
    """Long names; a code may have had several."""
    countries: Mapping[Code, str | None] = {}
    """Of regions: ISO 3166-1 alpha-2."""


def matched(asked: Iterable[tuple[str, str]]) -> tuple[Matched, ...]:
    """Pick what was not asked for by its code, capitals or not; *asked* are words and the code found for each."""
    return tuple(
        dict.fromkeys(Matched(words, code) for words, code in asked if words.strip().casefold() != code.casefold())
    )


def region_named(regions: Iterable[Region], text: str) -> RegionCode:
    """Find the region of a snapshot that a name stands for. Raises ``UnknownCodeError``."""
    known = tuple(regions)
    codes = {region.code.casefold(): region.code for region in known}
    names = [(region.code, region.name) for region in known if region.name]
    return find_region(text, Catalog(codes, names, {region.code: region.country for region in known}))


def find_service(text: str, catalog: Catalog[ServiceCode]) -> ServiceCode:
    """Find the service that a name stands for.

    Raises ``AmbiguousNameError`` if it stands for several, ``UnlistedNameError`` if AWS publishes no list for it,
    ``UnknownCodeError``.
    """
    # Codes first: long names repeat (AWS calls sagemaker-runtime Amazon SageMaker, too), codes do not.
    exact = _exact(text, catalog)
    if exact is not None:
        return exact
    by_name = _service_candidates(text, catalog)
    if len(by_name) == 1:
        return by_name[0]
    alias = _alias(text)
    if alias is not None and (not by_name or _is_product(text, alias)):
        return _service_of(text, alias, catalog)
    if by_name:
        raise AmbiguousNameError("service", text, by_name)
    loosely = _loosely_called(text, catalog)
    if loosely is not None:
        return loosely
    return _by_words("service", text, catalog, _leading(text, catalog))


def find_region(text: str, catalog: Catalog[RegionCode]) -> RegionCode:
    """Find the region that a name stands for. Raises ``AmbiguousNameError``, ``UnknownCodeError``."""
    exact = _exact(text, catalog)
    if exact is not None:
        return exact
    # "sao paulo" and "São Paulo" are one place.
    wanted, names = fold(text), dict(catalog.names)
    called = tuple(
        code
        for code in dict.fromkeys(catalog.codes.values())
        if wanted and wanted in region_names(code, names.get(code), catalog.countries.get(code))
    )
    if len(called) == 1:
        return called[0]
    if called:
        raise AmbiguousNameError("region", text, called)
    return _by_words("region", text, catalog)


def code_in(history: History, noun: Noun, text: str) -> str:
    """Find the code that a name stands for, now or ever in a history; names of now beat earlier ones.

    Raises ``AmbiguousNameError``, ``UnlistedNameError``, ``UnknownCodeError``.
    """
    try:
        # Names in use first: what is called so today beats what had the name earlier.
        return _find_in(history, noun, text, lambda interval: interval.last is None)
    except AmbiguousNameError:
        raise
    except UnknownCodeError:
        return _find_in(history, noun, text, lambda _: True)


def _find_in(history: History, noun: Noun, text: str, is_used: Callable[[Interval], bool]) -> str:
    known: set[str] = set()
    named: list[tuple[str, str]] = []
    for interval in history.intervals:
        if interval.kind in {noun, "offering"}:
            known.update(_codes(interval, noun))
        elif interval.kind == "name" and is_used(interval):
            named += [(code, interval.value) for code in _codes(interval, noun)]
    if noun == "region":
        return find_region(
            text, _catalog(set(map(RegionCode, known)), [(RegionCode(code), name) for code, name in named])
        )
    return find_service(
        text, _catalog(set(map(ServiceCode, known)), [(ServiceCode(code), name) for code, name in named])
    )


def _catalog(known: Collection[Code], named: Iterable[tuple[Code, str]]) -> Catalog[Code]:
    # Sorted: of codes that differ in capitals alone the same one is found in every process.
    codes = {code.casefold(): code for code in sorted(known)}
    return Catalog(codes, [(code, name) for code, name in named if code in known])


def _codes(interval: Interval, noun: Noun) -> tuple[str, ...]:
    return interval.regions if noun == "region" else (interval.service,)


def nearest(wanted: str, codes: Mapping[str, Code], by_name: Iterable[Code]) -> list[Code]:
    """Propose codes spelled alike first, then those whose name has the words. *codes* are by what may be written."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for who misspelt one

    alike = [codes[close] for close in get_close_matches(wanted, codes, n=SUGGESTED, cutoff=ALIKE)]
    return list(dict.fromkeys([*alike, *by_name]))[:SUGGESTED]


def _exact(text: str, catalog: Catalog[Code]) -> Code | None:
    wanted = text.strip()
    if wanted in catalog.codes.values():
        return next(code for code in catalog.codes.values() if code == wanted)
    return catalog.codes.get(wanted.casefold())


def _service_candidates(text: str, catalog: Catalog[ServiceCode]) -> tuple[ServiceCode, ...]:
    """Return the services whose code, long name or abbreviation equals the text, vendor's prefix and punctuation aside.

    The long name in full, prefix included, does not outdo a code: AWS calls ``sagemaker-runtime`` Amazon SageMaker.
    """
    whole = {fold(text), fold(without_vendor(text))} - {""}
    return _services_called(whole, catalog) or _services_called(set(_service_names(text)) - {""}, catalog)


def _services_called(wanted: set[str], catalog: Catalog[ServiceCode]) -> tuple[ServiceCode, ...]:
    by_code = [code for written, code in catalog.codes.items() if fold(written) in wanted]
    by_name = [code for code, name in catalog.names if not wanted.isdisjoint(_service_names(name))]
    return tuple(dict.fromkeys([*by_code, *by_name]))


def _service_names(name: str) -> Iterator[str]:
    """Yield the forms of a long name, folded: in full, without prefix, and what is before and in its last brackets."""
    bare = without_vendor(name)
    yield fold(name)
    yield fold(bare)
    match = _ABBREVIATED.fullmatch(bare)
    if match is not None:
        yield fold(match["name"])
        yield fold(without_vendor(match["abbreviation"]))


def _alias(text: str) -> Alias | None:
    """Return the decision about a name of another vocabulary. Raises ``AmbiguousNameError`` if decisions differ."""
    written = text.strip()
    if _TYPE_SEPARATOR in written:
        return cloudformation_type_decision(written)
    if written.startswith(_TERRAFORM):
        return terraform_type_decision(written.partition(".")[0])
    forms = list(_service_names(written))
    if _IAM_ACTION.fullmatch(written):
        forms += _service_names(written.partition(":")[0])
    for form in forms:
        decided = aliases_by_letters().get(form, ())
        same = [alias for alias in decided if alias.vocabulary == "product"] or decided
        if same:
            return _only(text, same)
    return None


def _only(text: str, aliases: Sequence[Alias]) -> Alias:
    """Return the first of aliases that are decided alike. Raises ``AmbiguousNameError`` if they are not."""
    if len({(alias.decision, alias.codes) for alias in aliases}) == 1:
        return aliases[0]
    raise AmbiguousNameError("service", text, tuple(dict.fromkeys(code for alias in aliases for code in alias.codes)))


def _loosely_called(text: str, catalog: Catalog[ServiceCode]) -> ServiceCode | None:
    """Return the service whose name differs by a plural or a "for" only: ``Step Function``, ``RDS MySQL``.

    One word is not enough: "Event" may be any service's. Raises as ``find_service`` does.
    """
    wanted = _loose(text)
    if len(without_vendor(text).split()) < _SEVERAL_WORDS or not wanted:
        return None
    named = tuple(dict.fromkeys(code for code, name in catalog.names if _loose(name) == wanted))
    if len(named) == 1:
        return named[0]
    if named:
        raise AmbiguousNameError("service", text, named)
    products = [alias for alias in aliases_in("product").values() if _loose(alias.name) == wanted]
    return _service_of(text, _only(text, products), catalog) if products else None


def _loose(name: str) -> str:
    words = (fold(word) for word in without_vendor(name).split())
    return "".join(_PLURAL.sub("", word) for word in words if word not in _SMALL_WORDS)


def _leading(text: str, catalog: Catalog[ServiceCode]) -> Iterator[ServiceCode]:
    """Yield the service that the longest beginning of a text names, which the rest may be a feature of."""
    words = without_vendor(text).split()
    for count in range(len(words) - 1, 0, -1):
        beginning = " ".join(words[:count])
        try:
            named = _service_candidates(beginning, catalog)
            alias = None if named else _alias(beginning)
        except AmbiguousNameError:
            continue
        codes = alias.codes if alias is not None else named
        if len(codes) == 1 and codes[0] in catalog.codes.values():
            yield codes[0]
            return


def _is_product(text: str, alias: Alias) -> bool:
    """Check whether an alias is the text as written, prefix included: it then decides between code and long name."""
    return alias.vocabulary == "product" and fold(alias.name) == fold(text)


def _service_of(text: str, alias: Alias, catalog: Catalog[ServiceCode]) -> ServiceCode:
    if alias.decision == "several":
        raise AmbiguousNameError("service", text, alias.codes)
    if alias.service is None:
        raise UnlistedNameError(text, alias.decision, alias.feature_of, alias.note)
    if alias.service not in catalog.codes.values():
        raise UnknownCodeError("service", text, nearest=())
    return alias.service


def _by_words(noun: Noun, text: str, catalog: Catalog[Code], leading: Iterable[Code] = ()) -> Code:
    """Find the only code whose long name has the words of the text, whole and in that order.

    *leading* are proposed first if there is none.

    Words of a service's name decide only where they name the service: "Active Directory" is not the service
    "Private CA Connector for Active Directory", nor "Linux" the "License Manager Linux Subscriptions".
    """
    wanted = without_vendor(text).casefold() if noun == "service" else text.strip().casefold()
    whole = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    is_word = bool(fold(wanted)) and fold(wanted) not in _VENDORS
    having = {code: name.casefold() for code, name in catalog.names if is_word and whole.search(name.casefold())}
    if len(having) > 1:
        raise AmbiguousNameError(noun, text, tuple(having))
    for code, name in having.items():
        if noun == "region" or _names_the_service(wanted, name):
            return code
    # A short text must begin a word: "ce" is within "service" and most other names.
    begins = re.compile(rf"(?<!\w){re.escape(wanted)}" if len(wanted) < _TELLING else re.escape(wanted))
    partly = [*having, *(code for code, name in catalog.names if is_word and begins.search(name.casefold()))]
    proposed = dict.fromkeys([*leading, *nearest(wanted, catalog.codes, partly)])
    raise UnknownCodeError(noun, text, nearest=list(proposed)[:SUGGESTED])


def _names_the_service(words: str, name: str) -> bool:
    """Check whether words are a long name but for what people leave out of it.

    What else is left out may make another service of it: "Virtual" is not the service "Virtual Private Cloud", nor
    "re:Post" the "re:Post Private".
    """
    match = _ABBREVIATED.fullmatch(name)
    bare = without_vendor(match["name"] if match else name)
    if bare.startswith(words):
        return _GENERIC.issuperset(bare.removeprefix(words).split())
    return (
        bare.endswith(words)
        and len(words.split()) >= _SEVERAL_WORDS
        and _FAMILIES.issuperset(bare.removesuffix(words).split())
    )
