# One look at everything: the alarms, a graph for each metric of the code, Lambda's own, and the last errors.

data "aws_region" "current" {}

locals {
  region = data.aws_region.current.id

  # Who tells a metric: one function, or each of them.
  tellers = {
    for metric, functions in var.metrics.functions :
    metric => contains(keys(local.names), functions) ? [local.names[functions]] : values(local.names)
  }

  own_graphs = [
    for metric, functions in local.tellers : {
      type   = "metric"
      width  = 6
      height = 5
      properties = {
        title   = metric
        region  = local.region
        stat    = "Maximum"
        period  = 3600
        metrics = [for name in functions : [var.metrics.namespace, metric, var.metrics.dimension, name]]
      }
    }
  ]

  lambda_graphs = [
    for metric, statistic in { Errors = "Sum", Duration = "Maximum", Throttles = "Sum", Invocations = "Sum" } : {
      type                            = "metric"
      width                           = 6
      height                          = 5
      properties = {
        title   = "Lambda: ${metric}"
        region  = local.region
        stat    = statistic
        period  = 3600
        metrics = [for name in values(local.names) : ["AWS/Lambda", metric, "FunctionName", name]]
      }
    }
  ]

  # Questions that an operator has, over the log groups of all three functions.
  questions = {
    "The last errors"                   = "fields @timestamp, stage, run_id, message | filter level = 'ERROR' | sort @timestamp desc | limit 20"
    "What each run did"                 = "fields @timestamp, stage, run_id, message | filter level = 'INFO' and ispresent(run_id) | sort @timestamp desc | limit 50"
    "Longest invocation by day"         = "filter @type = 'REPORT' | stats max(@duration) / 1000 as seconds, max(@maxMemoryUsed) / 1000000 as megabytes by bin(1d), @log"
    "Warnings, the most frequent first" = "filter level = 'WARNING' | stats count(*) as times, max(@timestamp) as last by message | sort times desc | limit 20"
  }

  logs = [
    for title, question in local.questions : {
      type   = "log"
      width  = 24
      height = 6
      properties = {
        title  = title
        region = local.region
        view   = "table"
        query  = join(" ", concat([for group in values(var.log_group_names) : "SOURCE '${group}' |"], [question]))
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
  dashboard_body = jsonencode({ widgets = concat([local.states], local.own_graphs, local.lambda_graphs, local.logs) })
}
