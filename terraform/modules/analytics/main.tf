# The history and the analyses as tables that Athena reads where they lie, and questions to ask of them.

locals {
  history_columns = {
    kind       = "string"
    service    = "string"
    zone       = "string"
    value      = "string"
    regions    = "array<string>"
    first_seen = "string"
    last_seen  = "string"
    hint       = "string"
    taken      = "string"
    run_id     = "string"
    origin     = "string"
    unread     = "array<string>"
  }

  # Of an analysis only what is asked for: the reader passes over all else.
  change  = "struct<id:string,kind:string,seen:string,announced:string,region:string,service:string,old:string,new:string,launched:string>"
  finding = "struct<rule:string,severity:string,scope:string,subject:string,message:string,cost:int>"
  reason  = "struct<rule:string,message:string>"
  quality = "struct<score:int,grade:string>"

  analyses_columns = {
    run_id  = "string"
    taken   = "string"
    version = "string"
    counts  = "struct<regions:int,services:int,offerings:int,gaps:int>"
    content = "struct<quality:${local.quality},findings:array<${local.finding}>,changes:array<${local.change}>,quarantine:array<${local.reason}>>"
  }

  # Partitions follow from the key, so that none has to be looked for.
  tables = {
    history = {
      description = "What was in AWS's published data when: docs/reference/history.md"
      prefix      = var.history_prefix
      partitions  = ["query_region", "detail"]
      columns     = local.history_columns
      parameters = {
        "compressionType"                = "gzip"
        "projection.enabled"             = "true"
        "projection.query_region.type"   = "enum"
        "projection.query_region.values" = join(",", var.query_regions)
        "projection.detail.type"         = "enum"
        "projection.detail.values"       = join(",", var.details)
        "storage.location.template"      = "s3://${var.bucket_name}/${var.history_prefix}query_region=$${query_region}/detail=$${detail}/"
      }
    }
    type_history = {
      description = "Which resource type was registered where and when: docs/reference/history.md"
      prefix      = "${var.history_prefix}level=type/"
      partitions  = []
      columns     = local.history_columns
      parameters  = { compressionType = "gzip" }
    }
    analyses = {
      description = "What each run measured: docs/reference/documents.md"
      prefix      = var.processed_data_prefix
      partitions  = ["day"]
      columns     = local.analyses_columns
      parameters = {
        "projection.enabled"           = "true"
        "projection.day.type"          = "date"
        "projection.day.format"        = "yyyy/MM/dd"
        "projection.day.range"         = "2022/01/01,NOW+1DAYS"
        "projection.day.interval"      = "1"
        "projection.day.interval.unit" = "DAYS"
        "storage.location.template"    = "s3://${var.bucket_name}/${var.processed_data_prefix}$${day}/"
      }
    }
  }
}

resource "aws_glue_catalog_database" "this" {
  name        = var.database_name
  description = "AWS services by region over time"
}

resource "aws_glue_catalog_table" "this" {
  for_each = local.tables

  name          = each.key
  description   = each.value.description
  database_name = aws_glue_catalog_database.this.name
  table_type    = "EXTERNAL_TABLE"
  parameters    = merge({ EXTERNAL = "TRUE", classification = "json" }, each.value.parameters)

  dynamic "partition_keys" {
    for_each = each.value.partitions

    content {
      name = partition_keys.value
      type = "string"
    }
  }

  storage_descriptor {
    location      = "s3://${var.bucket_name}/${each.value.prefix}"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }

    dynamic "columns" {
      for_each = each.value.columns

      content {
        name = columns.key
        type = columns.value
      }
    }
  }
}

resource "aws_athena_workgroup" "this" {
  name          = var.workgroup_name
  description   = "Questions of the history and the analyses"
  force_destroy = true # with it go named queries and the list of what was asked, not the bucket

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.most_bytes_scanned

    result_configuration {
      output_location       = "s3://${var.bucket_name}/${var.answers_prefix}"
      expected_bucket_owner = var.account_id

      encryption_configuration {
        encryption_option = var.bucket_key_arn == null ? "SSE_S3" : "SSE_KMS"
        kms_key_arn       = var.bucket_key_arn
      }
    }
  }
}

# A question is a file; its first line says in words what it asks.
resource "aws_athena_named_query" "this" {
  for_each = fileset("${path.module}/queries", "*.sql")

  name        = trimsuffix(each.key, ".sql")
  description = trimprefix(split("\n", file("${path.module}/queries/${each.key}"))[0], "-- ")
  workgroup   = aws_athena_workgroup.this.name
  database    = aws_glue_catalog_database.this.name
  query       = file("${path.module}/queries/${each.key}")
}
