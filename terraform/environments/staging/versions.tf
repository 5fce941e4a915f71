terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      application = "aws-ssm-data-fetcher"
      environment = "staging"
      deployment  = "aws-ssm-data-staging" # what its budget counts
    }
  }
}
