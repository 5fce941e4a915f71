variable "database_name" {
  description = "What the Glue database is called."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9_]+$", var.database_name))
    error_message = "A database's name has lower-case letters, digits and underscores only, so that SQL needs no quotes: ${var.database_name}."
  }
}

variable "workgroup_name" {
  description = "What the Athena workgroup is called."
  type        = string
}

variable "account_id" {
  description = "The account that owns the bucket: answers go to no other."
  type        = string
}

variable "bucket_name" {
  description = "The bucket's name."
  type        = string
}

variable "bucket_key_arn" {
  description = "The KMS key that encrypts the bucket's objects, if one does."
  type        = string
  default     = null
}

variable "history_prefix" {
  description = "Where the history lies in the bucket."
  type        = string
}

variable "processed_data_prefix" {
  description = "Where the analyses lie in the bucket."
  type        = string
}

variable "answers_prefix" {
  description = "Where Athena leaves its answers in the bucket."
  type        = string
}

variable "query_regions" {
  description = "The regions that may have been asked."
  type        = list(string)
}

variable "details" {
  description = "The levels of detail at which may have been read."
  type        = list(string)
}

variable "most_bytes_scanned" {
  description = "At how many bytes a question is ended, since Athena is paid by what it reads."
  type        = number
  default     = 1073741824

  validation {
    condition     = var.most_bytes_scanned >= 10485760
    error_message = "Athena allows no limit below 10 MB, which are 10485760 bytes."
  }
}
