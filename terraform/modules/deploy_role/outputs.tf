output "role_arn" {
  description = "The role, for role-to-assume in the workflow."
  value       = aws_iam_role.this.arn
}

output "validate_role_arn" {
  description = "The read-only role, for role-to-assume in the daily validation."
  value       = aws_iam_role.validate.arn
}

output "function_role_arns" {
  description = "The functions' roles, within the boundary, by data_fetcher, processor and report_generator."
  value       = { for function, role in aws_iam_role.function : function => role.arn }
}

output "boundary_arn" {
  description = "The boundary of the functions' roles."
  value       = aws_iam_policy.boundary.arn
}

output "trust_json" {
  description = "The trust policy: who may assume the role."
  value       = data.aws_iam_policy_document.trust.json
}

output "policies_json" {
  description = "What the role and, within the boundary, the functions may do."
  value = {
    access    = data.aws_iam_policy_document.access.json
    resources = data.aws_iam_policy_document.resources.json
    boundary  = data.aws_iam_policy_document.boundary.json
    validate  = data.aws_iam_policy_document.validate.json
  }
}
