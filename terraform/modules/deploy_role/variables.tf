variable "environment" {
  description = "The environment that the role deploys, and the GitHub environment of that name: dev, staging or prod."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod, not ${var.environment}."
  }
}

variable "repository" {
  description = "The repository whose workflows may assume the role, as its tokens name it: owner/name, or owner@id/name@id where GitHub's subjects are immutable."
  type        = string

  # The owner may be a user that an enterprise manages, jdoe_acme. Both parts have an id, or none has.
  validation {
    condition = (
      can(regex("^[A-Za-z0-9-]+(_[A-Za-z0-9]+)?/[A-Za-z0-9._-]+$", var.repository)) ||
      can(regex("^[A-Za-z0-9-]+(_[A-Za-z0-9]+)?@[0-9]+/[A-Za-z0-9._-]+@[0-9]+$", var.repository))
    )
    error_message = "A repository is owner/name or owner@id/name@id, without wildcards, and this is not: ${var.repository}."
  }
}

variable "oidc_provider_arn" {
  description = "The account's provider of GitHub's identities; an account has one for each issuer."
  type        = string

  validation {
    condition     = can(regex(":oidc-provider/token\\.actions\\.(githubusercontent\\.com(/[a-z0-9-]+)?|[a-z0-9-]+\\.ghe\\.com)$", var.oidc_provider_arn))
    error_message = "The provider is that of token.actions.githubusercontent.com or token.actions.NAME.ghe.com, and this is not: ${var.oidc_provider_arn}."
  }
}

variable "state_bucket_arn" {
  description = "The bucket that keeps Terraform's state."
  type        = string
}

variable "topics_key_arn" {
  description = "The KMS key of the environment's topics, which the functions may use."
  type        = string
}
