"""Documents as PDF: a company's template and a record's facts, set by typst in a process that may do nothing else."""
