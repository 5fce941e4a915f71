"""Answers put together from the files of the JSON API, as a script would that has nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.model.codes import NEWS_DAYS, RegionCode, ServiceCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.outputs.api.documents import Documents

Plain = dict[str, Any]
CODES: Final = {
    "ireland": "eu-west-1",
    "ohio": "us-east-2",
    "osaka": "ap-northeast-3",
    "seoul": "ap-northeast-2",
    "spain": "eu-south-2",
    "sydney": "ap-southeast-2",
    "tokyo": "ap-northeast-1",
}
COUNTRIES: Final = {"Germany": "DE"}
NEWEST: Final = date(2026, 10, 27)
BEGINNING: Final = "2022-02-12"


def _code(region: str) -> RegionCode:
    return RegionCode(CODES.get(region, region))


def _services_in(api: Documents, region: str) -> set[str]:
    return {*api.region(_code(region))["services"]}


def _regions(api: Documents, wanted: Plain) -> object:
    rows = api.regions()["regions"].items()
    offering = [api.service(ServiceCode(service))["regions"] for service in wanted.get("services", ())]
    countries = [COUNTRIES[name] for name in wanted.get("countries", ())]
    return {
        (code, row["region_name"], row["partition"], row["service_count"])
        for code, row in rows
        if row["partition"] in wanted.get("partitions", [row["partition"]])
        and all(code in regions for regions in offering)
        and (not countries or row["country"] in countries)
        and row["availability_zones"] >= wanted.get("min_azs", 0)
        and (not wanted.get("opt_in") or row["opt_in"])
        and (not wanted.get("local_zone") or row["local_zones"] > 0)
    }


def _services(api: Documents, wanted: Plain) -> object:
    inside = [_services_in(api, region) for region in wanted.get("offered_in", ())]
    outside = [_services_in(api, region) for region in wanted.get("not_in", ())]
    return {
        (code, row["service_name"], row["region_count"], row["tier"])
        for code, row in api.services()["services"].items()
        if all(code in services for services in inside)
        and not any(code in services for services in outside)
        and row["tier"] in wanted.get("tiers", [row["tier"]])
        and row["category"] in wanted.get("categories", [row["category"]])
    }


def _compared(api: Documents, wanted: Plain) -> object:
    offered = {_code(region): _services_in(api, region) for region in wanted["regions"]}
    anywhere = set().union(*offered.values())
    return {service: {region for region, own in offered.items() if service in own} for service in anywhere}


def _fits(api: Documents, wanted: Plain) -> object:
    """Return where types are registered, their services are listed, and neither is closed."""
    types = {name: regions for _, document in api.namespaces() for name, regions in document["types"].items()}
    closed = {row["service_code"] for row in api.lifecycle()["entries"] if not row["feature"]}
    needs = {"AWS::Lambda::Function": ServiceCode("lambda"), "AWS::SQS::Queue": ServiceCode("sqs")}
    if wanted.get("ignore"):
        del needs["AWS::SQS::Queue"]
    assert not closed & {*needs.values()}
    places = [{*types[name]} & {*api.service(service)["regions"]} for name, service in needs.items()]
    return set.intersection(*places) & {*wanted.get("regions", types["AWS::Lambda::Function"])}


def _changed(api: Documents, wanted: Plain) -> object:
    begins = {
        "30d": f"{NEWEST - timedelta(days=30)}",
        "last-run": f"{NEWEST}",
        None: f"{NEWEST - timedelta(days=NEWS_DAYS)}",
    }
    since = begins.get(wanted.get("since"), wanted.get("since"))
    regions, services = [_code(region) for region in wanted.get("regions", ())], wanted.get("services", ())
    kinds = wanted.get("kinds", ())
    return {
        row["change_id"]
        for row in api.changes()["changes"]
        if row["confirmed"] >= since
        and (not regions or row["region_code"] in regions)
        and (not services or row["service_code"] in services)
        and (not kinds or row["kind"] in kinds)
    }


def _day(api: Documents, wanted: Plain) -> object:
    return {_code(region): _services_in(api, region) for region in wanted["regions"]}


def _timeline(api: Documents, wanted: Plain) -> object:
    regions = api.service(ServiceCode(wanted["service"]))["regions"]
    return {region: facts["first_seen"] for region, facts in regions.items()}


def _lag(api: Documents, wanted: Plain) -> object:
    own, others = _services_in(api, wanted["region"]), _services_in(api, wanted["behind"])
    return {"shared": own & others, "missing": others - own, "only_here": len(own - others)}


def _quality(api: Documents, _: Plain) -> object:
    return api.index()["quality"]


BY_DOCUMENTS: Final[dict[str, Callable[[Documents, Plain], object]]] = {
    "list_regions": _regions,
    "list_services": _services,
    "compare_regions": _compared,
    "check_stack": _fits,
    "what_changed": _changed,
    "as_of": _day,
    "service_timeline": _timeline,
    "region_lag": _lag,
    "findings": _quality,
}


def _in_all(answer: Plain) -> object:
    if "here" not in answer:
        return {row["service"]: {*row["offered_in"]} for row in answer["services"]}
    here, there = answer["here"], answer["there"]
    places = ("only_here", {here}), ("only_there", {there}), ("both", {here, there})
    return {service: regions for field, regions in places for service in answer[field]}


def _came(answer: Plain) -> object:
    """Return since when a service has been in each of its regions."""
    came = dict.fromkeys(answer["now"], BEGINNING)
    for change in answer["changes"]:
        if change["kind"] == "added" and change.get("region") in came:
            came[change["region"]] = change["seen"][:10]
    return came


def _recent(answer: Plain) -> object:
    """Return the changes that the file of changes reaches back to."""
    begins = f"{NEWEST - timedelta(days=NEWS_DAYS)}"
    return {change["id"] for change in answer["changes"] if change["announced"] >= begins}


OF_ANSWERS: Final[dict[str, Callable[[Plain], object]]] = {
    "list_regions": lambda answer: {
        (row["region"], row["name"], row["partition"], row["services"]) for row in answer["regions"]
    },
    "list_services": lambda answer: {
        (row["service"], row.get("name"), row["regions"], row.get("tier")) for row in answer["services"]
    },
    "compare_regions": _in_all,
    "check_stack": lambda answer: {row["region"] for row in answer["regions"] if row["answer"] == "fits"},
    "what_changed": _recent,
    "as_of": lambda answer: {region: {*services} for region, services in answer["offered"].items()},
    "service_timeline": _came,
    "region_lag": lambda answer: {
        "shared": {row["service"] for row in answer["shared"]},
        "missing": {row["service"] for row in answer["missing"]},
        "only_here": answer["only_here"],
    },
    "findings": lambda answer: {name: answer["quality"][name] for name in ("score", "grade")},
}
"""What of an answer the files have: of a lag the services, and no days before a break; of findings the score."""
