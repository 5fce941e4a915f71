# The most that a function may ever do: what the three do together, in this environment alone.

data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "TheBucket"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket]
  }

  statement {
    sid       = "ItsObjects"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${local.bucket}/*"]
  }

  statement {
    sid     = "PublicParameters"
    actions = ["ssm:GetParametersByPath", "ssm:GetParameters"]

    resources = [
      "${local.arn}:ssm:*::parameter/aws/service/global-infrastructure",
      "${local.arn}:ssm:*::parameter/aws/service/global-infrastructure/*",
    ]
  }

  statement {
    sid       = "TheirLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for group in local.log_groups : "${group}:*"]
  }

  statement {
    sid       = "TheirQueues"
    actions   = ["sqs:SendMessage"]
    resources = local.queues
  }

  statement {
    sid       = "TheTopicOfChanges"
    actions   = ["sns:Publish"]
    resources = ["${local.arn}:sns:*:${local.account}:aws-ssm-changes-${var.environment}"]
  }

  statement {
    sid       = "TheKeyOfTheTopics"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.topics_key_arn]
  }

  # Which key encrypts the bucket is chosen by its owner. S3 tells KMS of which bucket or object it asks for it.
  statement {
    sid       = "AKeyForTheBucketAlone"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["${local.arn}:kms:*:${local.account}:key/*"]

    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["s3.*.amazonaws.com"]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [local.bucket, "${local.bucket}/*"]
    }
  }

  statement {
    sid       = "Traces"
    actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    resources = ["*"] # X-Ray has no ARN for a trace that is not there yet
  }
}
