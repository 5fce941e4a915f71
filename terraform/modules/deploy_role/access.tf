# Whatever gives access to somebody: the state, and what the functions' roles may do. Every action is spelled out.
# The roles and the key of the topics are made here and not by this role: whoever may make a role decides who takes it
# on, and whoever may tag a key makes it his own.

locals {
  functions = {
    data_fetcher     = "aws-ssm-data-fetcher-${var.environment}"
    processor        = "aws-ssm-processor-${var.environment}"
    report_generator = "aws-ssm-report-generator-${var.environment}"
  }

  names      = values(local.functions)
  bucket     = "${local.arn}:s3:::aws-ssm-data-${var.environment}-${local.account}"
  roles      = [for name in local.names : "${local.arn}:iam::${local.account}:role/${name}"]
  log_groups = [for name in local.names : "${local.arn}:logs:*:${local.account}:log-group:/aws/lambda/${name}"]
  queues     = [for name in local.names : "${local.arn}:sqs:*:${local.account}:${name}-failed"]
  fetcher    = "${local.arn}:lambda:*:${local.account}:function:${local.functions.data_fetcher}"
}

data "aws_iam_policy_document" "access" {
  statement {
    sid       = "FindTheState"
    actions   = ["s3:ListBucket"]
    resources = [var.state_bucket_arn]
  }

  statement {
    sid       = "KeepTheState"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${var.state_bucket_arn}/${var.environment}.tfstate"]
  }

  statement {
    sid       = "LockTheState"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${var.state_bucket_arn}/${var.environment}.tfstate.tflock"]
  }

  statement {
    sid       = "SayWhatFunctionsMayWithinTheBoundary"
    actions   = ["iam:PutRolePolicy", "iam:DeleteRolePolicy"]
    resources = local.roles

    condition {
      test     = "ArnEquals"
      variable = "iam:PermissionsBoundary"
      values   = [aws_iam_policy.boundary.arn]
    }
  }

  statement {
    sid       = "SeeWhatFunctionsMay"
    actions   = ["iam:GetRolePolicy"]
    resources = local.roles
  }

  statement {
    sid       = "HandTheseRolesToLambdaAlone"
    actions   = ["iam:PassRole"]
    resources = local.roles

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com"]
    }
  }

  statement {
    sid       = "StartTheFirstRun"
    actions   = ["lambda:InvokeFunction"]
    resources = [local.fetcher]
  }

  statement {
    sid       = "ReadWhatItWrote"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket}/*"]
  }

  # Where a key of yours encrypts the bucket; S3 tells KMS of which object it asks.
  statement {
    sid       = "DecryptIt"
    actions   = ["kms:Decrypt"]
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
}
