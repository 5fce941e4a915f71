# What environments are called and how they differ. Needs no provider, so that it can be tested and read by itself.

locals {
  # What the code says of itself; tools/make_contract.py writes it.
  contract = jsondecode(file("${path.module}/contract.json"))

  names = {
    bucket    = "aws-ssm-data-${var.environment}-${var.account_id}"
    layer     = "aws-ssm-shared-layer-${var.environment}"
    schedule  = "aws-ssm-data-schedule-${var.environment}"
    alerts    = "aws-ssm-alerts-${var.environment}"
    changes   = "aws-ssm-changes-${var.environment}"
    dashboard = "aws-ssm-data-${var.environment}"
    database  = "aws_ssm_data_${var.environment}"
    workgroup = "aws-ssm-data-${var.environment}"
    functions = {
      data_fetcher     = "aws-ssm-data-fetcher-${var.environment}"
      processor        = "aws-ssm-processor-${var.environment}"
      report_generator = "aws-ssm-report-generator-${var.environment}"
    }
  }

  # Memory by the peaks in docs/reference/lambda-functions.md. The fetcher needs at least 217 seconds at 25 calls a
  # second; how long the other two take at AWS was not measured, so they have many times what they take elsewhere.
  sizes = {
    data_fetcher     = { memory_mb = 256, timeout_seconds = 900 }
    processor        = { memory_mb = 512, timeout_seconds = 300 }
    report_generator = { memory_mb = 256, timeout_seconds = 300 }
  }

  # Days.
  retentions = {
    dev     = { raw_data = 90, processed_data = 90, reports = 90, cache = 7, old_versions = 7, logs = 14 }
    staging = { raw_data = 180, processed_data = 180, reports = 180, cache = 7, old_versions = 30, logs = 30 }
    prod    = { raw_data = 1095, processed_data = 730, reports = 730, cache = 7, old_versions = 90, logs = 365 }
  }

  # Beside the code's prefixes the one where Athena leaves its answers.
  prefixes = merge(local.contract.prefixes, { answers = "athena/" })
  days     = local.retentions[var.environment]

  # The reports of runs lie below their year, reports/latest/ beside: S3 knows no exception from a prefix.
  expirations = {
    (local.prefixes.raw_data)       = local.days.raw_data
    (local.prefixes.processed_data) = local.days.processed_data
    "${local.prefixes.reports}2"    = local.days.reports
    (local.prefixes.cache)          = local.days.cache
    (local.prefixes.answers)        = local.days.cache
  }

  kept = [local.prefixes.history, local.prefixes.latest]
}
