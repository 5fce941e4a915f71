"""The Python API. Its names are those of ``aws_ssm_fetcher``, which imports them when they are first used."""
