# Whatever gives access to somebody: the state, roles within the boundary, keys. Every action is spelled out.

locals {
  functions = [
    "aws-ssm-data-fetcher-${var.environment}",
    "aws-ssm-processor-${var.environment}",
    "aws-ssm-report-generator-${var.environment}",
  ]

  bucket     = "${local.arn}:s3:::aws-ssm-data-${var.environment}-${local.account}"
  roles      = [for name in local.functions : "${local.arn}:iam::${local.account}:role/${name}"]
  log_groups = [for name in local.functions : "${local.arn}:logs:*:${local.account}:log-group:/aws/lambda/${name}"]
  queues     = [for name in local.functions : "${local.arn}:sqs:*:${local.account}:${name}-failed"]
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
    sid       = "GiveRolesWithinTheBoundary"
    actions   = ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]
    resources = local.roles

    condition {
      test     = "ArnEquals"
      variable = "iam:PermissionsBoundary"
      values   = [aws_iam_policy.boundary.arn]
    }
  }

  statement {
    sid = "LookAfterTheseRoles"

    actions = [
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateRole",
    ]

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

  # A key has no name before it is there: the tag tells whose it is.
  statement {
    sid       = "MakeKeysThatCarryTheTag"
    actions   = ["kms:CreateKey"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/application"
      values   = ["aws-ssm-data-fetcher"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "TagThemWithNothingElse"
    actions   = ["kms:TagResource"]
    resources = ["${local.arn}:kms:*:${local.account}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/application"
      values   = ["aws-ssm-data-fetcher"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/environment"
      values   = [var.environment]
    }
  }

  statement {
    sid = "LookAfterKeysThatCarryTheTag"

    actions = [
      "kms:DescribeKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:UpdateKeyDescription",
    ]

    resources = ["${local.arn}:kms:*:${local.account}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/application"
      values   = ["aws-ssm-data-fetcher"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/environment"
      values   = [var.environment]
    }
  }

  # To name a key takes the right on both, the key and the name.
  statement {
    sid     = "NameTheKey"
    actions = ["kms:CreateAlias", "kms:DeleteAlias"]

    resources = [
      "${local.arn}:kms:*:${local.account}:key/*",
      "${local.arn}:kms:*:${local.account}:alias/aws-ssm-alerts-${var.environment}",
    ]
  }

  statement {
    sid       = "FindKeysByName"
    actions   = ["kms:ListAliases"]
    resources = ["*"] # a list of all has no ARN
  }
}
