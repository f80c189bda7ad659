"""Identifiers: small whole numbers, so that a person can type them."""

import re
from dataclasses import dataclass
from typing import Any, NewType

MemberId = NewType("MemberId", int)
LeadId = NewType("LeadId", int)
AccountId = NewType("AccountId", int)
ContactId = NewType("ContactId", int)
DealId = NewType("DealId", int)
FollowUpId = NewType("FollowUpId", int)
PlanId = NewType("PlanId", int)
ProductId = NewType("ProductId", int)
PriceListId = NewType("PriceListId", int)
QuoteId = NewType("QuoteId", int)
RequestId = NewType("RequestId", int)
ContractId = NewType("ContractId", int)
InstalmentId = NewType("InstalmentId", int)
PaymentId = NewType("PaymentId", int)
OrderId = NewType("OrderId", int)
InvoiceId = NewType("InvoiceId", int)
FileId = NewType("FileId", int)
MaterialId = NewType("MaterialId", int)
InboxId = NewType("InboxId", int)
OutboxId = NewType("OutboxId", int)

UNSAVED: Any = None
"""The id of a record that has not been saved yet; the database gives the number."""

PREFIXES = {
    "lead": "L",
    "account": "A",
    "contact": "P",
    "deal": "D",
    "followup": "F",
    "plan": "T",
    "member": "M",
    "playbook": "V",
    "handover": "H",
    "collaboration": "K",
    "quote": "Q",
    "product": "G",
    "price_list": "J",
    "contract": "C",
    "instalment": "N",
    "order": "O",
    "payment": "R",
    "invoice": "B",
    "approval": "S",
    "file": "W",
    "material": "E",
    "promise": "Y",
    "job": "Z",
    "deal_share": "X",
    "interview": "I",
    "deletion": "U",
    "draft": "VD",
}
KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}


@dataclass(frozen=True)
class Ref:
    """What something is and its number; written `L12` (a lead), `A3` (an account) wherever it is seen outside."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{PREFIXES[self.kind]}{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """Read `L12`; raise ValueError for anything else."""
        found = re.fullmatch(r"([A-Z])([1-9][0-9]{0,17})", text, re.ASCII)
        if found is None or found[1] not in KINDS:
            raise ValueError(text)
        return cls(KINDS[found[1]], int(found[2]))
