mock_provider "aws" {}

variables {
  database_name         = "aws_ssm_data_dev"
  workgroup_name        = "aws-ssm-data-dev"
  account_id            = "123456789012"
  bucket_name           = "bucket"
  history_prefix        = "history/"
  processed_data_prefix = "processed-data/"
  answers_prefix        = "athena/"
  query_regions         = ["us-east-1", "us-west-1"]
  details               = ["offerings", "full"]
}

run "tables_lie_where_the_documents_are_and_know_their_partitions" {
  assert {
    condition     = aws_glue_catalog_table.this["history"].parameters["storage.location.template"] == "s3://bucket/history/query_region=$${query_region}/detail=$${detail}/"
    error_message = aws_glue_catalog_table.this["history"].parameters["storage.location.template"]
  }

  assert {
    condition     = aws_glue_catalog_table.this["history"].parameters["projection.query_region.values"] == "us-east-1,us-west-1" && aws_glue_catalog_table.this["history"].parameters["projection.detail.values"] == "offerings,full"
    error_message = jsonencode(aws_glue_catalog_table.this["history"].parameters)
  }

  assert {
    condition     = aws_glue_catalog_table.this["analyses"].parameters["storage.location.template"] == "s3://bucket/processed-data/$${day}/"
    error_message = aws_glue_catalog_table.this["analyses"].parameters["storage.location.template"]
  }

  assert {
    condition = {
      for name, table in aws_glue_catalog_table.this :
      name => "${table.storage_descriptor[0].location} ${join("/", table.partition_keys[*].name)} ${lookup(table.parameters, "compressionType", "none")}"
      } == {
      history      = "s3://bucket/history/ query_region/detail gzip"
      type_history = "s3://bucket/history/level=type/  gzip"
      analyses     = "s3://bucket/processed-data/ day none"
    }
    error_message = jsonencode(aws_glue_catalog_table.this)
  }

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].result_configuration[0].output_location == "s3://bucket/athena/" && aws_athena_workgroup.this.configuration[0].enforce_workgroup_configuration
    error_message = "Answers may go elsewhere than below athena/."
  }

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].bytes_scanned_cutoff_per_query == 1073741824 && aws_athena_workgroup.this.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_S3"
    error_message = "A question may read without end, or its answer is not encrypted."
  }

  assert {
    condition = toset(keys(output.query_ids)) == toset([
      "came_to_region", "changes_since", "gone", "growth_by_quarter", "offered_as_of", "quality_by_run", "timeline_of_service", "types_came_to_region",
    ])
    error_message = jsonencode(output.query_ids)
  }

  assert {
    condition     = alltrue([for query in aws_athena_named_query.this : strcontains(query.description, "?")])
    error_message = "A question does not begin with what it asks in words."
  }
}

run "what_athena_would_not_take_is_refused" {
  command = plan

  variables {
    database_name      = "aws-ssm-data-dev"
    most_bytes_scanned = 1
  }

  expect_failures = [var.database_name, var.most_bytes_scanned]
}
