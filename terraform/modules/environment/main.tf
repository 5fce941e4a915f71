# A whole environment: everything that an account needs for a running, watched pipeline.

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

module "settings" {
  source = "../settings"

  environment = var.environment
  account_id  = data.aws_caller_identity.current.account_id
}

module "storage" {
  source = "../storage"

  name              = module.settings.names.bucket
  expirations       = module.settings.expirations
  kept              = module.settings.kept
  old_versions_days = module.settings.retentions.old_versions
  may_be_emptied    = module.settings.may_be_emptied
  kms_key_arn       = var.bucket_key_arn
  policy_documents  = module.site[*].bucket_policy_json
}

module "notifications" {
  source = "../notifications"

  alerts_name        = module.settings.names.alerts
  changes_name       = module.settings.names.changes
  alert_emails       = var.alert_emails
  alert_urls         = var.alert_urls
  change_subscribers = var.change_subscribers
  alarm_prefixes     = concat(values(module.settings.names.functions), [module.settings.names.dashboard])
  key_arn            = try(var.bootstrap.topics_key_arn, null)
}

module "pipeline" {
  source = "../pipeline"

  contract                 = module.settings.contract
  names                    = module.settings.names
  sizes                    = module.settings.sizes
  packages                 = var.packages
  settings                 = var.settings
  bucket_name              = module.storage.bucket_name
  bucket_arn               = module.storage.bucket_arn
  bucket_key_arn           = var.bucket_key_arn
  alerts_topic_arn         = module.notifications.alerts_topic_arn
  changes_topic_arn        = module.notifications.changes_topic_arn
  topics_key_arn           = module.notifications.key_arn
  site_url                 = one(module.site[*].address)
  schedule                 = var.schedule
  is_scheduled             = var.is_scheduled
  runtime                  = var.runtime
  architecture             = var.architecture
  reserved_concurrency     = var.reserved_concurrency
  log_retention_days       = module.settings.retentions.logs
  is_traced                = var.is_traced
  role_arns                = try(var.bootstrap.role_arns, {})
  permissions_boundary_arn = var.permissions_boundary_arn
  runbook                  = var.runbook
}

module "monitoring" {
  source = "../monitoring"

  name                = module.settings.names.dashboard
  metrics             = module.settings.contract.metrics
  function_names      = module.pipeline.function_names
  log_group_names     = module.pipeline.log_group_names
  function_alarm_arns = module.pipeline.alarm_arns
  alerts_topic_arn    = module.notifications.alerts_topic_arn
  fresh_hours         = var.fresh_hours
  lowest_score        = var.lowest_score
  most_gaps           = var.most_gaps
  monthly_budget_usd  = var.monthly_budget_usd
  runbook             = var.runbook
}

module "analytics" {
  source = "../analytics"
  count  = var.has_analytics ? 1 : 0

  database_name         = module.settings.names.database
  workgroup_name        = module.settings.names.workgroup
  account_id            = data.aws_caller_identity.current.account_id
  bucket_name           = module.storage.bucket_name
  bucket_key_arn        = var.bucket_key_arn
  history_prefix        = module.settings.prefixes.history
  processed_data_prefix = module.settings.prefixes.processed_data
  answers_prefix        = module.settings.prefixes.answers
  query_regions         = module.settings.contract.query_regions
  details               = module.settings.contract.details
}

module "site" {
  source = "../site"
  count  = var.has_site ? 1 : 0

  name               = module.settings.names.dashboard
  bucket_arn         = module.storage.bucket_arn
  bucket_domain_name = module.storage.bucket_domain_name
  latest_prefix      = module.settings.prefixes.latest
  domain_name        = var.site_domain_name
  certificate_arn    = var.site_certificate_arn

  is_public             = var.site_is_public
  trusted_key_group_ids = var.site_key_group_ids
  web_acl_arn           = var.site_web_acl_arn
}
