mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:mock" }
  }
}

variables {
  name                  = "aws-ssm-processor-dev"
  description           = "Measures"
  package               = "./README.md"
  layer_arn             = "arn:aws:lambda:us-east-1:123456789012:layer:aws-ssm-shared-layer-dev:1"
  policy_document       = "{\"Statement\":[]}"
  environment_variables = { LOG_LEVEL = "INFO" }
  memory_mb             = 512
  timeout_seconds       = 300
  log_retention_days    = 14
  alarm_topic_arns      = ["arn:aws:sns:us-east-1:123456789012:aws-ssm-alerts-dev"]
}

run "a_function_brings_what_no_function_may_lack" {
  assert {
    condition     = aws_lambda_function.this.function_name == "aws-ssm-processor-dev" && aws_lambda_function.this.handler == "lambda_function.lambda_handler"
    error_message = "It is ${aws_lambda_function.this.function_name} with ${aws_lambda_function.this.handler}."
  }

  assert {
    condition     = aws_lambda_function.this.runtime == "python3.13" && aws_lambda_function.this.architectures == tolist(["arm64"])
    error_message = "It runs on ${aws_lambda_function.this.runtime} and ${jsonencode(aws_lambda_function.this.architectures)}."
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_format == "JSON" && aws_lambda_function.this.logging_config[0].log_group == aws_cloudwatch_log_group.this.name
    error_message = "Its log lines are not JSON in its own group."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/aws-ssm-processor-dev" && aws_cloudwatch_log_group.this.retention_in_days == 14
    error_message = "Its log group is ${aws_cloudwatch_log_group.this.name}, kept ${aws_cloudwatch_log_group.this.retention_in_days} days."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == aws_sqs_queue.failed.arn
    error_message = "What fails does not go to the queue ${aws_sqs_queue.failed.name}."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 2
    error_message = "It is tried again ${aws_lambda_function_event_invoke_config.this.maximum_retry_attempts} times."
  }

  assert {
    condition     = aws_sqs_queue.failed.name == "aws-ssm-processor-dev-failed" && aws_sqs_queue.failed.sqs_managed_sse_enabled && aws_sqs_queue.failed.message_retention_seconds == 1209600
    error_message = "The queue of failed events is not encrypted, or not kept for 14 days."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.failed.redrive_allow_policy) == { redrivePermission = "denyAll" }
    error_message = "Another queue can send what it fails to deliver to the queue of failed events."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == -1 && aws_lambda_function.this.tracing_config[0].mode == "PassThrough"
    error_message = "It reserves concurrency or is traced, without having been told to."
  }

  assert {
    condition = toset([
      for alarm in [
        aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.failed_events, aws_cloudwatch_metric_alarm.duration,
      ] : "${alarm.namespace} ${alarm.metric_name} > ${alarm.threshold}"
      ]) == toset([
      "AWS/Lambda Errors > 0", "AWS/SQS ApproximateNumberOfMessagesVisible > 0", "AWS/Lambda Duration > 240000",
    ])
    error_message = "The alarms are not over errors, failed events and four fifths of the timeout."
  }

  assert {
    condition = alltrue([
      for alarm in [
        aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.failed_events, aws_cloudwatch_metric_alarm.duration,
      ] : alarm.alarm_actions == toset(var.alarm_topic_arns) && alarm.ok_actions == toset(var.alarm_topic_arns) && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "An alarm tells nobody, or trips on a day without a run."
  }
}

run "what_a_function_cannot_be_is_refused" {
  command = plan

  variables {
    package              = "./nowhere.zip"
    policy_document      = "none"
    runtime              = "python3.10"
    architecture         = "riscv"
    memory_mb            = 64
    timeout_seconds      = 901
    reserved_concurrency = 0
    log_retention_days   = 2
  }

  expect_failures = [
    var.package,
    var.policy_document,
    var.runtime,
    var.architecture,
    var.memory_mb,
    var.timeout_seconds,
    var.reserved_concurrency,
    var.log_retention_days,
  ]
}

run "a_role_that_is_given_is_used_and_none_is_made" {
  variables {
    role_arn = "arn:aws:iam::123456789012:role/aws-ssm-processor-dev"
  }

  assert {
    condition     = aws_lambda_function.this.role == "arn:aws:iam::123456789012:role/aws-ssm-processor-dev" && length(aws_iam_role.this) == 0
    error_message = "The function has the role ${aws_lambda_function.this.role}."
  }

  assert {
    condition     = aws_iam_role_policy.this.role == "aws-ssm-processor-dev" && output.role_name == "aws-ssm-processor-dev"
    error_message = "What it may do is written into ${aws_iam_role_policy.this.role}."
  }
}

run "what_is_no_role_is_refused" {
  command = plan

  variables {
    role_arn = "aws-ssm-processor-dev"
  }

  expect_failures = [var.role_arn]
}
