# The key that encrypts the messages of an environment's topics. With SNS's own key CloudWatch may not publish: that
# key's policy cannot be changed.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_kms_key" "this" {
  description             = "Messages of ${var.alerts_name} and ${var.changes_name}"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.key.json
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.alerts_name}"
  target_key_id = aws_kms_key.this.key_id
}

data "aws_iam_policy_document" "key" {
  # checkov:skip=CKV_AWS_109:In a key's policy * is the key itself
  # checkov:skip=CKV_AWS_111:In a key's policy * is the key itself
  # checkov:skip=CKV_AWS_356:In a key's policy * is the key itself
  statement {
    sid       = "LetTheAccountsPoliciesDecide"
    actions   = ["kms:*"]
    resources = ["*"] # in a key's policy that is the key

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "LetAlarmsAndBudgetsPublish"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"] # in a key's policy that is the key

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}
