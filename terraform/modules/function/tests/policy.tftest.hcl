# The provider itself puts the policy together; nothing is asked of AWS.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_resource {
  target = aws_cloudwatch_log_group.this
  values = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/aws-ssm-processor-dev" }
}

override_resource {
  target = aws_sqs_queue.failed
  values = { arn = "arn:aws:sqs:us-east-1:123456789012:aws-ssm-processor-dev-failed" }
}

override_resource {
  target = aws_iam_role.this
  values = { arn = "arn:aws:iam::123456789012:role/aws-ssm-processor-dev" }
}

override_resource {
  target = aws_iam_role_policy.this
}

override_resource {
  target = aws_lambda_function.this
}

override_resource {
  target = aws_lambda_function_event_invoke_config.this
}

override_resource {
  target = aws_cloudwatch_metric_alarm.errors
}

override_resource {
  target = aws_cloudwatch_metric_alarm.failed_events
}

override_resource {
  target = aws_cloudwatch_metric_alarm.duration
}

variables {
  name                  = "aws-ssm-processor-dev"
  description           = "Measures"
  package               = "./README.md"
  layer_arn             = "arn:aws:lambda:us-east-1:123456789012:layer:aws-ssm-shared-layer-dev:1"
  environment_variables = {}
  memory_mb             = 512
  timeout_seconds       = 300
  log_retention_days    = 14
  is_traced             = true

  policy_document = <<-JSON
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/raw-data/*"}
    ]}
  JSON
}

run "a_role_may_do_what_it_is_given_write_its_log_keep_what_failed_and_trace_itself" {
  assert {
    condition = {
      for statement in jsondecode(output.policy_json).Statement :
      statement.Sid => { actions = statement.Action, resource = statement.Resource }
      } == {
      Read = { actions = "s3:GetObject", resource = "arn:aws:s3:::bucket/raw-data/*" }
      WriteItsOwnLog = {
        actions  = ["logs:PutLogEvents", "logs:CreateLogStream"]
        resource = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/aws-ssm-processor-dev:*"
      }
      KeepWhatFailed = { actions = "sqs:SendMessage", resource = "arn:aws:sqs:us-east-1:123456789012:aws-ssm-processor-dev-failed" }
      TraceItself    = { actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resource = "*" }
    }
    error_message = output.policy_json
  }

  assert {
    condition     = jsondecode(aws_iam_role.this[0].assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "Others than Lambda take on the role: ${aws_iam_role.this[0].assume_role_policy}"
  }
}
