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
  description = "Runtimes that the layer says it is for. It is pure Python, so it is for all of them."
  type        = list(string)
  default     = ["python3.11", "python3.12", "python3.13", "python3.14"]
}

variable "keep_old_versions" {
  description = "Whether versions that nothing uses any more are left in the account."
  type        = bool
  default     = false
}
