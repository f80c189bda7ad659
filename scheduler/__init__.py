"""The clock: time is one more person who talks to us."""
