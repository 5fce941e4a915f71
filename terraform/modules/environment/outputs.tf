output "region" {
  description = "The region that it is deployed into."
  value       = data.aws_region.current.id
}

output "bucket_name" {
  description = "The bucket with everything in it; the reports are below reports/latest/."
  value       = module.storage.bucket_name
}

output "function_names" {
  description = "The three functions."
  value       = module.pipeline.function_names
}

output "queue_urls" {
  description = "The queues of events that no try could serve."
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
  description = "All that each function's role may do, as JSON."
  value       = module.pipeline.policies
}

output "dashboard_name" {
  description = "The dashboard to look at."
  value       = module.monitoring.dashboard_name
}

output "workgroup_name" {
  description = "The Athena workgroup with its named queries, if there is one."
  value       = one(module.analytics[*].workgroup_name)
}

output "site_address" {
  description = "Where the latest report is on the web, if it is."
  value       = one(module.site[*].address)
}
