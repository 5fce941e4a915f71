variable "environment" {
  description = "Which environment the role deploys, here and as GitHub calls it: dev, staging or prod."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod, not ${var.environment}."
  }
}

variable "repository" {
  description = "The repository whose workflows may take on the role, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "A repository is owner/name, without wildcards, and this is not: ${var.repository}."
  }
}

variable "oidc_provider_arn" {
  description = "The account's provider of GitHub's identities; an account has one."
  type        = string

  validation {
    condition     = can(regex(":oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.oidc_provider_arn))
    error_message = "The provider is that of token.actions.githubusercontent.com, and this is not: ${var.oidc_provider_arn}."
  }
}

variable "state_bucket_arn" {
  description = "The bucket that keeps Terraform's state."
  type        = string
}
