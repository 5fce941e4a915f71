variable "alerts_name" {
  description = "The name of the topic of alerts."
  type        = string
}

variable "changes_name" {
  description = "The name of the topic of changes."
  type        = string
}

variable "alarm_prefixes" {
  description = "The prefixes of the names of alarms that may publish alerts, without the last hyphen."
  type        = list(string)
}

variable "key_arn" {
  description = "The KMS key of both topics, in their region; without one, a key is created."
  type        = string
  default     = null
}

variable "alert_emails" {
  description = "Mail addresses that get alarms. Each address has to confirm once."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "Not all of these are mail addresses: ${join(", ", var.alert_emails)}."
  }
}

variable "alert_urls" {
  description = "Https addresses that get alarms. Each has to confirm once."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alert_urls : can(regex("^https://\\S+$", address))])
    error_message = "Not all of these begin with https://: ${join(", ", var.alert_urls)}."
  }
}

variable "change_subscribers" {
  description = "Mail or https addresses that get changes, each with its filters; an empty list means all. Only subscribers with the level \"type\" get changes of resource types. Each has to confirm once."
  type = list(object({
    endpoint   = string
    regions    = optional(list(string), [])
    services   = optional(list(string), [])
    kinds      = optional(list(string), [])
    severities = optional(list(string), [])
    levels     = optional(list(string), ["service"])
  }))
  default = []

  validation {
    condition = alltrue([
      for one in var.change_subscribers : can(regex("^(https://\\S+|[^@\\s]+@[^@\\s]+\\.[^@\\s]+)$", one.endpoint))
    ])
    error_message = "A subscriber's endpoint is a mail address or begins with https://, unlike one of these: ${join(", ", var.change_subscribers[*].endpoint)}."
  }

  validation {
    condition     = length(distinct(var.change_subscribers[*].endpoint)) == length(var.change_subscribers)
    error_message = "An endpoint is subscribed once: put all its regions and services into one entry."
  }
}
