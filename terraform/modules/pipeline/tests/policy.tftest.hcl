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
  target  = module.layer
  outputs = { layer_arn = "arn:aws:lambda:us-east-1:123456789012:layer:aws-ssm-shared-layer-dev:1" }
}

override_module {
  target  = module.function
  outputs = { function_name = "mock", function_arn = "arn:aws:lambda:us-east-1:123456789012:function:mock" }
}

override_resource {
  target = aws_s3_bucket_notification.this
}

override_resource {
  target = aws_lambda_permission.bucket
}

override_resource {
  target = aws_lambda_permission.schedule
}

override_resource {
  target = aws_cloudwatch_event_rule.schedule
  values = { arn = "arn:aws:events:us-east-1:123456789012:rule/aws-ssm-data-schedule-dev" }
}

override_resource {
  target = aws_cloudwatch_event_target.schedule
}

run "settings" {
  module {
    source = "../settings"
  }

  variables {
    environment = "dev"
    account_id  = "123456789012"
  }
}

variables {
  packages           = "../environment/tests/packages"
  bucket_name        = "bucket"
  bucket_arn         = "arn:aws:s3:::bucket"
  bucket_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/bucket"
  alerts_topic_arn   = "arn:aws:sns:us-east-1:123456789012:alerts"
  changes_topic_arn  = "arn:aws:sns:us-east-1:123456789012:changes"
  topics_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/topics"
  log_retention_days = 14
  settings           = { SSM_REGION = "eu-west-1" }
}

run "each_function_may_do_what_its_stage_does_and_no_more" {
  variables {
    contract = run.settings.contract
    names    = run.settings.names
    sizes    = run.settings.sizes
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.function["data_fetcher"].json).Statement :
      statement.Sid => { actions = statement.Action, resources = statement.Resource }
      } == {
      TellWhatIsThere  = { actions = "s3:ListBucket", resources = "arn:aws:s3:::bucket" }
      Read             = { actions = "s3:GetObject", resources = ["arn:aws:s3:::bucket/raw-data/*", "arn:aws:s3:::bucket/cache/*"] }
      Write            = { actions = "s3:PutObject", resources = ["arn:aws:s3:::bucket/raw-data/*", "arn:aws:s3:::bucket/cache/*"] }
      UseTheBucketsKey = { actions = ["kms:GenerateDataKey", "kms:Decrypt"], resources = "arn:aws:kms:us-east-1:123456789012:key/bucket" }
      AskForPublicParameters = {
        actions   = ["ssm:GetParametersByPath", "ssm:GetParameters"]
        resources = "arn:aws:ssm:eu-west-1::parameter/aws/service/global-infrastructure/*"
      }
    }
    error_message = data.aws_iam_policy_document.function["data_fetcher"].json
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.function["processor"].json).Statement :
      statement.Sid => { actions = statement.Action, resources = statement.Resource }
      } == {
      TellWhatIsThere = { actions = "s3:ListBucket", resources = "arn:aws:s3:::bucket" }
      Read = {
        actions   = "s3:GetObject"
        resources = ["arn:aws:s3:::bucket/raw-data/*", "arn:aws:s3:::bucket/processed-data/*", "arn:aws:s3:::bucket/history/*"]
      }
      Write            = { actions = "s3:PutObject", resources = ["arn:aws:s3:::bucket/processed-data/*", "arn:aws:s3:::bucket/history/*"] }
      UseTheBucketsKey = { actions = ["kms:GenerateDataKey", "kms:Decrypt"], resources = "arn:aws:kms:us-east-1:123456789012:key/bucket" }
    }
    error_message = data.aws_iam_policy_document.function["processor"].json
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.function["report_generator"].json).Statement :
      statement.Sid => { actions = statement.Action, resources = statement.Resource }
      } == {
      TellWhatIsThere = { actions = "s3:ListBucket", resources = "arn:aws:s3:::bucket" }
      Read = {
        actions   = "s3:GetObject"
        resources = ["arn:aws:s3:::bucket/reports/*", "arn:aws:s3:::bucket/raw-data/resource-types/*", "arn:aws:s3:::bucket/processed-data/*", "arn:aws:s3:::bucket/history/*"]
      }
      Write            = { actions = "s3:PutObject", resources = "arn:aws:s3:::bucket/reports/*" }
      UseTheBucketsKey = { actions = ["kms:GenerateDataKey", "kms:Decrypt"], resources = "arn:aws:kms:us-east-1:123456789012:key/bucket" }
      TellOfChanges    = { actions = "sns:Publish", resources = "arn:aws:sns:us-east-1:123456789012:changes" }
      UseTheTopicsKey  = { actions = ["kms:GenerateDataKey", "kms:Decrypt"], resources = "arn:aws:kms:us-east-1:123456789012:key/topics" }
    }
    error_message = data.aws_iam_policy_document.function["report_generator"].json
  }
}
