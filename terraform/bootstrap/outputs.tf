output "backend" {
  description = "What terraform init needs to keep an environment's state here: the lines of backend.hcl."
  value       = <<-LINES
    bucket       = "${module.state.bucket_name}"
    region       = "${data.aws_region.current.id}"
    encrypt      = true
    use_lockfile = true
  LINES
}

output "role_arns" {
  description = "The roles that deploy, by environment."
  value       = { for name, role in module.deploy_role : name => role.role_arn }
}

output "boundary_arns" {
  description = "The boundaries of the functions' roles, by environment: permissions_boundary_arn there."
  value       = { for name, role in module.deploy_role : name => role.boundary_arn }
}
