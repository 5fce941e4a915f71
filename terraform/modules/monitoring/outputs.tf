output "alarm_names" {
  description = "The alarms over the pipeline as a whole."
  value       = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name]
}

output "query_names" {
  description = "The saved queries of Logs Insights."
  value       = [for query in aws_cloudwatch_query_definition.this : query.name]
}

output "dashboard_name" {
  description = "The dashboard's name."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
