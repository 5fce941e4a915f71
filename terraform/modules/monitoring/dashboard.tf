# The dashboard: alarms, a graph of each metric of the code and of four of Lambda's, and what the log queries answer.

data "aws_region" "current" {}

locals {
  # ec2.us-east-1.amazonaws.com: version 5 of the provider has no attribute region, version 6 deprecates id and name
  region = split(".", data.aws_region.current.endpoint)[1]
  day    = 86400 # seconds: a run a day leaves a point a day, and points of an hour would not be joined to a line

  # The functions that emit a metric: one, or each.
  emitters = {
    for metric, functions in var.metrics.functions :
    metric => contains(keys(local.names), functions) ? [local.names[functions]] : values(local.names)
  }

  # A dashboard is 24 columns wide: three graphs in a row, whichever they are.
  graph = { type = "metric", width = 8, height = 5 }

  own_graphs = [
    for metric, functions in local.emitters : merge(local.graph, {
      properties = {
        title   = metric
        region  = local.region
        stat    = "Maximum"
        period  = local.day
        metrics = [for name in functions : [var.metrics.namespace, metric, var.metrics.dimension, name]]
      }
    })
  ]

  lambda_graphs = [
    for metric, statistic in { Errors = "Sum", Duration = "Maximum", Throttles = "Sum", Invocations = "Sum" } : merge(local.graph, {
      properties = {
        title   = "Lambda: ${metric}"
        region  = local.region
        stat    = statistic
        period  = local.day
        metrics = [for name in values(local.names) : ["AWS/Lambda", metric, "FunctionName", name]]
      }
    })
  ]

  logs = [
    for name in ["last-errors", "runs", "longest-invocations", "frequent-warnings"] : {
      type   = "log"
      width  = 24
      height = 6
      properties = {
        title  = local.questions[name].title
        region = local.region
        view   = "table"
        query  = join(" ", concat([for group in values(var.log_group_names) : "SOURCE '${group}' |"], [local.questions[name].query]))
      }
    }
  ]

  states = {
    type   = "alarm"
    width  = 24
    height = 3
    properties = {
      title  = "Alarms"
      alarms = concat([for alarm in aws_cloudwatch_metric_alarm.this : alarm.arn], var.function_alarm_arns)
    }
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  # Without a start CloudWatch shows three hours, in which there is mostly nothing.
  dashboard_body = jsonencode({
    start   = "-P4W"
    widgets = concat([local.states], local.own_graphs, local.lambda_graphs, local.logs)
  })
}
