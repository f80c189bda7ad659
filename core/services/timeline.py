"""A customer's whole timeline in words, page by page, within the reader's rights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.model.contract import STATES as CONTRACT_STATES
from core.model.contract import Contract, ContractState
from core.model.deal import Deal, StageStay
from core.model.followup import METHOD_NAMES, FollowUp, Method
from core.model.history import Change
from core.model.ids import ContractId, DealId, MemberId
from core.model.lead import Assignment, Lead
from core.model.payment import Payment, PaymentKind
from core.model.promise import Promise, PromiseState
from core.model.quote import Quote
from core.model.timeline import Mark, Moment
from core.ports import UnitOfWork
from core.rules.masking import hide_numbers
from core.services.contracts import contracts_of
from core.services.customers import Customer, is_led
from core.services.deals import may_see_deal
from core.services.payments import may_record


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: when, what, and by whom."""

    mark: Mark
    says: str
    by: str = ""


@dataclass(frozen=True)
class Said:
    """Who and what the lines of a page name."""

    names: Mapping[MemberId, str]
    deals: Mapping[DealId, Deal]


def timeline_of(uow: UnitOfWork, about: Customer, mark: Mark | None, limit: int) -> tuple[list[Entry], Mark | None]:
    """Return what happened with a customer before `mark`, newest first, and where the next page begins, if any.

    What the reader may not see is not there, and does not shorten the page: the place of a page is a record's, so it
    holds whatever is added meanwhile. Numbers in words are masked for whoever only works along, and in groups.
    """
    kinds, contracts = _kinds(uow, about)
    gone = uow.timeline.became(about.ref)
    found: list[Moment] = []
    more = True
    while more and len(found) <= limit:
        page = uow.timeline.before(about.ref, gone, kinds, mark, limit + 1)
        found += [moment for moment in page if _is_seen(uow, contracts, moment)]
        more, mark = len(page) > limit, page[-1].mark if page else None
    shown = found[:limit]
    said = _said(uow, shown)
    hides = bool(uow.room) or not is_led(uow, about)
    entries = [_entry(moment, said, hides=hides) for moment in shown]
    return entries, shown[-1].mark if len(found) > limit and shown else None


def _kinds(uow: UnitOfWork, about: Customer) -> tuple[set[str], set[ContractId]]:
    """Return the kinds that the actor may know of, and of contracts which."""
    kinds = set(uow.timeline.kinds())
    if isinstance(about, Lead):
        return kinds - {"stage", "quote", "contract", "payment"}, set()
    if not may_record(uow, about):
        kinds -= {"payment"}
    return kinds, {one.id for one in contracts_of(uow, about)}


def _is_seen(uow: UnitOfWork, contracts: set[ContractId], moment: Moment) -> bool:
    """Say whether the actor may know of one thing, beside its kind."""
    if isinstance(moment.record, StageStay):
        return may_see_deal(uow, uow.deals.get(moment.record.deal_id))
    if isinstance(moment.record, Change):
        return _tells(moment.record)
    return not isinstance(moment.record, Contract) or moment.record.id in contracts


def _tells(change: Change) -> bool:
    """Say whether a change of the customer's own record is news: that it came to be, whose it is, what it became."""
    after = change.after or {}
    if change.action == "lead.convert":
        return "became_id" in after
    return change.before is None or (not change.action.endswith(".create") and not NEWS.isdisjoint(after))


def _said(uow: UnitOfWork, moments: list[Moment]) -> Said:
    numbers = {number for moment in moments for number in _people(moment.record) if number}
    names = {number: member.name for number, member in uow.members.find(numbers).items()}
    deals = uow.deals.find({m.record.deal_id for m in moments if isinstance(m.record, StageStay)})
    return Said(names, {deal.id: deal for deal in deals})


def _people(record: Any) -> tuple[MemberId | None, ...]:
    names = ("author_id", "entered_by", "created_by", "settled_by", "member_id", "actor_id")
    after = record.after.get("owner_id") if isinstance(record, Change) and record.after else None
    return (*(getattr(record, name, None) for name in names), after)


def _entry(moment: Moment, said: Said, *, hides: bool) -> Entry:
    says, by = SAYS[type(moment.record)](moment.record, said)
    return Entry(moment.mark, hide_numbers(says) if hides else says, said.names.get(by, "") if by else "")


Line = tuple[str, MemberId | None]


def _followup(one: FollowUp, _: Said) -> Line:
    return f"{METHOD_NAMES[Method(one.method)]}：{one.content}{'' if one.valid else '（不计）'}", one.author_id


def _stage(one: StageStay, said: Said) -> Line:
    deal = said.deals.get(one.deal_id)
    amount = f" {deal.amount}" if deal is not None and deal.amount else ""
    return f"商机 {deal.name if deal else ''}：进入{one.stage}{amount}", one.entered_by


def _quote(one: Quote, _: Said) -> Line:
    return f"报价 {one.label} {one.total}", one.created_by


def _contract(one: Contract, _: Said) -> Line:
    signed = f"，{one.signed_on:%m-%d} 签" if one.signed_on is not None else ""
    return f"合同 {one.number} {one.amount}（{CONTRACT_STATES[ContractState(one.state)]}{signed}）", one.created_by


def _payment(one: Payment, _: Said) -> Line:
    what = "回款" if one.kind == PaymentKind.RECEIPT else "退款"
    return f"{what} {one.amount}（{one.paid_on:%m-%d}）", one.created_by


def _promise(one: Promise, _: Said) -> Line:
    how = "没做到" if one.state == PromiseState.BROKEN else "做到了，晚了" if one.was_late else "做到了"
    return f"{'对方' if one.theirs else ''}承诺{how}：{one.words}", one.settled_by


def _assignment(one: Assignment, said: Said) -> Line:
    how = one.begun_by or "分配"
    return f"归到{said.names.get(one.member_id, '已离职同事')}名下（{how}）", None


NEWS: Final = frozenset({"owner_id", "became_id", "grade"})
"""What of a customer's own record a timeline tells when it changes."""

DEEDS: Final = {
    "account.create": "建了客户",
    "account.claim": "从公海领取",
    "lead.create": "建了线索",
    "lead.convert": "转为客户",
    "lead.return": "退回公海",
    "lead.recycle": "超时回收到公海",
    "lead.assign": "分配",
    "customer.merge": "合并",
    "handover": "交接",
    "grade.set": "改了等级",
    "import": "导入",
}
"""What was done to the customer's own record."""


def _change(one: Change, said: Said) -> Line:
    what = DEEDS.get(one.action, one.action)
    after = one.after or {}
    if "owner_id" in after and one.before is not None:
        what = f"{what}，归{said.names.get(after['owner_id'], '公海')}"
    if one.action == "grade.set" and "grade" in after:
        what = f"等级 {(one.before or {}).get('grade') or '无'} → {after['grade'] or '无'}"
    return what, one.actor_id


SAYS: Final[dict[type, Callable[[Any, Said], Line]]] = {
    FollowUp: _followup,
    StageStay: _stage,
    Quote: _quote,
    Contract: _contract,
    Payment: _payment,
    Promise: _promise,
    Assignment: _assignment,
    Change: _change,
}
"""How each kind is told; one line a kind."""
