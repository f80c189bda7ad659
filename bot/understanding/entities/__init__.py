"""What a typed sentence names from the company's own data: customers, the people in them, colleagues, products."""

from bot.understanding.entities.find import Finder

__all__ = ["Finder"]
