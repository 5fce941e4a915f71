# Two topics: alerts, for whoever runs the pipeline, and changes, for whoever wants to know what AWS has opened.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# A key of its own unless it is given one: whoever deploys without rights on keys hands in the one of the bootstrap.
module "key" {
  source = "../topics_key"
  count  = var.key_arn == null ? 1 : 0

  alerts_name  = var.alerts_name
  changes_name = var.changes_name
}

moved {
  from = aws_kms_key.this
  to   = module.key[0].aws_kms_key.this
}

moved {
  from = aws_kms_alias.this
  to   = module.key[0].aws_kms_alias.this
}

locals {
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"
  key_arn = var.key_arn == null ? module.key[0].key_arn : var.key_arn
}

resource "aws_sns_topic" "alerts" {
  name              = var.alerts_name
  display_name      = "Alerts of ${var.alerts_name}"
  kms_master_key_id = local.key_arn
}

resource "aws_sns_topic" "changes" {
  name              = var.changes_name
  display_name      = "Changes of AWS services and regions"
  kms_master_key_id = local.key_arn
}

# By name: an alarm of another environment in the same account must not publish here.
data "aws_iam_policy_document" "alerts" {
  statement {
    sid       = "LetAlarmsOfThisEnvironmentPublish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [for prefix in var.alarm_prefixes : "${local.arn}:cloudwatch:*:${local.account}:alarm:${prefix}-*"]
    }
  }

  statement {
    sid       = "LetBudgetsPublish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts.arn]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
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

# Each hears of its own regions, or of its own services; whoever names neither gets one message of everything.
# A message of a region names its services in the plural, so that a filter on both finds it.
resource "aws_sns_topic_subscription" "changes" {
  for_each = { for subscriber in var.change_subscribers : subscriber.endpoint => subscriber }

  topic_arn           = aws_sns_topic.changes.arn
  protocol            = startswith(each.key, "https://") ? "https" : "email"
  endpoint            = each.key
  filter_policy_scope = "MessageAttributes"

  filter_policy = jsonencode({
    for attribute, values in {
      scope    = [length(each.value.regions) > 0 ? "region" : length(each.value.services) > 0 ? "service" : "all"]
      region   = each.value.regions
      service  = length(each.value.regions) > 0 ? [] : each.value.services
      services = length(each.value.regions) > 0 ? each.value.services : []
      kind     = each.value.kinds
      severity = each.value.severities
      level    = each.value.levels
    } : attribute => values if length(values) > 0
  })
}
