variable "environment" {
  description = "The environment: dev, staging or prod."
  type        = string
}

variable "packages" {
  description = "The folder with the packages that make packages wrote."
  type        = string
}

variable "settings" {
  description = "Settings of the functions that differ from their defaults, by the names of docs/reference/configuration.md."
  type        = map(string)
  default     = {}
}

variable "schedule" {
  description = "When a run starts: rate(1 day), or cron(0 6 * * ? *) for a time of day in UTC."
  type        = string
  default     = "rate(1 day)"
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
  description = "How many of each function may run at once; -1 reserves nothing, which new accounts with a limit of ten need."
  type        = number
  default     = -1
}

variable "is_traced" {
  description = "Whether X-Ray records each invocation."
  type        = bool
  default     = false
}

variable "bucket_key_arn" {
  description = "A KMS key of yours that encrypts the bucket's objects; without one, S3 uses its own. The key's policy must delegate to IAM."
  type        = string
  default     = null
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

variable "fresh_hours" {
  description = "After how many hours without a report there is an alarm."
  type        = number
  default     = 36
}

variable "lowest_score" {
  description = "A quality score below this, of 100, is an alarm."
  type        = number
  default     = 80
}

variable "most_gaps" {
  description = "More gaps than this are an alarm."
  type        = number
  default     = 0
}

variable "monthly_budget_usd" {
  description = "Above how many US dollars a month there is an alert; without a number there is no budget."
  type        = number
  default     = null
}

variable "has_analytics" {
  description = "Whether there are Athena tables and queries over the history."
  type        = bool
  default     = true
}

variable "has_site" {
  description = "Whether CloudFront serves the latest report on the web, to the readers of the next three variables."
  type        = bool
  default     = false

  validation {
    condition     = !(var.has_site && var.bucket_key_arn != null)
    error_message = "A site cannot read objects that a KMS key of yours encrypts, unless that key's policy lets CloudFront; use S3's own encryption with it."
  }
}

variable "site_is_public" {
  description = "Whether everybody on the web can read the site."
  type        = bool
  default     = false
}

variable "site_key_group_ids" {
  description = "CloudFront key groups whose signatures are needed to read the site."
  type        = list(string)
  default     = []
}

variable "site_web_acl_arn" {
  description = "A web ACL of AWS WAF, of scope CLOUDFRONT, that decides who can read the site, such as one that allows an IP set."
  type        = string
  default     = null
}

variable "site_domain_name" {
  description = "Your domain name for the site; without one, it has CloudFront's."
  type        = string
  default     = null
}

variable "site_certificate_arn" {
  description = "The certificate of that name, in us-east-1."
  type        = string
  default     = null
}

variable "runbook" {
  description = "Where alarms say that the runbook is: a path in this repository, or the address of that folder."
  type        = string
  default     = "docs/runbook"
}
