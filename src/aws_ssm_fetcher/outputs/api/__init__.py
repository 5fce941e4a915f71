"""The JSON API: static files below ``reports/latest/api/v1/``, one for each question that a script asks."""

from aws_ssm_fetcher.outputs.api.files import API, NO_PAIRS, Badges, api_files, badges_of

__all__ = ["API", "NO_PAIRS", "Badges", "api_files", "badges_of"]
