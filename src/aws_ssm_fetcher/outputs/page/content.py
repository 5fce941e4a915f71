"""The data of the page, as the browser reads it: small, by position, and complete without its optional parts.

::

    {"document": "page", "version": "1.0", "taken": "2026-10-27T00:00:00Z", "run_id": "…", "source": {…},
     "quarantine": ["…"], "unread": [3],
     "regions": [{"code": "eu-west-3", "name": "Europe (Paris)", …}],
     "services": [{"code": "bedrock", "name": "Amazon Bedrock", …}],
     "offerings": [[["regional", null, [0, 1, 2]], ["remote", 33, [5]]], …],
     "depth": {"origin": "cfn-lint 1.58.0", "services": […]},
     "history": {"days": ["2022-02-18", …], "regions": […], "services": […], "spans": […]},
     "changes": […], "statistics": […], "findings": […], "quality": {…}}

``offerings`` has a list for each service: the reach, the position of the region that answers, the regions' positions.
Regions and services that only the history knows follow those of the snapshot, so that a position means one thing.
A member that is ``null`` or empty is left out; so are ``history`` and every other part that a run does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.categories import category_of
from aws_ssm_fetcher.outputs.brief.worth import how_sure, worth_a_look
from aws_ssm_fetcher.outputs.page.changes import grouped_changes
from aws_ssm_fetcher.outputs.page.depth import depth_of
from aws_ssm_fetcher.outputs.page.extras import lifecycles, other_names
from aws_ssm_fetcher.outputs.page.past import past_of

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import NameLists

VERSION: Final = "1.0"
DIGITS: Final = 4  # of a share: two decimals of a percentage

Json = dict[str, Any]


def page_content(analysis: Analysis, history: History | None, types: NameLists | None = None) -> Json:
    """Lay out what the page shows of one run. Pure."""
    inventory = analysis.inventory
    positions: dict[str, int] = {region.code: at for at, region in enumerate(inventory.regions)}
    content = {
        "document": "page",
        "version": VERSION,
        "taken": encode(inventory.taken),
        "run_id": inventory.run_id,
        "source": encode(inventory.source),
        "quarantine": [reason.message for reason in analysis.quarantine],
        "unread": sorted(positions[code] for code in inventory.unread_regions if code in positions),
        "gaps": len(inventory.tree_gaps),
        "regions": _regions(analysis),
        "services": _services(analysis),
        "offerings": _offerings(analysis, positions),
        "depth": depth_of(analysis, positions, types),
        "history": past_of(analysis, history) if history else None,
        "changes": grouped_changes(analysis.changes),
        "last_names": [_stated(encode(name)) for name in analysis.last_names],
        "statistics": [
            _stated(
                {
                    "section": statistic.section,
                    "label": statistic.label,
                    "value": statistic.value,
                    "unit": statistic.unit,
                }
            )
            | {"definition": statistic.definition}
            for statistic in analysis.statistics
        ],
        "findings": [_stated(encode(finding)) for finding in analysis.findings],
        "strands": [reason.message for reason in analysis.quarantined_strands],
        "look": worth_a_look(analysis),
        "sure": how_sure(analysis),
        "quality": {"score": analysis.quality.score, "grade": analysis.quality.grade},
    }
    return _stated(content)


def _stated(members: Json) -> Json:
    """Leave out what is not stated."""
    return {name: value for name, value in members.items() if value is not None and value not in ([], (), "")}


def _regions(analysis: Analysis) -> list[Json]:
    described = zip(
        analysis.inventory.regions, analysis.region_profiles, analysis.regions, analysis.quality.regions, strict=True
    )
    return [
        _stated(
            {
                "code": region.code,
                "name": region.name,
                "partition": region.partition,
                "country": region.country,
                "launched": encode(region.launch.date) if region.launch else None,
                "launch_source": region.launch.source if region.launch else None,
                "launch_evidence": region.launch.evidence if region.launch else None,
                "launch_url": region.launch.url if region.launch else None,
                "opt_in": profile.opt_in,
                "availability_zones": profile.availability_zones,
                "local_zones": profile.local_zones,
                "wavelength_zones": profile.wavelength_zones,
                "rank": figures.rank,
                "share": _rounded(figures.share),
                "partition_share": _rounded(figures.partition_share),
                "score": quality.score,
                "grade": quality.grade,
            }
        )
        for region, profile, figures, quality in described
    ]


def _services(analysis: Analysis) -> list[Json]:
    described = zip(analysis.inventory.services, analysis.service_profiles, analysis.services, strict=True)
    stages, names = lifecycles(analysis.inventory.taken.date()), other_names()
    return [
        _stated(
            {
                "code": service.code,
                "name": service.name,
                "sort_name": None if profile.sort_name == service.name else profile.sort_name,
                "home_page": service.home_page,
                "earlier_codes": profile.earlier_codes,
                "tier": figures.tier,
                "aliases": names.get(service.code),
                "category": category_of(service.code),
                **stages.get(service.code, {}),
            }
        )
        for service, profile, figures in described
    ]


def _offerings(analysis: Analysis, positions: dict[str, int]) -> list[list[list[Any]]]:
    groups: dict[str, dict[tuple[str | None, str | None], list[int]]] = {}
    for offering, reach in zip(analysis.inventory.offerings, analysis.known_reaches, strict=True):
        kind = (reach.kind, reach.served_from) if reach else (None, None)
        groups.setdefault(offering.service, {}).setdefault(kind, []).append(positions[offering.region])
    return [
        [
            # a service may be answered by a region that the snapshot does not list: then by its code
            [kind, positions.get(served_from, served_from) if served_from else None, regions]
            for (kind, served_from), regions in groups.get(service.code, {}).items()
        ]
        for service in analysis.inventory.services
    ]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, DIGITS)
