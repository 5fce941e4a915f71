"""What changed, what to look at, and how sure it is, in a few lines: for mail, chat and the workbook's first sheet."""
