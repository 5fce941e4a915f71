"""``python -m aws_ssm_fetcher.cli``."""

from aws_ssm_fetcher.cli import main

main()
