"""The analysis of the real tree, computed a second time: by DuckDB over the CSV, and from the dump itself."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from real_tree import RawTrees, Row, csv_database, raw_pairs

from aws_ssm_fetcher.core.model.aliases import cloudformation_type_decision

if TYPE_CHECKING:
    from collections.abc import Collection

    from duckdb import DuckDBPyConnection

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.store.memory import MemoryStore


@pytest.fixture(scope="module")
def database(real_run: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> DuckDBPyConnection:
    """The CSV files as tables, in an engine that knows nothing of us."""
    return csv_database(real_run, tmp_path_factory.mktemp("csv"))


@pytest.mark.parametrize(
    ("table", "key", "count", "of"),
    [
        ("region_summary", "Region Code", "Service Count", "select count(*) from service_summary"),
        ("service_summary", "Service Code", "Region Count", "select count(*) from region_summary"),
    ],
)
def test_duckdb_counts_and_covers_alike(
    database: DuckDBPyConnection, table: str, key: str, count: str, of: str
) -> None:
    differing = database.execute(f"""
        with counted as (
            select s."{key}" as code, count(o."{key}") as n
            from {table} s left join regional_services o on o."{key}" = s."{key}" group by 1
        )
        select code, n, "{count}", "Coverage %"
        from {table} join counted on code = "{key}"
        where n != "{count}" or abs(100.0 * n / ({of}) - "Coverage %") > 0.0501 or "Coverage %" > 100
    """).fetchall()  # noqa: S608 - our own table names

    assert differing == []


def test_duckdb_finds_the_same_totals(database: DuckDBPyConnection, real_analysis: Analysis) -> None:
    def value_of(query: str) -> object:
        (value,) = database.execute(query).fetchone() or (None,)
        return value

    counted = {
        "regions": value_of("select count(*) from region_summary"),
        "services": value_of("select count(*) from service_summary"),
        "offerings": value_of("select count(*) from regional_services"),
        "offerings-with-endpoint": value_of('select count("Endpoint") from regional_services'),
        "availability-zones": value_of('select sum("Availability Zones")::int from region_summary'),
        "local-zones": value_of('select sum("Local Zones")::int from region_summary'),
        "wavelength-zones": value_of('select sum("Wavelength Zones")::int from region_summary'),
        "services-in-every-region": value_of(
            'select count(*) from (from regional_services select 1 group by "Service Code" having count(*) = 39)'
        ),
        "services-in-one-region": value_of(
            'select count(*) from (from regional_services select 1 group by "Service Code" having count(*) = 1)'
        ),
        "widest-region": value_of(
            'from regional_services select "Region Code" group by 1 order by count(*) desc limit 1'
        ),
        "narrowest-region": value_of(
            'from regional_services select "Region Code" group by 1 order by count(*) limit 1'
        ),
        "newest-region": value_of('from region_summary select "Region Code" order by "Launch Date" desc limit 1'),
        "partition-aws-cn-services": value_of(
            'select count(distinct "Service Code") from regional_services where "Partition" = \'aws-cn\''
        ),
        "partition-aws-us-gov-offerings": value_of(
            "select count(*) from regional_services where \"Partition\" = 'aws-us-gov'"
        ),
    }
    ours = {figure.id: figure.value for figure in real_analysis.statistics}
    assert {name: ours[name] for name in counted} == counted


def differing(database: DuckDBPyConnection, query: str) -> list[Row]:
    return database.execute(query).fetchall()


def test_duckdb_finds_the_same_coverage_of_partitions(database: DuckDBPyConnection) -> None:
    of_regions = """
        with offered as (select "Partition", count(distinct "Service Code") as n from regional_services group by 1)
        from region_summary join offered using ("Partition") select "Region Code"
        where abs(100.0 * "Service Count" / n - "Partition Coverage %") > 0.0501
    """
    of_services = """
        with wide as (unpivot service_summary on columns('Coverage % .+') into name partition value share),
        sizes as (select "Partition" as p, count(*) as n from region_summary group by 1),
        counted as (select "Service Code" as code, "Partition" as p, count(*) as c from regional_services group by 1, 2)
        from wide join sizes on partition = 'Coverage % ' || p
        left join counted on code = "Service Code" and counted.p = sizes.p
        select "Service Code", partition, share, c, n where abs(100.0 * coalesce(c, 0) / n - share) > 0.0501
    """

    assert differing(database, of_regions) == []
    assert differing(database, of_services) == []
    assert differing(database, "select count(*) from (unpivot service_summary on columns('Coverage % .+'))") == [
        (1620,)
    ]


def test_duckdb_finds_the_same_tiers(database: DuckDBPyConnection) -> None:
    assert (
        differing(
            database,
            """
        with sizes as (select "Partition", count(*) as n from region_summary group by 1),
        reached as (
            select "Service Code" as code, sum(c) as c, sum(n) as n from (
                select "Service Code", "Partition", count(*) as c from regional_services group by 1, 2
            ) join sizes using ("Partition") group by 1
        ),
        told as (
            select "Service Code", "Tier", case
                when c is null then 'none' when c = 1 then 'single' when c = n then 'universal'
                when c / n >= 0.75 then 'wide' when c / n >= 0.5 then 'moderate'
                when c / n >= 0.1 then 'limited' else 'rare' end as tier
            from service_summary left join reached on code = "Service Code"
        )
        from told where tier != "Tier"
        """,
        )
        == []
    )


def test_duckdb_finds_the_same_ranks_exclusives_and_missing_services(database: DuckDBPyConnection) -> None:
    assert (
        differing(
            database,
            """
        with lonely as (
            from regional_services select any_value("Region Code") as region group by "Service Code" having count(*) = 1
        ),
        widest as (
            from region_summary
            select "Partition", first("Region Code" order by "Service Count" desc, "Region Code") as widest group by 1
        ),
        counted as (
            select r."Region Code" as code,
                1 + (from region_summary o select count(*) where o."Service Count" > r."Service Count") as place,
                (from lonely select count(*) where region = r."Region Code") as lonely,
                (from regional_services w select count(*) where w."Region Code" = widest and not exists (
                    from regional_services h
                    where h."Region Code" = r."Region Code" and h."Service Code" = w."Service Code")) as lacking
            from region_summary r join widest using ("Partition")
        )
        from region_summary join counted on code = "Region Code"
        select "Region Code", place, "Rank", lonely, "Exclusive Services", lacking, "Missing Services"
        where (place, lonely, lacking) != ("Rank", "Exclusive Services", "Missing Services")
        """,
        )
        == []
    )


def test_duckdb_finds_the_same_neighbours_and_none_nearer(database: DuckDBPyConnection) -> None:
    pairs = """
        with pairs as (
            from regional_services a join regional_services b
                on a."Service Code" = b."Service Code"
                and a."Partition" = b."Partition" and a."Region Code" != b."Region Code"
            select a."Region Code" as here, b."Region Code" as there, count(*) as shared group by 1, 2
        ),
        likeness as (
            from pairs join region_summary h on here = h."Region Code" join region_summary t on there = t."Region Code"
            select here, there, shared,
                h."Service Count" - shared as only_here, t."Service Count" - shared as only_there,
                shared / (h."Service Count" + t."Service Count" - shared) as similarity
        ),
        ordered as (
            from likeness select *, row_number() over (partition by here order by similarity desc, there) as place
        )
    """
    columns = '"Region Code", "Rank", "Nearest Region", "In Both", "Only In Region", "Only In Nearest"'

    assert differing(database, f"from nearest_regions select {columns} order by 1, 2") == differing(
        database,
        pairs + "from ordered select here, place, there, shared, only_here, only_there where place <= 5 order by 1, 2",
    )


def test_duckdb_finds_the_same_parity(database: DuckDBPyConnection) -> None:
    parity = """
        with offered as (select distinct "Partition" as p, "Service Code" as s from regional_services),
        names as (select distinct p from offered)
        from offered join names on offered.p != names.p
        select offered.p, names.p, s where (names.p, s) not in (select (p, s) from offered) order by 1, 2, 3
    """

    result = differing(
        database, 'select "Partition", "Missing In", "Service Code" from partition_parity order by 1, 2, 3'
    )
    assert result == differing(database, parity)
    assert len(result) > 0


def test_duckdb_describes_the_same_distributions(database: DuckDBPyConnection, real_analysis: Analysis) -> None:
    quantiles = {f"decile-{n}": n / 10 for n in (1, 2, 3, 4, 6, 7, 8, 9)} | {
        "quartile-1": 0.25,
        "median": 0.5,
        "quartile-3": 0.75,
    }
    measures = {
        "minimum": "min(n)",
        "maximum": "max(n)",
        "mean": "avg(n)",
        "standard-deviation": "stddev_pop(n)",
        "share-of-widest": "100.0 * list_sum(list_reverse_sort(list(n))[:5]) / sum(n)",
        **{name: f"quantile_cont(n, {point})" for name, point in quantiles.items()},
    }
    ours = {figure.id: figure.value for figure in real_analysis.statistics}
    for scope, key in (("services-per-region", "Region Code"), ("regions-per-service", "Service Code")):
        query = (
            f'from (from regional_services select count(*) as n group by "{key}") select {", ".join(measures.values())}'
        )
        [result] = differing(database, query)
        assert {f"{scope}-{name}": pytest.approx(value) for name, value in zip(measures, result, strict=True)} == {
            f"{scope}-{name}": ours[f"{scope}-{name}"] for name in measures
        }


def test_duckdb_counts_partitions_alike(database: DuckDBPyConnection, real_analysis: Analysis) -> None:
    ours = {figure.id: figure.value for figure in real_analysis.statistics}
    counted = differing(
        database,
        """
        with sizes as (select "Partition", count(*) as regions from region_summary group by 1),
        by_service as (select "Partition", "Service Code", count(*) as n from regional_services group by 1, 2)
        from by_service join sizes using ("Partition")
        select "Partition", any_value(regions), count(*), sum(n)::int,
            count(*) filter (n = regions), count(*) filter (n = 1),
            (select count(*) from service_summary) - count(*)
        group by 1 order by 1
        """,
    )

    names = ("regions", "services", "offerings", "in-every-region", "in-one-region", "in-no-region")
    assert [tuple(ours[f"partition-{row[0]}-{name}"] for name in names) for row in counted] == [
        row[1:] for row in counted
    ]
    assert len(counted) == 4


def raw_offerings(trees: RawTrees) -> dict[tuple[str, str], tuple[str, str]]:
    """Return endpoint and protocols of every pair, of the side that has them, straight from the dump."""
    regions, services = trees

    def leaf(region: str, service: str, name: str) -> str:
        places = (
            regions.get(region, {}).get("services", {}).get(service, {}),
            services.get(service, {}).get("regions", {}).get(region, {}),
        )
        return next((str(place[name]["Value"]) for place in places if place.get(name, {}).get("Value")), "")

    return {pair: (leaf(*pair, "endpoint"), leaf(*pair, "protocols")) for pair in raw_pairs(trees)}


def expected_of_types(offered: Collection[tuple[str, str]], services: Collection[str]) -> dict[str, set[Row]]:
    """Compare the dump with the files of the pinned release of cfn-lint, past our code but for the table of names."""
    folder = files("cfnlint") / "data" / "schemas" / "providers"
    bodies = {
        file.name.removesuffix(".json"): file.read_bytes() for file in folder.iterdir() if file.name.endswith(".json")
    }
    lists = {
        region: json.loads(body)
        for region, body in bodies.items()
        if region != "sam" and (region == "us-east-1" or body != bodies["us-east-1"])
    }
    has = {
        (alias.codes[0], region)
        for region, names in lists.items()
        for name in names
        if (alias := cloudformation_type_decision(name)) is not None and alias.decision in {"service", "feature"}
    }
    known = {service for service, _ in has}
    listed = {(service, region) for region, service in offered if region in lists and service in known}
    return {
        "listed-without-types": {(service, region) for service, region in listed - has},
        "types-without-listing": {(service, region) for service, region in has - listed if service in services},
    }


def expected_findings(trees: RawTrees) -> dict[str, set[Row]]:
    """Find in the dump itself, another way, what each rule should find: subjects, and of offerings the regions too."""
    regions, services = trees
    offered = raw_offerings(trees)
    domains = {code: node["domain"]["Value"] for code, node in regions.items()}
    names = {code: node["longName"]["Value"] for code, node in services.items() if "longName" in node}
    spelled = Counter("".join(filter(str.isalnum, code)).lower() for code in services)
    return {
        "trees-disagree": {
            (s, r)
            for r, s in {(r, s) for r, node in regions.items() for s in node.get("services", {})}
            ^ {(r, s) for s, node in services.items() for r in node.get("regions", {})}
        },
        "endpoint-in-another-region": {
            (s, r)
            for (r, s), (endpoint, _) in offered.items()
            for label in endpoint.split(".")
            if label in regions and label != r
        },
        "endpoint-outside-domain": {
            (s, r) for (r, s), (endpoint, _) in offered.items() if endpoint and not endpoint.endswith(f".{domains[r]}")
        },
        "offering-without-endpoint": {(s, r) for (r, s), texts in offered.items() if texts == ("", "")},
        "endpoint-without-protocols": {(s, r) for (r, s), texts in offered.items() if texts[0] and not texts[1]},
        "protocols-without-endpoint": {(s, r) for (r, s), texts in offered.items() if texts[1] and not texts[0]},
        "service-without-name": {(code,) for code in services if code not in names},
        "endpoint-of-another-service": {
            (s,)
            for s, beginning in {
                "application-autoscaling": "autoscaling-plans",
                "ebs": "ec2",
                "lex-runtime": "runtime-v2-lex",
                "waf": "wafv2",
            }.items()
            if any(e.startswith(f"{beginning}.") for (_, service), (e, _) in offered.items() if service == s)
        },
        "service-in-no-region": {(code,) for code in services if code not in {s for _, s in offered}},
        "name-is-code": {(code,) for code, name in names.items() if name == code},
        "name-with-stray-space": {(code,) for code, name in names.items() if name != " ".join(name.split())},
        "name-shared": {
            (min(code for code in names if names[code] == name),)
            for name in names.values()
            if list(names.values()).count(name) > 1
        },
        "equal-but-for-punctuation": {
            (min(c for c in services if "".join(filter(str.isalnum, c)).lower() == key),)
            for key, n in spelled.items()
            if n > 1
        },
        "odd-service-code": {(c,) for c in services if c != c.lower() or not c.replace("-", "").isalnum()},
        "services-without-home-page": {("services",)}
        if any("marketingHomeURL" not in n for n in services.values())
        else set(),
        "service-past-its-end": {
            (code,)
            for row in json.loads((files("aws_ssm_fetcher.core") / "shipped" / "lifecycle.json").read_bytes())
            for code in row["services"]
            if "feature" not in row
            and (row["ends_on"] < "2026-10-27" if "ends_on" in row else row["stage"] == "shut down")
            and code in {service for _, service in offered}
        },
        **expected_of_types(offered, services),
        "node-without-parameter": {(c,) for c, node in services.items() if "Value" not in node},
        "no-availability-zone": {(r,) for r, node in regions.items() if not node.get("availability-zones")},
        "region-without-services": {(r,) for r in regions if r not in {region for region, _ in offered}},
    }


def test_every_finding_agrees_with_the_dump_counted_another_way(real_analysis: Analysis, raw_trees: RawTrees) -> None:
    expected = {rule: rows for rule, rows in expected_findings(raw_trees).items() if rows}
    result: dict[str, set[Row]] = {}
    for finding in real_analysis.findings:
        rows = (
            {(finding.subject, region) for region in finding.evidence}
            if finding.scope == "offering"
            else {(finding.subject,)}
        )
        result.setdefault(finding.rule, set()).update(rows)

    assert result == expected


def test_each_finding_of_offerings_says_how_many_regions_it_names(real_analysis: Analysis) -> None:
    for finding in real_analysis.findings:
        if finding.scope == "offering":
            assert int(finding.message.partition(" ")[0]) == len(finding.evidence) == len(set(finding.evidence))


def test_the_service_without_home_page_are_those_of_the_dump(real_analysis: Analysis, raw_trees: RawTrees) -> None:
    (finding,) = (finding for finding in real_analysis.findings if finding.rule == "services-without-home-page")

    assert set(finding.evidence) == {code for code, node in raw_trees[1].items() if "marketingHomeURL" not in node}


def test_the_quality_score_can_be_computed_again_from_the_findings_in_csv(
    database: DuckDBPyConnection, real_analysis: Analysis
) -> None:
    assert differing(database, 'select 100 - sum("Points")::int from findings') == [(real_analysis.quality.score,)]
    assert (
        differing(
            database,
            """
        with lost as (
            from (from findings select "Points" as points, unnest(string_split("Evidence", ', ')) as region)
            select region, sum(points) as points group by 1
        )
        from region_summary left join lost on region = "Region Code" select "Region Code"
        where "Quality Score" != 100 - coalesce(points, 0)
        """,
        )
        == []
    )


def test_every_reach_is_reported_by_the_endpoint_alone(database: DuckDBPyConnection) -> None:
    assert (
        differing(
            database,
            """
        from regional_services select "Region Code", "Service Code", "Reach", "Served From"
        where "Reach" != case
                when "Endpoint" is null then 'unlisted'
                when list_contains(string_split("Endpoint", '.'), "Region Code") then 'regional'
                when list_has_any(string_split("Endpoint", '.'), (select list("Region Code") from region_summary))
                    then 'remote'
                else 'global' end
            or ("Reach" = 'remote') != ("Served From" is not null and contains("Endpoint", "Served From"))
        """,
        )
        == []
    )
