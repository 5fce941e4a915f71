# A role that a GitHub workflow takes on, from one repository and one environment, to deploy one environment.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"
  name    = "aws-ssm-deploy-${var.environment}"
  issuer  = split(":oidc-provider/", var.oidc_provider_arn)[1]
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "LetOneEnvironmentOfOneRepositoryIn"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["repo:${var.repository}:environment:${var.environment}"]
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = local.name
  description          = "Deploys ${var.environment} from ${var.repository}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
}

resource "aws_iam_policy" "boundary" {
  name        = "aws-ssm-boundary-${var.environment}"
  description = "The most that a function of ${var.environment} may ever do, whatever its own policy says"
  policy      = data.aws_iam_policy_document.boundary.json
}

# A role that only looks, for the daily validation: nobody has to approve it, and it can change nothing.
data "aws_iam_policy_document" "validate_trust" {
  statement {
    sid     = "LetTheValidationOfOneEnvironmentIn"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["repo:${var.repository}:environment:validate-${var.environment}"]
    }
  }
}

data "aws_iam_policy_document" "validate" {
  statement {
    sid       = "SeeWhatThereIs"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket]
  }

  statement {
    sid       = "ReadIt"
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

  statement {
    sid       = "SeeTheAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = ["${local.arn}:cloudwatch:*:${local.account}:alarm:*"] # asked by a prefix, which names no alarm
  }
}

resource "aws_iam_role" "validate" {
  name                 = "aws-ssm-validate-${var.environment}"
  description          = "Validates ${var.environment} from ${var.repository}"
  assume_role_policy   = data.aws_iam_policy_document.validate_trust.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "validate" {
  name   = "validate"
  role   = aws_iam_role.validate.id
  policy = data.aws_iam_policy_document.validate.json
}

data "aws_iam_policy_document" "lambda" {
  statement {
    sid     = "LetLambdaIn"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# Made here, so that a deployment cannot change who takes them on. What they may do, a deployment writes into them.
resource "aws_iam_role" "function" {
  for_each = local.functions

  name                 = each.value
  description          = "What the function ${each.value} may do"
  assume_role_policy   = data.aws_iam_policy_document.lambda.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_policy" "deploy" {
  for_each = {
    access    = data.aws_iam_policy_document.access.json
    resources = data.aws_iam_policy_document.resources.json
  }

  name        = "${local.name}-${each.key}"
  description = "What deploying ${var.environment} takes: ${each.key}"
  policy      = each.value
}

resource "aws_iam_role_policy_attachment" "deploy" {
  for_each = aws_iam_policy.deploy

  role       = aws_iam_role.this.name
  policy_arn = each.value.arn
}
