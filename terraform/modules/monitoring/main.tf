# What tells a person that the pipeline needs them; each function's own alarms come with the function.

locals {
  names = var.function_names

  # A daily job leaves one value a day: an alarm over it stays as it is until the next ("ignore").
  alarms = {
    no-fresh-report = {
      description = "No report was written for ${var.fresh_hours} hours."
      function    = "report_generator"
      metric      = "ReportBytes"
      statistic   = "SampleCount"
      operator    = "LessThanThreshold"
      threshold   = 1
      periods     = var.fresh_hours
      missing     = "breaching"
    }
    low-score = {
      description = "The quality score of a run is below ${var.lowest_score}."
      function    = "processor"
      metric      = "QualityScore"
      statistic   = "Minimum"
      operator    = "LessThanThreshold"
      threshold   = var.lowest_score
      periods     = 1
      missing     = "ignore"
    }
    quarantined = {
      description = "A run is quarantined. reports/latest/ stays on the last accepted run."
      function    = "processor"
      metric      = "Quarantined"
      statistic   = "Maximum"
      operator    = "GreaterThanThreshold"
      threshold   = 0
      periods     = 1
      missing     = "ignore"
    }
    gaps = {
      description = "More than ${var.most_gaps} paths could not be read."
      function    = "data_fetcher"
      metric      = "Gaps"
      statistic   = "Maximum"
      operator    = "GreaterThanThreshold"
      threshold   = var.most_gaps
      periods     = 1
      missing     = "ignore"
    }
    type-gaps = {
      description = "The lists of resource types of more than ${var.most_type_gaps} regions are older than the run."
      function    = "data_fetcher"
      metric      = "TypeGaps"
      statistic   = "Maximum"
      operator    = "GreaterThanThreshold"
      threshold   = var.most_type_gaps
      periods     = 1
      missing     = "ignore"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.description} What to do: ${var.runbook}/${each.key}.md"
  namespace           = var.metrics.namespace
  metric_name         = each.value.metric
  dimensions          = { (var.metrics.dimension) = local.names[each.value.function] }
  statistic           = each.value.statistic
  comparison_operator = each.value.operator
  threshold           = each.value.threshold
  period              = 3600
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = [var.alerts_topic_arn]
  ok_actions          = [var.alerts_topic_arn]
}

# The tags that the provider gives to all it creates.
data "aws_default_tags" "this" {}

resource "aws_budgets_budget" "this" {
  count = var.monthly_budget_usd == null ? 0 : 1

  name         = var.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"

  # Counts what carries this environment's tag; it has to be activated as a cost allocation tag first.
  cost_filter {
    name   = "TagKeyValue"
    values = [join("$", ["user:deployment", var.name])]
  }

  dynamic "notification" {
    for_each = ["ACTUAL", "FORECASTED"]

    content {
      notification_type         = notification.value
      comparison_operator       = "GREATER_THAN"
      threshold                 = 100
      threshold_type            = "PERCENTAGE"
      subscriber_sns_topic_arns = [var.alerts_topic_arn]
    }
  }

  lifecycle {
    precondition {
      condition     = try(data.aws_default_tags.this.tags["deployment"], "") == var.name
      error_message = "The budget counts what has the tag deployment = \"${var.name}\", and the provider gives none such. Add it to default_tags of the provider, or leave out monthly_budget_usd."
    }
  }
}
