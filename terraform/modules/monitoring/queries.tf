# Questions that an operator has of the log lines of all three functions: on the dashboard, and saved in Logs Insights.

locals {
  # What is raised the runtime logs, with errorType and errorMessage; what our code logs has a message.
  questions = {
    last-errors = {
      title = "The last errors"
      query = "fields @timestamp, @log, errorType, errorMessage, message | filter level = 'ERROR' | sort @timestamp desc | limit 20"
    }
    runs = {
      title = "What each run did"
      query = "fields @timestamp, stage, run_id, message | filter level = 'INFO' and ispresent(run_id) | sort @timestamp desc | limit 50"
    }
    longest-invocations = {
      title = "Longest invocation by day"
      query = "filter type = 'platform.report' | stats max(record.metrics.durationMs) / 1000 as seconds, max(record.metrics.maxMemoryUsedMB) as megabytes by bin(1d), @log"
    }
    frequent-warnings = {
      title = "Warnings, the most frequent first"
      query = "filter level = 'WARNING' | stats count(*) as times, max(@timestamp) as last by message | sort times desc | limit 20"
    }
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.questions

  name            = "${var.name}/${each.key}"
  log_group_names = values(var.log_group_names)
  query_string    = each.value.query
}
