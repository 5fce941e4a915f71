mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::mock" }
  }
}

variables {
  name              = "aws-ssm-data-dev-123456789012"
  expirations       = { "raw-data/" = 90, "reports/2" = 30 }
  kept              = ["history/", "reports/latest/"]
  old_versions_days = 7
}

run "a_bucket_is_versioned_encrypted_owned_and_shut" {
  assert {
    condition     = aws_s3_bucket.this.bucket == "aws-ssm-data-dev-123456789012" && !aws_s3_bucket.this.force_destroy
    error_message = "It is called ${aws_s3_bucket.this.bucket}, or may be emptied without having been told so."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "What is written over is lost."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "Without a key of one's own it is not encrypted by S3's."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "It can be opened to the public."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Objects can belong to others."
  }

  assert {
    condition = {
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.filter[0].prefix => rule.expiration[0].days if rule.expiration[0].days > 0
    } == { "raw-data/" = 90, "reports/2" = 30 }
    error_message = "Other things expire: ${jsonencode(aws_s3_bucket_lifecycle_configuration.this.rule)}"
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      rule.noncurrent_version_expiration[0].noncurrent_days == 7
      && rule.abort_incomplete_multipart_upload[0].days_after_initiation == 7
      && rule.expiration[0].expired_object_delete_marker
      if length(rule.noncurrent_version_expiration) > 0
    ])
    error_message = "Old versions, unfinished uploads or marks of deletion pile up."
  }
}

run "a_key_of_ones_own_encrypts_with_a_key_for_the_whole_bucket" {
  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled
      && one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
      && one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    )
    error_message = "The key is not used."
  }
}

run "what_would_lose_things_is_refused" {
  command = plan

  variables {
    name              = "Aws_Data"
    expirations       = { "reports/" = 30 }
    old_versions_days = 0
    kms_key_arn       = "alias/mine"
  }

  expect_failures = [var.name, var.expirations, var.old_versions_days, var.kms_key_arn]
}
