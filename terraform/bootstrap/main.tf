# Once for an account, before the environments: where Terraform keeps its state, and who may deploy from GitHub.

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  # ec2.us-east-1.amazonaws.com: version 5 of the provider has no attribute region, version 6 deprecates id and name
  region = split(".", data.aws_region.current.endpoint)[1]

  account = data.aws_caller_identity.current.account_id
  github  = var.github_issuer
  is_own  = var.repository != null && !var.has_github_provider

  existing_provider = "arn:${data.aws_partition.current.partition}:iam::${local.account}:oidc-provider/${local.github}"
}

module "state" {
  source = "../modules/storage"

  name              = "aws-ssm-data-state-${local.account}"
  expirations       = {}
  kept              = []
  old_versions_days = 365
}

resource "aws_iam_openid_connect_provider" "github" {
  count = local.is_own ? 1 : 0

  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

# In the environments' region, in which the topics are.
module "topics_key" {
  source    = "../modules/topics_key"
  for_each  = var.repository == null ? [] : toset(var.environments)
  providers = { aws = aws.environments }

  alerts_name  = "aws-ssm-alerts-${each.key}"
  changes_name = "aws-ssm-changes-${each.key}"

  tags = {
    environment = each.key
    deployment  = "aws-ssm-data-${each.key}" # what the environment's budget counts
  }
}

module "deploy_role" {
  source   = "../modules/deploy_role"
  for_each = var.repository == null ? [] : toset(var.environments)

  environment       = each.key
  repository        = var.repository
  oidc_provider_arn = local.is_own ? aws_iam_openid_connect_provider.github[0].arn : local.existing_provider
  state_bucket_arn  = module.state.bucket_arn
  topics_key_arn    = module.topics_key[each.key].key_arn
}
