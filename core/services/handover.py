"""A leaver's book changes hands: shown first, then all of it at once, and nothing but the holder changes (B6-5)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import BadInput, NotAllowed
from core.model.customer import Account, Contact
from core.model.deadline import Deadline, DeadlineKind
from core.model.deal import Deal
from core.model.followup import Plan
from core.model.handover import Book, Handed, Handover, Split
from core.model.ids import LeadId, MemberId, Ref
from core.model.job import Job
from core.model.lead import Assignment, Lead
from core.model.load import Holding
from core.model.member import LEADING, SELLING, Member
from core.notices.handover import BookHandedOver, HandoverSettled, HandoverTakenBack, ReceiptMissing
from core.ports import UnitOfWork
from core.rules.capacity import used
from core.rules.handover import Group, Shared, SplitRule, chosen, share_out
from core.rules.permissions import may_manage, scope_of
from core.services.briefing import Brief, briefs
from core.services.capacity import used_by
from core.services.leaders import leader_of

JOB = "handover"
HANDED_OVER = "交接"
SPLITS = {Split.EVENLY: "平均分", Split.INDUSTRY: "按行业分", Split.REGION: "按地区分", Split.GRADE: "按等级均分"}
SHOWN = 8
"""Customers that the one message to a receiver spells out; the rest is asked for."""

SHARES = {"一半": 2, "三分之一": 3, "四分之一": 4}


@dataclass(frozen=True, kw_only=True)
class Part:
    """Which part of a book changes hands; without anything all of it does."""

    industry: str = ""
    region: str = ""
    source: str = ""
    count: int = 0
    share: str = ""

    @property
    def is_all(self) -> bool:
        return not any((self.industry, self.region, self.source, self.count, self.share))


@dataclass(frozen=True, kw_only=True)
class Order:
    """Whose book goes to whom, by what."""

    leaver: Member
    receivers: tuple[Member, ...]
    by: Split = Split.EVENLY
    shares: Mapping[str, MemberId] = field(default_factory=dict)
    exceptions: Mapping[Ref, MemberId] = field(default_factory=dict)
    part: Part = field(default_factory=Part)

    @property
    def rule(self) -> SplitRule:
        return SplitRule(tuple(one.id for one in self.receivers), self.by, self.shares, self.exceptions)

    def as_json(self) -> dict[str, Any]:
        """Return the order as a job keeps it."""
        return {
            "leaver": self.leaver.id,
            "receivers": [one.id for one in self.receivers],
            "by": self.by.value,
            "shares": dict(self.shares),
            "exceptions": {str(ref): member for ref, member in self.exceptions.items()},
            "part": {name: getattr(self.part, name) for name in ("industry", "region", "source", "count", "share")},
        }

    @classmethod
    def from_json(cls, uow: UnitOfWork, kept: Mapping[str, Any]) -> "Order":
        return cls(
            leaver=uow.members.get(MemberId(kept["leaver"])),
            receivers=tuple(uow.members.get(MemberId(one)) for one in kept["receivers"]),
            by=Split(kept["by"]),
            shares={group: MemberId(one) for group, one in kept["shares"].items()},
            exceptions={Ref.parse(ref): MemberId(one) for ref, one in kept["exceptions"].items()},
            part=Part(**kept["part"]),
        )


@dataclass(frozen=True)
class Parcel:
    """What one receiver gets; what fills their capacity before and after, and how much it may be."""

    receiver: Member
    book: Book
    before: float
    after: float
    most: float

    @property
    def is_too_much(self) -> bool:
        return self.after > self.most


@dataclass(frozen=True)
class Draft:
    """A hand-over as it would be done now; `stays` are the customers that remain where they are."""

    order: Order
    parcels: tuple[Parcel, ...]
    groups: tuple[Group, ...]
    stays: tuple[Lead | Account, ...]
    risky: tuple[Brief, ...]
    names: Mapping[MemberId, str]

    @property
    def customers(self) -> int:
        return sum(len(parcel.book.customers) for parcel in self.parcels)

    @property
    def size(self) -> int:
        return sum(parcel.book.size for parcel in self.parcels)


def draft(uow: UnitOfWork, order: Order) -> Draft:
    """Return who would get what, and change nothing. Refuses where the actor has no right to one of the sides."""
    _may_hand_over(uow, order)
    book = uow.books.of(order.leaver.id)
    if not book.size:
        raise BadInput(f"{order.leaver.name}名下没有客户、商机或计划，不用交接")
    going = _part_of(book, order.part)
    if not going and not order.part.is_all:
        raise BadInput(f"{order.leaver.name}名下没有符合条件的客户，没有改动。换个行业或地区再发一次")
    for ref in order.exceptions:
        if all(one.ref != ref for one in book.customers):
            raise BadInput(f"点名的客户 {ref} 不在{order.leaver.name}名下，请核对后再发一次")
    shared = share_out(going, order.rule, _holds(uow, order))
    parcels = _parcels(uow, order, book, shared)
    moving = {one.ref for parcel in parcels for one in parcel.book.customers}
    people = [*order.receivers, order.leaver, *uow.members.find(order.exceptions.values()).values()]
    found = briefs(uow, [one for one in book.customers if one.ref in moving])
    return Draft(
        order,
        parcels,
        shared.groups,
        tuple(one for one in book.customers if one.ref not in moving),
        tuple(one for one in found if one.is_risky),
        {one.id: one.name for one in people},
    )


def order_large(uow: UnitOfWork, order: Order) -> None:
    """Have the worker hand over a large book; it is still one transaction, all of it or nothing."""
    content = {"order": order.as_json(), "actor": uow.actor.id}
    uow.jobs.add(Job(kind=JOB, content=content, created_at=uow.now, created_by=uow.actor.id))


def hand_over(uow: UnitOfWork, order: Order) -> list[Handover]:
    """Give every customer of the order its new holder, with contacts, deals, plans and promises; tell each receiver.

    Stage, state, history, plans and clocks stay as they are: only who holds them changes.
    """
    made = draft(uow, order)
    uow.does("handover")
    done = []
    for parcel in made.parcels:
        if parcel.book.size:
            _give(uow, parcel)
            done.append(_note(uow, order, parcel))
    uow.flush()
    for handover, parcel in zip(done, (one for one in made.parcels if one.book.size), strict=True):
        uow.handovers.add_items(handover.id, _items(parcel.book))
        _tell(uow, order, handover, parcel)
    return done


def settle_large(uow: UnitOfWork, order: Order) -> None:
    """Hand over a large book and tell who ordered it."""
    done = hand_over(uow, order)
    uow.tell(
        HandoverSettled(
            to=uow.actor.id,
            leaver=order.leaver.name,
            customers=sum(one.customers for one in done),
            receivers=tuple(one.name for one in order.receivers),
            command=uow.command,
        )
    )


def receive(uow: UnitOfWork, handover: Handover) -> Handover:
    """Note that the receiver has seen what they were given."""
    if handover.receiver_id != uow.actor.id:
        raise NotAllowed("确认别人的交接")
    if handover.is_open:
        uow.does("handover.receive")
        handover.confirmed_at = uow.now
        uow.deadlines.clear([handover.ref])
    return handover


def last_received(uow: UnitOfWork) -> Handover:
    """Return what the actor was given last."""
    handover = uow.handovers.last_to(uow.actor.id)
    if handover is None:
        raise BadInput("没有交接给您的客户。发送「今天」看看现在的安排")
    return handover


def receipts_missing(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell whoever ordered a hand-over, and who leads the receiver, that it was not confirmed in time."""
    everybody = uow.members.everybody()
    members = {member.id: member for member in everybody}
    for handover in uow.handovers.find(deadline.subject_id for deadline in due):
        receiver = members.get(handover.receiver_id)
        if receiver is None or not handover.is_open:
            continue
        leader = leader_of(receiver, everybody)
        readers = {handover.ordered_by, leader.id if leader else None} - {None, receiver.id}
        for reader in readers:
            if reader is not None and (known := members.get(reader)) is not None and known.active:
                uow.tell(
                    ReceiptMissing(
                        to=reader,
                        receiver=receiver.name,
                        leaver=members[handover.leaver_id].name,
                        customers=handover.customers,
                        handed_at=handover.created_at,
                    )
                )


def taken_back(uow: UnitOfWork, handover: Handover) -> None:
    """Tell a receiver that a hand-over was undone, and wait for no receipt any more."""
    standing = [_receipt(uow, handover)] if handover.is_open else []
    uow.deadlines.replace(handover.ref, standing)
    if handover.deleted_at is not None:
        leaver = uow.members.get(handover.leaver_id)
        uow.tell(HandoverTakenBack(to=handover.receiver_id, leaver=leaver.name, customers=handover.customers))


def _may_hand_over(uow: UnitOfWork, order: Order) -> None:
    """Refuse who cannot take customers, and whom the actor does not lead; administrators hand over everybody's."""
    if not order.receivers:
        raise BadInput("交接给谁？例如「张伟的客户交接给李娜和陈晨，按行业分」")
    elsewhere = {*order.shares.values(), *order.exceptions.values()} - {order.leaver.id}
    takers = [*order.receivers, *uow.members.find(elsewhere).values()]
    for one in takers:
        if one.id == order.leaver.id:
            raise BadInput(f"客户本来就在{one.name}名下，请换一位同事接手")
        if not one.active or not one.is_any(SELLING):
            raise BadInput(f"{one.name}{'已离职' if not one.active else '不做销售'}，不能接客户。请换一位同事再发一次")
    if may_manage(uow.actor):
        return
    if not uow.actor.is_any(LEADING):
        raise NotAllowed("交接客户")
    for one in (order.leaver, *takers):
        if not scope_of(uow.actor).covers(one.id, one.department):
            raise NotAllowed(f"交接{one.name}的客户" if one is order.leaver else f"把客户交接给{one.name}")


def _part_of(book: Book, part: Part) -> list[Lead | Account]:
    customers = [
        one
        for one in book.customers
        if _is_of(one.industry, part.industry.removesuffix("业"))
        and _is_of(one.region, part.region)
        and _is_of(one.source, part.source)
    ]
    wanted = part.count or (-(-len(book.customers) // SHARES[part.share]) if part.share in SHARES else 0)
    if part.share and not wanted:
        wanted = _percent(part.share, len(book.customers))
    return chosen(customers, wanted) if wanted else customers


def _is_of(value: str, wanted: str) -> bool:
    return not wanted or wanted in value


def _percent(share: str, whole: int) -> int:
    digits = "".join(sign for sign in share if sign.isdigit())
    tenths = {"两成": 20, "三成": 30}.get(share, int(digits) if digits else 50)
    return max(1, round(whole * min(tenths, 100) / 100))


def _holds(uow: UnitOfWork, order: Order) -> dict[MemberId, Counter[str]]:
    """Count what the receivers hold of each industry or region."""
    found: dict[MemberId, Counter[str]] = {one.id: Counter() for one in order.receivers}
    for held in uow.books.held(found):
        found[held.owner_id][held.industry if order.by is Split.INDUSTRY else held.region] += 1
    return found


def _parcels(uow: UnitOfWork, order: Order, book: Book, shared: Shared) -> tuple[Parcel, ...]:
    """Pack everything that goes to each receiver: contacts, deals and plans go with their customer."""
    holders = {ref: to for ref, to in shared.holders.items() if to != order.leaver.id}
    packed: dict[MemberId, Book] = {}
    for lead in book.leads:
        if lead.ref in holders:
            packed.setdefault(holders[lead.ref], Book()).leads.append(lead)
    for account in book.accounts:
        if account.ref in holders:
            packed.setdefault(holders[account.ref], Book()).accounts.append(account)
    for contact in book.contacts:
        if (to := holders.get(Ref("account", contact.account_id))) is not None:
            packed[to].contacts.append(contact)
    for plan in book.plans:
        if plan.customer is not None and (to := holders.get(plan.customer)) is not None:
            packed[to].plans.append(plan)
    mine = {one.ref for one in book.customers}
    takers = [one.id for one in order.receivers]
    for deal in book.deals if order.part.is_all else _deals_of(book, holders):
        about = Ref("account", deal.account_id) if deal.account_id is not None else None
        if about in mine and about is not None:
            taker = holders.get(about)
        else:  # somebody else's customer, or none: the deal alone goes to who got least
            taker = min(takers, key=lambda one: len(packed[one].deals if one in packed else ()))
        if taker is not None:
            packed.setdefault(taker, Book()).deals.append(deal)
    members = uow.members.find(packed)
    filled = used_by(uow, members.values())
    return tuple(
        Parcel(members[to], packed[to], filled[to][0], filled[to][0] + _fills(uow, packed[to]), filled[to][1])
        for to in sorted(packed, key=lambda one: (takers.index(one) if one in takers else len(takers), one))
    )


def _fills(uow: UnitOfWork, book: Book) -> float:
    """Return how much of somebody's capacity a book takes."""
    deals = Counter(deal.stage for deal in book.deals if deal.is_open)
    holding = Holding(states=Counter(lead.state for lead in book.leads), stages=deals)
    return used(holding, uow.playbook.capacity)


def _deals_of(book: Book, holders: Mapping[Ref, MemberId]) -> list[Deal]:
    return [deal for deal in book.deals if deal.account_id and Ref("account", deal.account_id) in holders]


def _give(uow: UnitOfWork, parcel: Parcel) -> None:
    """Let the receiver hold everything of the parcel; its clocks bind them from here on and go on as they were."""
    to, book = parcel.receiver.id, parcel.book
    records: list[Lead | Account | Contact | Deal | Plan] = [*book.customers, *book.contacts, *book.deals, *book.plans]
    for record in records:
        record.owner_id = to
    current = uow.assignments.current(LeadId(lead.id) for lead in book.leads)
    for lead_id, assignment in current.items():
        assignment.ended_at, assignment.ended_by = uow.now, HANDED_OVER
        assignment.reason = f"交接给{parcel.receiver.name}"
        uow.assignments.add(
            Assignment(lead_id=lead_id, member_id=to, begun_at=uow.now, begun_by=HANDED_OVER, ended_by="", reason="")
        )
    clocked: list[Lead | Account | Deal | Plan] = [*book.customers, *book.deals, *book.plans]
    uow.deadlines.hand_on([one.ref for one in clocked], to)


def _note(uow: UnitOfWork, order: Order, parcel: Parcel) -> Handover:
    book = parcel.book
    handover = Handover(
        leaver_id=order.leaver.id,
        receiver_id=parcel.receiver.id,
        ordered_by=uow.actor.id or None,
        rule=SPLITS[order.by],
        leads=len(book.leads),
        accounts=len(book.accounts),
        deals=len(book.deals),
        plans=sum(plan.is_open for plan in book.plans),
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.handovers.add(handover)
    return handover


def _items(book: Book) -> Iterable[Handed]:
    yield from (Handed(lead.ref, lead.state) for lead in book.leads)
    yield from (Handed(account.ref, account.grade) for account in book.accounts)
    yield from (Handed(deal.ref, deal.outcome) for deal in book.deals)


def _tell(uow: UnitOfWork, order: Order, handover: Handover, parcel: Parcel) -> None:
    receipt = _receipt(uow, handover)
    uow.deadlines.replace(handover.ref, [receipt])
    found = briefs(uow, parcel.book.customers)
    uow.tell(
        BookHandedOver(
            to=parcel.receiver.id,
            handover_id=handover.id,
            leaver=order.leaver.name,
            by=uow.actor.name,
            leads=handover.leads,
            accounts=handover.accounts,
            deals=handover.deals,
            plans=handover.plans,
            promises=sum(len(one.line.promises) for one in found),
            risky=sum(one.is_risky for one in found),
            lines=tuple(one.line for one in found[:SHOWN]),
            confirm_by=receipt.limit_at,
        )
    )


def _receipt(uow: UnitOfWork, handover: Handover) -> Deadline:
    policy = uow.playbook.handover
    limit = uow.calendar.add(handover.created_at, policy.confirm_within, policy.clock)
    return Deadline(
        subject_kind="handover",
        subject_id=handover.id,
        kind=DeadlineKind.RECEIPT,
        rule="交接确认",
        cycle=1,
        due_at=uow.playbook.day.quiet.hours.after(limit, uow.calendar),
        limit_at=limit,
        holder_id=handover.receiver_id,
    )


def customers_of(uow: UnitOfWork, handovers: Collection[Handover]) -> list[Ref]:
    """Return the customers that went with these hand-overs."""
    return [item.ref for item in uow.handovers.items(one.id for one in handovers) if item.ref.kind != "deal"]
