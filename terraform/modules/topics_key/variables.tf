variable "alerts_name" {
  description = "The name of the topic of alerts, after which the key's alias is named."
  type        = string
}

variable "changes_name" {
  description = "The name of the topic of changes."
  type        = string
}
