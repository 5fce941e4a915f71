# Two topics: alerts, for whoever runs the pipeline, and changes, for whoever wants to know what AWS has opened.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# With SNS's own key CloudWatch may not publish: that key's policy cannot be changed.
resource "aws_kms_key" "this" {
  description             = "Messages of ${var.alerts_name} and ${var.changes_name}"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.key.json
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

resource "aws_sns_topic" "alerts" {
  name              = var.alerts_name
  display_name      = "Alerts of ${var.alerts_name}"
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_sns_topic" "changes" {
  name              = var.changes_name
  display_name      = "Changes of AWS services and regions"
  kms_master_key_id = aws_kms_key.this.arn
}

data "aws_iam_policy_document" "alerts" {
  statement {
    sid       = "LetAlarmsAndBudgetsPublish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts.arn]

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

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = data.aws_iam_policy_document.alerts.json
}

resource "aws_sns_topic_subscription" "alerts" {
  for_each = toset(concat(var.alert_emails, var.alert_urls))

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = startswith(each.value, "https://") ? "https" : "email"
  endpoint  = each.value
}

# Each hears of its own regions and services only; whoever names none hears of everything.
resource "aws_sns_topic_subscription" "changes" {
  for_each = { for subscriber in var.change_subscribers : subscriber.endpoint => subscriber }

  topic_arn           = aws_sns_topic.changes.arn
  protocol            = startswith(each.key, "https://") ? "https" : "email"
  endpoint            = each.key
  filter_policy_scope = "MessageAttributes"

  filter_policy = jsonencode({
    for attribute, values in {
      region   = each.value.regions
      service  = each.value.services
      kind     = each.value.kinds
      severity = each.value.severities
    } : attribute => values if length(values) > 0
  })
}
