"""A company's own template for a kind of document: its versions are kept, and never changed afterwards."""

from dataclasses import dataclass
from datetime import datetime

from core.model.ids import MemberId

SHIPPED = 0
"""The number of the template that comes with the product."""


@dataclass(eq=False, kw_only=True)
class Template:
    """One version; the newest of its kind is in use. `restores` names the version that it brought back."""

    kind: str
    number: int
    source: str
    remark: str = ""
    restores: int | None = None
    at: datetime
    by: MemberId | None = None
    by_name: str = ""
