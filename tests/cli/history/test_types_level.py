"""``--level type``: the history of resource types answers the questions of the past."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.history.bundled import bundled_types_history, bundled_types_past

if TYPE_CHECKING:
    from pathlib import Path


def asked(capsys: pytest.CaptureFixture[str], store: Path, *arguments: str) -> str:
    with pytest.raises(SystemExit, match="0"):
        main(["history", *arguments, "--level", "type", "--store", str(store)])
    return capsys.readouterr().out


def test_a_type_that_came_to_a_region_is_a_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = asked(
        capsys, tmp_path, "changes", "--since", "2026-08-01", "--until", "2026-08-31", "--region", "eu-south-2"
    )

    assert output.startswith("History of resource types, by AWS's schemas: 42 runs, 2020-12-15 to 2026-10-20, bundled")
    assert "2026-07-28  2026-08-13  2026-08-13  added             AWS::Lambda::Url in eu-south-2" in output


def test_a_type_without_another_name_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "\nAWS::Lambda::Url\n" in asked(capsys, tmp_path, "service", "AWS::Lambda::Url")


def test_as_of_a_release_there_is_what_that_release_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release = bundled_types_history()[0][20]

    answer = json.loads(asked(capsys, tmp_path, "as-of", f"{release.taken:%Y-%m-%d}", "--json"))
    assert answer["history"]["level"] == "type"
    unread = set(release.unread)
    day = answer["answer"]
    assert sum(len(names) for region, names in day["offered"].items() if region not in unread) == release.pairs
    assert day["regions"] == len(day["offered"]) > 20
    text = asked(capsys, tmp_path, "as-of", f"{release.taken:%Y-%m-%d}")
    assert f" Types     {day['services']:>7,}\n Pairs     {day['offerings']:>7,}\n" in text
    assert "(a row per type and region) or --json (types by region)" in text


def test_growth_counts_the_regions_and_types_of_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = asked(capsys, tmp_path, "growth")
    quarters = json.loads(asked(capsys, tmp_path, "growth", "--json"))["answer"]["quarters"]
    first = bundled_types_history()[0][0]
    last_day = json.loads(asked(capsys, tmp_path, "as-of", "2026-10-20", "--json"))["answer"]

    assert "Regions     Types      Pairs" in text
    assert "Days from a type's first region to more" in text
    assert (quarters[0]["regions"], quarters[0]["offerings"]) == (25, first.pairs)
    nouns = ("regions", "services", "offerings")
    assert [quarters[-1][noun] for noun in nouns] == [last_day[noun] for noun in nouns]


def test_the_history_of_types_in_the_store_answers_before_the_bundled_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    DirectoryStore(tmp_path).write(keys.TYPES_HISTORY, dump_history(bundled_types_past()))

    assert json.loads(asked(capsys, tmp_path, "flaps", "--json"))["history"]["source"] == "store"
    assert json.loads(asked(capsys, tmp_path, "flaps", "--json", "--bundled"))["history"]["source"] == "bundled"


def test_a_query_region_chooses_no_history_of_types(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["history", "changes", "--level", "type", "--query-region", "us-east-1", "--store", str(tmp_path)]

    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "choose a history of services, not of types" in capsys.readouterr().err


def test_an_instance_type_that_came_to_a_region_is_a_change_of_its_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked_of(*arguments: str) -> str:
        with pytest.raises(SystemExit, match="0"):
            main(["history", *arguments, "--level", "instance", "--store", str(tmp_path)])
        return capsys.readouterr().out

    ec2 = asked_of("changes", "--region", "eu-south-2", "--since", "2026-10-20")
    assert ec2.startswith(
        "History of the types of EC2 instances, by AWS's price list: 42 runs, 2020-12-15 to 2026-10-20"
    )
    assert "2026-10-06  2026-10-20  2026-10-20  added             m9g.large in eu-south-2" in ec2
    answer = json.loads(asked_of("service", "cache.m7g.large", "--for", "elasticache", "--json"))
    assert (answer["history"]["level"], answer["history"]["source"]) == ("instance", "bundled")
    assert answer["answer"]["first_seen"] == "2023-08-14T00:00:00Z"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--level", "type", "--for", "rds"), "--for chooses a history of instance types"),
        (("--level", "instance", "--own"), "choose a history of services, not of types"),
        (("--level", "instance", "--for", "managedblockchain"), "a use with a history: appstream"),
    ],
)
def test_options_that_choose_no_history_of_types_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit):
        main(["history", "changes", *options, "--store", str(tmp_path)])
    assert words in " ".join(capsys.readouterr().err.split())
