"""The process of the command: ``aws-ssm-fetcher``, or ``python -m aws_ssm_fetcher``."""

from __future__ import annotations

from aws_ssm_fetcher.core.starting import settle  # isort: skip - first, see there

from aws_ssm_fetcher.cli import main as command


def main() -> None:
    """Settle, and run the command."""
    settle()
    command()


if __name__ == "__main__":
    main()
