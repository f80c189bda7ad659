"""Figures of the business: measures and dimensions declared once, and the judgements that reports make from them."""
