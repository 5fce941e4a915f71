variable "alerts_name" {
  description = "The name of the topic of alerts, after which the key's alias is named."
  type        = string
}

variable "changes_name" {
  description = "The name of the topic of changes."
  type        = string
}

variable "tags" {
  description = "The key's tags beside those of the provider: the tag deployment, where the key is created outside the environment whose budget counts it."
  type        = map(string)
  default     = {}
}
