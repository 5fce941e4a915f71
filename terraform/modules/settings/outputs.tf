output "contract" {
  description = "What the code says of itself: settings with their defaults, prefixes, functions, metrics, packages."
  value       = local.contract
}

output "prefixes" {
  description = "The code's prefixes, and the one where Athena leaves its answers."
  value       = local.prefixes
}

output "names" {
  description = "What everything is called."
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
