mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { endpoint = "ec2.us-east-1.amazonaws.com" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/mock" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::mock" }
  }
}

mock_provider "aws" {
  alias = "environments"

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-1:123456789012:key/mock" }
  }
}

run "an_account_keeps_its_state_in_one_bucket_and_lets_each_environment_be_deployed_by_a_role_of_its_own" {
  variables {
    repository = "example/aws-ssm-data-fetcher"
  }

  assert {
    condition     = strcontains(output.backend, "use_lockfile = true") && strcontains(output.backend, "bucket       = \"${module.state.bucket_name}\"")
    error_message = output.backend
  }

  assert {
    condition     = toset(keys(output.role_arns)) == toset(["dev", "staging", "prod"]) && toset(keys(output.environments)) == toset(["dev", "staging", "prod"])
    error_message = jsonencode(output.role_arns)
  }

  assert {
    condition     = toset(keys(output.environments.prod.role_arns)) == toset(["data_fetcher", "processor", "report_generator"]) && output.environments.prod.topics_key_arn == "arn:aws:kms:eu-west-1:123456789012:key/mock"
    error_message = jsonencode(output.environments)
  }

  assert {
    condition     = aws_iam_openid_connect_provider.github[0].url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = aws_iam_openid_connect_provider.github[0].url
  }
}

run "without_a_repository_nobody_deploys_from_github" {
  command = plan

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && length(output.role_arns) == 0
    error_message = "There are roles for nobody: ${jsonencode(output.role_arns)}"
  }
}

run "an_enterprise_with_data_residency_has_an_issuer_of_its_own" {
  variables {
    repository    = "jdoe_acme@123456/aws-ssm-data-fetcher@456789"
    github_issuer = "token.actions.acme.ghe.com"
  }

  assert {
    condition     = aws_iam_openid_connect_provider.github[0].url == "https://token.actions.acme.ghe.com"
    error_message = aws_iam_openid_connect_provider.github[0].url
  }
}

run "an_issuer_that_is_not_githubs_is_refused" {
  command = plan

  variables {
    github_issuer = "token.actions.example.com"
  }

  expect_failures = [var.github_issuer]
}
