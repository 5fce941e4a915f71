"""Answers about stacks as JSON objects: the same for the command, for Python and for agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, StackRemark
    from aws_ssm_fetcher.queries.fits.choice import Choice, RankedRegion
    from aws_ssm_fetcher.queries.fits.model import NeedFinding, RegionFit, StackFit, Wait


def fit_document(fit: StackFit) -> dict[str, Any]:
    """Return the answer as plain values."""
    return {
        "kind": "fits",
        "version": 1,
        "files": list(fit.files),
        "resources": fit.resources,
        "home": fit.home or None,
        "ignored": list(fit.ignored),
        "sources": [{"name": source.name, "origin": source.origin, "taken": source.taken} for source in fit.sources],
        "regions": [_region(region) for region in fit.regions],
        "blockers": [
            {
                "name": blocker.name,
                "regions": list(blocker.regions),
                "fits_without": list(blocker.alone_in),
                "unknown_without": list(blocker.alone_unknown_in),
            }
            for blocker in fit.blockers
        ],
        "elsewhere": [_finding(need_finding) | {"region": need_finding.region} for need_finding in fit.elsewhere],
        "unchecked": [_remark(remark) for remark in fit.unchecked],
        "waits": [_wait(wait) for wait in fit.waits],
        "fits_since": [
            {
                "region": since.region,
                "day": since.day.isoformat() if since.day else None,
                "or_earlier": not since.is_seen,
                "whole": since.is_whole,
            }
            for since in fit.fits_since
        ],
    }


def _wait(wait: Wait) -> dict[str, Any]:
    return {
        "name": wait.name,
        "subject": wait.subject,
        "regions": wait.regions,
        "first_region": wait.first_region,
        "first_day": wait.first_day.isoformat() if wait.first_day else None,
        "or_earlier": not wait.is_first_seen,
        "last_region": wait.last_region,
        "last_day": wait.last_day.isoformat() if wait.last_day else None,
        "cases": wait.cases,
        "median_days": wait.median_days,
    }


def _region(region: RegionFit) -> dict[str, Any]:
    return {
        "region": region.region,
        "name": region.name,
        "answer": region.answer,
        "needed": region.needed,
        "available": region.available,
        "missing": [_finding(need_finding) for need_finding in region.missing],
        "unknown": [_finding(need_finding) for need_finding in region.unknown],
        "undecided": [_remark(remark) for remark in region.undecided],
    }


def _finding(need_finding: NeedFinding) -> dict[str, Any]:
    need, finding = need_finding.need, need_finding.finding
    return {
        "kind": need.kind,
        "name": need.name,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "service": finding.service,
        **_place(need.place),
    }


def _remark(remark: StackRemark) -> dict[str, Any]:
    return {"what": remark.what, "reason": remark.reason, **_place(remark.place)}


def _place(place: FileLocation) -> dict[str, Any]:
    return {"file": place.file, "line": place.line or None, "address": place.address}


def choice_document(choice: Choice) -> dict[str, Any]:
    """Return ranked regions as plain values."""
    return {
        "kind": "choose",
        "version": 1,
        "sources": [
            {"name": source.name, "origin": source.origin, "taken": source.taken} for source in choice.fit.sources
        ],
        "ranked": [_ranked(row) for row in choice.ranked],
        "left_out": [{"region": left.region, "reason": left.reason} for left in choice.left],
    }


def _ranked(row: RankedRegion) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "region": row.region,
        "name": row.name,
        "country": row.country,
        "answer": row.fit.answer,
        "missing": sorted(row.fit.missing_names),
        "unknown": sorted(row.fit.unknown_names),
        "services": row.services,
        "resource_types": row.types,
        "availability_zones": row.zones,
        "opt_in": row.opt_in,
        "launched": row.launched.isoformat() if row.launched else None,
        "other_partition": row.other_partition,
        "quality": row.quality,
        "similarity": None if row.similarity is None else round(row.similarity, 4),
        "missing_services": row.missing_services,
        "remote_services": list(row.remote),
        "reasons": list(row.reasons),
    }
