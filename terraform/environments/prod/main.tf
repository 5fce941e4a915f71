module "this" {
  source = "../../modules/environment"

  environment              = "prod"
  packages                 = var.packages
  alert_emails             = var.alert_emails
  alert_urls               = var.alert_urls
  change_subscribers       = var.change_subscribers
  bootstrap                = var.bootstrap
  permissions_boundary_arn = var.permissions_boundary_arn
}
