resource "aws_lambda_layer_version" "this" {
  layer_name               = var.name
  description              = "aws_ssm_fetcher.core and its two libraries, pure Python"
  filename                 = var.package
  source_code_hash         = filebase64sha256(var.package)
  compatible_runtimes      = var.runtimes
  compatible_architectures = ["arm64", "x86_64"]
  skip_destroy             = var.keep_old_versions
}
