variable "environment" {
  description = "The environment: dev, staging or prod. It is part of every name."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod, not ${var.environment}: names and retentions are known for these."
  }
}

variable "account_id" {
  description = "The account's twelve digits, which make the bucket's name unique."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits, unlike ${var.account_id}."
  }
}
