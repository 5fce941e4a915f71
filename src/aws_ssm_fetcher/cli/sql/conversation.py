"""The interactive ``sql``: statements at a prompt, with history and completion where Python has readline."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.cli.sql.engine import answered, ask_once, database, fill_table, interruptible, make_table, shut
from aws_ssm_fetcher.core.error_handling import FetcherError
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from duckdb import DuckDBPyConnection

    from aws_ssm_fetcher.cli.sql.engine import QueryResult
    from aws_ssm_fetcher.queries.tables import Material, SqlTable

PROMPT: Final = "sql> "
CONTINUED: Final = "...> "
LEAVING: Final = frozenset({".quit", ".exit", "quit", "exit"})
HELP: Final = "End a statement with ; or an empty line. .tables lists the tables, .quit or Ctrl-D leaves."
HISTORY_LINES: Final = 1000
_KEYWORDS: Final = (
    *("select", "from", "where", "group by", "order by", "having", "limit", "join", "using", "on", "and", "or", "not"),
    *("null", "is", "in", "like", "count(*)", "distinct", "case", "when", "then", "else", "end", "between", "exists"),
    *("union", "all", "with", "as", "desc", "asc", "date", "interval"),
)


class Talk(NamedTuple):
    """How a conversation hears and speaks."""

    read: Callable[[str], str]
    """Takes a prompt and returns a line. Raises ``EOFError`` at the end, ``KeyboardInterrupt`` for Ctrl-C."""
    show: Callable[[QueryResult], None]
    say: Callable[[str], None]


def open_tables(material: Material, tables: Iterable[SqlTable]) -> DuckDBPyConnection:
    """Return a database with all tables filled, shut."""
    return interruptible(lambda: _filled(material, tables))


def _filled(material: Material, tables: Iterable[SqlTable]) -> DuckDBPyConnection:
    connection: DuckDBPyConnection = database().connect(":memory:")
    for table in tables:
        make_table(connection, table)
        fill_table(connection, table, material)
    shut(connection)
    return connection


def converse(connection: DuckDBPyConnection, tables: Sequence[SqlTable], talk: Talk, most_rows: int) -> None:
    """Answer statements until the end of the input. An error is a line, and the conversation goes on."""
    talk.say(HELP)
    while (statement := _statement(talk)) is not None:
        if statement == ".tables":
            talk.say(
                "\n".join(f"{table.name}: {', '.join(column.name for column in table.columns)}" for table in tables)
            )
        elif statement:
            _answer(connection, statement, talk, most_rows)


def _answer(connection: DuckDBPyConnection, statement: str, talk: Talk, most_rows: int) -> None:
    try:
        talk.show(answered(lambda: interruptible(lambda: ask_once(connection, statement, most_rows), connection)))
    except FetcherError as error:
        talk.say(f"Error: {printable(str(error))}")
    except KeyboardInterrupt:
        talk.say("Interrupted.")
    else:
        return
    connection.execute("rollback")  # a refused statement ends the transaction that only reads
    connection.execute("begin transaction read only")


def _statement(talk: Talk) -> str | None:
    """Return the next statement, empty for none; ``None`` at the end."""
    lines: list[str] = []
    while True:
        try:
            line = talk.read(CONTINUED if lines else PROMPT).strip()
        except EOFError:
            return None
        except KeyboardInterrupt:
            talk.say("")
            return ""
        if not lines and line.lower().rstrip(";") in LEAVING:
            return None
        if not lines and line.startswith("."):
            return line if line == ".tables" else _unknown(line, talk)
        lines.append(line)
        if not line or line.endswith(";"):
            return "\n".join(lines).strip().rstrip(";")


def _unknown(line: str, talk: Talk) -> str:
    talk.say(f'Unknown command "{printable(line)}". {HELP}')
    return ""


def words_of(tables: Iterable[SqlTable]) -> tuple[str, ...]:
    """Return what can be completed: keywords, tables and columns."""
    names = {name for table in tables for name in (table.name, *(column.name for column in table.columns))}
    return tuple(sorted({*names, *_KEYWORDS, ".tables", ".quit"}))


def completions(words: Iterable[str], begun: str) -> list[str]:
    """Return the words that begin like one that is being written, capitals or not."""
    return [word for word in words if word.startswith(begun.lower())] if begun else []


def with_line_editing(tables: Iterable[SqlTable]) -> Callable[[], None]:
    """Set up history and completion, and return what saves the history; nothing where Python has no readline."""
    try:
        import readline  # noqa: PLC0415 - not on Windows
    except ImportError:
        return lambda: None
    words = words_of(tables)

    def complete(begun: str, number: int) -> str | None:
        candidates = completions(words, begun)
        return candidates[number] if number < len(candidates) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n,;()=<>'\"")
    # macOS has libedit under the name readline, with another syntax.
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    path = history_file()
    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(HISTORY_LINES)

    def save() -> None:
        with suppress(OSError):  # a home that cannot be written is no reason to fail
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)

    return save


def history_file() -> Path:
    """Return where statements are remembered: below ``XDG_STATE_HOME``, or ``~/.local/state``."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
    return Path(base) / "aws-ssm-fetcher" / "sql_history"
