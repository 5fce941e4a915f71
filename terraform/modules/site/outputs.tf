output "address" {
  description = "Where the site is."
  value       = "https://${var.domain_name == null ? aws_cloudfront_distribution.this.domain_name : var.domain_name}/"
}

output "bucket_policy_json" {
  description = "What the bucket's policy has to say for the site."
  value       = data.aws_iam_policy_document.bucket.json
}
