output "database_name" {
  description = "The Glue database."
  value       = aws_glue_catalog_database.this.name
}

output "workgroup_name" {
  description = "The Athena workgroup."
  value       = aws_athena_workgroup.this.name
}

output "query_ids" {
  description = "The ids of the named queries, by name."
  value       = { for query in aws_athena_named_query.this : query.name => query.id }
}
