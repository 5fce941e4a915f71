variable "name" {
  description = "The bucket's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits and hyphens, unlike ${var.name}."
  }
}

variable "expirations" {
  description = "After how many days objects expire, by prefix. A prefix must not hold what is kept."
  type        = map(number)

  validation {
    condition     = alltrue([for days in values(var.expirations) : days >= 1 && days == floor(days)])
    error_message = "Objects expire after a whole number of days, 1 or more."
  }

  validation {
    condition = !anytrue([
      for prefix in keys(var.expirations) : anytrue([
        for kept in var.kept : startswith(kept, prefix) || startswith(prefix, kept)
      ])
    ])
    error_message = "One of the prefixes that expire (${join(", ", keys(var.expirations))}) contains what never expires (${join(", ", var.kept)})."
  }
}

variable "kept" {
  description = "Prefixes whose objects never expire."
  type        = list(string)
}

variable "old_versions_days" {
  description = "How many days a version is kept after it was written over or deleted."
  type        = number

  validation {
    condition     = var.old_versions_days >= 1
    error_message = "Old versions are kept for a day or more: they are what a deleted object is restored from."
  }
}

variable "may_be_emptied" {
  description = "Whether destroying the bucket destroys its objects too."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "The KMS key that encrypts the objects; without one, S3 uses its own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "The key is named by its ARN, arn:aws:kms:…, so that roles can be granted its use."
  }
}

variable "policy_documents" {
  description = "Further policy documents for the bucket, as JSON."
  type        = list(string)
  default     = []
}
