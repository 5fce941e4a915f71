output "region" {
  description = "The region that it is deployed into."
  value       = module.this.region
}

output "bucket_name" {
  description = "The bucket with everything in it; the reports are below reports/latest/."
  value       = module.this.bucket_name
}

output "function_names" {
  description = "The three functions."
  value       = module.this.function_names
}

output "queue_urls" {
  description = "The queues of events that no try could serve."
  value       = module.this.queue_urls
}

output "topic_arns" {
  description = "The topics of alerts and of changes."
  value       = module.this.topic_arns
}

output "schedule_name" {
  description = "The rule that starts runs."
  value       = module.this.schedule_name
}

output "policies" {
  description = "All that each function's role may do, as JSON."
  value       = module.this.policies
}

output "dashboard_name" {
  description = "The dashboard to look at."
  value       = module.this.dashboard_name
}

output "workgroup_name" {
  description = "The Athena workgroup with its named queries, if there is one."
  value       = module.this.workgroup_name
}

output "site_address" {
  description = "Where the latest report is on the web, if it is."
  value       = module.this.site_address
}
