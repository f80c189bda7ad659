"""Peace: when a member is not disturbed, and what is told when it is over."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from core.errors import BadInput
from core.model.deadline import Deadline
from core.model.ids import MemberId
from core.model.money import Money
from core.model.subscription import QuietRule
from core.notices import Notice
from core.notices.approvals import ApprovalShown
from core.ports import UnitOfWork
from core.services.approvals.keeping import load
from core.services.approvals.telling import show_to


def be_quiet(
    uow: UnitOfWork, hours: tuple[time, time] | None, *, days_off: bool | None = None, above: Money | None = None
) -> QuietRule:
    """Leave the actor in peace at certain hours or on days off; what is not said stays as it was."""
    if hours is not None and hours[0] == hours[1]:
        raise BadInput("开始和结束是同一个时间，没有改动。例如「晚上10点到早上8点别打扰我」")
    uow.does("quiet.set")
    rule = uow.peace.rules([uow.actor.id]).get(uow.actor.id)
    if rule is None:
        quiet = uow.playbook.day.quiet
        rule = QuietRule(
            member_id=uow.actor.id, begins=quiet.begins, ends=quiet.ends, created_at=uow.now, updated_at=uow.now
        )
        uow.peace.add(rule)
    if hours is not None:
        rule.begins, rule.ends = hours
    if days_off is not None:
        rule.days_off = days_off
    if above is not None:
        rule.above = above
    uow.flush()
    return rule


def be_loud(uow: UnitOfWork) -> bool:
    """Let the actor hear everything at once again; False when nothing was kept back anyway."""
    rule = uow.peace.rules([uow.actor.id]).get(uow.actor.id)
    if rule is None:
        return False
    uow.does("quiet.set")
    rule.deleted_at = uow.now
    uow.flush()
    _release(uow, [uow.actor.id], uow.now + timedelta(days=3650))
    return True


def peace_ends(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell members what was kept back from them."""
    _release(uow, [MemberId(one.holder_id) for one in due if one.holder_id is not None], uow.now)


def _release(uow: UnitOfWork, members: Sequence[MemberId], until: datetime) -> None:
    """Tell what was kept back in its order; a card that lives on is told once, as it stands now."""
    held = uow.peace.release(members, until)
    last = {(notice.to, notice.screen or ""): place for place, notice in enumerate(held)}
    for place, notice in enumerate(held):
        if not notice.screen or last[notice.to, notice.screen] == place:
            _tell_as_it_stands(uow, notice)


def _tell_as_it_stands(uow: UnitOfWork, notice: Notice) -> None:
    if isinstance(notice, ApprovalShown):
        show_to(uow, load(uow, notice.approval_id), notice.to)
    else:
        uow.tell(notice)
