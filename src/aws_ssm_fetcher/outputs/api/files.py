"""Which files the JSON API has, and their folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.envelopes import to_json
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.api.badges import UNKNOWN, badge, pair_badge, service_badge
from aws_ssm_fetcher.outputs.api.documents import SCHEMA, VERSION, Documents, file_of_namespace
from aws_ssm_fetcher.outputs.api.not_found import NOT_FOUND, not_found_page
from aws_ssm_fetcher.outputs.api.openapi import openapi
from aws_ssm_fetcher.outputs.api.since import since_of
from aws_ssm_fetcher.outputs.file_lists import Folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import NameLists

_CODE: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
_NAME: Final = re.compile(
    rf"(index|openapi|regions|services|changes|lifecycle)\.json|404\.html"
    rf"|(regions|services|types)/{_CODE}\.json|badge/{_CODE}(/{_CODE})?\.svg"
)
GONE: Final = f"{SCHEMA}/{VERSION}/gone"


class Badges(NamedTuple):
    """For which services there is a badge of each region, besides that of the service as a whole."""

    all: bool = False
    services: frozenset[str] = frozenset()

    def has(self, service: str) -> bool:
        """Return whether a service has one."""
        return self.all or service in self.services


NO_PAIRS: Final = Badges()


def badges_of(setting: str) -> Badges:
    """Read the setting ``BADGES``: ``none``, ``all``, or codes of services with commas between them."""
    if setting in {"none", "all"}:
        return Badges(all=setting == "all")
    return Badges(services=frozenset(code.strip() for code in setting.split(",")))


def api_files(
    analysis: Analysis,
    history: History | None = None,
    types: NameLists | None = None,
    badges: Badges = NO_PAIRS,
) -> dict[str, bytes]:
    """Return the files of the API by name: ``services/bedrock.json``. Pure, and equal inputs give equal bytes."""
    return dict(_files(Documents(analysis, since_of(analysis.inventory, history), types), badges))


def _files(documents: Documents, badges: Badges) -> Iterator[tuple[str, bytes]]:
    index = documents.index()
    yield "index.json", to_json(index)
    yield "openapi.json", to_json(openapi(documents.tables))
    yield NOT_FOUND, not_found_page()
    yield "regions.json", to_json(documents.regions())
    yield "services.json", to_json(documents.services())
    yield "changes.json", to_json(documents.changes())
    yield "lifecycle.json", to_json(documents.lifecycle())
    for region in index["regions"]:
        yield f"regions/{region}.json", to_json(documents.region(region))
    for service in index["services"]:
        document = documents.service(service)
        yield f"services/{service}.json", to_json(document)
        yield f"badge/{service}.svg", service_badge(document, len(documents.region_rows))
        for region in index["regions"] if badges.has(service) else ():
            yield f"badge/{service}/{region}.svg", pair_badge(document, region)
    for name, document in documents.namespaces():
        yield f"types/{file_of_namespace(name)}.json", to_json(document)


def _in_place_of(names: Iterable[str]) -> dict[str, bytes]:
    """Return what stands in place of the files of a region or service that the snapshot has no more."""
    return dict(map(_gone, names))


def _gone(name: str) -> tuple[str, bytes]:
    folder, _, file = name.partition("/")
    code = file.rpartition(".")[0]
    if name.endswith(".svg"):
        return name, badge(code, "not in the latest snapshot", UNKNOWN)
    return name, to_json({"schema": GONE, "was": folder.removesuffix("s"), "code": code})


API: Final = Folder(
    kind="api",
    prefix=keys.API,
    example="services/bedrock.json",
    advice="Move that file away and report again; all files of the API are then rewritten",
    accepts=lambda name: _NAME.fullmatch(name) is not None,
    in_place_of=_in_place_of,
)
