mock_provider "aws" {
  mock_data "aws_default_tags" {
    defaults = { tags = { deployment = "aws-ssm-data-dev" } }
  }

  mock_data "aws_region" {
    defaults = { endpoint = "ec2.us-east-1.amazonaws.com" }
  }

  mock_resource "aws_cloudwatch_metric_alarm" {
    defaults = { arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:mock" }
  }
}

run "settings" {
  module {
    source = "../settings"
  }

  variables {
    environment = "dev"
    account_id  = "123456789012"
  }
}

variables {
  name                = "aws-ssm-data-dev"
  function_alarm_arns = ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:aws-ssm-processor-dev-errors"]
  alerts_topic_arn    = "arn:aws:sns:us-east-1:123456789012:aws-ssm-alerts-dev"

  log_group_names = {
    data_fetcher = "/aws/lambda/aws-ssm-data-fetcher-dev"
    processor    = "/aws/lambda/aws-ssm-processor-dev"
  }
}

run "alarms_are_over_what_the_code_tells_and_tell_the_topic" {
  variables {
    metrics            = run.settings.contract.metrics
    function_names     = run.settings.names.functions
    monthly_budget_usd = 5
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.this :
      name => "${alarm.statistic} ${alarm.metric_name} ${alarm.comparison_operator} ${alarm.threshold} ${alarm.evaluation_periods}h ${alarm.treat_missing_data}"
      } == {
      no-fresh-report = "SampleCount ReportBytes LessThanThreshold 1 36h breaching"
      low-score       = "Minimum QualityScore LessThanThreshold 80 1h ignore"
      quarantined     = "Maximum Quarantined GreaterThanThreshold 0 1h ignore"
      gaps            = "Maximum Gaps GreaterThanThreshold 0 1h ignore"
      type-gaps       = "Maximum TypeGaps GreaterThanThreshold 3 1h ignore"
    }
    error_message = jsonencode(aws_cloudwatch_metric_alarm.this)
  }

  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.this :
      alarm.namespace == run.settings.contract.metrics.namespace
      && alarm.dimensions == tomap({ (run.settings.contract.metrics.dimension) = run.settings.names.functions[run.settings.contract.metrics.functions[alarm.metric_name]] })
    ])
    error_message = "An alarm watches a metric that no function tells under that name: ${jsonencode(aws_cloudwatch_metric_alarm.this)}"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_actions == toset([var.alerts_topic_arn]) && alarm.ok_actions == toset([var.alerts_topic_arn])
      && alarm.alarm_name == "aws-ssm-data-dev-${trimprefix(alarm.alarm_name, "aws-ssm-data-dev-")}"
      && alarm.period == 3600 && alarm.period * alarm.evaluation_periods <= 604800
    ])
    error_message = "An alarm tells nobody, or looks back further than CloudWatch does."
  }

  assert {
    condition = alltrue([
      for metric in keys(run.settings.contract.metrics.functions) : strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "\"${metric}\"")
    ])
    error_message = "The dashboard leaves out a metric: ${aws_cloudwatch_dashboard.this.dashboard_body}"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).start == "-P4W" && alltrue([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.period == 86400 if widget.type == "metric"
    ])
    error_message = "The dashboard does not show what a run a day leaves: ${aws_cloudwatch_dashboard.this.dashboard_body}"
  }

  assert {
    condition = (
      distinct([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [widget.width, widget.height] if widget.type == "metric"]) == tolist([[8, 5]])
      && length([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget if widget.type == "metric"]) % 3 == 0
    )
    error_message = "The graphs are not alike, or leave a hole in a row: ${aws_cloudwatch_dashboard.this.dashboard_body}"
  }

  assert {
    condition     = length([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget if widget.type == "log"]) == length(aws_cloudwatch_query_definition.this)
    error_message = "The dashboard does not show each saved query."
  }

  assert {
    condition     = length([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget if widget.type == "alarm"][0].properties.alarms) == 6
    error_message = "The dashboard does not show all alarms."
  }

  assert {
    condition = alltrue([
      for query in aws_cloudwatch_query_definition.this :
      toset(query.log_group_names) == toset(values(var.log_group_names))
      && strcontains(aws_cloudwatch_dashboard.this.dashboard_body, trim(jsonencode(query.query_string), "\""))
      ]) && toset(keys(aws_cloudwatch_query_definition.this)) == toset([
      "last-errors", "runs", "longest-invocations", "frequent-warnings"
    ])
    error_message = "A saved query is not one of the dashboard's, or is not of all log groups: ${jsonencode(aws_cloudwatch_query_definition.this)}"
  }

  assert {
    condition     = one(aws_budgets_budget.this[0].cost_filter).values == tolist([join("$", ["user:deployment", aws_cloudwatch_dashboard.this.dashboard_name])])
    error_message = "The budget counts more than its environment: ${jsonencode(aws_budgets_budget.this[0].cost_filter)}"
  }

  assert {
    condition     = aws_budgets_budget.this[0].limit_amount == "5" && aws_budgets_budget.this[0].limit_unit == "USD"
    error_message = "The budget is ${aws_budgets_budget.this[0].limit_amount}."
  }
}

run "a_budget_that_would_count_nothing_is_refused" {
  command = plan

  variables {
    metrics            = run.settings.contract.metrics
    function_names     = run.settings.names.functions
    monthly_budget_usd = 5
  }

  override_data {
    target = data.aws_default_tags.this
    values = { tags = { deployment = "aws-ssm-data-prod" } }
  }

  expect_failures = [aws_budgets_budget.this]
}

run "limits_that_no_alarm_can_have_are_refused" {
  command = plan

  variables {
    metrics            = run.settings.contract.metrics
    function_names     = run.settings.names.functions
    fresh_hours        = 169
    lowest_score       = 101
    monthly_budget_usd = 0
  }

  expect_failures = [var.fresh_hours, var.lowest_score, var.monthly_budget_usd]
}
