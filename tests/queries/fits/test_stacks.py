from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fit_evidence import judge, need

from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Stack, StackRemark
from aws_ssm_fetcher.queries.fits.stacks import fit_stack

if TYPE_CHECKING:
    from aws_ssm_fetcher.data_sources.stacks.model import Need
    from aws_ssm_fetcher.queries.fits.model import StackFit

FUNCTION = need("type", "AWS::Lambda::Function", line=1)
URL = need("type", "AWS::Lambda::Url", line=2)
RUNNER = need("type", "AWS::AppRunner::Service", line=3)
CUSTOM = StackRemark(
    "Custom::Setup", "a custom resource runs code of its own, which cannot be checked", FileLocation("t.yaml", 9, "C")
)


def _fit(*needs: Need, undecided: tuple[StackRemark, ...] = (), ignored: tuple[str, ...] = ()) -> StackFit:
    decides = judge()
    stack = Stack(needs=needs, undecided=undecided)
    return fit_stack(stack, decides, decides.evidence.services.places, likeness={}, ignored=ignored)


def _answers(fit: StackFit) -> dict[str, str]:
    return {region.region: region.answer for region in fit.regions}


def test_regions_come_best_first() -> None:
    fit = _fit(FUNCTION, URL, RUNNER)

    assert [(region.region, region.answer, sorted(region.missing_names)) for region in fit.regions] == [
        ("us-east-1", "fits", []),
        ("me-south-1", "unknown", []),
        ("eusc-de-east-1", "does not fit", ["AWS::AppRunner::Service"]),
        ("eu-south-2", "does not fit", ["AWS::AppRunner::Service", "AWS::Lambda::Url"]),
        ("eu-west-9", "does not fit", ["AWS::AppRunner::Service", "AWS::Lambda::Url"]),
    ]


def test_of_regions_that_lack_as_much_the_most_alike_comes_first() -> None:
    decides = judge()
    likeness = {RegionCode("eu-west-9"): 0.9, RegionCode("eu-south-2"): 0.1}

    fit = fit_stack(Stack(needs=(URL, RUNNER)), decides, decides.evidence.services.places, likeness=likeness)

    assert [region.region for region in fit.regions][-2:] == ["eu-west-9", "eu-south-2"]


def test_a_stack_never_fits_with_something_undecided_in_it() -> None:
    assert _answers(_fit(FUNCTION, undecided=(CUSTOM,)))["us-east-1"] == "unknown"
    assert _answers(_fit(FUNCTION, undecided=(CUSTOM,), ignored=("Custom::*",)))["us-east-1"] == "fits"
    assert _answers(_fit(FUNCTION, undecided=(replace(CUSTOM, only_in=frozenset({"x"})),)))["us-east-1"] == "fits"


def test_an_ignored_type_is_left_out_and_named() -> None:
    fit = _fit(FUNCTION, RUNNER, ignored=("AWS::AppRunner::*",))

    assert _answers(fit)["eu-south-2"] == "fits"
    assert fit.ignored == ("AWS::AppRunner::*",)


def test_what_a_condition_switches_off_in_a_region_is_not_needed_there() -> None:
    fit = _fit(FUNCTION, replace(RUNNER, only_in=frozenset({"us-east-1"})))

    assert _answers(fit)["eu-south-2"] == "fits"
    assert [region.needed for region in fit.regions if region.region == "eu-south-2"] == [1]


def test_what_blocks_most_regions_comes_first_with_what_its_removal_would_do() -> None:
    blockers = _fit(FUNCTION, URL, RUNNER).blockers

    assert [(blocker.name, blocker.regions, blocker.alone_in, blocker.alone_unknown_in) for blocker in blockers] == [
        ("AWS::AppRunner::Service", ("eu-south-2", "eu-west-9", "eusc-de-east-1"), (), ("eusc-de-east-1",)),
        ("AWS::Lambda::Url", ("eu-south-2", "eu-west-9"), (), ()),
    ]


def test_a_region_that_only_one_name_keeps_out_would_fit_without_it() -> None:
    (blocker,) = _fit(need("type", "AWS::Lambda::Function"), URL).blockers

    assert blocker.alone_in == ("eu-south-2",)
    assert blocker.alone_unknown_in == ("eu-west-9",)


def test_what_stays_in_a_region_of_its_own_is_evaluated_there_alone() -> None:
    fit = _fit(FUNCTION, replace(RUNNER, region="us-east-1"))

    assert _answers(fit)["eu-south-2"] == "fits"
    assert [(item.region, item.finding.verdict) for item in fit.elsewhere] == [("us-east-1", "available")]


def test_a_stack_fits_nowhere_if_what_stays_elsewhere_is_missing_there() -> None:
    fit = _fit(FUNCTION, replace(RUNNER, region="eu-south-2"))

    assert set(_answers(fit).values()) == {"does not fit"}


def test_instance_types_that_nobody_lists_by_region_are_named_as_unchecked() -> None:
    fit = _fit(FUNCTION, need("instance", "db.r6g.large", family="rds"))

    assert _answers(fit)["us-east-1"] == "fits"
    assert [(remark.what, remark.reason) for remark in fit.unchecked] == [
        ("db.r6g.large", "no published source lists instance types of rds by region")
    ]


def test_an_answer_has_its_sources_with_their_days() -> None:
    assert [(source.name, source.taken) for source in _fit(FUNCTION).sources] == [
        ("services", "2026-10-27"),
        ("resource types", "2026-10-20"),
        ("instance types", "2026-10-20"),
        ("lifecycle", "2026-11-29"),
    ]
