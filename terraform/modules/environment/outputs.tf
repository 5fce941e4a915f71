output "region" {
  description = "The region of the deployment."
  # ec2.us-east-1.amazonaws.com: version 5 of the provider has no attribute region, version 6 deprecates id and name
  value = split(".", data.aws_region.current.endpoint)[1]
}

output "bucket_name" {
  description = "The bucket; the latest report is below reports/latest/."
  value       = module.storage.bucket_name
}

output "function_names" {
  description = "The three functions."
  value       = module.pipeline.function_names
}

output "queue_urls" {
  description = "The queues of failed events."
  value       = module.pipeline.queue_urls
}

output "topic_arns" {
  description = "The topics of alerts and of changes."
  value = {
    alerts  = module.notifications.alerts_topic_arn
    changes = module.notifications.changes_topic_arn
  }
}

output "schedule_name" {
  description = "The rule that starts runs."
  value       = module.pipeline.schedule_name
}

output "policies" {
  description = "All permissions of each function's role, as JSON."
  value       = module.pipeline.policies
}

output "dashboard_name" {
  description = "The dashboard's name."
  value       = module.monitoring.dashboard_name
}

output "workgroup_name" {
  description = "The Athena workgroup with its named queries, if there is one."
  value       = one(module.analytics[*].workgroup_name)
}

output "site_address" {
  description = "The address of the latest report on the web, if there is a site."
  value       = one(module.site[*].address)
}
