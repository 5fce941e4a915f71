# The provider itself puts the policies together; nothing is asked of AWS.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_resource {
  target = aws_cloudfront_cache_policy.this
}

override_resource {
  target = aws_cloudfront_origin_access_control.this
  values = { id = "E2EXAMPLE" }
}

override_resource {
  target = aws_cloudfront_response_headers_policy.this
}

override_resource {
  target = aws_cloudfront_distribution.this
  values = {
    arn         = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
    domain_name = "d111111abcdef8.cloudfront.net"
  }
}

variables {
  name               = "aws-ssm-data-dev"
  bucket_arn         = "arn:aws:s3:::bucket"
  bucket_domain_name = "bucket.s3.us-east-1.amazonaws.com"
  latest_prefix      = "reports/latest/"
  is_public          = true
}

run "cloudfront_alone_reads_the_latest_report_and_browsers_may_only_show_it" {
  assert {
    condition = jsondecode(output.bucket_policy_json).Statement == [{
      Sid       = "LetTheSiteReadTheLatestReport"
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::bucket/reports/latest/*"
      Condition = { StringEquals = { "aws:SourceArn" = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE" } }
    }]
    error_message = output.bucket_policy_json
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this.origin).origin_path == "/reports/latest" && one(aws_cloudfront_distribution.this.origin).origin_access_control_id == "E2EXAMPLE"
    error_message = "The site shows ${one(aws_cloudfront_distribution.this.origin).origin_path}."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https" && aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods == toset(["GET", "HEAD"])
    error_message = "The site answers without TLS, or to more than questions."
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.this.security_headers_config[0].frame_options[0].frame_option == "DENY" && startswith(aws_cloudfront_response_headers_policy.this.security_headers_config[0].content_security_policy[0].content_security_policy, "default-src 'none'")
    error_message = "A browser may do more with a report than show it."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_root_object == "index.html" && one(aws_cloudfront_distribution.this.custom_error_response).response_code == 404 && one(aws_cloudfront_distribution.this.custom_error_response).response_page_path == "/api/v1/404.html" && aws_cloudfront_distribution.this.default_cache_behavior[0].compress
    error_message = "The bare address does not show the page, nothing is compressed, or what is missing is not said to be."
  }

  assert {
    condition     = output.address == "https://d111111abcdef8.cloudfront.net/"
    error_message = output.address
  }
}

run "a_site_over_the_whole_bucket_or_with_half_a_name_is_refused" {
  command = plan

  variables {
    latest_prefix = "/"
    price_class   = "cheap"
    domain_name   = "regions.example.com"
  }

  expect_failures = [var.latest_prefix, var.price_class, var.domain_name]
}

run "a_site_that_nobody_said_is_public_is_refused" {
  command = plan

  variables {
    is_public = false
  }

  expect_failures = [var.is_public]
}

run "a_site_can_ask_for_signatures_and_a_web_acl_instead" {
  command = plan

  variables {
    is_public             = false
    trusted_key_group_ids = ["11111111-2222-3333-4444-555555555555"]
    web_acl_arn           = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/office/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].trusted_key_groups == tolist(["11111111-2222-3333-4444-555555555555"]) && endswith(aws_cloudfront_distribution.this.web_acl_id, "555555555555")
    error_message = "The site is open to everybody."
  }
}

run "a_web_acl_of_a_region_is_refused" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/office/1"
  }

  expect_failures = [var.web_acl_arn]
}
