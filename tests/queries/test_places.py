from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.queries.places import COUNTRIES, short_code

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis


def test_short_codes_are_those_that_zone_ids_begin_with(real_analysis: Analysis) -> None:
    zones = {
        region.code: {zone.id.partition("-")[0] for zone in region.zones if zone.kind == "availability-zone"}
        for region in real_analysis.inventory.regions
    }

    assert zones == {code: {short_code(code)} for code in zones}


def test_each_country_of_the_bundled_snapshot_has_a_name(real_analysis: Analysis) -> None:
    assert {region.country for region in real_analysis.inventory.regions} <= COUNTRIES.keys()
