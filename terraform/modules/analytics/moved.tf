# Addresses of an earlier layout. The tables keep their names, so a deployment from then is not to make them again.

moved {
  from = aws_glue_catalog_table.history
  to   = aws_glue_catalog_table.this["history"]
}

moved {
  from = aws_glue_catalog_table.type_history
  to   = aws_glue_catalog_table.this["type_history"]
}

moved {
  from = aws_glue_catalog_table.analyses
  to   = aws_glue_catalog_table.this["analyses"]
}
