from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

import check_terraform_types

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "r'''\n# `{name}`\n\nRefer to the Terraform Registry for docs: [`{name}`](https://example.org/hashicorp/aws/6.69.1/docs/{kind}/{page}).\n"


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "bindings.whl"
    modules = {
        "sqs_queue": ("aws_sqs_queue", "resources", "sqs_queue"),
        "nonsense_thing": ("aws_nonsense_thing", "resources", "nonsense_thing"),
        "data_aws_ami": ("data_aws_ami", "data-sources", "ami"),
        "ephemeral_aws_kms_secrets": ("aws_kms_secrets", "ephemeral-resources", "kms_secrets"),
    }
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bindings/__init__.py", "import these\n")
        for module, (name, kind, page) in modules.items():
            archive.writestr(f"bindings/{module}/__init__.py", HEAD.format(name=name, kind=kind, page=page))
    return path


def test_each_type_of_the_bindings_is_looked_up_and_what_is_in_no_table_is_named(
    wheel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_terraform_types.main([str(wheel)]) == 1
    assert capsys.readouterr().out == (
        "aws_nonsense_thing is in none of the tables\nprovider 6.69.1: 2 resource types, 1 data sources, 1 undecided\n"
    )
