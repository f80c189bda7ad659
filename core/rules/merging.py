"""Two records that are one: which goes on, what they say differently, and what comes out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput
from core.model.customer import Account, Contact
from core.model.ids import Ref
from core.model.lead import Lead, LeadState

Customer = Lead | Account

OWNER = "owner_id"
LABELS: Mapping[str, str] = {
    "name": "公司名称",
    "short_name": "简称",
    "contact_name": "联系人",
    "contact_title": "职务",
    "phone": "电话",
    "email": "邮箱",
    "credit_code": "统一社会信用代码",
    "external_id": "企业微信客户",
    "source": "来源",
    "region": "地区",
    "industry": "行业",
    "size": "规模",
    "address": "地址",
    "grade": "等级",
    "need": "需求",
    "note": "备注",
    OWNER: "负责人",
}
"""What may differ, in the order in which it is shown; a record has some of them."""

CUSTOM = "custom."
"""Before the key of a field that the company has made."""

_TWIN_OF = {"need": "note", "note": "need"}
"""What a lead and an account call the same thing differently."""

_FURTHER = (LeadState.WORKING, LeadState.ASSIGNED, LeadState.NURTURE, LeadState.POOLED, LeadState.NEW)


@dataclass(frozen=True)
class Difference:
    """A field of which both say something, and not the same."""

    field: str
    kept: Any
    other: Any


def survivor_of(one: Customer, other: Customer, keep: Ref | None = None) -> tuple[Customer, Customer]:
    """Return who goes on and who goes over: an account before a lead, then who got further, then the older one.

    `keep` decides between two of a kind; an account never becomes a lead.
    """
    if isinstance(one, Account) != isinstance(other, Account):
        return (one, other) if isinstance(one, Account) else (other, one)
    if keep is not None:
        return (one, other) if one.ref == keep else (other, one)
    return (one, other) if _rank(one) <= _rank(other) else (other, one)


def differences(kept: Customer, other: Customer) -> list[Difference]:
    """Return what both say differently; what only one says is not in doubt."""
    found = [
        Difference(field, mine, theirs)
        for field in LABELS
        if hasattr(kept, field)
        and (mine := value_of(kept, field))
        and (theirs := value_of(other, field))
        and mine != theirs
    ]
    for key, mine in kept.custom.items():
        theirs = other.custom.get(key)
        if mine not in _NOTHING and theirs not in _NOTHING and mine != theirs:
            found.append(Difference(CUSTOM + key, mine, theirs))
    return [one for one in found if one.field != "name" or not isinstance(kept, Account) or isinstance(other, Account)]


def take_values(kept: Customer, other: Customer, taken: Sequence[str]) -> None:
    """Let `kept` say what was chosen: its own, what only `other` says, and the fields that are `taken` from it.

    Whose it is decides somebody else; tags are joined.
    """
    unknown = set(taken) - {one.field for one in differences(kept, other)}
    if unknown:
        raise BadInput("这两条记录刚刚有变动，请重新发送「合并 …」再选一次")
    for field in LABELS:
        theirs = value_of(other, field)
        if field != OWNER and theirs and hasattr(kept, field) and (field in taken or not getattr(kept, field)):
            setattr(kept, field, theirs)
    custom = {key: value for key, value in other.custom.items() if value not in _NOTHING}
    chosen = {key: value for key, value in custom.items() if CUSTOM + key in taken or kept.custom.get(key) in _NOTHING}
    if chosen:
        kept.custom = kept.custom | chosen
    kept.tags = tuple(dict.fromkeys((*kept.tags, *other.tags)))


def value_of(record: Customer, field: str) -> Any:
    """Return what a record says of a field, under its own word for it."""
    if not hasattr(record, field):
        field = _TWIN_OF.get(field, "")
        return None if not field or isinstance(record, Account) else getattr(record, field, None)
    return getattr(record, field)


def same_person(one: Contact, other: Contact) -> bool:
    """Say whether two contacts are one person: the same number, or one name and numbers that do not contradict."""
    if one.phone and other.phone:
        return one.phone == other.phone and one.name == other.name
    return one.name == other.name and (not one.email or not other.email or one.email == other.email)


def calls_of(record: Customer) -> Iterator[str]:
    """Yield what a record has been called, which its survivor answers to from now on."""
    yield record.name
    if isinstance(record, Account):
        yield from filter(None, (record.short_name, *record.aliases))


_NOTHING: tuple[Any, ...] = (None, "", [], (), {})


def _rank(record: Customer) -> tuple[int, int]:
    if isinstance(record, Account):
        return 0, record.id
    return _FURTHER.index(LeadState(record.state)), record.id
