"""Where a deal stands: entering a stage, and asking first where the playbook says so (semantics B.6, B.8)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.model.approval import Approval
from core.model.deal import Deal, StageStay
from core.model.ids import AccountId, DealId, Ref
from core.model.playbook import Stage
from core.ports import UnitOfWork
from core.services.deal_clocks import set_deal_clock

STAGE: Final = "stage"
WORDS: Final = 200


class StageMatter:
    """See `core.services.approvals.subjects.Subject`."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return what the deal is worth and where it would go; a change of that begins anew."""
        deal = uow.deals.get(DealId(subject.id))
        account = uow.accounts.get(AccountId(deal.account_id)) if deal.account_id is not None else None
        owner = uow.members.find([deal.owner_id]).get(deal.owner_id) if deal.owner_id is not None else None
        return {
            "amount": deal.amount,
            "stage": deal.wanted_stage,
            "from_stage": deal.stage,
            "pipeline": deal.pipeline,
            "customer": account.name if account is not None else None,
            "grade": (account.grade or None) if account is not None else None,
            "owner": f"M{owner.id}" if owner is not None else None,
            "owner_department": owner.department if owner is not None else None,
        }

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return what whoever decides has to see."""
        deal = uow.deals.get(DealId(subject.id))
        facts = self.facts(uow, subject)
        lines = (
            ("customer", "客户", facts["customer"] or ""),
            ("stage", "阶段", f"{deal.stage} → {deal.wanted_stage}" if deal.wanted_stage else deal.stage),
            ("amount", "金额", str(deal.amount) if deal.amount is not None else ""),
            ("expected_close_on", "预计签约", str(deal.expected_close_on or "")),
            ("budget", "预算", str(deal.budget) if deal.budget is not None else ""),
            ("decision_maker", "决策人", deal.decision_maker),
            ("competitor", "竞争对手", deal.competitor),
        )
        return [line for line in lines if line[2]]

    def named(self, uow: UnitOfWork, subject: Ref) -> tuple[str, str]:
        """Return what a move is called as the deal stands now."""
        return title_of(uow.deals.get(DealId(subject.id))), ""

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the deal stand where it was to go."""
        deal = uow.deals.get(DealId(approval.subject_id), lock=True)
        to = uow.playbook.pipeline(deal.pipeline).stage(deal.wanted_stage)
        deal.wanted_stage = ""
        if to is not None and deal.is_open and deal.deleted_at is None:
            enter_stage(uow, deal, to)

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the deal stay where it is."""
        uow.deals.get(DealId(approval.subject_id), lock=True).wanted_stage = ""


def title_of(deal: Deal) -> str:
    """Name a move for whoever decides: 华为服务器采购 推进到商务谈判."""
    return f"{deal.name} 推进到{deal.wanted_stage}"


def enter_stage(uow: UnitOfWork, deal: Deal, to: Stage, reason: str = "") -> None:
    """Let a deal stand in another stage: the stay before ends in the same transaction, and the clock starts anew."""
    standing = uow.deals.open_stay(deal.id)
    if standing is not None:
        standing.left_at, standing.next_stage, standing.reason = uow.now, to.name, reason[:WORDS]
    deal.enter(to.name, to.outcome, uow.now)
    uow.deals.add_stay(new_stay(uow, deal))
    uow.flush()
    set_deal_clock(uow, deal)


def new_stay(uow: UnitOfWork, deal: Deal) -> StageStay:
    """Return the stay that begins where a deal stands now."""
    return StageStay(deal_id=deal.id, stage=deal.stage, entered_at=uow.now, entered_by=uow.actor.id or None)
