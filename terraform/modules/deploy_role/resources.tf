# Everything else that an environment is made of, each by its name.

locals {
  schedule = "${local.arn}:events:*:${local.account}:rule/aws-ssm-data-schedule-${var.environment}"
  alarms   = [for name in concat(local.names, ["aws-ssm-data-${var.environment}"]) : "${local.arn}:cloudwatch:*:${local.account}:alarm:${name}-*"]
}

data "aws_iam_policy_document" "resources" {
  statement {
    sid = "Bucket"

    actions = [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:GetAccelerateConfiguration",
      "s3:GetBucket*",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:PutBucketNotification",
      "s3:PutBucketOwnershipControls",
      "s3:PutBucketPolicy",
      "s3:PutBucketPublicAccessBlock",
      "s3:PutBucketTagging",
      "s3:PutBucketVersioning",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
    ]

    resources = [local.bucket]
  }

  statement {
    sid = "Functions"

    actions = [
      "lambda:AddPermission",
      "lambda:CreateFunction",
      "lambda:DeleteFunction",
      "lambda:DeleteFunctionEventInvokeConfig",
      "lambda:GetFunction*",
      "lambda:GetPolicy",
      "lambda:ListTags",
      "lambda:ListVersionsByFunction",
      "lambda:PutFunctionConcurrency",
      "lambda:DeleteFunctionConcurrency",
      "lambda:PutFunctionEventInvokeConfig",
      "lambda:RemovePermission",
      "lambda:TagResource",
      "lambda:UntagResource",
      "lambda:UpdateFunctionCode",
      "lambda:UpdateFunctionConfiguration",
    ]

    resources = [for name in local.names : "${local.arn}:lambda:*:${local.account}:function:${name}"]
  }

  statement {
    sid     = "Layer"
    actions = ["lambda:PublishLayerVersion", "lambda:GetLayerVersion", "lambda:DeleteLayerVersion"]

    resources = [
      "${local.arn}:lambda:*:${local.account}:layer:aws-ssm-shared-layer-${var.environment}",
      "${local.arn}:lambda:*:${local.account}:layer:aws-ssm-shared-layer-${var.environment}:*",
    ]
  }

  statement {
    sid = "Logs"

    actions = [
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:PutRetentionPolicy",
      "logs:TagResource",
      "logs:UntagResource",
      "logs:ListTagsForResource",
    ]

    resources = concat(local.log_groups, [for group in local.log_groups : "${group}:*"])
  }

  # A list of all has no ARN, and neither has a saved query.
  statement {
    sid = "LogQueries"

    actions = [
      "logs:DescribeLogGroups",
      "logs:PutQueryDefinition",
      "logs:DescribeQueryDefinitions",
      "logs:DeleteQueryDefinition",
    ]

    resources = ["*"]
  }

  statement {
    sid = "Queues"

    actions = [
      "sqs:CreateQueue",
      "sqs:DeleteQueue",
      "sqs:GetQueueAttributes",
      "sqs:SetQueueAttributes",
      "sqs:TagQueue",
      "sqs:UntagQueue",
      "sqs:ListQueueTags",
    ]

    resources = local.queues
  }

  statement {
    sid = "Topics"

    actions = [
      "sns:CreateTopic",
      "sns:DeleteTopic",
      "sns:GetTopicAttributes",
      "sns:ListTagsForResource",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:TagResource",
      "sns:UntagResource",
    ]

    resources = [for name in ["alerts", "changes"] : "${local.arn}:sns:*:${local.account}:aws-ssm-${name}-${var.environment}"]
  }

  statement {
    sid       = "Subscriptions"
    actions   = ["sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"]
    resources = ["*"] # a subscription is named by its topic, and IAM knows no ARN of it
  }

  statement {
    sid = "Schedule"

    actions = [
      "events:PutRule",
      "events:DeleteRule",
      "events:DescribeRule",
      "events:RemoveTargets",
      "events:ListTargetsByRule",
      "events:ListTagsForResource",
      "events:TagResource",
      "events:UntagResource",
    ]

    resources = [local.schedule]
  }

  statement {
    sid       = "TheScheduleStartsTheFetcherAlone"
    actions   = ["events:PutTargets"]
    resources = [local.schedule]

    condition {
      test     = "ForAllValues:ArnLike"
      variable = "events:TargetArn"
      values   = [local.fetcher]
    }
  }

  statement {
    sid = "Alarms"

    actions = [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:ListTagsForResource",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ]

    resources = local.alarms
  }

  # An alarm can stop machines and start functions too; these tell the topic of alerts, and nobody else.
  statement {
    sid       = "AlarmsTellTheTopicAlone"
    actions   = ["cloudwatch:PutMetricAlarm"]
    resources = local.alarms

    condition {
      test     = "ForAllValues:StringLike"
      variable = "cloudwatch:AlarmActions"
      values   = ["${local.arn}:sns:*:${local.account}:aws-ssm-alerts-${var.environment}"]
    }
  }

  statement {
    sid       = "Dashboard"
    actions   = ["cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"]
    resources = ["${local.arn}:cloudwatch::${local.account}:dashboard/aws-ssm-data-${var.environment}"]
  }

  statement {
    sid = "Tables"

    actions = [
      "glue:CreateDatabase",
      "glue:DeleteDatabase",
      "glue:GetDatabase",
      "glue:UpdateDatabase",
      "glue:CreateTable",
      "glue:DeleteTable",
      "glue:GetTable",
      "glue:GetPartitionIndexes",
      "glue:UpdateTable",
      "glue:GetTags",
      "glue:TagResource",
      "glue:UntagResource",
    ]

    resources = [
      "${local.arn}:glue:*:${local.account}:catalog",
      "${local.arn}:glue:*:${local.account}:database/aws_ssm_data_${var.environment}",
      "${local.arn}:glue:*:${local.account}:table/aws_ssm_data_${var.environment}/*",
      "${local.arn}:glue:*:${local.account}:userDefinedFunction/aws_ssm_data_${var.environment}/*", # DeleteDatabase asks for it
    ]
  }

  statement {
    sid = "Questions"

    actions = [
      "athena:CreateWorkGroup",
      "athena:DeleteWorkGroup",
      "athena:GetWorkGroup",
      "athena:UpdateWorkGroup",
      "athena:CreateNamedQuery",
      "athena:DeleteNamedQuery",
      "athena:GetNamedQuery",
      "athena:UpdateNamedQuery",
      "athena:ListTagsForResource",
      "athena:TagResource",
      "athena:UntagResource",
    ]

    resources = ["${local.arn}:athena:*:${local.account}:workgroup/aws-ssm-data-${var.environment}"]
  }

  statement {
    sid = "Budget"

    actions = [
      "budgets:ModifyBudget",
      "budgets:ViewBudget",
      "budgets:ListTagsForResource",
      "budgets:TagResource",
      "budgets:UntagResource",
    ]

    resources = ["${local.arn}:budgets::${local.account}:budget/aws-ssm-data-${var.environment}"]
  }
}
