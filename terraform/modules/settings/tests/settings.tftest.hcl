variables {
  environment = "dev"
  account_id  = "123456789012"
}

run "names_are_those_that_users_of_the_predecessor_know" {
  command = plan

  assert {
    condition     = output.names.bucket == "aws-ssm-data-dev-123456789012"
    error_message = "The bucket is called ${output.names.bucket}."
  }

  assert {
    condition = output.names.functions == {
      data_fetcher     = "aws-ssm-data-fetcher-dev"
      processor        = "aws-ssm-processor-dev"
      report_generator = "aws-ssm-report-generator-dev"
    }
    error_message = "The functions are called ${jsonencode(output.names.functions)}."
  }

  assert {
    condition     = output.names.layer == "aws-ssm-shared-layer-dev" && output.names.schedule == "aws-ssm-data-schedule-dev"
    error_message = "Layer and schedule are called ${output.names.layer} and ${output.names.schedule}."
  }
}

run "the_region_that_is_asked_is_the_one_that_the_bundled_history_goes_on_from" {
  command = plan

  assert {
    condition     = output.contract.settings.SSM_REGION.default == "us-west-1"
    error_message = "The region is ${output.contract.settings.SSM_REGION.default}."
  }
}

run "an_environment_that_nobody_planned_is_refused" {
  command = plan

  variables {
    environment = "qa"
  }

  expect_failures = [var.environment]
}

run "an_account_id_that_is_none_is_refused" {
  command = plan

  variables {
    account_id = "12345"
  }

  expect_failures = [var.account_id]
}

run "only_dev_may_be_emptied_and_prod_keeps_longest" {
  command = plan

  variables {
    environment = "prod"
  }

  assert {
    condition     = output.may_be_emptied == false
    error_message = "The bucket of prod must not be destroyed with its objects."
  }

  assert {
    condition     = output.retentions.logs == 365 && output.retentions.raw_data == 1095
    error_message = "prod keeps ${jsonencode(output.retentions)}."
  }
}
