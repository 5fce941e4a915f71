from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.cli.fits.asking import open_question
from check_templates import check

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.queries.fits.asking import Question


@pytest.fixture
def question(tmp_path: Path) -> Question:
    return open_question(tmp_path / "no store", None)


def test_templates_are_checked_against_another_reading_and_other_files_are_left_alone(
    tmp_path: Path, question: Question
) -> None:
    (tmp_path / "a.yaml").write_text("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n  C:\n    Type: Custom::X\n")
    (tmp_path / "b.json").write_text('{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}')
    (tmp_path / "c.yaml").write_text("kind: Deployment\n")
    (tmp_path / "broken.yaml").write_text("a: [\n")

    checked = check(tmp_path, question)

    assert (checked.templates, checked.types, checked.undecided, checked.problems) == (2, 3, 1, ())
