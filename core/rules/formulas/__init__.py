"""Formulas: a small language of our own that calculates a field from others.

Its words stand in `tokens.py`, its grammar in `parsing.py`, what two values make in `operators.py`, its functions in
`functions.py`. There are no loops, no attributes and no powers; length, depth, size of numbers and texts are bounded.
"""
