"""The interactive ``sql``: statements over several lines, errors that do not end it, completion, history."""

from __future__ import annotations

from concurrent import futures
from typing import TYPE_CHECKING

from timelines import history_of, regions, seen

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.cli.sql import engine
from aws_ssm_fetcher.cli.sql.conversation import (
    Talk,
    completions,
    converse,
    history_file,
    open_tables,
    words_of,
)
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from aws_ssm_fetcher.cli.sql.engine import QueryResult

[ONE] = regions(1)
RUN = seen(0, {ONE: "s3 lambda"})
SMALL = tuple(table for table in TABLES if not table.large)


def conversation(*lines: str | type[BaseException]) -> tuple[list[str], list[object]]:
    """Return what is said and the values that are shown to somebody who types these lines."""
    typed, spoken, shown = iter(lines), list[str](), list[object]()

    def read(prompt: str) -> str:
        del prompt
        line = next(typed, EOFError)
        if isinstance(line, str):
            return line
        raise line

    def show(result: QueryResult) -> None:
        shown.append(result.values)

    with open_tables(Material(history_of(RUN), (), RUN), SMALL) as connection:
        converse(connection, SMALL, Talk(read, show, spoken.append), 10)
    return spoken[1:], shown


def test_a_statement_ends_with_a_semicolon_or_an_empty_line() -> None:
    assert conversation("select 1", "+ 1;", "select count(*)", "from regions", "") == ([], [((2,),), ((1,),)])


def test_an_error_is_a_line_and_the_conversation_goes_on() -> None:
    spoken, shown = conversation("select x from nothing;", "drop table regions;", "select count(*) from regions;")

    assert [line.split(":")[0] for line in spoken] == ["Error", "Error"]
    assert "only SELECT is allowed (got DROP)" in spoken[1]
    assert shown == [((1,),)]


def test_an_interrupted_line_is_forgotten_and_leaving_has_several_words() -> None:
    assert conversation("select 'half", KeyboardInterrupt, "select 3;", ".quit", "select 4;") == ([""], [((3,),)])
    assert conversation("exit;", "select 4;") == ([], [])


def test_a_query_that_does_not_end_is_interrupted_and_the_conversation_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    endless, original = "select count(*) from range(10000000) a, range(10000000) b;", futures.wait
    waits = iter([KeyboardInterrupt])

    def wait(asked: list[futures.Future[object]], timeout: float | None = None) -> object:
        if timeout is None and asked and (interruption := next(waits, None)):
            raise interruption
        return original(asked, timeout)

    def read(prompt: str) -> str:
        monkeypatch.setattr(engine, "wait", wait)  # from the first statement on
        del prompt
        return next(typed)

    spoken, shown, typed = list[str](), list[object](), iter([endless, "select count(*) from regions;", ".quit"])
    with open_tables(Material(history_of(RUN), (), RUN), SMALL) as connection:
        converse(connection, SMALL, Talk(read, lambda result: shown.append(result.values), spoken.append), 10)

    assert (spoken[1:], shown) == (["Interrupted."], [((1,),)])


def test_commands_list_the_tables_and_unknown_ones_name_those_that_there_are() -> None:
    spoken, _ = conversation(".tables", ".tabels")

    assert spoken[0].splitlines()[0].startswith("regions: region, name, partition")
    assert spoken[1].startswith('Unknown command ".tabels"')


def test_tables_columns_and_keywords_are_completed_whatever_the_capitals() -> None:
    words = words_of(TABLES)

    assert completions(words, "OFFER") == ["offerings"]
    assert {"region", "region_name", "regions"} == set(completions(words, "region"))
    assert completions(words, "sel") == ["select"]
    assert completions(words, "") == []


def test_statements_are_remembered_below_the_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    assert history_file() == tmp_path / "aws-ssm-fetcher" / "sql_history"


def test_a_query_is_read_from_a_file_and_never_beside_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "query.sql"
    file.write_text("select 1 as one\n")

    codes = []
    for arguments in (["-f", str(file), "--csv"], ["-f", str(file), "select 2"], []):
        try:
            main(["sql", *arguments, "--store", str(tmp_path)])
        except SystemExit as ended:
            codes.append(ended.code)
    assert codes == [0, 2, 2]
    assert capsys.readouterr().out == "one\n1\n"
