variable "region" {
  description = "The region of the state's bucket, such as us-east-1; without one AWS_REGION or the profile's."
  type        = string
  default     = null
}

variable "account_id" {
  description = "The only account to work in. Other credentials are then refused before anything is made."
  type        = string
  default     = null
}

variable "repository" {
  description = "The GitHub repository that deploys, as owner/name; without one there are no roles for it."
  type        = string
  default     = null
}

variable "environments" {
  description = "The environments that this account holds, each with a role of its own."
  type        = list(string)
  default     = ["dev", "staging", "prod"]
}

variable "has_github_provider" {
  description = "Whether the account has a provider of GitHub's identities already: it can have one only."
  type        = bool
  default     = false
}
