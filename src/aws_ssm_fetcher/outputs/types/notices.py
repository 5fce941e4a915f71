"""Notifications of changed resource types and instance types, each sent once: ``level`` is ``type`` or ``instance``.

The scopes are those of services. What was sent is noted under ``reports/notified/types-<run id>.json``, or
``instances-…``, as for services. Resource types that ship with the package are news to nobody; instance types are where
the store had older lists.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode
from aws_ssm_fetcher.core.ports import Notice
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.feeds import MARKDOWN
from aws_ssm_fetcher.outputs.notifications import Message, clipped, parts_of, send, subject
from aws_ssm_fetcher.outputs.types.words import SOURCES, counted, sentence, service_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.documents.types.changes import TypeChanges
    from aws_ssm_fetcher.core.documents.types.instance_changes import InstanceChanges
    from aws_ssm_fetcher.core.model.type_changes import TypeChange, TypeLevel
    from aws_ssm_fetcher.core.ports import Notifier, ObjectStore
    from aws_ssm_fetcher.outputs.news import Names
    from aws_ssm_fetcher.outputs.notifications import Scope

_WARNING: Final = frozenset({"removed", "type-ended"})
_RUN_ID_ROOM: Final = 54  # characters of a run id that fit behind "instances-"
_ALL_OF: Final[Mapping[TypeLevel, str]] = {"type": "types/all", "instance": "instances/all"}


def notify_types(store: ObjectStore, notifier: Notifier, changes: TypeChanges, names: Names) -> int:
    """Send what the newest lists changed, unless already sent; return how many changes were sent to all."""
    run_id = RunId(f"types-{changes.run_id[:_RUN_ID_ROOM]}")
    return send(store, notifier, (run_id, changes.taken), lambda sent: type_messages(changes, names, sent))


def notify_instances(store: ObjectStore, notifier: Notifier, changes: InstanceChanges, names: Names) -> int:
    """Send what newer bundled lists of instance types changed, unless already sent; return how many changes were."""
    run_id = RunId(f"instances-{changes.run_id[:_RUN_ID_ROOM]}")
    return send(store, notifier, (run_id, changes.taken), lambda sent: instance_messages(changes, names, sent))


def instance_messages(changes: InstanceChanges, names: Names, sent: frozenset[str]) -> tuple[Message, ...]:
    """Return the messages for changes since the lists that the store had before, as far as they are new. Pure."""
    since = changes.since
    return _messages([change for change in changes.changes if since and change.announced > since], names, sent)


def type_messages(changes: TypeChanges, names: Names, sent: frozenset[str]) -> tuple[Message, ...]:
    """Return the messages for what was not announced yet: of each region and service, and then of all. Pure."""
    if changes.shipped:
        return ()
    own = (changes.run_id, changes.taken)
    return _messages([change for change in changes.changes if (change.run_id, change.announced) == own], names, sent)


def _messages(news: Sequence[TypeChange], names: Names, sent: frozenset[str]) -> tuple[Message, ...]:
    by_region: defaultdict[RegionCode, list[TypeChange]] = defaultdict(list)
    by_service: defaultdict[str, list[TypeChange]] = defaultdict(list)
    for change in news:
        for region in change.regions:
            # A subscriber of a region reads of that region alone.
            by_region[region].append(change._replace(regions=(region,)))
        if service := service_code(change):
            by_service[service].append(change)
    messages: list[Message] = []
    for region, part in sorted(by_region.items()):
        messages += _scoped(part, "region", region, names, sent)
    for service, part in sorted(by_service.items()):
        messages += _scoped(part, "service", service, names, sent)
    # Those of all come last: their note shows that everything about a change was sent.
    messages += _scoped(news, "all", "", names, sent)
    return tuple(messages)


def _scoped(
    news: Iterable[TypeChange], scope: Scope, code: str, names: Names, sent: frozenset[str]
) -> Iterator[Message]:
    prefix = "" if scope == "all" else f"{scope}/{code}/"
    left = [change for change in news if f"{prefix}{change.id}" not in sent]
    parts = parts_of(left, _line, lambda change: change.regions)
    for place, part in enumerate(parts, start=1):
        numbered = f"This is message {place} of {len(parts)}." if len(parts) > 1 else ""
        notice = _notice(part, scope, code, names, numbered)
        yield Message(notice, tuple(f"{prefix}{change.id}" for change in part))


def _notice(part: Sequence[TypeChange], scope: Scope, code: str, names: Names, numbered: str) -> Notice:
    within = {"region": names.region(RegionCode(code)), "service": names.service(ServiceCode(code)), "all": ""}[scope]
    title = sentence(part[0]).partition(". ")[0] if len(part) == 1 else counted(part)
    about = f", {within}" if within and len(part) > 1 else ""
    first = f"{counted(part)}{f' ({within})' if within else ''}"
    lines = [
        f"{first}, by {SOURCES[part[0].level]} of {part[0].announced:%Y-%m-%d}.",
        *filter(None, (numbered,)),
        "",
        *map(_line, part),
        "",
        f"All changes by date: {keys.FEEDS}{_ALL_OF[part[0].level]}/{MARKDOWN}",
    ]
    attributes = {
        "scope": (scope,),
        "kind": tuple(sorted({change.kind for change in part})),
        "severity": tuple(sorted({"warning" if change.kind in _WARNING else "info" for change in part})),
        **_codes_of(part, scope, code),
        "level": (part[0].level,),
    }
    stated = {name: values for name, values in attributes.items() if values}
    return Notice(subject(f"{title}{about}"), "\n".join(lines) + "\n", stated)


def _codes_of(part: Sequence[TypeChange], scope: Scope, code: str) -> dict[str, tuple[str, ...]]:
    if scope == "region":
        services = {own for change in part if (own := service_code(change))}
        return {"region": (code,), "services": tuple(sorted(services))}
    if scope == "service":
        return {"service": (code,), "regions": tuple(sorted({region for change in part for region in change.regions}))}
    return {}


def _line(change: TypeChange) -> str:
    return clipped(f"- {sentence(change)}")
