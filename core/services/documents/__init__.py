"""Documents of records: which there are, the company's templates for them, and ordering one."""
