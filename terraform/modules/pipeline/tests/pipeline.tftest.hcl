mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:mock" }
  }

  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:function:mock" }
  }

  mock_resource "aws_lambda_layer_version" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:layer:mock:1" }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:123456789012:rule/mock" }
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
  packages           = "../environment/tests/packages"
  bucket_name        = "bucket"
  bucket_arn         = "arn:aws:s3:::bucket"
  alerts_topic_arn   = "arn:aws:sns:us-east-1:123456789012:alerts"
  changes_topic_arn  = "arn:aws:sns:us-east-1:123456789012:changes"
  topics_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/topics"
  log_retention_days = 14
  settings           = { LOG_LEVEL = "DEBUG" }
}

run "three_functions_are_chained_by_one_bucket_and_started_by_one_schedule" {
  variables {
    contract = run.settings.contract
    names    = run.settings.names
    sizes    = run.settings.sizes
  }

  assert {
    condition = {
      for one in aws_s3_bucket_notification.this.lambda_function : one.id => "${jsonencode(one.events)} ${one.filter_prefix}…${one.filter_suffix}"
      } == {
      aws-ssm-processor-dev        = "[\"s3:ObjectCreated:*\"] raw-data/…/inventory.json"
      aws-ssm-report-generator-dev = "[\"s3:ObjectCreated:*\"] processed-data/…/analysis.json"
    }
    error_message = "The bucket tells: ${jsonencode(aws_s3_bucket_notification.this.lambda_function)}"
  }

  assert {
    condition = alltrue([
      for permission in aws_lambda_permission.bucket :
      permission.source_arn == "arn:aws:s3:::bucket" && permission.source_account == "123456789012" && permission.principal == "s3.amazonaws.com"
    ]) && length(aws_lambda_permission.bucket) == 2
    error_message = "Others than this account's bucket may start functions."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.schedule.name == "aws-ssm-data-schedule-dev" && aws_cloudwatch_event_rule.schedule.schedule_expression == "rate(1 day)" && aws_cloudwatch_event_rule.schedule.state == "ENABLED"
    error_message = "The schedule is ${aws_cloudwatch_event_rule.schedule.name} at ${aws_cloudwatch_event_rule.schedule.schedule_expression}."
  }

  assert {
    condition     = aws_lambda_permission.schedule.source_arn == aws_cloudwatch_event_rule.schedule.arn && aws_lambda_permission.schedule.principal == "events.amazonaws.com"
    error_message = "Others than the schedule may start the fetcher."
  }

  assert {
    condition     = aws_cloudwatch_event_target.schedule.input == null && aws_cloudwatch_event_target.schedule.input_path == null
    error_message = "The schedule's event does not arrive whole: its time names the run."
  }

  assert {
    condition     = toset(keys(local.environment_variables)) == toset(keys(run.settings.contract.settings))
    error_message = "The functions are told other settings than the code knows: ${jsonencode(local.environment_variables)}"
  }

  assert {
    condition = {
      for name in ["OUTPUT_S3_BUCKET", "OUTPUT_KMS_KEY", "LOG_LEVEL", "SSM_REGION"] : name => local.environment_variables[name]
    } == { OUTPUT_S3_BUCKET = "bucket", OUTPUT_KMS_KEY = "none", LOG_LEVEL = "DEBUG", SSM_REGION = run.settings.contract.settings.SSM_REGION.default }
    error_message = jsonencode(local.environment_variables)
  }

  assert {
    condition     = output.function_names == run.settings.names.functions
    error_message = jsonencode(output.function_names)
  }
}

run "what_no_pipeline_can_be_is_refused" {
  command = plan

  variables {
    contract = run.settings.contract
    names    = run.settings.names
    settings = { LOG_LEVLE = "INFO" }
    schedule = "every day"
    sizes = {
      data_fetcher     = { memory_mb = 2048, timeout_seconds = 900 }
      processor        = { memory_mb = 512, timeout_seconds = 300 }
      report_generator = { memory_mb = 256, timeout_seconds = 300 }
    }
  }

  expect_failures = [var.settings, var.schedule, var.sizes]
}

run "a_value_with_which_the_functions_would_not_start_is_refused" {
  command = plan

  variables {
    contract = run.settings.contract
    names    = run.settings.names
    sizes    = run.settings.sizes
    settings = { LOG_LEVEL = "LOUD", CACHE_TTL = "604801" }
  }

  expect_failures = [var.settings]
}

run "a_setting_that_follows_from_the_deployment_is_not_set_by_hand" {
  command = plan

  variables {
    contract = run.settings.contract
    names    = run.settings.names
    sizes    = run.settings.sizes
    settings = { OUTPUT_S3_BUCKET = "elsewhere" }
  }

  expect_failures = [var.settings]
}
