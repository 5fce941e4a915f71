# Three functions over one layer, chained by one bucket, started by one schedule.

data "aws_caller_identity" "current" {}

locals {
  started = { for name, function in var.contract.functions : name => function if function.starts_on != null }

  descriptions = {
    data_fetcher     = "Reads AWS's record and leaves an inventory"
    processor        = "Measures and validates each new inventory, keeps the history, leaves an analysis"
    report_generator = "Writes the report of each new analysis"
  }
}

module "layer" {
  source = "../layer"

  name     = var.names.layer
  package  = "${var.packages}/${var.contract.packages.shared_layer}"
  runtimes = [var.runtime]
}

module "function" {
  source   = "../function"
  for_each = var.contract.functions

  name                     = var.names.functions[each.key]
  description              = local.descriptions[each.key]
  package                  = "${var.packages}/${var.contract.packages[each.key]}"
  layer_arn                = module.layer.layer_arn
  policy_document          = data.aws_iam_policy_document.function[each.key].json
  environment_variables    = local.environment_variables
  runtime                  = var.runtime
  architecture             = var.architecture
  memory_mb                = var.sizes[each.key].memory_mb
  timeout_seconds          = var.sizes[each.key].timeout_seconds
  reserved_concurrency     = var.reserved_concurrency
  log_retention_days       = var.log_retention_days
  is_traced                = var.is_traced
  role_arn                 = lookup(var.role_arns, each.key, null)
  permissions_boundary_arn = var.permissions_boundary_arn
  alarm_topic_arns         = [var.alerts_topic_arn]
  runbook                  = var.runbook
}

# A bucket has one notification: a second resource would replace the first.
resource "aws_s3_bucket_notification" "this" {
  bucket = var.bucket_name

  dynamic "lambda_function" {
    for_each = local.started

    content {
      id                  = var.names.functions[lambda_function.key]
      lambda_function_arn = module.function[lambda_function.key].function_arn
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = lambda_function.value.starts_on
      filter_suffix       = "/${lambda_function.value.document}"
    }
  }

  depends_on = [aws_lambda_permission.bucket]
}

resource "aws_lambda_permission" "bucket" {
  for_each = local.started

  statement_id   = "bucket"
  function_name  = module.function[each.key].function_name
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = var.bucket_arn
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_cloudwatch_event_rule" "schedule" {
  name                = var.names.schedule
  description         = "Starts a run; its time names the run"
  schedule_expression = var.schedule
  state               = var.is_scheduled ? "ENABLED" : "DISABLED"
}

resource "aws_cloudwatch_event_target" "schedule" {
  rule      = aws_cloudwatch_event_rule.schedule.name
  target_id = "data-fetcher"
  arn       = module.function["data_fetcher"].function_arn
}

resource "aws_lambda_permission" "schedule" {
  statement_id  = "schedule"
  function_name = module.function["data_fetcher"].function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule.arn
}
