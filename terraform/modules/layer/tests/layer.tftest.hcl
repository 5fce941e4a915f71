mock_provider "aws" {}

variables {
  name     = "aws-ssm-shared-layer-dev"
  package  = "./README.md"
  runtimes = ["python3.13"]
}

run "a_layer_is_for_both_processors_and_changes_with_its_package" {
  assert {
    condition     = aws_lambda_layer_version.this.layer_name == "aws-ssm-shared-layer-dev"
    error_message = "It is called ${aws_lambda_layer_version.this.layer_name}."
  }

  assert {
    condition     = aws_lambda_layer_version.this.compatible_architectures == toset(["arm64", "x86_64"])
    error_message = "It is for ${jsonencode(aws_lambda_layer_version.this.compatible_architectures)}."
  }

  assert {
    condition     = aws_lambda_layer_version.this.source_code_hash == filebase64sha256("./README.md")
    error_message = "It does not change with its package."
  }
}

run "a_package_that_is_not_there_is_refused" {
  command = plan

  variables {
    package = "./nowhere.zip"
  }

  expect_failures = [var.package]
}
