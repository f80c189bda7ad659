"""Deals out of a file. A deal without an account is taken without one; an account nobody knows is made along with it.

Deals are told apart by the number they had elsewhere, or by account, name, amount and day where they have none. A day,
an amount or a stage that cannot be read is not guessed: the row comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from core.model.customer import Account, Contact
from core.model.deal import Deal, StageStay
from core.model.ids import AccountId
from core.model.money import Money
from core.ports import UnitOfWork
from core.rules.duplicates import plain_name
from core.services.imports.book import Entry, core_of
from core.services.imports.columns import Field
from core.services.imports.job import UNKNOWN_OWNER, Job, note_on, taken, unreadable
from core.services.imports.leads import Draft, contact_of, read_draft
from core.services.imports.report import Bad, Found, Outcome, Same
from core.services.imports.tables import Line
from core.services.imports.values import Values
from core.services.imports.words import LOST, STAGES, WON, spelled, stage_begun, stage_of

DEAL_NAME = 200


@dataclass(frozen=True)
class Offer:
    """A row read as a deal."""

    draft: Draft
    number: str
    name: str
    is_named: bool
    product: str
    stage: str
    amount: Money | None
    begun_on: date | None
    expected_on: date | None
    closed_on: date | None
    begun_in: str = STAGES[0]
    begun_at: datetime | None = None

    @property
    def day(self) -> date | None:
        return self.closed_on or self.expected_on


@dataclass
class Kept:
    """A deal and what is made beside it."""

    offer: Offer
    deal: Deal
    entry: Entry | None
    account: Account | None
    is_new_account: bool


def take_deals(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as deals."""
    read = [_read(job, uow, line) for line in lines]
    offers = [offer for offer in read if isinstance(offer, Offer)]
    job.book.load(uow, ((offer.draft.name, offer.draft.phone) for offer in offers))
    entries = {id(o): job.book.accounts(o.draft.name, o.draft.phone) if o.draft.name else [] for o in offers}
    ids = {entry.ref.id for found in entries.values() for entry in found if entry.ref}
    loose = [o.name for o in offers if not o.draft.name and not o.number]
    known = uow.register.deals([o.number for o in offers], [AccountId(one) for one in ids], loose)
    on_record: dict[object, str] = {d.external_id: f"商机 D{d.id}" for d in known if d.external_id}
    on_record |= {(f"A{d.account_id}" if d.account_id else "", d.name, d.amount, d.day): f"商机 D{d.id}" for d in known}
    outcomes: list[Outcome] = []
    kept: list[Kept] = []
    for offer in read:
        if isinstance(offer, Bad):
            outcomes.append(offer)
            continue
        outcome, one = _judge(job, uow, offer, on_record)
        outcomes.append(outcome)
        if one is not None:
            kept.append(one)
    if job.keeps:
        _write(job, uow, kept)
    return outcomes


def _judge(job: Job, uow: UnitOfWork, offer: Offer, on_record: dict[object, str]) -> tuple[Outcome, Kept | None]:
    draft = offer.draft
    found = job.book.accounts(draft.name, draft.phone) if draft.name else []
    if len(found) > 1:
        where = "、".join(entry.where for entry in found)
        return Bad(draft.line, f"有 {len(found)} 个同名客户「{draft.name}」（{where}），分不清是哪一个，请写全称"), None
    entry = found[0] if found else None
    remarks = () if draft.name else ("没有客户的商机，已照常导入",)
    if entry is not None and not offer.is_named:
        offer = replace(offer, name=_name(entry.name, offer.product))
    if entry is not None and plain_name(entry.name) != plain_name(draft.name):
        remarks = ("客户名称写法不同，按电话或简称归到已有客户",)
    key = _key(offer, entry)
    before = on_record.get(key) or job.book.deals.get(key)
    if before is not None:
        what = "编号相同" if offer.number else "客户、名称、金额和日期相同"
        return Same(draft.line, offer.name, Found(offer.name, before, what)), None
    similar: tuple[Found, ...] = ()
    made: list[str] = []
    account: Account | None = None
    if entry is None and draft.name:
        similar = job.book.similar(draft.name)
        entry = Entry(draft.name, job.where(draft.line), owner_id=draft.holder.member_id)
        job.book.add(entry, draft.phone)
        account = _account(draft, uow)
        made += ["客户", "联系人"] if draft.contact else ["客户"]
        key = _key(offer, entry)
    job.book.add_deal(key, job.where(draft.line))
    deal = _deal(offer, uow)
    outcome = taken(draft.line, draft.values, offer.name, draft.holder, remarks=remarks, made=tuple(made))
    return replace(outcome, similar=similar), Kept(offer, deal, entry, account, account is not None)


def _write(job: Job, uow: UnitOfWork, kept: Sequence[Kept]) -> None:
    for one in kept:
        if one.account is not None:
            uow.accounts.add(one.account)
    uow.flush()
    for one in kept:
        if one.account is not None and one.entry is not None:
            one.entry.ref = one.account.ref
            if one.offer.draft.contact:
                uow.contacts.add(contact_of(one.offer.draft, one.account, uow.now))
    _add_contacts(uow, [one for one in kept if one.account is None])
    for one in kept:
        if one.entry is not None and one.entry.ref is not None:
            one.deal.account_id = AccountId(one.entry.ref.id)
            _let_hold(job, one)
        uow.deals.add(one.deal)
    uow.flush()
    for one in kept:
        for stay in _stays(one.offer, one.deal):
            uow.deals.add_stay(stay)
        draft = one.offer.draft
        words = "\n".join(filter(None, (draft.values.text(Field.NOTE), draft.values.rest())))
        note = note_on(one.entry, one.deal.name, words, one.deal.owner_id, uow.now) if one.entry else None
        if note is not None:
            uow.followups.add(note)


def _add_contacts(uow: UnitOfWork, kept: Sequence[Kept]) -> None:
    """Keep people whom a row names and their account does not have yet."""
    named = [
        (AccountId(one.entry.ref.id), one.offer.draft)
        for one in kept
        if one.offer.draft.contact and one.entry is not None and one.entry.ref is not None
    ]
    there = {(known.account_id, known.name) for known in uow.register.contacts(account for account, _ in named)}
    for account_id, draft in named:
        if (account_id, draft.contact) in there:
            continue
        there.add((account_id, draft.contact))
        uow.contacts.add(
            Contact(
                account_id=account_id,
                name=draft.contact,
                title=draft.title,
                phone=draft.phone,
                email=draft.email,
                owner_id=draft.holder.member_id,
                created_at=uow.now,
                updated_at=uow.now,
            )
        )


def _let_hold(job: Job, one: Kept) -> None:
    """An account that nobody holds goes to whoever has its newest deal."""
    entry, holder = one.entry, one.deal.owner_id
    if entry is None or entry.ref is None or entry.owner_id is not None or holder is None:
        return
    day = one.deal.begun_on or one.offer.day or date.min
    account_id = AccountId(entry.ref.id)
    if account_id not in job.holders or day >= job.holders[account_id][0]:
        job.holders[account_id] = (day, holder)


def _read(job: Job, uow: UnitOfWork, line: Line) -> Offer | Bad:
    draft = read_draft(job, uow, line, individuals=False, needs_name=False)
    if isinstance(draft, Bad):
        return draft
    values = draft.values
    said = values.words(Field.STAGE, 64)
    stage = stage_of(said) if said else STAGES[0]
    if stage is None:
        return Bad(line, f"阶段「{said}」不认识，可用：{'、'.join(STAGES)}")
    product = values.spelled(Field.PRODUCT, 200)
    number = values.words(Field.NUMBER, 64)
    own_name = values.words(Field.DEAL, DEAL_NAME)
    name = own_name or _name(draft.name, product) or number
    if not name:
        return Bad(line, "缺少商机名称、客户名称和编号，至少要有一个")
    offer = _dated(
        values, Offer(draft, number, name, bool(own_name), product, stage, values.amount(), None, None, None)
    )
    if offer.begun_on is not None:
        begun_at = uow.calendar.at(offer.begun_on, time(0))
        offer = replace(offer, begun_at=begun_at, begun_in=stage_begun(values.heading(Field.BEGUN)))
    if (bad := unreadable(values, line)) is not None:
        return bad
    if draft.holder.unknown and draft.holder.member_id is None:
        return Bad(line, UNKNOWN_OWNER.format(draft.holder.unknown), unknown_owner=draft.holder.unknown)
    return offer


def _name(customer: str, product: str) -> str:
    """Name a deal that has no name of its own."""
    name = " ".join(filter(None, (customer, product)))
    return (f"{name}商机" if name and not product else name)[:DEAL_NAME]


def _dated(values: Values, offer: Offer) -> Offer:
    """Read the days. One that says when a deal was closed is an expectation while the deal is open."""
    begun = values.days(Field.BEGUN, past=True)
    is_over = offer.stage in (WON, LOST)
    closed = values.days(Field.CLOSED, past=is_over)
    expected = values.days(Field.EXPECTED_CLOSE, past=is_over) or (None if is_over else closed)
    return replace(
        offer,
        begun_on=begun.first if begun else None,
        expected_on=expected.last if expected else None,
        closed_on=closed.last if closed and is_over else None,
    )


def _stays(offer: Offer, deal: Deal) -> list[StageStay]:
    """Return how long the deal stood where, as far as the file's dates tell.

    One that is over stood from its begin on in the stage that the column of that date names (else in the first), and
    was won or lost on its last day; an end before the begin leaves no time between.
    """
    ends = deal.stage_since or deal.created_at
    if deal.is_open or offer.begun_at is None:
        return [StageStay(deal_id=deal.id, stage=deal.stage, entered_at=ends)]
    begins = min(offer.begun_at, ends)
    stood = StageStay(deal_id=deal.id, stage=offer.begun_in, entered_at=begins, left_at=ends, next_stage=deal.stage)
    return [stood, StageStay(deal_id=deal.id, stage=deal.stage, entered_at=ends)]


def _key(offer: Offer, entry: Entry | None) -> object:
    """Return what tells the deal apart."""
    if offer.number:
        return offer.number
    account = "" if entry is None else str(entry.ref) if entry.ref else f"new:{plain_name(entry.name)}"
    return (account, offer.name, offer.amount, offer.day)


def _account(draft: Draft, uow: UnitOfWork) -> Account:
    return Account(
        name=draft.name,
        core_name=core_of(draft.name),
        phone=None if draft.contact else draft.phone,
        owner_id=draft.holder.member_id,
        created_at=uow.now,
        updated_at=uow.now,
    )


def _deal(offer: Offer, uow: UnitOfWork) -> Deal:
    created = offer.draft.values.instant(Field.CREATED, uow.calendar, uow.now)
    outcome = {WON: "won", LOST: "lost"}.get(offer.stage, "open")
    entered = offer.closed_on if outcome != "open" else offer.begun_on
    since = uow.calendar.at(entered, time(0)) if entered is not None else None
    return Deal(
        name=offer.name,
        custom=offer.draft.custom,
        owner_id=offer.draft.holder.member_id,
        stage=offer.stage,
        outcome=outcome,
        stage_since=since,
        amount=offer.amount,
        product=spelled(offer.product),
        begun_on=offer.begun_on,
        expected_close_on=offer.expected_on,
        closed_on=offer.closed_on,
        external_id=offer.number,
        created_at=created if created is not None and created < uow.now else uow.now,
        updated_at=uow.now,
    )
