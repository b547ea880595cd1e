"""What an organisation brings, read from a file: our YAML, a workbook, or OSCAL."""
