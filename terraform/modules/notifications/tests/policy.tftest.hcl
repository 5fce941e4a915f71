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

override_module {
  target  = module.key
  outputs = { key_arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000" }
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
  alerts_name    = "aws-ssm-alerts-dev"
  changes_name   = "aws-ssm-changes-dev"
  alarm_prefixes = ["aws-ssm-processor-dev", "aws-ssm-data-dev"]
  alert_emails   = ["on-call@example.com"]
  alert_urls     = ["https://example.com/alerts"]

  change_subscribers = [
    { endpoint = "https://example.com/changes", regions = ["eu-south-2"], services = ["bedrock", "lambda"] },
    { endpoint = "all@example.com", levels = ["service", "type"] },
  ]
}

run "two_encrypted_topics_to_which_alarms_of_this_environment_and_budgets_of_this_account_may_publish" {
  assert {
    condition     = aws_sns_topic.alerts.kms_master_key_id == module.key[0].key_arn && aws_sns_topic.changes.kms_master_key_id == module.key[0].key_arn && output.key_arn == module.key[0].key_arn
    error_message = "A topic is not encrypted with the key."
  }

  assert {
    condition = jsondecode(aws_sns_topic_policy.alerts.policy).Statement == [
      {
        Sid       = "LetAlarmsOfThisEnvironmentPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:us-east-1:123456789012:aws-ssm-alerts-dev"
        Condition = { ArnLike = { "aws:SourceArn" = [
          "arn:aws:cloudwatch:*:123456789012:alarm:aws-ssm-processor-dev-*",
          "arn:aws:cloudwatch:*:123456789012:alarm:aws-ssm-data-dev-*",
        ] } }
      },
      {
        Sid       = "LetBudgetsPublish"
        Effect    = "Allow"
        Principal = { Service = "budgets.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:us-east-1:123456789012:aws-ssm-alerts-dev"
        Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
      },
    ]
    error_message = aws_sns_topic_policy.alerts.policy
  }

  assert {
    condition     = { for endpoint, one in aws_sns_topic_subscription.alerts : endpoint => one.protocol } == { "on-call@example.com" = "email", "https://example.com/alerts" = "https" }
    error_message = jsonencode(aws_sns_topic_subscription.alerts)
  }

  assert {
    condition = {
      for endpoint, one in aws_sns_topic_subscription.changes : endpoint => { protocol = one.protocol, filter = jsondecode(one.filter_policy) }
      } == {
      "https://example.com/changes" = { protocol = "https", filter = { scope = ["region"], region = ["eu-south-2"], services = ["bedrock", "lambda"], level = ["service"] } }
      "all@example.com"             = { protocol = "email", filter = { scope = ["all"], level = ["service", "type"] } }
    }
    error_message = "A subscriber hears of other changes: ${jsonencode(aws_sns_topic_subscription.changes)}"
  }
}

run "a_key_that_is_given_is_used_and_none_is_made" {
  variables {
    key_arn = "arn:aws:kms:us-east-1:123456789012:key/given"
  }

  assert {
    condition     = aws_sns_topic.alerts.kms_master_key_id == "arn:aws:kms:us-east-1:123456789012:key/given" && aws_sns_topic.changes.kms_master_key_id == "arn:aws:kms:us-east-1:123456789012:key/given" && length(module.key) == 0
    error_message = "A key is made beside the one that was given."
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
