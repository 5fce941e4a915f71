"""The command line: the three stages, and questions about their documents.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

import click

from aws_ssm_fetcher.cli.commands import PROGRAM, cli, command_of
from aws_ssm_fetcher.core.error_handling import FetcherError, OutputError, SettingRefusedError, SystemRefusedError
from aws_ssm_fetcher.core.text import one_line, printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
_NO_THREAD: Final = "can't start new thread"  # Python has no class of its own for it
LONGEST_LINE: Final = 1_000  # characters of wrong usage: it repeats an argument, which may be a whole file
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and end the process with its exit code. An error is one line."""
    sys.exit(_exit_code(sys.argv[1:] if arguments is None else arguments))


def _exit_code(arguments: list[str]) -> int:
    """Run the command and handle an output that cannot be written: a closed pipe, a full disk, a narrow encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name with a character that the terminal's encoding lacks must not end the command.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments)
        if sys.stdout is not None:
            # Here, not at Python's own end, where an error could only be printed, not change the exit code.
            sys.stdout.flush()
    except BrokenPipeError:  # the reader has closed it; all documents are written
        # Python flushes once more when it ends, and would print a second error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        named = _named(error)
        _say(named, arguments)
        if isinstance(named, OutputError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _run(arguments: list[str]) -> int:
    streams = sys.stdout, sys.stderr
    try:
        code = cli.main(arguments, prog_name=PROGRAM, standalone_mode=False)
    except SystemExit:
        if sys.stdout is streams[0]:
            raise
        # click answers a closed pipe with exit code 1, and with streams that do not flush
        (sys.stdout, sys.stderr), code = streams, DONE
    except click.ClickException as error:
        refusal = io.StringIO()
        error.show(refusal)
        with _ignore_write_errors():
            lines = [one_line(line, LONGEST_LINE) for line in refusal.getvalue().split("\n")]
            click.echo("\n".join(lines), nl=False, err=True)
        return error.exit_code
    # Before FetcherError, of which it is one: a wrong setting is wrong usage.
    except SettingRefusedError as error:
        _say(error, arguments)
        return USAGE
    except FetcherError as error:
        _say(error, arguments)
        return FAILED
    except (click.Abort, KeyboardInterrupt):  # before RuntimeError, of which Abort is one
        with _ignore_write_errors():
            click.echo(_interrupted(arguments), err=True)
        return INTERRUPTED
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and str(error) != _NO_THREAD:
            raise
        reason = "there is not enough memory for this" if isinstance(error, MemoryError) else str(error)
        _say(SystemRefusedError("", reason), arguments)
        return FAILED
    return code if isinstance(code, int) else DONE


def _interrupted(arguments: list[str]) -> str:
    """Return what an interruption leaves behind: nothing if the command only reads."""
    command = command_of(arguments)
    if command is None or not command.writes:
        return "Interrupted."
    return "Interrupted: what was written before stays as it was, nothing is half-written."


def _named(error: OSError) -> OutputError | SystemRefusedError:
    """Map an OSError to the output stream (no filename) or to a named file."""
    if error.errno is not None and error.filename is None:
        return OutputError(error.strerror or str(error))
    place = "" if error.filename is None else os.fsdecode(error.filename)
    return SystemRefusedError(place, error.strerror or " ".join(str(error).split()))


def _say(error: FetcherError, arguments: list[str]) -> None:
    if "--json" in arguments:
        kind = type(error).__name__
        text = json.dumps({"error": {"kind": kind, "message": str(error), "advice": error.advice}})
    else:
        text = f"{click.style('Error:', fg='red', bold=True)} {printable(str(error))}"
    with _ignore_write_errors():
        click.echo(text, err=True)


def _ignore_write_errors() -> AbstractContextManager[None]:
    """Ignore errors of writing to standard error: the exit code says the same."""
    return suppress(OSError)
