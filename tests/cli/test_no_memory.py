from __future__ import annotations

import pytest

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.cli.commands import cli


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MemoryError(), "Error: there is not enough memory for this.\n"),
        (RuntimeError("can't start new thread"), "Error: can't start new thread.\n"),
    ],
)
def test_what_the_machine_lacks_is_said_in_one_line(
    error: Exception, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "main", fail)

    with pytest.raises(SystemExit) as ended:
        main(["regions"])
    assert (ended.value.code, capsys.readouterr().err) == (1, message)
