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
  target = aws_iam_role.this
  values = { arn = "arn:aws:iam::123456789012:role/aws-ssm-deploy-dev" }
}

override_resource {
  target = aws_iam_policy.boundary
  values = { arn = "arn:aws:iam::123456789012:policy/aws-ssm-boundary-dev" }
}

override_resource {
  target = aws_iam_role.validate
  values = { arn = "arn:aws:iam::123456789012:role/aws-ssm-validate-dev", id = "aws-ssm-validate-dev" }
}

override_resource {
  target = aws_iam_role_policy.validate
}

override_resource {
  target = aws_iam_role.function
  values = { arn = "arn:aws:iam::123456789012:role/mock" }
}

override_resource {
  target = aws_iam_policy.deploy
  values = { arn = "arn:aws:iam::123456789012:policy/mock" }
}

override_resource {
  target = aws_iam_role_policy_attachment.deploy
}

variables {
  environment       = "dev"
  repository        = "example/aws-ssm-data-fetcher"
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  state_bucket_arn  = "arn:aws:s3:::aws-ssm-data-state-123456789012"
  topics_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/topics"
}

run "one_environment_of_one_repository_deploys_one_environment_within_a_boundary" {
  assert {
    condition = jsondecode(output.trust_json).Statement[0].Condition.StringEquals == {
      "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
      "token.actions.githubusercontent.com:sub" = "repo:example/aws-ssm-data-fetcher:environment:dev"
    }
    error_message = output.trust_json
  }

  # Actions that only read may be named by their beginning; what gives, changes or deletes is spelled out.
  assert {
    condition = alltrue(flatten([
      for policy in values(output.policies_json) : [
        for statement in jsondecode(policy).Statement : [
          for action in flatten([statement.Action]) : !strcontains(action, "*") || can(regex(":(Get|List|Describe)[A-Za-z]*\\*$", action))
        ]
      ]
    ]))
    error_message = "An action that grants is given by a wildcard: ${jsonencode(output.policies_json)}"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies_json.access).Statement :
      statement.Condition.ArnEquals["iam:PermissionsBoundary"] == "arn:aws:iam::123456789012:policy/aws-ssm-boundary-dev"
      if length(setintersection(flatten([statement.Action]), ["iam:PutRolePolicy", "iam:DeleteRolePolicy"])) > 0
    ])
    error_message = "A role outside the boundary can be given rights."
  }

  # Rights on roles are these and no others; there are none on policies, users or the provider of identities, and a key
  # is used by S3 alone, for the bucket.
  assert {
    condition = toset([
      for action in flatten([for statement in concat(jsondecode(output.policies_json.access).Statement, jsondecode(output.policies_json.resources).Statement) : statement.Action]) :
      action if can(regex("^(iam|kms|sts|organizations):", action))
    ]) == toset(["iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:GetRolePolicy", "iam:PassRole", "kms:Decrypt"])
    error_message = "The role can widen what it may do: ${output.policies_json.access}"
  }

  assert {
    condition = alltrue([
      for statement in concat(jsondecode(output.policies_json.access).Statement, jsondecode(output.policies_json.validate).Statement, jsondecode(output.policies_json.boundary).Statement) :
      statement.Condition.StringLike["kms:ViaService"] == "s3.*.amazonaws.com" && flatten([statement.Condition.StringLike["kms:EncryptionContext:aws:s3:arn"]])[0] == "arn:aws:s3:::aws-ssm-data-dev-123456789012"
      if contains(flatten([statement.Action]), "kms:Decrypt") && statement.Sid != "TheKeyOfTheTopics"
    ])
    error_message = "A key can be used for something else than the bucket."
  }

  assert {
    condition = alltrue([
      for role in values(aws_iam_role.function) :
      role.permissions_boundary == "arn:aws:iam::123456789012:policy/aws-ssm-boundary-dev" && jsondecode(role.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    ]) && toset(keys(output.function_role_arns)) == toset(["data_fetcher", "processor", "report_generator"])
    error_message = "A function's role is outside the boundary, or others than Lambda take it on."
  }

  assert {
    condition = toset([
      for statement in concat(jsondecode(output.policies_json.access).Statement, jsondecode(output.policies_json.resources).Statement) : statement.Sid if contains(flatten([statement.Resource]), "*")
    ]) == toset(["LogQueries", "Subscriptions"])
    error_message = "More is given on everything than what has no ARN."
  }

  # IAM takes 6144 characters, blanks not counted.
  assert {
    condition = alltrue([
      for document in [data.aws_iam_policy_document.access, data.aws_iam_policy_document.resources, data.aws_iam_policy_document.boundary] :
      length(document.minified_json) <= 6144
    ])
    error_message = "A policy is longer than IAM takes: ${length(data.aws_iam_policy_document.access.minified_json)}, ${length(data.aws_iam_policy_document.resources.minified_json)}, ${length(data.aws_iam_policy_document.boundary.minified_json)}"
  }
}

run "a_trust_that_would_be_too_wide_is_refused" {
  command = plan

  variables {
    environment       = "*"
    repository        = "example/*"
    oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/example.com"
  }

  expect_failures = [var.environment, var.repository, var.oidc_provider_arn]
}

run "a_repository_whose_subjects_are_immutable_is_trusted_by_its_ids" {
  variables {
    repository        = "jdoe_acme@123456/aws-ssm-data-fetcher@456789"
    oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.acme.ghe.com"
  }

  assert {
    condition = jsondecode(output.trust_json).Statement[0].Condition.StringEquals == {
      "token.actions.acme.ghe.com:aud" = "sts.amazonaws.com"
      "token.actions.acme.ghe.com:sub" = "repo:jdoe_acme@123456/aws-ssm-data-fetcher@456789:environment:dev"
    }
    error_message = output.trust_json
  }
}

run "the_role_of_the_daily_validation_reads_and_changes_nothing" {
  assert {
    condition = toset(flatten([for statement in jsondecode(output.policies_json.validate).Statement : statement.Action])) == toset([
      "s3:ListBucket", "s3:GetObject", "kms:Decrypt", "cloudwatch:DescribeAlarms",
    ])
    error_message = output.policies_json.validate
  }

  assert {
    condition     = jsondecode(aws_iam_role.validate.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:example/aws-ssm-data-fetcher:environment:validate-dev"
    error_message = aws_iam_role.validate.assume_role_policy
  }
}

run "an_id_of_one_part_alone_is_refused" {
  command = plan

  variables {
    repository = "example@123456/aws-ssm-data-fetcher"
  }

  expect_failures = [var.repository]
}
