output "function_name" {
  description = "The function's name."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "The function's ARN, without a version."
  value       = aws_lambda_function.this.arn
}

output "role_name" {
  description = "The name of the function's role."
  value       = local.role_name
}

output "policy_json" {
  description = "All permissions of the function's role."
  value       = data.aws_iam_policy_document.this.json
}

output "queue_name" {
  description = "The queue of failed events."
  value       = aws_sqs_queue.failed.name
}

output "queue_url" {
  description = "The queue's address, for reading it."
  value       = aws_sqs_queue.failed.url
}

output "log_group_name" {
  description = "Where the function's log lines are."
  value       = aws_cloudwatch_log_group.this.name
}

output "alarm_arns" {
  description = "The function's alarms."
  value = [
    aws_cloudwatch_metric_alarm.errors.arn,
    aws_cloudwatch_metric_alarm.failed_events.arn,
    aws_cloudwatch_metric_alarm.duration.arn,
  ]
}
