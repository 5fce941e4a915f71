output "alerts_topic_arn" {
  description = "The topic of alerts."
  value       = aws_sns_topic.alerts.arn
}

output "changes_topic_arn" {
  description = "The topic of changes."
  value       = aws_sns_topic.changes.arn
}

output "key_arn" {
  description = "The KMS key of both topics, which a publisher needs permission to use."
  value       = local.key_arn
}
