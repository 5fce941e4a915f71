output "function_names" {
  description = "The functions' names."
  value       = { for name, function in module.function : name => function.function_name }
}

output "queue_names" {
  description = "The queues of failed events."
  value       = { for name, function in module.function : name => function.queue_name }
}

output "queue_urls" {
  description = "The addresses of these queues."
  value       = { for name, function in module.function : name => function.queue_url }
}

output "log_group_names" {
  description = "Where each function's log lines are."
  value       = { for name, function in module.function : name => function.log_group_name }
}

output "policies" {
  description = "All permissions of each function's role, as JSON."
  value       = { for name, function in module.function : name => function.policy_json }
}

output "alarm_arns" {
  description = "The functions' alarms."
  value       = flatten([for function in module.function : function.alarm_arns])
}

output "schedule_name" {
  description = "The name of the rule that starts runs."
  value       = aws_cloudwatch_event_rule.schedule.name
}
