"""Numbers that a reader has no right to, inside JSON."""

from typing import Any

from core.rules.masking import hide_numbers


def hide_numbers_in(content: Any) -> Any:
    """Mask them in every text of a JSON value."""
    if isinstance(content, str):
        return hide_numbers(content)
    if isinstance(content, dict):
        return {name: hide_numbers_in(value) for name, value in content.items()}
    if isinstance(content, list):
        return [hide_numbers_in(value) for value in content]
    return content
