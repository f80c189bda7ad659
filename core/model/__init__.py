"""Entities and values; entities refer to other aggregates by id."""
