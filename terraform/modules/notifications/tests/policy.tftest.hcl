# The provider itself puts the policies together; nothing is asked of AWS.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_resource {
  target = aws_kms_key.this
  values = {
    arn    = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    key_id = "00000000-0000-0000-0000-000000000000"
  }
}

override_resource {
  target = aws_kms_alias.this
}

override_resource {
  target = aws_sns_topic.alerts
  values = { arn = "arn:aws:sns:us-east-1:123456789012:aws-ssm-alerts-dev" }
}

override_resource {
  target = aws_sns_topic.changes
  values = { arn = "arn:aws:sns:us-east-1:123456789012:aws-ssm-changes-dev" }
}

override_resource {
  target = aws_sns_topic_policy.alerts
}

override_resource {
  target = aws_sns_topic_subscription.alerts
}

override_resource {
  target = aws_sns_topic_subscription.changes
}

variables {
  alerts_name  = "aws-ssm-alerts-dev"
  changes_name = "aws-ssm-changes-dev"
  alert_emails = ["on-call@example.com"]
  alert_urls   = ["https://example.com/alerts"]

  change_subscribers = [
    { endpoint = "https://example.com/changes", regions = ["eu-south-2"], services = ["bedrock", "lambda"] },
    { endpoint = "all@example.com" },
  ]
}

run "two_encrypted_topics_to_which_alarms_and_budgets_of_this_account_may_publish" {
  assert {
    condition     = aws_sns_topic.alerts.kms_master_key_id == aws_kms_key.this.arn && aws_sns_topic.changes.kms_master_key_id == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation
    error_message = "A topic is not encrypted with the key, or the key is not rotated."
  }

  assert {
    condition = jsondecode(aws_sns_topic_policy.alerts.policy).Statement == [{
      Sid       = "LetAlarmsAndBudgetsPublish"
      Effect    = "Allow"
      Principal = { Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:us-east-1:123456789012:aws-ssm-alerts-dev"
      Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    }]
    error_message = aws_sns_topic_policy.alerts.policy
  }

  assert {
    condition = { for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid => [statement.Principal, statement.Action] } == {
      LetTheAccountsPoliciesDecide = [{ AWS = "arn:aws:iam::123456789012:root" }, "kms:*"]
      LetAlarmsAndBudgetsPublish   = [{ Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }, ["kms:GenerateDataKey*", "kms:Decrypt"]]
    }
    error_message = aws_kms_key.this.policy
  }

  assert {
    condition     = { for endpoint, one in aws_sns_topic_subscription.alerts : endpoint => one.protocol } == { "on-call@example.com" = "email", "https://example.com/alerts" = "https" }
    error_message = jsonencode(aws_sns_topic_subscription.alerts)
  }

  assert {
    condition = {
      for endpoint, one in aws_sns_topic_subscription.changes : endpoint => { protocol = one.protocol, filter = jsondecode(one.filter_policy) }
      } == {
      "https://example.com/changes" = { protocol = "https", filter = { region = ["eu-south-2"], service = ["bedrock", "lambda"] } }
      "all@example.com"             = { protocol = "email", filter = {} }
    }
    error_message = "A subscriber hears of other changes: ${jsonencode(aws_sns_topic_subscription.changes)}"
  }
}

run "whoever_cannot_be_reached_is_refused" {
  command = plan

  variables {
    alert_emails       = ["on-call"]
    alert_urls         = ["http://example.com/alerts"]
    change_subscribers = [{ endpoint = "http://example.com/changes" }]
  }

  expect_failures = [var.alert_emails, var.alert_urls, var.change_subscribers]
}
