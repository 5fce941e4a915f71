"""The workbook: an overview, a matrix, a sheet for each table, and what every column means."""

from aws_ssm_fetcher.outputs.excel.book import WORKBOOK, workbook

__all__ = ["WORKBOOK", "workbook"]
