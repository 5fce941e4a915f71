variable "name" {
  description = "The layer's name."
  type        = string
}

variable "package" {
  description = "Path of the layer's zip, as make packages leaves it."
  type        = string

  validation {
    condition     = fileexists(var.package)
    error_message = "The layer's package ${var.package} does not exist. Build it first, at the top of the project: make packages."
  }
}

variable "runtimes" {
  description = "The layer's compatible runtimes. It is pure Python and runs on all of them, but a provider refuses those that it does not know yet."
  type        = list(string)
}

variable "keep_old_versions" {
  description = "Whether versions that nothing uses any more are left in the account."
  type        = bool
  default     = false
}
