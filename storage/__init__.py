"""The truth: tables, their mapping onto core's classes, the unit of work; and what makes it faster."""
