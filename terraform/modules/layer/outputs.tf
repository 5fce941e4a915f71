output "layer_arn" {
  description = "The layer's ARN with its version."
  value       = aws_lambda_layer_version.this.arn
}
