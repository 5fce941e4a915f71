variable "database_name" {
  description = "The name of the Glue database."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9_]+$", var.database_name))
    error_message = "A database's name has lower-case letters, digits and underscores only, so that SQL needs no quotes: ${var.database_name}."
  }
}

variable "workgroup_name" {
  description = "The name of the Athena workgroup."
  type        = string
}

variable "account_id" {
  description = "The account that owns the bucket; Athena writes results to no other."
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
  description = "The prefix of the history in the bucket."
  type        = string
}

variable "processed_data_prefix" {
  description = "The prefix of the analyses in the bucket."
  type        = string
}

variable "answers_prefix" {
  description = "The prefix of Athena's results in the bucket."
  type        = string
}

variable "query_regions" {
  description = "The query regions that histories can be of."
  type        = list(string)
}

variable "details" {
  description = "The levels of detail that histories can be of."
  type        = list(string)
}

variable "most_bytes_scanned" {
  description = "Athena cancels a query that would read more bytes, since it bills by data read."
  type        = number
  default     = 1073741824

  validation {
    condition     = var.most_bytes_scanned >= 10485760
    error_message = "Athena allows no limit below 10 MB, which are 10485760 bytes."
  }
}
