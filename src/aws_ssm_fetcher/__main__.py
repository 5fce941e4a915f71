"""The process of the command: ``aws-ssm-fetcher``, or ``python -m aws_ssm_fetcher``."""

from __future__ import annotations

import os
from typing import Final, NoReturn

INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it
FAILED: Final = 1


def main() -> NoReturn:
    """Load the command, settle, run it, and end.

    To load it takes about as long as a short answer; who interrupts that wants no traceback either, as far as it is
    not Python's own start or that of the package that is interrupted.
    """
    try:
        from aws_ssm_fetcher.core.function.startup import settle  # noqa: PLC0415 # isort: skip - first, see there
        from aws_ssm_fetcher.cli import main as command  # noqa: PLC0415 - see above

        settle()
        command()
    except KeyboardInterrupt:
        _end(INTERRUPTED)
    except SystemExit as ended:
        _end(ended.code if isinstance(ended.code, int) else FAILED)


def _end(code: int) -> NoReturn:
    """End at once, without waiting for reading threads or freeing memory.

    A thread may wait for a minute after being throttled, or compute on; its result is not needed any more.
    All output is written by then: the command flushes it, since it can report what failed.
    """
    os._exit(code)


if __name__ == "__main__":
    main()
