output "backend" {
  description = "What terraform init needs to keep an environment's state here: the lines of backend.hcl."
  value       = <<-LINES
    bucket       = "${module.state.bucket_name}"
    region       = "${local.region}"
    encrypt      = true
    use_lockfile = true
  LINES
}

output "role_arns" {
  description = "The roles that deploy, by environment."
  value       = { for name, role in module.deploy_role : name => role.role_arn }
}

output "validate_role_arns" {
  description = "The read-only roles of the daily validation, by environment."
  value       = { for name, role in module.deploy_role : name => role.validate_role_arn }
}

output "environments" {
  description = "The value of each environment's variable bootstrap: the functions' roles, and the key of the topics."

  value = {
    for name, role in module.deploy_role : name => {
      role_arns      = role.function_role_arns
      topics_key_arn = module.topics_key[name].key_arn
    }
  }
}
