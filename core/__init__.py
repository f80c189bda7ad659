"""The business: plain dataclasses and functions, without a framework, a database or a clock of their own."""
