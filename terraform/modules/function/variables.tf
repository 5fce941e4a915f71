variable "name" {
  description = "The name of the function and its role, with which the names of its queue and its alarms begin."
  type        = string
}

variable "description" {
  description = "What the function does, in a sentence."
  type        = string
}

variable "package" {
  description = "Path of the function's zip, as make packages leaves it."
  type        = string

  validation {
    condition     = fileexists(var.package)
    error_message = "The package ${var.package} does not exist. Build it first, at the top of the project: make packages."
  }
}

variable "layer_arn" {
  description = "The shared layer's ARN with its version."
  type        = string
}

variable "policy_document" {
  description = "The function's permissions, as JSON; those for its log and its queue are added."
  type        = string

  validation {
    condition     = can(jsondecode(var.policy_document).Statement)
    error_message = "The policy document has to be JSON with statements, as from aws_iam_policy_document."
  }
}

variable "environment_variables" {
  description = "The function's settings; see docs/reference/configuration.md."
  type        = map(string)
}

variable "runtime" {
  description = "Lambda's runtime, python3.11 to python3.14. AWS ends its support of 3.11 in June 2027; 3.14 needs version 6 of the provider."
  type        = string
  default     = "python3.13"

  validation {
    condition     = contains(["python3.11", "python3.12", "python3.13", "python3.14"], var.runtime)
    error_message = "The runtime is python3.11, python3.12, python3.13 or python3.14, not ${var.runtime}: the packages are tested on these."
  }
}

variable "architecture" {
  description = "The processor. The packages are pure Python and run on both."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "The processor is arm64 or x86_64, not ${var.architecture}."
  }
}

variable "memory_mb" {
  description = "Memory in MB. It buys processor time too."
  type        = number

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 3008 && var.memory_mb == floor(var.memory_mb)
    error_message = "A function has 128 to 3008 MB, not ${var.memory_mb}: the largest peak measured was 216 MB."
  }
}

variable "timeout_seconds" {
  description = "The timeout in seconds."
  type        = number

  validation {
    condition     = var.timeout_seconds >= 30 && var.timeout_seconds <= 900 && var.timeout_seconds == floor(var.timeout_seconds)
    error_message = "A function may take 30 to 900 seconds, not ${var.timeout_seconds}: the fetcher ends 20 seconds before, and Lambda allows no more than 900."
  }
}

variable "reserved_concurrency" {
  description = "How many may run at once; -1 reserves nothing, which new accounts with a limit of ten need."
  type        = number
  default     = -1

  validation {
    condition     = var.reserved_concurrency == -1 || var.reserved_concurrency >= 1
    error_message = "Reserve one or more, or -1 for nothing; 0 would keep the function from running."
  }
}

variable "log_retention_days" {
  description = "How many days log lines are kept."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or more days, not for ${var.log_retention_days}."
  }
}

variable "is_traced" {
  description = "Whether X-Ray records each invocation."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "The KMS key that encrypts the environment's variables; without one, Lambda uses its own."
  type        = string
  default     = null
}

variable "role_arn" {
  description = "The function's role, which Lambda may assume; without one, a role is created. The module writes its permissions either way."
  type        = string
  default     = null

  validation {
    condition     = var.role_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/", var.role_arn))
    error_message = "A role's ARN is arn:aws:iam::ACCOUNT:role/NAME, and this is not one: ${coalesce(var.role_arn, "none")}."
  }
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the role that is created."
  type        = string
  default     = null
}

variable "alarm_topic_arns" {
  description = "The topics that get alarms."
  type        = list(string)
  default     = []
}

variable "runbook" {
  description = "Where alarms say that the runbook is: a path in this repository, or the address of that folder."
  type        = string
  default     = "docs/runbook"
}
