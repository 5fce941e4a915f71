output "region" {
  description = "The region of the deployment."
  value       = module.this.region
}

output "bucket_name" {
  description = "The bucket; the latest report is below reports/latest/."
  value       = module.this.bucket_name
}

output "function_names" {
  description = "The three functions."
  value       = module.this.function_names
}

output "queue_urls" {
  description = "The queues of failed events."
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
  description = "All permissions of each function's role, as JSON."
  value       = module.this.policies
}

output "dashboard_name" {
  description = "The dashboard's name."
  value       = module.this.dashboard_name
}

output "workgroup_name" {
  description = "The Athena workgroup with its named queries, if there is one."
  value       = module.this.workgroup_name
}

output "site_address" {
  description = "The address of the latest report on the web, if there is a site."
  value       = module.this.site_address
}
