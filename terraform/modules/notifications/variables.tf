variable "alerts_name" {
  description = "What the topic of alerts is called."
  type        = string
}

variable "changes_name" {
  description = "What the topic of changes is called."
  type        = string
}

variable "alarm_prefixes" {
  description = "How the names of the alarms begin that may publish alerts, without the last hyphen."
  type        = list(string)
}

variable "key_arn" {
  description = "The KMS key of both topics, in their region; without one a key is made."
  type        = string
  default     = null
}

variable "alert_emails" {
  description = "Who hears of alarms, by mail. Each address has to confirm once."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "Not all of these are mail addresses: ${join(", ", var.alert_emails)}."
  }
}

variable "alert_urls" {
  description = "What hears of alarms, at https addresses. Each has to confirm once."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alert_urls : can(regex("^https://\\S+$", address))])
    error_message = "Not all of these begin with https://: ${join(", ", var.alert_urls)}."
  }
}

variable "change_subscribers" {
  description = "Who hears of changes, at a mail address or an https address, and of which: an empty list is all. Of resource types (level \"type\") hears who asks for it. Each has to confirm once."
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
