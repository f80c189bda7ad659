"""Judgements: pure functions over values and entities, each with its reason."""
