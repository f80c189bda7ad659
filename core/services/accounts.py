"""Accounts and the people in them: put on record, completed, marked with tags."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.errors import BadInput, Unclear
from core.model.customer import Account, Contact
from core.model.lead import Lead
from core.ports import UnitOfWork
from core.rules.duplicates import identity_of, plain_email, plain_phone
from core.rules.permissions import may_create_leads, require
from core.services.customers import Customer, require_own
from core.services.duplicates import refuse_duplicates
from core.services.grading import replaced_by
from core.services.keeping import set_clocks
from core.services.leads import NAME_LENGTH
from core.services.words import known_source, known_tags

MOST_TAGS = 20
PERSON_LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at a customer: a name, and how to reach them."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """What is known of a company that is put on record, and of the first person there."""

    name: str
    person: Person | None = None
    region: str = ""
    industry: str = ""
    size: str = ""
    source: str = ""
    note: str = ""
    credit_code: str | None = None
    custom: dict[str, Any] = field(default_factory=dict)


def create_account(uow: UnitOfWork, new: NewAccount, *, certain: bool = False) -> tuple[Account, Contact | None]:
    """Put a company on record as the actor's account, with its first contact.

    Refuses with DuplicateLead for what is surely on record, with LooksLike for what may be unless `certain`.
    """
    require(may_create_leads(uow.actor), "录入客户")
    name, person = new.name.strip(), new.person
    if not name or len(name) > NAME_LENGTH:
        raise BadInput("公司名称要在 1 到 200 个字之间，请改短后再发一次")
    identity = identity_of(
        name,
        phone=person.phone if person else None,
        email=person.email if person else None,
        credit_code=new.credit_code,
    )
    if new.credit_code and identity.credit_code is None:
        raise BadInput(f"「{new.credit_code}」不是有效的统一社会信用代码，请核对后再发一次，没有记录任何内容")
    refuse_duplicates(uow, identity, certain=certain)
    uow.does("account.create")
    account = Account(
        name=name,
        core_name=identity.core,
        credit_code=identity.credit_code,
        region=new.region[:64],
        industry=new.industry[:64],
        size=new.size[:64],
        source=known_source(uow, new.source),
        note=new.note,
        custom=dict(new.custom),
        owner_id=uow.actor.id or None,
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.accounts.add(account)
    uow.flush()
    set_clocks(uow, account)
    return account, _new_contact(uow, account, person) if person else None


def add_contact(uow: UnitOfWork, about: Customer, person: Person, *, certain: bool = False) -> Customer | Contact:
    """Add a person, or complete one of that name. A lead keeps one; another takes its place only when `certain`."""
    require_own(uow, about)
    if not person.name.strip() or len(person.name) > PERSON_LENGTH:
        raise BadInput("联系人的称呼要在 1 到 64 个字之间，请改短后再发一次")
    if person.phone and plain_phone(person.phone) is None:
        raise BadInput(f"「{person.phone}」不是有效的电话号码，请核对后再发一次")
    uow.does("contact.add")
    if isinstance(about, Lead):
        return _onto_lead(uow, about, person, certain=certain)
    known = next((c for c in uow.contacts.of(about.id) if c.name == person.name), None)
    if known is None:
        return _new_contact(uow, about, person)
    known.phone = plain_phone(person.phone) or known.phone
    known.email = _address(person) or known.email
    uow.flush()
    return known


def mark(uow: UnitOfWork, about: Customer, tags: tuple[str, ...], *, heard: bool = False) -> tuple[str, ...]:
    """Mark a customer with tags; return those it did not have. Of a group that keeps one the new takes the old's place.

    What was only `heard` in a follow-up and is no tag of the company is left out; said as a tag, it is refused.
    """
    require_own(uow, about)
    own = uow.playbook.tags
    fresh = known_tags(uow, [tag for tag in tags if not heard or own.free or own.named(tag)])
    fresh = tuple(tag for tag in fresh if tag not in about.tags)
    gone = replaced_by(uow, about.tags, fresh)
    about.tags = tuple(tag for tag in about.tags if tag not in gone)
    if len(about.tags) + len(fresh) > MOST_TAGS:
        raise BadInput(f"「{about.name}」最多 {MOST_TAGS} 个标签，请先去掉几个")
    uow.does("tag.add")
    about.tags = (*about.tags, *fresh)
    uow.flush()
    set_clocks(uow, about)
    return fresh


def unmark(uow: UnitOfWork, about: Customer, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Take tags off a customer; return those it had."""
    require_own(uow, about)
    gone = tuple(tag for tag in tags if tag in about.tags)
    if not gone:
        have = f"现在有：{'、'.join(about.tags)}" if about.tags else "现在没有标签"
        raise BadInput(f"「{about.name}」没有标签「{'、'.join(tags)}」，{have}")
    uow.does("tag.remove")
    about.tags = tuple(tag for tag in about.tags if tag not in gone)
    uow.flush()
    set_clocks(uow, about)
    return gone


def end_contract(uow: UnitOfWork, account: Account, last_day: date) -> None:
    """Note the last day of the contract in force; clocks that count from it move."""
    require_own(uow, account)
    uow.does("contract.end")
    account.contract_ends_on = last_day
    uow.flush()
    set_clocks(uow, account)


def _new_contact(uow: UnitOfWork, account: Account, person: Person) -> Contact:
    contact = Contact(
        account_id=account.id,
        name=person.name[:PERSON_LENGTH],
        phone=plain_phone(person.phone),
        email=_address(person),
        owner_id=account.owner_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.contacts.add(contact)
    uow.flush()
    return contact


def _address(person: Person) -> str | None:
    return plain_email(person.email) or person.email or None


def _onto_lead(uow: UnitOfWork, lead: Lead, person: Person, *, certain: bool) -> Lead:
    if lead.contact_name and lead.contact_name != person.name and not certain:
        words = f"线索只记一位联系人，「{lead.name}」现在是{lead.contact_name}。换成{person.name}吗？"
        raise Unclear(words, (("换成新的", "yes"), ("不换了", "no")), "certain")
    other = lead.contact_name not in ("", person.name)
    lead.contact_name = person.name
    lead.phone = plain_phone(person.phone) or (None if other else lead.phone)
    lead.email = _address(person) or (None if other else lead.email)
    uow.flush()
    return lead
