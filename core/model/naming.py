"""What is found under a name, and words a company teaches us."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.model.ids import UNSAVED, MemberId, Ref


class Hit(NamedTuple):
    """One row of the index: what is called `name`, under which key. The record itself may have moved on."""

    key: str
    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A customer with everything it is called. `contact` and `contact_title` are a lead's own."""

    ref: Ref
    name: str
    short_name: str
    aliases: tuple[str, ...]
    owner_id: MemberId | None
    contact: str = ""
    contact_title: str = ""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A contact person and the customer behind them; of a lead, `ref` is the lead itself."""

    ref: Ref
    name: str
    title: str
    customer: Ref
    customer_name: str
    owner_id: MemberId | None


@dataclass(eq=False, kw_only=True)
class Term:
    """Words that mean something on record because somebody said so: 以后 HW 就是华为.

    `member_id` is whose word it is, None where it is the whole company's. A product has a name and no number.
    """

    id: int = UNSAVED
    words: str
    meaning_kind: str
    meaning_id: int
    meaning_name: str
    member_id: MemberId | None = None
    taught_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def meaning(self) -> Ref:
        return Ref(self.meaning_kind, self.meaning_id)
