"""Versioned documents: what is written is read back, and what is anything else is refused by name."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, date, datetime
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decoding import is_record
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.analysis import (
    Analysis,
    Cluster,
    Finding,
    Parity,
    Quality,
    Reach,
    RegionFigures,
    RegionProfile,
    RegionQuality,
    ServiceFigures,
    ServiceProfile,
    Statistic,
)
from aws_ssm_fetcher.core.model.codes import (
    AWS_BEGAN,
    LAST_YEAR,
    OddityKind,
    RegionCode,
    RuleId,
    RunId,
    ServiceCode,
    ZoneId,
)
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Launch, Oddity, Offering, Region, Service, Source, Zone

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "raw-data/2026/10/27/run-7/inventory.json"
PARIS, MILAN = RegionCode("eu-west-3"), RegionCode("eu-south-1")
S3, EC2 = ServiceCode("s3"), ServiceCode("ec2")

INVENTORY = Inventory(
    run_id=RunId("run-7"),
    taken=datetime(2026, 10, 27, 1, 2, 3, tzinfo=UTC),
    source=Source("aws", "AWS Systems Manager", RegionCode("us-east-1"), "full"),
    regions=(
        Region(MILAN),
        Region(
            PARIS,
            name="Europe (Paris) é",
            partition="aws",
            zones=(Zone(ZoneId("euw3-az1"), "availability-zone"),),
            launch=Launch(date(2017, 12, 18), "overlay", "announced"),
        ),
    ),
    services=(Service(EC2), Service(S3, name="Amazon S3")),
    offerings=(
        Offering(EC2, PARIS, only_in="regions"),
        Offering(S3, PARIS, "s3.eu-west-3.amazonaws.com", ("HTTP", "HTTPS")),
    ),
    gaps=(Gap("regions/eu-south-1/services", "ThrottlingException", 5, MILAN),),
    oddities=(Oddity(OddityKind("unknown-leaf"), "regions/eu-west-3/motto"),),
)
ANALYSIS = Analysis(
    inventory=INVENTORY,
    reaches=(Reach("unlisted"), Reach("regional")),
    region_profiles=(RegionProfile(MILAN), RegionProfile(PARIS, age_days=3235, opt_in=False, availability_zones=1)),
    service_profiles=(ServiceProfile(EC2, "ec2"), ServiceProfile(S3, "S3")),
    regions=(RegionFigures(MILAN, None, None), RegionFigures(PARIS, 2, 1.0, rank=1)),
    services=(ServiceFigures(EC2, 1, 1.0), ServiceFigures(S3, 1, 1.0)),
    clusters=(Cluster((PARIS,), None),),
    parity=(),
    statistics=(Statistic("offerings", "Totals", "Offerings", 2, "count", "Ticks"),),
    findings=(
        Finding(
            RuleId("service-without-name"), "note", "service", "ec2", "It has no long name", "Go by it", 0, ("ec2",)
        ),
    ),
    quality=Quality(100, "A", (RegionQuality(MILAN, 100, "A"), RegionQuality(PARIS, 100, "A"))),
)
INVENTORY_BYTES = (
    '{"document":"inventory","version":"1.0","run_id":"run-7","taken":"2026-10-27T01:02:03Z",'
    '"counts":{"regions":2,"services":2,"offerings":2,"gaps":1},'
    '"content":{'
    '"source":{"kind":"aws","origin":"AWS Systems Manager","query_region":"us-east-1","detail":"full","left_out":[]},'
    '"regions":[{"code":"eu-south-1","zones":[]},'
    '{"code":"eu-west-3","name":"Europe (Paris) é","partition":"aws",'
    '"zones":[{"id":"euw3-az1","kind":"availability-zone"}],'
    '"launch":{"date":"2017-12-18","source":"overlay","evidence":"announced"}}],'
    '"services":[{"code":"ec2"},{"code":"s3","name":"Amazon S3"}],'
    '"offerings":{"eu-west-3":{"ec2":{"protocols":[],"only_in":"regions"},'
    '"s3":{"endpoint":"s3.eu-west-3.amazonaws.com","protocols":["HTTP","HTTPS"]}}},'
    '"gaps":[{"path":"regions/eu-south-1/services","error":"ThrottlingException","attempts":5,"region":"eu-south-1"}],'
    '"oddities":[{"kind":"unknown-leaf","path":"regions/eu-west-3/motto"}]}}\n'
).encode()


# Inventories and analyses whose parts agree with one another; all else about them is arbitrary.

RUN_IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,15}", fullmatch=True).map(RunId)
FIRST, LAST = datetime(AWS_BEGAN, 1, 1), datetime(LAST_YEAR, 12, 31)  # noqa: DTZ001 - given one
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
DATES = st.dates(date(AWS_BEGAN, 1, 1), date(LAST_YEAR, 12, 31))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@cache
def arbitrary(kind: Any, **given: object) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any type that a model's field has
    """Make values of one type, every field of a model filled, and those *given* with what is given."""
    if is_record(kind):
        parts = {name: arbitrary(hint) for name, hint in get_type_hints(kind).items() if name not in given}
        return st.builds(kind, **parts, **{name: st.just(value) for name, value in given.items()})
    if get_origin(kind) is tuple:
        return st.lists(arbitrary(get_args(kind)[0]), max_size=3).map(tuple)
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([arbitrary(argument) for argument in get_args(kind)])
    own: dict[Any, st.SearchStrategy[Any]] = {RunId: RUN_IDS, datetime: MOMENTS, date: DATES, float: FLOATS}
    return own[kind] if kind in own else st.from_type(kind)


def codes(alphabet: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.text(alphabet, min_size=1, max_size=4), unique=True, max_size=4).map(sorted)


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    regions, services = draw(codes("abé-1")), draw(codes("ABß-1"))
    ticks = [(region, service) for region in regions for service in services if draw(st.booleans())]
    empty: Inventory = draw(arbitrary(Inventory, regions=(), services=(), offerings=()))
    query_region = draw(st.sampled_from([None, RegionCode("us-east-1"), RegionCode("eusc-de-east-1")]))
    return empty._replace(
        source=empty.source._replace(query_region=query_region),
        regions=tuple(draw(arbitrary(Region, code=code)) for code in regions),
        services=tuple(draw(arbitrary(Service, code=code)) for code in services),
        offerings=tuple(draw(arbitrary(Offering, region=region, service=service)) for region, service in ticks),
    )


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    inventory = draw(inventories())
    return Analysis(
        inventory=inventory,
        reaches=tuple(draw(arbitrary(Reach)) for _ in inventory.offerings),
        region_profiles=tuple(draw(arbitrary(RegionProfile, region=region.code)) for region in inventory.regions),
        service_profiles=tuple(draw(arbitrary(ServiceProfile, service=service.code)) for service in inventory.services),
        regions=tuple(draw(arbitrary(RegionFigures, region=region.code)) for region in inventory.regions),
        services=tuple(draw(arbitrary(ServiceFigures, service=service.code)) for service in inventory.services),
        clusters=draw(arbitrary(tuple[Cluster, ...] | None)),
        parity=draw(arbitrary(tuple[Parity, ...] | None)),
        statistics=(draw(arbitrary(Statistic)), *draw(arbitrary(tuple[Statistic, ...]))),
        findings=draw(arbitrary(tuple[Finding, ...])),
        quality=draw(
            arbitrary(
                Quality,
                regions=tuple(draw(arbitrary(RegionQuality, region=region.code)) for region in inventory.regions),
            )
        ),
    )


@settings(deadline=None, max_examples=60)
@given(inventories())
def test_every_inventory_is_read_back_as_it_was_written(inventory: Inventory) -> None:
    assert run_documents.load_inventory(run_documents.dump_inventory(inventory), "inventory.json") == inventory


@settings(deadline=None, max_examples=60)
@given(analyses())
def test_every_analysis_is_read_back_as_it_was_written(analysis: Analysis) -> None:
    assert run_documents.load_analysis(run_documents.dump_analysis(analysis), "analysis.json") == analysis


@settings(deadline=None, max_examples=60)
@given(analyses())
def test_equal_analyses_give_equal_bytes(analysis: Analysis) -> None:
    written = run_documents.dump_analysis(analysis)

    assert run_documents.dump_analysis(run_documents.load_analysis(written, "analysis.json")) == written


def test_an_inventory_is_written_in_these_bytes() -> None:
    assert run_documents.dump_inventory(INVENTORY) == INVENTORY_BYTES


def test_an_inventory_is_read_from_these_bytes() -> None:
    assert run_documents.load_inventory(INVENTORY_BYTES, KEY) == INVENTORY


def test_an_analysis_holds_the_content_of_its_inventory() -> None:
    written = json.loads(run_documents.dump_analysis(ANALYSIS))

    assert written["content"]["inventory"] == json.loads(INVENTORY_BYTES)["content"]


def test_a_document_counts_what_it_holds() -> None:
    assert run_documents.counts(INVENTORY) == {"regions": 2, "services": 2, "offerings": 2, "gaps": 1}


@pytest.mark.parametrize("unwritable", [float("nan"), float("inf"), float("-inf")])
def test_what_json_has_no_word_for_is_never_written(unwritable: float) -> None:
    figure = ANALYSIS.statistics[0]._replace(value=unwritable)

    with pytest.raises(ValueError, match="not JSON compliant"):
        run_documents.dump_analysis(ANALYSIS._replace(statistics=(figure,)))


def test_a_newer_major_version_is_refused_by_name() -> None:
    refusal = refused(changed(version="2.0"))

    assert (refusal.key, refusal.expected, refusal.found) == (
        KEY,
        "inventory document, version 1.x",
        "inventory document, version 2.0",
    )


def test_a_refusal_says_key_expected_and_found_in_one_line() -> None:
    refusal = refused(changed(version="2.0"))

    assert str(refusal) == (
        f"{KEY}: expected inventory document, version 1.x, found inventory document, version 2.0. "
        f"{DocumentRefusedError.advice}."
    )


@pytest.mark.parametrize("version", ["0.9", "2", "10.0", "11", "", "v1.0", None, 1, 1.0, [1]])
def test_another_major_version_or_none_is_refused(version: object) -> None:
    assert refused(changed(version=version)).key == KEY


def test_a_newer_minor_version_is_read_and_what_it_adds_is_passed_over() -> None:
    newer = changed(version="1.7", signature={"by": "us"})
    newer["content"]["weather"] = ["fair"]
    newer["content"]["regions"][1]["zones"][0]["floor"] = 1
    newer["content"]["offerings"]["eu-west-3"]["s3"]["price"] = 0.1

    assert run_documents.load_inventory(written(newer), KEY) == INVENTORY


@pytest.mark.parametrize(
    ("load", "body", "found"),
    [
        (run_documents.load_analysis, INVENTORY_BYTES, "inventory document, version 1.0"),
        (
            run_documents.load_inventory,
            run_documents.dump_analysis(ANALYSIS),
            f"analysis document, version {run_documents.VERSIONS['analysis']}",
        ),
        (run_documents.load_inventory, b'{"document":"manifest","version":"1.0"}', "manifest document, version 1.0"),
        (
            run_documents.load_inventory,
            INVENTORY_BYTES.replace(b'"regions":[', b'"regions":[],"regions":[', 1),
            "unreadable JSON (the key 'regions' twice in one object)",
        ),
        (run_documents.load_inventory, b"[1]", "a list"),
        (run_documents.load_inventory, b'"inventory"', "text 'inventory'"),
        (run_documents.load_inventory, b"null", "null"),
        (run_documents.load_inventory, b"1", "a number '1'"),
    ],
)
def test_a_document_of_another_kind_is_refused_with_what_it_is(
    load: Callable[[bytes, str], object], body: bytes, found: str
) -> None:
    with pytest.raises(DocumentRefusedError) as refusal:
        load(body, KEY)

    assert (refusal.value.key, refusal.value.found) == (KEY, found)


@pytest.mark.parametrize(
    ("load", "body"),
    [
        (run_documents.load_inventory, INVENTORY_BYTES),
        (run_documents.load_analysis, run_documents.dump_analysis(ANALYSIS)),
    ],
    ids=["inventory", "analysis"],
)
def test_a_document_cut_anywhere_is_refused(load: Callable[[bytes, str], object], body: bytes) -> None:
    whole = len(body.rstrip())  # without its last newline a document is whole still

    assert [length for length in range(whole) if not refuses(load, body[:length])] == []


def test_a_cut_document_is_refused_as_one_that_breaks_off() -> None:
    assert refused_bytes(INVENTORY_BYTES[:100]).found == "JSON cut off after 100 bytes"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "JSON cut off after 0 bytes"),
        (b"\n", "JSON cut off after 1 bytes"),
        (b"<html>503</html>", "invalid JSON (Expecting value: line 1 column 1 (char 0))"),
        (INVENTORY_BYTES + b"{}", "invalid JSON (Extra data"),
        (b'{"document":"inventory",}', "invalid JSON ("),
        (INVENTORY_BYTES.replace("é".encode(), "é".encode("latin-1")), "bytes that are not UTF-8, at byte "),
        (b"\xff\xfe\xfd", "bytes that are not UTF-8, at byte "),
        (b'{"version":NaN}', "unreadable JSON (NaN is not valid JSON)"),
        (b'{"version":-Infinity}', "unreadable JSON (-Infinity is not valid JSON)"),
        (b'{"version":' + b"9" * 5000 + b"}", "unreadable JSON ("),
        (b"[" * 100_000, "unreadable JSON ("),
        (b'{"content":' * 100_000, "unreadable JSON ("),
    ],
    ids=lambda value: value[:24].decode(errors="replace") if isinstance(value, bytes) else "",
)
def test_what_is_no_json_is_refused_as_such(body: bytes, found: str) -> None:
    refusal = refused_bytes(body)

    assert (refusal.key, refusal.expected) == (KEY, "inventory document, version 1.x")
    assert refusal.found[: len(found)] == found


def test_a_number_that_is_none_is_refused_wherever_it_stands() -> None:
    body = run_documents.dump_analysis(ANALYSIS).replace(b'"share":1.0', b'"share":NaN')

    with pytest.raises(DocumentRefusedError, match="NaN is not valid JSON"):
        run_documents.load_analysis(body, KEY)


def test_offerings_of_an_unlisted_region_are_refused_with_its_code() -> None:
    inventory = changed()
    inventory["content"]["offerings"]["xx-nowhere-1"] = {"s3": {"protocols": []}}

    refusal = refused(inventory)

    assert (refusal.expected, refusal.found) == (
        "offerings only of the 2 regions it lists",
        "offerings of xx-nowhere-1",
    )


def test_offerings_of_an_unlisted_service_are_refused_with_its_code() -> None:
    inventory = changed()
    inventory["content"]["offerings"]["eu-west-3"]["telepathy"] = {"protocols": []}

    refusal = refused(inventory)

    assert (refusal.expected, refusal.found) == ("offerings only of the 2 services it lists", "offerings of telepathy")


def test_many_unlisted_codes_are_reported_by_the_first_few() -> None:
    inventory = changed()
    inventory["content"]["offerings"]["eu-west-3"] |= {f"x{number:02}": {"protocols": []} for number in range(50)}

    assert refused(inventory).found == "offerings of x00, x01, x02, x03, x04, …"


@pytest.mark.parametrize("noun", ["regions", "services", "offerings", "gaps"])
@pytest.mark.parametrize("by", [-1, 1])
def test_counts_that_disagree_with_the_content_are_refused(noun: str, by: int) -> None:
    inventory = changed()
    inventory["counts"][noun] += by

    refusal = refused(inventory)

    held = run_documents.counts(INVENTORY)[noun]
    assert (refusal.expected, refusal.found) == (
        f"counts as its content has it: ('{noun}', {held})",
        f"('{noun}', {held + by})",
    )


def test_a_count_that_a_newer_minor_version_added_is_passed_over() -> None:
    inventory = changed()
    inventory["counts"]["clouds"] = 7

    assert run_documents.load_inventory(json.dumps(inventory).encode(), KEY) == INVENTORY


def test_a_region_or_service_listed_twice_is_refused() -> None:
    for noun in ("regions", "services"):
        inventory = changed()
        inventory["content"][noun].append(inventory["content"][noun][0])

        assert refused(inventory).expected == f"{noun} each listed once"


def test_a_run_id_that_would_leave_the_store_is_refused() -> None:
    inventory = changed()
    inventory["run_id"] = "../../x"

    assert (refused(inventory).expected, refused(inventory).found) == ("a run id", "text '../../x'")


@pytest.mark.parametrize("taken", ["0001-01-01T00:00:00Z", f"{AWS_BEGAN - 1}-12-31T23:59:59Z"])
def test_an_inventory_of_a_time_before_aws_is_refused(taken: str) -> None:
    inventory = changed()
    inventory["taken"] = taken

    assert (refused(inventory).expected, refused(inventory).found) == ("a time from 2006 to 2100", taken)


@pytest.mark.parametrize("taken", ["2026-10-27T01:02:03", "2026-10-27T01:02:03+02:00", "2026-10-27"])
def test_a_time_in_another_form_or_zone_is_refused(taken: str) -> None:
    inventory = changed()
    inventory["taken"] = taken

    assert refused(inventory).expected == "a time such as 2026-10-27T00:00:00Z at taken"


def test_half_a_character_is_refused() -> None:
    inventory = changed()
    inventory["content"]["services"][0]["name"] = "\ud800"

    assert refused(inventory).expected == "text at content.services[0].name"


def test_utf_16_is_refused() -> None:
    with pytest.raises(DocumentRefusedError, match="not UTF-8"):
        run_documents.load_inventory(json.dumps(changed()).encode("utf-16"), KEY)


@pytest.mark.parametrize("noun", ["regions", "services", "offerings", "gaps"])
def test_a_count_that_is_missing_is_refused(noun: str) -> None:
    inventory = changed()
    del inventory["counts"][noun]

    assert refused(inventory).key == KEY


@pytest.mark.parametrize("part", ["regions", "services"])
@pytest.mark.parametrize("change", ["fewer", "more", "another order"])
def test_coverage_of_other_codes_than_the_inventorys_is_refused(part: str, change: str) -> None:
    analysis = json.loads(run_documents.dump_analysis(ANALYSIS))
    figures = analysis["content"][part]
    analysis["content"][part] = {
        "fewer": figures[:1],
        "more": [*figures, figures[0]],
        "another order": figures[::-1],
    }[change]

    with pytest.raises(DocumentRefusedError) as refusal:
        run_documents.load_analysis(written(analysis), KEY)

    assert (refusal.value.key, part[:-1] in refusal.value.expected) == (KEY, True)


@pytest.mark.parametrize(
    ("at", "value", "expected", "found"),
    [
        (("run_id",), 7, "text at run_id", "a number '7'"),
        (("taken",), "yesterday", "a time such as 2026-10-27T00:00:00Z at taken", "text 'yesterday'"),
        (("counts",), [], "an object at counts", "a list"),
        (("counts", "regions"), 2.0, "a whole number at counts.regions", "a number '2.0'"),
        (("content", "regions"), {}, "a list", "an object"),
        (("content", "services", 1, "code"), None, "text", "null"),
        (("content", "regions", 1, "zones", 0, "kind"), "galaxy", "one of ", "text 'galaxy'"),
        (("content", "regions", 1, "launch", "date"), "soon", "a day such as 2026-10-27", "text 'soon'"),
        (("content", "offerings", "eu-west-3", "s3", "protocols"), "HTTPS", "a list", "text 'HTTPS'"),
        (("content", "offerings", "eu-west-3", "s3", "protocols", 1), 443, "text", "a number '443'"),
        (("content", "gaps", 0, "attempts"), True, "a whole number", "a truth value 'True'"),
    ],
    ids=str,
)
def test_a_wrong_type_is_refused_with_the_path_to_it(
    at: tuple[str | int, ...], value: object, expected: str, found: str
) -> None:
    inventory = changed()
    put(inventory, at, value)

    refusal = refused(inventory)

    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at if step != "content").lstrip(".")
    assert (refusal.key, refusal.found) == (KEY, found)
    assert (refusal.expected.startswith(expected), refusal.expected.endswith(path)) == (True, True)


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ((), "run_id"),
        ((), "taken"),
        ((), "counts"),
        (("content",), "source"),
        (("content",), "regions"),
        (("content",), "offerings"),
        (("content",), "gaps"),
        (("content", "regions", 0), "code"),
        (("content", "offerings", "eu-west-3", "ec2"), "protocols"),
        (("content", "gaps", 0), "error"),
    ],
    ids=str,
)
def test_a_missing_field_is_refused_by_its_name(at: tuple[str | int, ...], name: str) -> None:
    inventory = changed()
    del reach(inventory, at)[name]

    assert refused(inventory).expected.startswith(f"a field '{name}' at ")


@pytest.mark.parametrize("content", [None, [], "content"])
def test_a_document_without_content_is_refused(content: object) -> None:
    assert refused(changed(content=content)).key == KEY


def changed(**fields: object) -> dict[str, Any]:
    """Return the inventory's document as JSON values, with other fields on top."""
    document: dict[str, Any] = json.loads(INVENTORY_BYTES)
    return document | fields


def written(document: object) -> bytes:
    return json.dumps(document).encode()


def refused(document: object) -> DocumentRefusedError:
    return refused_bytes(written(document))


def refused_bytes(body: bytes) -> DocumentRefusedError:
    with pytest.raises(DocumentRefusedError) as refusal:
        run_documents.load_inventory(body, KEY)
    return refusal.value


def refuses(load: Callable[[bytes, str], object], body: bytes) -> bool:
    try:
        load(body, KEY)
    except DocumentRefusedError as error:
        return error.key == KEY
    return False


def reach(document: Any, at: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - JSON values
    for step in at:
        document = document[step]
    return document


def put(document: object, at: tuple[str | int, ...], value: object) -> None:
    reach(document, at[:-1])[at[-1]] = value


@pytest.mark.parametrize(
    ("changes", "expected", "found"),
    [
        ({"run_id": "run-8"}, "the run of its key, 2026/10/27/run-7", "2026/10/27/run-8"),
        ({"taken": "2026-10-28T01:02:03Z"}, "the run of its key, 2026/10/27/run-7", "2026/10/28/run-7"),
        ({"taken": "9999-10-27T00:00:00Z"}, "a time from 2006 to 2100", "9999-10-27T00:00:00Z"),
    ],
)
def test_a_document_of_another_run_than_its_keys_is_refused(changes: dict[str, str], expected: str, found: str) -> None:
    with pytest.raises(DocumentRefusedError) as refused:
        run_documents.load_inventory(json.dumps(json.loads(INVENTORY_BYTES) | changes).encode(), KEY)

    assert (refused.value.expected, refused.value.found) == (expected, found)


def test_a_query_region_that_is_no_code_and_would_lead_elsewhere_is_refused() -> None:
    body = INVENTORY_BYTES.replace(b'"query_region":"us-east-1"', b'"query_region":"../x"')

    with pytest.raises(DocumentRefusedError, match=r"a region code at content.source.query_region, found text '../x'"):
        run_documents.load_inventory(body, KEY)


def test_a_launch_in_a_year_that_nobody_will_see_is_refused() -> None:
    body = INVENTORY_BYTES.replace(b"2017-12-18", b"9998-12-18")

    with pytest.raises(DocumentRefusedError, match="a launch of eu-west-3 from 2006 to 2100, found 9998-12-18"):
        run_documents.load_inventory(body, KEY)


def test_an_analysis_without_statistics_is_refused() -> None:
    document = json.loads(run_documents.dump_analysis(ANALYSIS))
    document["content"]["statistics"] = []

    with pytest.raises(DocumentRefusedError, match="expected statistics, found an empty list"):
        run_documents.load_analysis(json.dumps(document).encode(), "analysis.json")


def test_writing_a_document_takes_little_more_memory_than_its_bytes() -> None:
    codes = [ServiceCode(f"service-{number}") for number in range(200)]
    regions = [RegionCode(f"eu-test-{number}") for number in range(20)]
    offerings = tuple(
        Offering(code, region, f"{code}.{region}.aws", ("HTTPS",)) for region in regions for code in codes
    )
    inventory = INVENTORY._replace(
        regions=tuple(map(Region, regions)),
        services=tuple(Service(code, str(code)) for code in codes),
        offerings=offerings,
    )
    tracemalloc.start()
    try:
        body = run_documents.dump_inventory(inventory)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert json.loads(body)["content"]["offerings"][regions[7]][codes[9]]["endpoint"] == "service-9.eu-test-7.aws"
    assert peak < 5 * len(body)
