"""Readers of what people type: times, money, phones, quantities, methods and sources out of plain text.

Every reader is a pure function of its arguments. Spans count characters of the very text that was given, so what
is stored can always be cut from the original words.
"""
