"""The process of the command: ``aws-ssm-fetcher``, or ``python -m aws_ssm_fetcher``."""

from __future__ import annotations

import os
import sys
from typing import Final, NoReturn

INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it


def main() -> NoReturn:
    """Load the command, settle, run it, and end.

    To load it takes about as long as a short answer; who interrupts that wants no traceback either.
    """
    try:
        from aws_ssm_fetcher.core.starting import settle  # noqa: PLC0415 # isort: skip - first, see there
        from aws_ssm_fetcher.cli import main as command  # noqa: PLC0415 - see above

        settle()
        command()
    except KeyboardInterrupt:
        _end(INTERRUPTED)
    except SystemExit as ended:
        _end(ended.code)


def _end(code: str | int | None) -> NoReturn:
    """End at once: for threads that read nobody waits, and to tidy memory up takes a tenth of a short answer's time.

    A thread may sit out AWS's "too many" for a minute, or reckon on; what it would bring is not wanted any more.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
