variable "name" {
  description = "The dashboard's name, with which the names of alarms begin."
  type        = string
}

variable "metrics" {
  description = "The code's metrics: their namespace, their dimension, and the function that emits each. The module settings has them."
  type = object({
    namespace = string
    dimension = string
    functions = map(string)
  })
}

variable "function_names" {
  description = "The functions' names: data_fetcher, processor, report_generator."
  type        = map(string)
}

variable "log_group_names" {
  description = "Where each function's log lines are."
  type        = map(string)
}

variable "function_alarm_arns" {
  description = "The functions' own alarms, to be shown beside these."
  type        = list(string)
}

variable "alerts_topic_arn" {
  description = "The topic that gets alarms."
  type        = string
}

variable "fresh_hours" {
  description = "After how many hours without a report there is an alarm. For a daily run, a day and a half."
  type        = number
  default     = 36

  validation {
    condition     = var.fresh_hours >= 1 && var.fresh_hours <= 168 && var.fresh_hours == floor(var.fresh_hours)
    error_message = "From 1 to 168 hours, not ${var.fresh_hours}: CloudWatch looks back seven days at most."
  }
}

variable "lowest_score" {
  description = "A quality score below this, of 100, is an alarm."
  type        = number
  default     = 80

  validation {
    condition     = var.lowest_score >= 0 && var.lowest_score <= 100
    error_message = "A quality score is from 0 to 100, not ${var.lowest_score}."
  }
}

variable "most_gaps" {
  description = "More gaps than this are an alarm."
  type        = number
  default     = 0
}

variable "most_type_gaps" {
  description = "Older lists of resource types in more regions than this are an alarm."
  type        = number
  default     = 3 # a region or two fail on many a day, and their last good lists answer
}

variable "monthly_budget_usd" {
  description = "Above how many US dollars a month there is an alert; without a number there is no budget."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null ? true : var.monthly_budget_usd > 0
    error_message = "A budget has to be above 0 US dollars a month."
  }
}

variable "runbook" {
  description = "Where alarms say that the runbook is: a path in this repository, or the address of that folder."
  type        = string
  default     = "docs/runbook"
}
