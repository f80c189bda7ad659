"""Leads and accounts out of a file: customers, told apart by full name and phone.

A lead that comes with its holder is in work already: it counts as followed up at the moment of the import, so that its
clocks start then and the first sweep does not return a whole company's leads to the pool. One without goes to whom the
assignment rules say, or to the pool.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from core.model.customer import Account, Contact
from core.model.identity import Key, Mark
from core.model.lead import Assignment, Lead
from core.model.routing import Way
from core.ports import UnitOfWork
from core.rules.cells import one_line
from core.rules.duplicates import plain_name
from core.rules.likeness import is_shared_mailbox
from core.rules.recycling import Facts, lead_deadlines
from core.services.assignment import route
from core.services.imports.book import Entry, core_of
from core.services.imports.columns import Field, Kind
from core.services.imports.job import Holder, Job, taken
from core.services.imports.report import Bad, Found, Outcome, Same
from core.services.imports.tables import Line
from core.services.imports.values import Values
from core.services.keeping import facts_of, set_all_clocks

NAME_LENGTH = 200
GRADE_LENGTH = 8
BY = "导入"
_NO_NAMES = frozenset({"电话", Key.EMAIL.value, Key.CREDIT.value})

Made = TypeVar("Made", Lead, Account)


@dataclass(frozen=True)
class Draft:
    """A row read as a customer. `named` is whether its name is a company's own, so that the name tells it apart."""

    line: Line
    values: Values
    name: str
    named: bool
    contact: str
    title: str
    phone: str | None
    email: str | None
    holder: Holder
    credit_code: str | None = None
    custom: dict[str, Any] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What tells it apart besides name and phone."""
        own = self.email if self.email and not is_shared_mailbox(self.email) else None
        return tuple((key, value) for key, value in ((Key.CREDIT, self.credit_code), (Key.EMAIL, own)) if value)


def take_leads(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as leads."""
    outcomes, made = _judge(job, uow, lines, _lead)
    if job.keeps:
        for _, lead in made:
            uow.leads.add(lead)
        uow.flush()
        held = [(lead, lead.owner_id) for _, lead in made if lead.owner_id is not None]
        for lead, holder in held:
            uow.assignments.add(Assignment(lead_id=lead.id, member_id=holder, begun_at=uow.now, begun_by=BY))
        facts = facts_of(uow, [lead for lead, _ in held])
        uow.register.add_deadlines(
            [
                promise
                for lead, _ in held
                for promise in lead_deadlines(lead, facts.get(lead.ref, Facts()), uow.playbook, uow.calendar)
            ]
        )
        if uow.playbook.assignment.rules and uow.playbook.assignment.imported:
            route(uow, [lead for _, lead in made if lead.owner_id is None], Way.IMPORT)
    return outcomes


def take_accounts(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as accounts, each with its contact when one is named."""
    outcomes, made = _judge(job, uow, lines, _account)
    if job.keeps:
        for _, account in made:
            uow.accounts.add(account)
        uow.flush()
        set_all_clocks(uow, [account for _, account in made])
        for draft, account in made:
            if draft.contact:
                uow.contacts.add(contact_of(draft, account, uow.now))
    return outcomes


def contact_of(draft: Draft, account: Account, now: datetime) -> Contact:
    """Make the person that a customer's row names."""
    return Contact(
        account_id=account.id,
        name=draft.contact,
        title=draft.title,
        phone=draft.phone,
        email=draft.email,
        owner_id=account.owner_id,
        created_at=now,
        updated_at=now,
    )


def read_draft(job: Job, uow: UnitOfWork, line: Line, *, individuals: bool, needs_name: bool = True) -> Draft | Bad:
    """Read who a row is about. `individuals` may be people without a company, and rows known by a number only."""
    values = job.values(line)
    too_long = values.text(Field.COMPANY)
    if len(one_line(too_long)) > NAME_LENGTH:
        return Bad(line, f"公司名称有 {len(too_long)} 个字，最多 {NAME_LENGTH} 个字：{too_long[:20]}…")
    name = values.words(Field.COMPANY, NAME_LENGTH) or values.words(Field.SHORT, 100)
    contact, title = values.words(Field.CONTACT, 64), values.words(Field.TITLE, 64)
    phone, email, holder = values.phone(), values.email(), job.holder(uow, values)
    named = bool(name)
    if not name and individuals:
        reach = phone or email
        number = values.words(Field.NUMBER, 64)
        name = " ".join(filter(None, (contact or (reach if not number else "线索"), number)))
        named = not reach
    if not name and needs_name:
        needed = "公司名称、联系人、电话或编号" if individuals else "公司名称"
        return Bad(line, f"缺少{needed}，请补上后再导入")
    custom = job.custom(uow, line, values)
    if isinstance(custom, Bad):
        return custom
    return Draft(line, values, name, named, contact, title, phone, email, holder, values.credit_code(), custom)


def _judge(
    job: Job, uow: UnitOfWork, lines: Sequence[Line], build: Callable[[Draft, UnitOfWork], Made]
) -> tuple[list[Outcome], list[tuple[Draft, Made]]]:
    """Say of each row whether it is taken, remember those that are, and build their records."""
    individuals = job.order.kind is Kind.LEADS
    read = [read_draft(job, uow, line, individuals=individuals) for line in lines]
    drafts = [draft for draft in read if isinstance(draft, Draft)]
    if job.keeps:
        uow.twins.reserve_all()
    job.book.load(uow, ((d.name, d.phone) for d in drafts), [mark for d in drafts for mark in d.marks])
    outcomes: list[Outcome] = []
    made: list[tuple[Draft, Made]] = []
    for draft in read:
        if isinstance(draft, Bad):
            outcomes.append(draft)
            continue
        same = job.book.same(draft.name if draft.named else "", draft.phone, draft.marks)
        if same is not None:
            outcomes.append(Same(draft.line, draft.name, same, _mend(draft, same)))
            continue
        similar = job.book.similar(draft.name) if draft.named else ()
        entry = Entry(draft.name, job.where(draft.line), contact=draft.contact)
        job.book.add(entry, draft.phone, named=draft.named, marks=draft.marks)
        made.append((draft, build(draft, uow)))
        also = ("联系人",) if draft.contact and not individuals else ()
        outcome = taken(draft.line, draft.values, draft.name, draft.holder, made=also)
        outcomes.append(replace(outcome, similar=similar))
    return outcomes, made


def _mend(draft: Draft, same: Found) -> str:
    """Say what to do when a row is somebody else after all; nothing where the names agree and so does the person."""
    what = same.matched.removesuffix("相同")
    if what in _NO_NAMES and plain_name(same.name) != plain_name(draft.name):
        return f"{what}与{same.where}「{same.name}」相同，没有新建。确实是另一家时，请改{what}后再导入"
    if same.contact and draft.contact and same.contact != draft.contact:
        return f"公司与{same.where}相同。要记下{draft.contact}，请先导入客户，再用 --as contacts 导入这一行"
    return ""


def _lead(draft: Draft, uow: UnitOfWork) -> Lead:
    values = draft.values
    grade = _grade(values)
    created = values.instant(Field.CREATED, uow.calendar, uow.now)
    lead = Lead(
        name=draft.name,
        core_name=core_of(draft.name),
        contact_name=draft.contact,
        contact_title=draft.title,
        phone=draft.phone or values.phone(Field.COMPANY_PHONE),
        email=draft.email,
        credit_code=draft.credit_code,
        source=values.spelled(Field.SOURCE, 64),
        region=values.spelled(Field.REGION, 64),
        industry=values.spelled(Field.INDUSTRY, 64),
        grade=grade,
        custom=draft.custom,
        created_at=created if created is not None and created < uow.now else uow.now,
        updated_at=uow.now,
    )
    lead.need = _joined(values.text(Field.NEED), values.text(Field.NOTE), values.rest(Field.LAST_FOLLOWUP, Field.SHORT))
    if draft.holder.unknown:
        lead.need = _joined(lead.need, f"原负责人：{draft.holder.unknown}")
    if draft.holder.member_id is None:
        lead.to_pool(uow.now)
    else:
        lead.assign(draft.holder.member_id, uow.now)
        lead.followed_up(uow.now)
    return lead


def _account(draft: Draft, uow: UnitOfWork) -> Account:
    values = draft.values
    created = values.instant(Field.CREATED, uow.calendar, uow.now)
    last = values.instant(Field.LAST_FOLLOWUP, uow.calendar, uow.now)
    office = values.phone(Field.COMPANY_PHONE)
    account = Account(
        name=draft.name,
        short_name=values.words(Field.SHORT, 100),
        aliases=_aliases(values),
        core_name=core_of(draft.name),
        credit_code=draft.credit_code,
        phone=office if draft.contact else office or draft.phone,
        region=values.spelled(Field.REGION, 64),
        industry=values.spelled(Field.INDUSTRY, 64),
        size=values.words(Field.SIZE, 64),
        address=values.words(Field.ADDRESS, 300),
        grade=_grade(values),
        source=values.spelled(Field.SOURCE, 64),
        custom=draft.custom,
        owner_id=draft.holder.member_id,
        last_followup_at=last if last is not None and last <= uow.now else None,
        created_at=created if created is not None and created < uow.now else uow.now,
        updated_at=uow.now,
    )
    account.note = _joined(values.text(Field.NEED), values.text(Field.NOTE), values.rest())
    if draft.holder.unknown:
        account.note = _joined(account.note, f"原负责人：{draft.holder.unknown}")
    return account


def _grade(values: Values) -> str:
    said = values.words(Field.GRADE, 64)
    grade = said.upper().removesuffix("级").removesuffix("类").removesuffix("级客户").strip()
    if len(grade) > GRADE_LENGTH:
        values.kept.append(f"{Field.GRADE}：{said}")
        return ""
    return grade


def _aliases(values: Values) -> tuple[str, ...]:
    said = values.text(Field.ALIASES)
    for mark in "、,，;；/|\n":
        said = said.replace(mark, "\x1f")
    return tuple(dict.fromkeys(one_line(part)[:100] for part in said.split("\x1f") if part.strip()))


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
