# The functions' environment: every setting that the code knows, and none besides.

locals {
  decided_here = {
    OUTPUT_S3_BUCKET       = var.bucket_name
    OUTPUT_KMS_KEY         = var.bucket_key_arn == null ? "none" : var.bucket_key_arn
    NOTIFICATION_TOPIC_ARN = var.changes_topic_arn
    SITE_URL               = var.site_url == null ? "none" : var.site_url
  }

  environment_variables = {
    for name, setting in var.contract.settings :
    name => lookup(local.decided_here, name, lookup(var.settings, name, setting.default))
  }

  # What the code would refuse when it starts is refused here, before anything is deployed.
  percent = "(100(\\.0+)?|[1-9]?[0-9](\\.[0-9]+)?)"
  number  = "(0|[1-9][0-9]{0,2}|1000)"

  accepted = {
    SSM_REGION                 = "[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}"
    SSM_MAX_TPS                = "(100(\\.0+)?|[1-9][0-9]?(\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)"
    DETAIL                     = "(offerings|endpoints|full)"
    FEED_URL                   = "(none|https://\\S+)"
    RESOURCE_TYPES             = "(on|off)"
    CACHE_TTL                  = "([0-9]{1,5}|[1-5][0-9]{5}|60[0-3][0-9]{3}|604[0-7][0-9]{2}|604800)"
    CONFIRM_REMOVALS           = "([1-9][0-9]{0,2}|1000)"
    CONFIRM_DAYS               = local.number
    QUARANTINE_REMOVED_PERCENT = local.percent
    QUARANTINE_LOST_REGIONS    = local.number
    QUARANTINE_GAP_PERCENT     = local.percent
    QUARANTINE_STRAND_PERCENT  = local.percent
    BADGES                     = "(none|all|[a-z0-9][a-z0-9._-]*(,[a-z0-9][a-z0-9._-]*)*)"
    LOG_LEVEL                  = "(DEBUG|INFO|WARNING|ERROR)"
  }
}
