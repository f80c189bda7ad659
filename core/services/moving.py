"""What belongs to a customer goes along when the customer becomes another record; nothing of it is reset."""

from dataclasses import dataclass

from core.model.contract import Contract
from core.model.ids import AccountId, Ref
from core.model.invoice import Invoice
from core.model.order import Order
from core.model.payment import Payment
from core.model.routing import WHOLE
from core.ports import UnitOfWork
from core.services.followups import set_reminder


@dataclass(frozen=True)
class Moved:
    """How much has moved along."""

    followups: int
    plans: int
    open_plans: int
    contacts: int = 0
    deals: int = 0


def move_belongings(uow: UnitOfWork, source: Ref, target: Ref) -> Moved:
    """Let follow-ups, plans, promises, taught words, contacts, deals and money of `source` be those of `target`.

    Whose contact, plan or deal it is stays as it was.
    """
    followups, plans = uow.followups.about(source), uow.plans.about(source)
    for followup in followups:
        followup.customer_kind, followup.customer_id = target.kind, target.id
    for plan in plans:
        plan.customer_kind, plan.customer_id = target.kind, target.id
        set_reminder(uow, plan)
    for promise in uow.promises.of([source]):
        promise.customer_kind, promise.customer_id = target.kind, target.id
    for term in uow.names.terms_for(source):
        term.meaning_kind, term.meaning_id = target.kind, target.id
    _move_colleagues(uow, source, target)
    open_plans = sum(plan.is_open for plan in plans)
    if source.kind != "account":
        return Moved(len(followups), len(plans), open_plans)
    contacts, deals = uow.contacts.of(AccountId(source.id)), uow.deals.every_of(AccountId(source.id))
    for contact in contacts:
        contact.account_id = AccountId(target.id)
    for deal in deals:
        deal.account_id = AccountId(target.id)
    _move_money(uow, AccountId(source.id), AccountId(target.id))
    for quote in uow.quotes.every_of(AccountId(source.id)):
        quote.account_id = AccountId(target.id)
    return Moved(len(followups), len(plans), open_plans, len(contacts), len(deals))


def _move_money(uow: UnitOfWork, source: AccountId, target: AccountId) -> None:
    """Let contracts, orders, payments and invoices be the other's; whom it is billed as stays, where it is known."""
    ids = [source]
    records: list[Contract | Order | Payment | Invoice] = [*uow.contracts.of(ids), *uow.orders.of(ids)]
    for record in (*records, *uow.payments.of(ids), *uow.invoices.of(ids)):
        record.account_id = target
    title = uow.invoices.title_of(source)
    if title is not None and uow.invoices.title_of(target) is None:
        title.account_id = target


def _move_colleagues(uow: UnitOfWork, source: Ref, target: Ref) -> None:
    """Let whoever works along on one customer do so on the other; where both are worked along on, its own go first."""
    there = uow.collaborations.running(target)
    for one in uow.collaborations.running(source):
        taken = sum(other.share for other in there)
        if one.member_id in {other.member_id for other in there} or taken + one.share > WHOLE:
            one.end(uow.now)
            continue
        one.customer_kind, one.customer_id = target.kind, target.id
        uow.names.open_to(target, one.member_id)
        there.append(one)
