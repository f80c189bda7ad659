"""Contacts and follow-ups out of a file: both belong to a customer that is on record already."""

from collections.abc import Sequence
from datetime import datetime

from core.model.customer import Contact
from core.model.followup import FollowUp
from core.model.ids import AccountId
from core.ports import UnitOfWork
from core.rules.followups import judge_followup
from core.services.imports.book import Entry
from core.services.imports.columns import Field
from core.services.imports.job import Job, note_on, taken, unreadable
from core.services.imports.leads import Draft, read_draft
from core.services.imports.report import Bad, Found, Outcome, Same
from core.services.imports.tables import Line
from core.services.imports.words import method_of

CONTENT_LENGTH = 4000


def take_contacts(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as people of accounts."""
    read = [read_draft(job, uow, line, individuals=False) for line in lines]
    job.book.load(uow, ((d.name, None) for d in read if isinstance(d, Draft)))
    entries = {d.line.number: job.book.accounts(d.name, None) for d in read if isinstance(d, Draft)}
    ids = [AccountId(e.ref.id) for found in entries.values() for e in found if e.ref]
    there = uow.register.contacts(ids)
    names = {(known.account_id, known.name) for known in there}
    phones = {(known.account_id, known.phone) for known in there if known.phone}
    outcomes: list[Outcome] = []
    for draft in read:
        if isinstance(draft, Bad):
            outcomes.append(draft)
            continue
        entry = _account_of(job, draft, entries[draft.line.number])
        if isinstance(entry, Bad):
            outcomes.append(entry)
            continue
        account_id = AccountId(entry.ref.id) if entry.ref else AccountId(0)
        name = draft.contact or draft.phone or ""
        if (account_id, draft.contact) in names or (account_id, draft.phone) in phones:
            matched = "姓名相同" if (account_id, draft.contact) in names else "电话相同"
            found = Found(name, f"{entry.where}「{entry.name}」的联系人", matched)
            outcomes.append(Same(draft.line, name, found))
            continue
        names.add((account_id, draft.contact))
        phones.add((account_id, draft.phone)) if draft.phone else None
        holder = draft.holder.member_id or entry.owner_id
        words = "\n".join(filter(None, (draft.values.text(Field.NOTE), draft.values.rest())))
        outcomes.append(taken(draft.line, draft.values, name, draft.holder))
        if job.keeps:
            uow.contacts.add(_contact(draft, account_id, name, uow.now))
            if (note := note_on(entry, f"联系人 {name}", words, holder, uow.now)) is not None:
                uow.followups.add(note)
    return outcomes


def take_followups(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as what was done with customers. It is history: it neither starts nor answers a clock."""
    read = [read_draft(job, uow, line, individuals=False, needs_name=False) for line in lines]
    drafts = [draft for draft in read if isinstance(draft, Draft)]
    job.book.load(uow, ((d.name, d.phone) for d in drafts))
    entries = {d.line.number: job.book.customers(d.name, d.phone) for d in drafts}
    known = uow.register.followups(e.ref for found in entries.values() for e in found if e.ref)
    outcomes: list[Outcome] = []
    for draft in read:
        if isinstance(draft, Bad):
            outcomes.append(draft)
            continue
        made = _followup(job, uow, draft, entries[draft.line.number])
        if isinstance(made, Bad):
            outcomes.append(made)
            continue
        key = (made.customer, made.at, made.content)
        label = made.content[:20]
        if key in known or key in job.said:
            outcomes.append(Same(draft.line, label, Found(label, str(made.customer), "客户、时间和内容相同")))
            continue
        known.add(key)
        if not job.keeps:
            job.said.add(key)  # nothing will be on record when the next rows ask
        outcomes.append(taken(draft.line, draft.values, label, draft.holder))
        if job.keeps:
            uow.followups.add(made)
            if made.customer_kind == "account":
                account = AccountId(made.customer_id)
                job.latest[account] = max(made.at, job.latest.get(account, made.at))
    return outcomes


def _account_of(job: Job, draft: Draft, found: list[Entry]) -> Entry | Bad:
    if not draft.contact and not draft.phone:
        return Bad(draft.line, "缺少联系人姓名，请补上后再导入")
    if len(found) == 1:
        return found[0]
    if found:
        return Bad(draft.line, f"有 {len(found)} 个同名客户「{draft.name}」，分不清是哪一个，请写全称")
    if job.book.customers(draft.name, None):
        return Bad(draft.line, f"「{draft.name}」还是线索，不是客户。请先导入为客户（--as accounts），再导入联系人")
    return Bad(draft.line, f"客户「{draft.name}」不在系统里。请先用 --as accounts 导入客户，再导入联系人")


def _followup(job: Job, uow: UnitOfWork, draft: Draft, found: list[Entry]) -> FollowUp | Bad:
    values, line = draft.values, draft.line
    content = values.text(Field.CONTENT)
    at = values.instant(Field.AT, uow.calendar, uow.now)
    about = found[0].ref if len(found) == 1 else None
    reason = _not_a_followup(uow, draft, len(found), content, at)
    if reason or at is None or about is None:
        return unreadable(values, line) or Bad(line, reason)
    method = method_of(values.words(Field.METHOD, 64))
    author = f"跟进人：{draft.holder.unknown}" if draft.holder.unknown else ""
    rest = values.rest(Field.CONTACT, Field.NOTE) if draft.name else values.rest(Field.NOTE)
    words = "\n".join(filter(None, (content, author, rest)))[:CONTENT_LENGTH]
    return FollowUp(
        customer_kind=about.kind,
        customer_id=about.id,
        author_id=draft.holder.member_id,
        method=method,
        content=words,
        at=at,
        valid=judge_followup(content, repeated=False, at_least=uow.playbook.followups.min_characters).counts,
        created_at=uow.now,
        updated_at=uow.now,
    )


def _not_a_followup(uow: UnitOfWork, draft: Draft, found: int, content: str, at: datetime | None) -> str:
    """Say what a row lacks to be something that was done with a customer."""
    called = draft.name or draft.contact or draft.phone or ""
    if not called:
        return "缺少客户名称，请补上后再导入"
    if found != 1:
        which = f"有 {found} 个同名的" if found else "系统里没有"
        return f"{which}客户「{called}」。请写系统里的全称，或先导入客户"
    if not content:
        return "缺少跟进内容，请补上后再导入"
    if at is None:
        return "缺少跟进时间，请补上后再导入"
    if at > uow.now:
        return f"跟进时间 {uow.calendar.local(at):%Y-%m-%d %H:%M} 在将来，跟进只记已经发生的事"
    return ""


def _contact(draft: Draft, account_id: AccountId, name: str, now: datetime) -> Contact:
    return Contact(
        account_id=account_id,
        name=name,
        title=draft.title,
        phone=draft.phone,
        email=draft.email,
        custom=draft.custom,
        owner_id=draft.holder.member_id,
        created_at=now,
        updated_at=now,
    )
