"""That a record is deleted, as a matter of approval: what goes along, what may never go, and how it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.errors import ActRefused, BadInput, NotFound
from core.model.approval import Approval
from core.model.contract import Contract
from core.model.customer import Account, Contact
from core.model.deadline import Deadline, DeadlineKind
from core.model.deal import Deal
from core.model.deletion import Deletion, DeletionState
from core.model.followup import Plan
from core.model.ids import AccountId, ContactId, DealId, LeadId, MemberId, QuoteId, Ref
from core.model.lead import Lead, LeadState
from core.model.money import Money
from core.model.promise import Promise
from core.model.quote import Quote, QuoteState
from core.notices.deletions import RecordDeleted
from core.ports import UnitOfWork

DELETION: Final = "record.delete"
PURGE: Final = "彻底清除"
LABELS: Final[Mapping[type, str]] = {
    Lead: "线索",
    Account: "客户",
    Contact: "联系人",
    Deal: "商机",
    Quote: "报价",
    Plan: "计划",
    Promise: "承诺",
}
"""What people call the kinds of records that go, in the order in which they are counted."""

Deletable = Lead | Account | Deal | Quote | Contact
NAMED: Final = 3


@dataclass(frozen=True)
class Belongings:
    """What goes along with a record."""

    records: tuple[Any, ...]

    def counted(self) -> tuple[tuple[str, int], ...]:
        """Count them by what people call them: 联系人 2、商机 1."""
        counts = ((label, sum(isinstance(one, kind) for one in self.records)) for kind, label in LABELS.items())
        return tuple((label, count) for label, count in counts if count)

    def __str__(self) -> str:
        return "、".join(f"{label} {count} 个" for label, count in self.counted())


class DeletionMatter:
    """See `core.services.approvals.subjects.Subject`. Its subject is the record; the deletion says why."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return what it is and whose, and what money is still hoped for with it."""
        record = _record(uow, subject)
        holder = owner_of(uow, record)
        owner = uow.members.find([holder]).get(holder) if holder is not None else None
        customer = _customer(uow, record)
        return {
            "object": LABELS[type(record)],
            "amount": _hoped_for(uow, record),
            "customer": customer.name if customer is not None else record.name,
            "grade": (customer.grade or None) if customer is not None else None,
            "owner": f"M{owner.id}" if owner is not None else None,
            "owner_department": owner.department if owner is not None else None,
        }

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return what whoever decides has to see, also once the record is gone."""
        record, deletion = _record(uow, subject), _deletion(uow, subject)
        holder = owner_of(uow, record)
        owner = uow.members.find([holder]).get(holder) if holder is not None else None
        gone = deletion.state != DeletionState.ASKED and deletion.taken
        along = Belongings(tuple(uow.deletions.records(deletion.everything[1:]))) if gone else belongings(uow, record)
        touched = getattr(record, "last_followup_at", None)
        amount = _hoped_for(uow, record)
        return (
            ("object", "删除", f"{LABELS[type(record)]} {deletion.name}（{subject}）"),
            ("owner", "负责人", owner.name if owner is not None else "没有"),
            ("last", "最近有效跟进", f"{uow.calendar.local(touched):%Y-%m-%d}" if touched else ""),
            ("amount", "在谈金额", str(amount) if amount is not None and amount.fen else ""),
            ("along", "一起删除", str(along)),
            ("kept", "会留下", "跟进记录和操作历史"),
        )

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Take the record away; refuses, and with it the yes, when something forbids it meanwhile."""
        record, deletion = _record(uow, approval.subject), _deletion(uow, approval.subject)
        why = why_kept(uow, record, but=approval.id)
        if why:
            raise ActRefused(f"「{deletion.name}」现在不能删除：{why}。请驳回这个申请")
        take_away(uow, record, deletion)

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let everything stay as it is."""
        deletion = _deletion(uow, approval.subject)
        if deletion.state == DeletionState.ASKED:
            deletion.settle(DeletionState.KEPT, uow.now)

    def afterwards(self, uow: UnitOfWork, approval: Approval) -> str:
        """Say until when it may come back."""
        return until_words(uow, _deletion(uow, approval.subject))


def until_words(uow: UnitOfWork, deletion: Deletion) -> str:
    """Say how a deleted record comes back, and until when."""
    if deletion.purge_at is None:
        return ""
    return f"{uow.calendar.local(deletion.purge_at):%m-%d} 前可以说「恢复 {deletion.subject}」找回来，之后彻底清除"


def belongings(uow: UnitOfWork, record: Deletable) -> Belongings:
    """Return what goes along with a record: everything that means nothing without it, but what was done and said."""
    found: list[Any] = []
    if isinstance(record, Account):
        found += [*uow.contacts.of(record.id), *uow.deals.every_of(record.id), *uow.quotes.every_of(record.id)]
    elif isinstance(record, Deal):
        found += uow.quotes.of_deal(record.id)
    if isinstance(record, Lead | Account):
        found += uow.plans.open_for(record.ref)
        found += [promise for promise in uow.promises.of([record.ref]) if promise.is_open]
    return Belongings(tuple(found))


def why_kept(uow: UnitOfWork, record: Deletable, *, but: int = 0) -> str:
    """Say why a record must stay: money papers refer to it, or somebody is asked about it; empty when it may go.

    `but` is the approval that asks for its deletion.
    """
    if isinstance(record, Lead) and record.state in (LeadState.CONVERTED, LeadState.MERGED):
        return "它已经转成客户或并入别的客户，请删除那一个"
    along = belongings(uow, record).records
    papers = list(_papers(uow, record))
    if papers:
        return f"有{'、'.join(papers[:NAMED])}，和钱有关的记录要留着"
    sold = [one for one in (record, *along) if isinstance(one, Deal) and one.outcome == "won"]
    if sold:
        return f"商机「{sold[0].name}」已经赢单，成交记录要留着"
    taken = [one for one in (record, *along) if isinstance(one, Quote) and one.state == QuoteState.ACCEPTED]
    if taken:
        return f"报价 {taken[0].label} 客户已经接受，要留着"
    running = [one for ref in (record, *along) for one in uow.approvals.running_on(ref.ref) if one.id != but]
    if running:
        return f"「{running[0].title}」（{running[0].ref}）还在审批，先等它有结果或撤回"
    return ""


def take_away(uow: UnitOfWork, record: Deletable, deletion: Deletion) -> None:
    """Let a record and what goes along leave all lists and clocks, and tell whoever held it."""
    along = belongings(uow, record).records
    uow.does(DELETION)
    deletion.take_away(tuple(one.ref for one in along), uow.now, uow.now + uow.playbook.chat.restore_within)
    for one in (record, *along):
        one.deleted_at = uow.now
    uow.flush()
    uow.deadlines.clear([record.ref, *(one.ref for one in along)])
    set_purge_clock(uow, deletion)
    if deletion.owner_id not in (None, deletion.asked_by, uow.actor.id):
        asker = uow.members.find([deletion.asked_by]).get(deletion.asked_by)
        uow.tell(
            RecordDeleted(
                to=deletion.owner_id,
                kind=LABELS[type(record)],
                name=deletion.name,
                by=asker.name if asker is not None else "",
                reason=deletion.reason,
                ref=str(deletion.subject),
                until=deletion.purge_at or uow.now,
            )
        )


def set_purge_clock(uow: UnitOfWork, deletion: Deletion) -> None:
    """Let the clock make a deletion final when its time is over, while it stands."""
    standing = []
    if deletion.state == DeletionState.DELETED and deletion.purge_at is not None and deletion.deleted_at is None:
        promise = Deadline(
            subject_kind="deletion",
            subject_id=deletion.id,
            kind=DeadlineKind.PURGE,
            rule=PURGE,
            cycle=int(deletion.purge_at.timestamp()),
            due_at=deletion.purge_at,
            limit_at=deletion.purge_at,
        )
        standing.append(promise)
    uow.deadlines.replace(deletion.ref, standing)


def owner_of(uow: UnitOfWork, record: Deletable) -> MemberId | None:
    """Return who holds a record; a person is held with their company."""
    if not isinstance(record, Contact):
        return record.owner_id
    account = _customer(uow, record)
    return account.owner_id if account is not None else None


def name_of(uow: UnitOfWork, record: Deletable) -> str:
    """Name a record for whoever decides: 华为 服务器采购."""
    customer = _customer(uow, record)
    if customer is None or customer.name in record.name:
        return record.name
    return f"{customer.name} {record.name}"


def _papers(uow: UnitOfWork, record: Deletable) -> Iterable[str]:
    """Name the contracts, orders, payments and invoices that refer to a record."""
    if isinstance(record, Lead | Contact):
        return
    account_id = record.id if isinstance(record, Account) else record.account_id
    if account_id is None:
        return
    yield from (f"合同 {one.number}" for one in uow.contracts.of([AccountId(account_id)]) if _refers(uow, one, record))
    if isinstance(record, Account):
        yield from (f"订单 {one.number}" for one in uow.orders.of([record.id]))
        yield from (f"回款 {one.amount}" for one in uow.payments.of([record.id]))
        yield from (f"发票 {one.amount}" for one in uow.invoices.of([record.id]))


def _refers(uow: UnitOfWork, contract: Contract, record: Account | Deal | Quote) -> bool:
    if isinstance(record, Account):
        return True
    if isinstance(record, Quote):
        return contract.quote_id == record.id
    return contract.deal_id == record.id or contract.quote_id in {one.id for one in uow.quotes.of_deal(record.id)}


def _hoped_for(uow: UnitOfWork, record: Deletable) -> Money | None:
    """Return what open deals are worth, or a quote says; None where no sum is known."""
    if isinstance(record, Quote):
        return record.total
    deals = (
        [record] if isinstance(record, Deal) else uow.deals.open_of(record.id) if isinstance(record, Account) else []
    )
    sums = [one.amount for one in deals if one.amount is not None]
    return Money.sum(sums) if sums else None


def _customer(uow: UnitOfWork, record: Deletable) -> Lead | Account | None:
    if isinstance(record, Lead | Account):
        return record
    refs = [Ref("account", record.account_id)] if record.account_id is not None else []
    return next(iter(uow.deletions.records(refs)), None)


def _record(uow: UnitOfWork, subject: Ref) -> Any:
    found = uow.deletions.records([subject])
    if not found:
        raise BadInput("这条记录已经不在了，不用再删除")
    return found[0]


def _deletion(uow: UnitOfWork, subject: Ref) -> Deletion:
    found = uow.deletions.last_of(subject)
    if found is None:
        raise BadInput("没有找到这次删除申请，请重新申请")
    return found


def locked(uow: UnitOfWork, ref: Ref) -> Deletable:
    """Return a record that is still there, for nobody else to change until we commit; else NotFound."""
    found: Deletable | None
    match ref.kind:
        case "lead":
            found = uow.leads.get(LeadId(ref.id), lock=True)
        case "account":
            found = uow.accounts.get(AccountId(ref.id), lock=True)
        case "deal":
            found = uow.deals.get(DealId(ref.id), lock=True)
        case "quote":
            found = uow.quotes.get(QuoteId(ref.id), lock=True)
        case _:
            found = uow.contacts.get(ContactId(ref.id))
    if found is None or found.deleted_at is not None:
        raise NotFound(str(ref))
    return found
