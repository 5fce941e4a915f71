# reports/latest/ on the web, read by CloudFront alone: the bucket stays shut.

# A new report is seen after five minutes at the latest.
resource "aws_cloudfront_cache_policy" "this" {
  name        = var.name
  comment     = "Five minutes, whatever is asked with it"
  min_ttl     = 0
  default_ttl = 300
  max_ttl     = 300

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_origin_access_control" "this" {
  name                              = var.name
  description                       = "Signs what CloudFront asks of the bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_response_headers_policy" "this" {
  # checkov:skip=CKV_AWS_259:HSTS is there; to preload it is for the owner of a domain to decide
  name    = var.name
  comment = "What a browser may do with a report: show it, and nothing else"

  security_headers_config {
    content_security_policy {
      content_security_policy = var.content_security_policy
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      preload                    = false
      override                   = true
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_68:Files alone are served, nothing runs; a web ACL costs more than all else, and can be given
  # checkov:skip=CKV2_AWS_47:Files alone are served, and nothing logs what is asked
  # checkov:skip=CKV_AWS_86:Who reads a public report is not recorded
  # checkov:skip=CKV_AWS_374:The record is public everywhere
  # checkov:skip=CKV_AWS_310:There is one bucket; a report can be made again from it
  enabled             = true
  comment             = "The latest report of ${var.name}"
  default_root_object = var.root_object
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  aliases             = var.domain_name == null ? [] : [var.domain_name]
  web_acl_id          = var.web_acl_arn

  origin {
    origin_id                = "latest"
    domain_name              = var.bucket_domain_name
    origin_path              = "/${trimsuffix(var.latest_prefix, "/")}"
    origin_access_control_id = aws_cloudfront_origin_access_control.this.id
  }

  default_cache_behavior {
    target_origin_id           = "latest"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    viewer_protocol_policy     = "redirect-to-https"
    compress                   = true
    trusted_key_groups         = length(var.trusted_key_group_ids) > 0 ? var.trusted_key_group_ids : null
    cache_policy_id            = aws_cloudfront_cache_policy.this.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id
  }

  # The bucket answers 403 for what is not there, since CloudFront may not list it.
  custom_error_response {
    error_code            = 403
    response_code         = 404
    response_page_path    = "/${var.not_found_page}"
    error_caching_min_ttl = 60
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.certificate_arn == null
    acm_certificate_arn            = var.certificate_arn
    ssl_support_method             = var.certificate_arn == null ? null : "sni-only"
    minimum_protocol_version       = var.certificate_arn == null ? "TLSv1" : "TLSv1.2_2021"
  }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "LetTheSiteReadTheLatestReport"
    actions   = ["s3:GetObject"]
    resources = ["${var.bucket_arn}/${var.latest_prefix}*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudfront_distribution.this.arn]
    }
  }
}
