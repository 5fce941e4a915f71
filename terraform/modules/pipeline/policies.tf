# What each function itself may do. Nothing is deleted, so nobody may delete.

data "aws_partition" "current" {}

locals {
  tree = "arn:${data.aws_partition.current.partition}:ssm:${local.environment_variables.SSM_REGION}::parameter${var.contract.parameter_root}"

  publishes = { report_generator = [var.changes_topic_arn] }
  asks      = { data_fetcher = ["${local.tree}/*"] }
}

data "aws_iam_policy_document" "function" {
  for_each = var.contract.functions

  # Not by prefix: it is this grant that makes S3 say "not there" of a missing object, and not "forbidden".
  statement {
    sid       = "TellWhatIsThere"
    actions   = ["s3:ListBucket"]
    resources = [var.bucket_arn]
  }

  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = [for prefix in each.value.reads : "${var.bucket_arn}/${prefix}*"]
  }

  statement {
    sid       = "Write"
    actions   = ["s3:PutObject"]
    resources = [for prefix in each.value.writes : "${var.bucket_arn}/${prefix}*"]
  }

  dynamic "statement" {
    for_each = var.bucket_key_arn == null ? [] : [var.bucket_key_arn]

    content {
      sid       = "UseTheBucketsKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.asks), each.key) ? [local.asks[each.key]] : []

    content {
      sid       = "AskForPublicParameters"
      actions   = ["ssm:GetParametersByPath", "ssm:GetParameters"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.publishes), each.key) ? [local.publishes[each.key]] : []

    content {
      sid       = "TellOfChanges"
      actions   = ["sns:Publish"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.publishes), each.key) ? [var.topics_key_arn] : []

    content {
      sid       = "UseTheTopicsKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }
}
