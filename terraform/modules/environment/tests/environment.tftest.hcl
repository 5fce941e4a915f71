mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_default_tags" {
    defaults = { tags = { deployment = "aws-ssm-data-dev" } }
  }

  mock_data "aws_region" {
    defaults = { endpoint = "ec2.us-east-1.amazonaws.com" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/MOCK" }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:123456789012:rule/mock" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:123456789012:key/mock" }
  }

  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:function:mock" }
  }

  mock_resource "aws_lambda_layer_version" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:layer:mock:1" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::mock" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:mock" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:mock" }
  }
}

variables {
  environment = "dev"
  packages    = "tests/packages"
}

run "an_environment_with_everything_hangs_together" {
  variables {
    has_site           = true
    site_is_public     = true
    monthly_budget_usd = 5
    alert_emails       = ["on-call@example.com"]
  }

  assert {
    condition = output.function_names == {
      data_fetcher     = "aws-ssm-data-fetcher-dev"
      processor        = "aws-ssm-processor-dev"
      report_generator = "aws-ssm-report-generator-dev"
    }
    error_message = jsonencode(output.function_names)
  }

  assert {
    condition     = output.bucket_name == module.storage.bucket_name && output.workgroup_name == "aws-ssm-data-dev" && output.dashboard_name == "aws-ssm-data-dev"
    error_message = "${output.bucket_name} ${output.workgroup_name} ${output.dashboard_name}"
  }

  assert {
    condition     = startswith(output.site_address, "https://") && toset(keys(output.queue_urls)) == toset(["data_fetcher", "processor", "report_generator"])
    error_message = "The site is at ${output.site_address}, the queues are ${jsonencode(output.queue_urls)}."
  }
}

run "a_site_over_objects_that_cloudfront_cannot_decrypt_is_refused" {
  command = plan

  variables {
    has_site       = true
    site_is_public = true
    bucket_key_arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  }

  expect_failures = [var.has_site]
}
