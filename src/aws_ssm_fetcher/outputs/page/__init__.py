"""The page: the report as one HTML file that needs nothing but a browser."""

from aws_ssm_fetcher.outputs.page.assemble import PAGE, page_file

__all__ = ["PAGE", "page_file"]
