"""Several approvals at one go: which of those that wait are meant, and which of them are looked at by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import BadInput
from core.model.approval import DECIDING, Approval
from core.model.ids import MemberId
from core.model.member import Member
from core.ports import UnitOfWork
from core.rules.quoting import limit_of
from core.services.approvals.finding import Named, named_among
from core.services.approvals.lists import WaitingLine, waiting_lines

_KINDS: Final = {
    "特价": "special_price", "折扣": "special_price", "报价": "special_price", "合同": "contract", "延期": "extension",
    "请假": "leave",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of the approvals that wait are meant: what was said of them, all of which holds.

    `most` and `above` are in yuan, `most` included; `discount` is the largest one in percent; `customers` are words or
    references; `kept_back` names customers, submitters and kinds.
    """

    most: Decimal | None = None
    above: Decimal | None = None
    discount: Decimal | None = None
    kinds: tuple[str, ...] = ()
    submitters: tuple[MemberId, ...] = ()
    customers: tuple[str, ...] = ()
    department: str = ""
    since: date | None = None
    until: date | None = None
    kept_back: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What may be agreed to at one go, and what must be looked at by itself, with the reason."""

    taken: tuple[WaitingLine, ...]
    left: tuple[tuple[WaitingLine, str], ...]


def in_batch(uow: UnitOfWork, member: Member, wanted: Wanted) -> Batch:
    """Part what waits for a member into what may be agreed to at one go and what may not.

    What goes beyond the member's own authority is looked at by itself: a discount above theirs, an amount that is not
    known where one is named, an opinion that was asked for. BadInput where what is to stay is not among what waits.
    """
    lines = waiting_lines(uow, member)
    kept_back = _kept_back(lines, wanted.kept_back)
    taken, left = [], []
    for line in lines:
        if not _is_meant(uow, line.approval, wanted):
            continue
        why = "您说先留着" if line in kept_back else _why_not(uow, member, line, wanted)
        if why:
            left.append((line, why))
        else:
            taken.append(line)
    return Batch(taken=tuple(taken), left=tuple(left))


def _is_meant(uow: UnitOfWork, approval: Approval, wanted: Wanted) -> bool:
    """Say whether an approval fits all that was said; one whose amount is not known may."""
    amount, asked = approval.amount, approval.facts.get("discount")
    begun = uow.calendar.local(approval.begun_at).date()
    return (
        (wanted.most is None or amount is None or amount <= wanted.most * 100)
        and (wanted.above is None or amount is None or amount > wanted.above * 100)
        and (wanted.discount is None or asked is None or _percent(asked) <= wanted.discount)
        and (not wanted.kinds or approval.kind in {_KINDS.get(word) for word in wanted.kinds})
        and (not wanted.submitters or approval.submitter_id in wanted.submitters)
        and (not wanted.customers or any(named_among(uow, [approval], Named(customer=n)) for n in wanted.customers))
        and (not wanted.department or _is_within(uow, approval, wanted.department))
        and (wanted.since is None or begun >= wanted.since)
        and (wanted.until is None or begun <= wanted.until)
    )


def _is_within(uow: UnitOfWork, approval: Approval, department: str) -> bool:
    path = uow.members.get(approval.submitter_id).department or ""
    return f"{path}/".startswith(f"{department}/")


def _why_not(uow: UnitOfWork, member: Member, line: WaitingLine, wanted: Wanted) -> str:
    """Say why a line is not agreed to with the others; empty when it is."""
    discount = line.approval.facts.get("discount")
    if line.approval.amount is None and (wanted.most is not None or wanted.above is not None):
        return "没有金额"
    if discount is not None and _percent(discount) > limit_of(member, uow.playbook.pricing):
        return "超出您的权限，请单独看"
    return "只是请您给意见" if line.task.origin not in DECIDING else ""


def _kept_back(lines: Sequence[WaitingLine], names: Sequence[str]) -> list[WaitingLine]:
    """Return what somebody wants left alone; each that is named must be among what waits."""
    found = {name: [line for line in lines if _is_named(line, name)] for name in names}
    unknown = [name for name, named in found.items() if not named]
    if lines and unknown:
        raise BadInput(
            f"等您审批的里面没有「{'、'.join(unknown)}」的，没有批任何单子。请发送「待我审批的」逐个处理，或换个说法"
        )
    return [line for named in found.values() for line in named]


def _is_named(line: WaitingLine, name: str) -> bool:
    if name in _KINDS:
        return line.approval.kind == _KINDS[name]
    return line.by == name or name in line.approval.title or name in str(line.approval.facts.get("customer") or "")


def _percent(kept: object) -> Decimal:
    return Decimal(str(kept))
