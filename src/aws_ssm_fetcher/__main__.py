"""The process of the command: ``aws-ssm-fetcher``, or ``python -m aws_ssm_fetcher``."""

from __future__ import annotations

import sys

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main() -> None:
    """Load the command, settle, and run it.

    To load it takes about as long as a short answer; who interrupts that wants no traceback either.
    """
    try:
        from aws_ssm_fetcher.core.starting import settle  # noqa: PLC0415 # isort: skip - first, see there
        from aws_ssm_fetcher.cli import main as command  # noqa: PLC0415 - see above

        settle()
        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
