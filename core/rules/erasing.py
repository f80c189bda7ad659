"""What is left of a record once nobody may restore it: its number and what reports count, no word about a person."""

from collections.abc import Mapping
from typing import Any, Final

GONE: Final = "（已清除）"

BLANKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "lead": {
        "contact_name": "", "contact_title": "", "phone": None, "email": None, "external_id": None, "need": "",
        "custom": {},
    },
    "account": {"phone": None, "address": "", "note": "", "aliases": (), "custom": {}},
    "contact": {"name": GONE, "title": "", "phone": None, "email": None, "external_id": None, "custom": {}},
    "deal": {"need": "", "decision_maker": "", "note": "", "custom": {}},
    "quote": {"contact_id": None, "note": ""},
    "plan": {"content": GONE},
    "promise": {"to_whom": "", "words": GONE},
    "followup": {"content": GONE},
}  # fmt: skip
"""By kind of record, what its fields say afterwards."""
