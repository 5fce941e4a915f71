variable "region" {
  description = "The region of the state's bucket, such as us-east-1; without one, AWS_REGION or the profile's region."
  type        = string
  default     = null
}

variable "environments_region" {
  description = "The region of the environments, whose topics need their key there; without one, that of the state's bucket."
  type        = string
  default     = null
}

variable "account_id" {
  description = "The only account to work in; Terraform refuses credentials of any other before it creates anything."
  type        = string
  default     = null
}

variable "repository" {
  description = "The GitHub repository that deploys, as its tokens name it: owner/name, or owner@id/name@id. Without one, no roles for it are created."
  type        = string
  default     = null
}

variable "environments" {
  description = "The environments of this account, each with a role of its own."
  type        = list(string)
  default     = ["dev", "staging", "prod"]
}

variable "github_issuer" {
  description = "Who signs the workflows' tokens: GitHub, or token.actions.NAME.ghe.com for an enterprise with data residency."
  type        = string
  default     = "token.actions.githubusercontent.com"

  validation {
    condition     = can(regex("^token\\.actions\\.(githubusercontent\\.com(/[a-z0-9-]+)?|[a-z0-9-]+\\.ghe\\.com)$", var.github_issuer))
    error_message = "The issuer is token.actions.githubusercontent.com or token.actions.NAME.ghe.com, without https://, not ${var.github_issuer}."
  }
}

variable "has_github_provider" {
  description = "Whether the account has a provider of that issuer's identities already: it can have one only."
  type        = bool
  default     = false
}
