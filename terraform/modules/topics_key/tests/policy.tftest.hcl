# The provider itself puts the policy together; nothing is asked of AWS.
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

variables {
  alerts_name  = "aws-ssm-alerts-dev"
  changes_name = "aws-ssm-changes-dev"
  tags         = { deployment = "aws-ssm-data-dev" }
}

run "a_rotated_key_that_the_account_decides_over_and_alarms_and_budgets_may_use" {
  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_alias.this.name == "alias/aws-ssm-alerts-dev"
    error_message = "The key is not rotated, or its alias is ${aws_kms_alias.this.name}."
  }

  assert {
    condition = { for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid => [statement.Principal, statement.Action] } == {
      LetTheAccountsPoliciesDecide = [{ AWS = "arn:aws:iam::123456789012:root" }, "kms:*"]
      LetAlarmsAndBudgetsPublish   = [{ Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }, ["kms:GenerateDataKey*", "kms:Decrypt"]]
    }
    error_message = aws_kms_key.this.policy
  }

  assert {
    condition     = aws_kms_key.this.tags == tomap({ deployment = "aws-ssm-data-dev" })
    error_message = "The budget does not count the key: ${jsonencode(aws_kms_key.this.tags)}"
  }
}
