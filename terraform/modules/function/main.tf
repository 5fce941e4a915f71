resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:Log lines hold run ids and counts of a public record; CloudWatch encrypts them with its own key
  # checkov:skip=CKV_AWS_338:How long lines are kept differs by environment
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

# Where an event goes, with its reason, that no try could serve.
resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600 # 14 days, the longest there is
  sqs_managed_sse_enabled   = true

  # Else any queue of the account, also of another environment, can have its own failed messages sent here.
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })
}

data "aws_iam_policy_document" "assumed" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# A role of its own unless it is given one: whoever may make roles decides who takes them on.
resource "aws_iam_role" "this" {
  count = var.role_arn == null ? 1 : 0

  name                 = var.name
  description          = "What the function ${var.name} may do"
  assume_role_policy   = data.aws_iam_policy_document.assumed.json
  permissions_boundary = var.permissions_boundary_arn
}

moved {
  from = aws_iam_role.this
  to   = aws_iam_role.this[0]
}

locals {
  role_arn  = var.role_arn == null ? aws_iam_role.this[0].arn : var.role_arn
  role_name = var.role_arn == null ? aws_iam_role.this[0].name : regex("[^/]+$", var.role_arn)
}

data "aws_iam_policy_document" "this" {
  source_policy_documents = [var.policy_document]

  statement {
    sid       = "WriteItsOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }

  statement {
    sid       = "KeepWhatFailed"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failed.arn]
  }

  dynamic "statement" {
    for_each = var.is_traced ? [true] : []

    content {
      sid       = "TraceItself"
      actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      resources = ["*"] # X-Ray has no ARN for a trace that is not there yet
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "own"
  role   = local.role_name
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_116:The on-failure destination takes what fails, with its reason, which a dead-letter queue leaves out
  # checkov:skip=CKV_AWS_117:It speaks to public endpoints of AWS only, and a network of its own would cost more than all else
  # checkov:skip=CKV_AWS_272:The packages are built from the repository and known by their hashes
  # checkov:skip=CKV_AWS_115:A new account has ten executions at once and lets none be reserved; reserved_concurrency does it elsewhere
  function_name                  = var.name
  description                    = var.description
  role                           = local.role_arn
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  handler                        = "lambda_function.lambda_handler"
  runtime                        = var.runtime
  architectures                  = [var.architecture]
  layers                         = [var.layer_arn]
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn

  environment {
    variables = var.environment_variables
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = var.is_traced ? "Active" : "PassThrough"
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}
