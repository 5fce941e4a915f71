output "contract" {
  description = "The contract of the code: settings with their defaults, prefixes, functions, metrics, packages."
  value       = local.contract
}

output "prefixes" {
  description = "The code's prefixes, and that of Athena's results."
  value       = local.prefixes
}

output "names" {
  description = "The names of everything."
  value       = local.names
}

output "sizes" {
  description = "Memory and timeout of each function."
  value       = local.sizes
}

output "retentions" {
  description = "How many days things are kept in this environment."
  value       = local.retentions[var.environment]
}

output "expirations" {
  description = "After how many days objects expire, by prefix."
  value       = local.expirations
}

output "kept" {
  description = "Prefixes whose objects never expire."
  value       = local.kept
}

output "may_be_emptied" {
  description = "Whether destroying the bucket destroys its objects too."
  value       = var.environment == "dev"
}
