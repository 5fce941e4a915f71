output "address" {
  description = "The site's address."
  value       = "https://${var.domain_name == null ? aws_cloudfront_distribution.this.domain_name : var.domain_name}/"
}

output "bucket_policy_json" {
  description = "The statements that the bucket's policy needs for the site."
  value       = data.aws_iam_policy_document.bucket.json
}
