"""Deals that nobody touches any more: closed by the clock where the playbook says so, and told to their holders."""

from collections.abc import Sequence
from datetime import timedelta

from core.model.deadline import Deadline
from core.model.ids import DealId, MemberId
from core.model.playbook import Outcome
from core.notices import DealLine, DealsClosed
from core.ports import UnitOfWork
from core.rules.stages import last_touch
from core.services.approvals.submitting import pending_on
from core.services.deal_stages import enter_stage

REASON = "久未更新"
LATER = timedelta(days=1)
"""While somebody decides about a deal it is looked at again a day later."""


def close_aged(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Lose the open deals that nobody has touched for too long; they may be opened again like any lost one."""
    deals = {deal.id: deal for deal in uow.deals.find(DealId(one.subject_id) for one in due)}
    closed: dict[MemberId, list[DealLine]] = {}
    for one in due:
        deal = deals.get(DealId(one.subject_id))
        if deal is None or not deal.is_open or deal.deleted_at is not None:
            continue
        pipeline, since = uow.playbook.pipeline(deal.pipeline), last_touch(deal)
        if pipeline.close_after is None or since is None or uow.now <= since + pipeline.close_after:
            continue
        if pending_on(uow, deal.ref) is not None:
            one.due_at = uow.now + LATER
            continue
        uow.does("deal.lose")
        stage = deal.stage
        deal.close(REASON, "", uow.calendar.local(uow.now).date())
        enter_stage(uow, deal, pipeline.ending(Outcome.LOST), REASON)
        if deal.owner_id is not None:
            closed.setdefault(deal.owner_id, []).append(DealLine(str(deal.ref), deal.name, stage, since))
    for holder, lines in closed.items():
        uow.tell(DealsClosed(to=holder, deals=tuple(lines)))
