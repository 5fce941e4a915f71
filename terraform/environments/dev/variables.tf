variable "region" {
  description = "The region to deploy into, such as us-east-1; without one AWS_REGION or the profile's."
  type        = string
  default     = null
}

variable "account_id" {
  description = "The only account to deploy into. Other credentials are then refused before anything is made."
  type        = string
  default     = null
}

variable "packages" {
  description = "The folder in which make packages left the packages."
  type        = string
  default     = "../../../dist"

  validation {
    condition     = fileexists("${var.packages}/manifest.json")
    error_message = "There are no packages in ${var.packages}. Build them first, at the top of the project: make packages."
  }
}

variable "bootstrap" {
  description = "What terraform/bootstrap made for this environment, its entry in the output environments; without it roles and key are made here."
  type = object({
    role_arns      = map(string)
    topics_key_arn = string
  })
  default = null
}

variable "permissions_boundary_arn" {
  description = "A boundary of yours for the functions' roles, if they are made here."
  type        = string
  default     = null
}

variable "alert_emails" {
  description = "Who hears of alarms, by mail."
  type        = list(string)
  default     = []
}

variable "alert_urls" {
  description = "What hears of alarms, at https addresses."
  type        = list(string)
  default     = []
}

variable "change_subscribers" {
  description = "Who hears of changes, at a mail or https address, and of which regions and services: an empty list is all."
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
