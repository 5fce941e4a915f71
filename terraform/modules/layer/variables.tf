variable "name" {
  description = "What the layer is called."
  type        = string
}

variable "package" {
  description = "Path of the layer's zip, as make packages leaves it."
  type        = string

  validation {
    condition     = fileexists(var.package)
    error_message = "The layer's package ${var.package} is not there. Build it first, at the top of the project: make packages."
  }
}

variable "runtimes" {
  description = "Runtimes that the layer says it is for. It is pure Python and would run on all, but a provider refuses those it does not know yet."
  type        = list(string)
}

variable "keep_old_versions" {
  description = "Whether versions that nothing uses any more are left in the account."
  type        = bool
  default     = false
}
