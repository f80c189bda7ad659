"""Deeds: load, judge by a rule, change, tell. Every deed takes the unit of work first."""
