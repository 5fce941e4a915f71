variable "contract" {
  description = "The contract of the code, from the module settings."
  type = object({
    settings       = map(object({ default = string, allowed = string }))
    packages       = map(string)
    parameter_root = string
    functions = map(object({
      starts_on = string
      document  = string
      reads     = list(string)
      writes    = list(string)
    }))
  })
}

variable "names" {
  description = "The names of everything, from the module settings."
  type = object({
    layer     = string
    schedule  = string
    functions = map(string)
  })
}

variable "sizes" {
  description = "Memory and timeout of each function, at most what the predecessor had."
  type        = map(object({ memory_mb = number, timeout_seconds = number }))

  validation {
    condition = alltrue([
      for name, size in var.sizes : size.memory_mb <= lookup({ processor = 3008 }, name, 1024)
      && size.timeout_seconds <= lookup({ report_generator = 300 }, name, 900)
    ])
    error_message = "At most 1024 MB (the processor 3008) and 900 seconds (the report generator 300): measured peaks are below 100 MB."
  }
}

variable "packages" {
  description = "The folder with the packages that make packages wrote."
  type        = string
}

variable "settings" {
  description = "Settings that differ from their defaults, by the names of docs/reference/configuration.md."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.settings), keys(local.accepted))) == 0
    error_message = "Unknown settings, or settings that Terraform sets itself: ${join(", ", setsubtract(keys(var.settings), keys(local.accepted)))}. Allowed are: ${join(", ", keys(local.accepted))}."
  }

  validation {
    condition = alltrue([for name, value in var.settings : can(regex("^${lookup(local.accepted, name, "")}$", value))])
    error_message = "The functions would not start with ${join("; ", [
      for name, value in var.settings : "${name} = ${value} (allowed: ${try(var.contract.settings[name].allowed, "nothing")})"
      if !can(regex("^${lookup(local.accepted, name, "")}$", value))
    ])}."
  }
}

variable "bucket_name" {
  description = "The bucket's name."
  type        = string
}

variable "bucket_arn" {
  description = "The bucket's ARN."
  type        = string
}

variable "bucket_key_arn" {
  description = "The KMS key that encrypts the bucket's objects, if one does."
  type        = string
  default     = null
}

variable "alerts_topic_arn" {
  description = "The topic that gets alarms."
  type        = string
}

variable "changes_topic_arn" {
  description = "The topic to which the report generator publishes."
  type        = string
}

variable "site_url" {
  description = "The address at which the latest report is served, for links in feeds; null without a site."
  type        = string
  default     = null
}

variable "topics_key_arn" {
  description = "The KMS key of the topics."
  type        = string
}

variable "schedule" {
  description = "When a run starts, in EventBridge's form: rate(1 day) or cron(0 6 * * ? *)."
  type        = string
  default     = "rate(1 day)"

  validation {
    condition     = can(regex("^(rate\\([1-9][0-9]* (minutes?|hours?|days?)\\)|cron\\(\\S+( \\S+){5}\\))$", var.schedule))
    error_message = "A schedule is rate(1 day), or cron(0 6 * * ? *) with six fields, not ${var.schedule}."
  }
}

variable "is_scheduled" {
  description = "Whether the schedule starts runs."
  type        = bool
  default     = true
}

variable "runtime" {
  description = "Lambda's runtime, python3.11 to python3.14. AWS ends its support of 3.11 in June 2027; 3.14 needs version 6 of the provider."
  type        = string
  default     = "python3.13"
}

variable "architecture" {
  description = "The processor, arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "reserved_concurrency" {
  description = "How many of each function may run at once; -1 reserves nothing."
  type        = number
  default     = -1
}

variable "log_retention_days" {
  description = "How many days log lines are kept."
  type        = number
}

variable "is_traced" {
  description = "Whether X-Ray records each invocation."
  type        = bool
  default     = false
}

variable "role_arns" {
  description = "The functions' roles, by data_fetcher, processor and report_generator; a role that is missing is created."
  type        = map(string)
  default     = {}
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the roles that are created."
  type        = string
  default     = null
}

variable "runbook" {
  description = "Where alarms say that the runbook is: a path in this repository, or the address of that folder."
  type        = string
  default     = "docs/runbook"
}
