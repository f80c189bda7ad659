"""What was lost when somebody left: of the customers that changed hands, how many the new holders kept (M30)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.handover import Handed, Handover
from core.model.ids import DealId, MemberId, Ref
from core.model.lead import LeadState
from core.model.member import Member
from core.model.money import Money
from core.model.playbook import Outcome
from core.ports import UnitOfWork
from core.rules.handover import Fate, fate_of

LATELY = timedelta(days=45)
"""For so long a leaver's loss stands in the weekly digest."""


@dataclass(frozen=True)
class Loss:
    """What has become of one leaver's book; every customer that was handed over has one fate."""

    leaver: Member
    handed_at: datetime
    customers: int
    fates: Counter[Fate]
    names: tuple[str, ...]
    deals_open: int
    deals_lost: int
    money_lost: Money

    @property
    def lost(self) -> int:
        return self.fates[Fate.GONE] + self.fates[Fate.SILENT]


def loss_of(uow: UnitOfWork, leaver: Member) -> Loss | None:
    """Return what has become of a leaver's book; None when nothing of it was handed over."""
    return _loss(uow, leaver, uow.handovers.from_(leaver.id))


def losses_lately(uow: UnitOfWork) -> list[Loss]:
    """Return the same for everybody whose book changed hands in the last weeks."""
    by_leaver: dict[MemberId, list[Handover]] = {}
    for handover in uow.handovers.since(uow.now - LATELY):
        by_leaver.setdefault(handover.leaver_id, []).append(handover)
    members = uow.members.find(by_leaver)
    found = [_loss(uow, members[leaver], hands) for leaver, hands in by_leaver.items()]
    return [one for one in found if one is not None]


def _loss(uow: UnitOfWork, leaver: Member, hands: Sequence[Handover]) -> Loss | None:
    if not hands:
        return None
    items = list({item.ref: item for item in uow.handovers.items(one.id for one in hands)}.values())
    known = {one.id: one for one in hands}
    state = uow.handovers.alive(item.ref for item in items)
    customers = [item for item in items if item.ref.kind != "deal"]
    heard = _heard(uow, customers, known)
    fates: Counter[Fate] = Counter()
    gone: list[Ref] = []
    for item in customers:
        fate = _fate(uow, item, known[item.handover_id], state.get(item.ref), heard.get(item.ref))
        fates[fate] += 1
        if fate in (Fate.GONE, Fate.SILENT):
            gone.append(item.ref)
    deals = [item for item in items if item.ref.kind == "deal" and item.was == Outcome.OPEN]
    lost = [DealId(item.ref.id) for item in deals if state.get(item.ref) == Outcome.LOST]
    names = uow.customers.names_of(gone)
    return Loss(
        leaver,
        min(one.created_at for one in hands),
        len(customers),
        fates,
        tuple(names[ref] for ref in gone if ref in names),
        len(deals),
        len(lost),
        Money(sum(deal.amount.fen for deal in uow.deals.find(lost) if deal.amount)),
    )


def _heard(uow: UnitOfWork, customers: Sequence[Handed], hands: dict[int, Handover]) -> dict[Ref, datetime]:
    """Return when each customer first heard of its new holder."""
    begin = min((one.created_at for one in hands.values()), default=uow.now)
    of = {item.ref: hands[item.handover_id] for item in customers}
    found: dict[Ref, datetime] = {}
    for touch in uow.books.touches(of, begin, uow.now + timedelta(seconds=1)):
        hand = of[touch.customer]
        if touch.author_id == hand.receiver_id and touch.at >= hand.created_at:
            found[touch.customer] = min(touch.at, found.get(touch.customer, touch.at))
    return found


def _fate(uow: UnitOfWork, item: Handed, hand: Handover, state: str | None, heard_at: datetime | None) -> Fate:
    if state == LeadState.CONVERTED and item.ref.kind == "lead":
        return Fate.FOLLOWED  # it is a customer by now, and its follow-ups have gone along
    return fate_of(
        alive=state is not None,
        handed_at=hand.created_at,
        heard_at=heard_at,
        now=uow.now,
        within=uow.playbook.handover.followed_within,
    )
