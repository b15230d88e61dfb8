"""A record as a workbook: the model of its sheets, the template, and the way between rows and statements."""
