variable "region" {
  description = "The region to deploy into, such as us-east-1; without one, AWS_REGION or the profile's region."
  type        = string
  default     = null
}

variable "account_id" {
  description = "The only account to deploy into; Terraform refuses credentials of any other before it creates anything."
  type        = string
  default     = null
}

variable "packages" {
  description = "The folder with the packages that make packages wrote."
  type        = string
  default     = "../../../dist"

  validation {
    condition     = fileexists("${var.packages}/manifest.json")
    error_message = "There are no packages in ${var.packages}. Build them first, at the top of the project: make packages."
  }
}

variable "bootstrap" {
  description = "What terraform/bootstrap created for this environment: its entry in the output environments. Without it, roles and key are created here."
  type = object({
    role_arns      = map(string)
    topics_key_arn = string
  })
  default = null
}

variable "permissions_boundary_arn" {
  description = "Your permissions boundary for the functions' roles, if they are created here."
  type        = string
  default     = null
}

variable "alert_emails" {
  description = "Mail addresses that get alarms."
  type        = list(string)
  default     = []
}

variable "alert_urls" {
  description = "Https addresses that get alarms."
  type        = list(string)
  default     = []
}

variable "change_subscribers" {
  description = "Mail or https addresses that get changes, each with its regions and services; an empty list means all."
  type = list(object({
    endpoint   = string
    regions    = optional(list(string), [])
    services   = optional(list(string), [])
    kinds      = optional(list(string), [])
    severities = optional(list(string), [])
    levels     = optional(list(string), ["service"])
  }))
  default = []
}
