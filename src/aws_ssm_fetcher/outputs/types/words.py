"""Changes of resource types in sentences, which claim no more than AWS's schemas say. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.aliases import service_of_type
from aws_ssm_fetcher.core.model.resource_types import namespace_of
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.outputs.news import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_ssm_fetcher.core.model.type_changes import TypeChange, TypeChangeKind
    from aws_ssm_fetcher.outputs.news import Names

SENTENCES: Final[Mapping[TypeChangeKind, str]] = {
    "type-opened": "{name} is new, registered in {regions}",
    "added": "{name} is now registered in {regions}",
    "returned": "{name} is registered again in {regions}",
    "removed": "{name} is no longer registered in {regions}",
    "type-ended": "{name} is no longer registered in any region",
}
_COUNTED: Final[Mapping[TypeChangeKind, str]] = {
    "type-opened": "new",
    "added": "in more regions",
    "returned": "returned",
    "removed": "in fewer regions",
    "type-ended": "gone",
}
_GONE: Final = frozenset({"removed", "type-ended"})


def sentence(change: TypeChange) -> str:
    """Return a change and its dates."""
    regions = ", ".join(change.regions) or "some regions"
    if len(change.regions) > 1:
        regions = f"{many(len(change.regions), 'region')}: {regions}"
    what = SENTENCES[change.kind].format(name=change.name, regions=regions)
    if change.kind in _GONE:
        before = f" (last seen {day(change.after)})" if change.after else ""
        return printable(f"{what}. Absent since {day(change.seen)}{before}, confirmed {day(change.announced)}.")
    before = f" (not yet on {day(change.after)})" if change.after else ""
    return printable(f"{what}. First seen {day(change.seen)}{before}.")


def counted(changes: Iterable[TypeChange]) -> str:
    """Return how many types changed how: ``2 types new, 5 in more regions``."""
    counts: Counter[TypeChangeKind] = Counter()
    # A type counts once for each kind, in however many changes it is.
    for kind, _ in {(change.kind, change.name) for change in changes}:
        counts[kind] += 1
    first, *others = [kind for kind in _COUNTED if counts[kind]]
    # The noun stands once, with the first number.
    parts = [f"{many(counts[first], 'resource type')} {_COUNTED[first]}"]
    parts += [f"{counts[kind]:,} {_COUNTED[kind]}" for kind in others]
    return ", ".join(parts)


def service_code(change: TypeChange) -> str | None:
    """Return the code of the service that a type belongs to; ``None`` if AWS lists none."""
    return service_of_type(change.name)


def about(change: TypeChange, names: Names) -> str:
    """Return the service of a type with its name, or the type's namespace."""
    service = service_of_type(change.name)
    return names.service(service) if service else printable(namespace_of(change.name))
