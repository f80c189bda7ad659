"""What people learn of an approval."""

from collections.abc import Iterable

from core.model.approval import SUBMITTERS
from core.notices.approvals import ApprovalNews
from core.ports import UnitOfWork
from core.rules.approvals.acting import Effect, Told
from core.rules.approvals.judging import OVER
from core.services.approvals.keeping import Matter

_SAID = {
    Told.ASKED: "请您审批",
    Told.CLOSED: "不用您处理了",
    Told.COPIED: "抄送给您",
    Told.NUDGED: "请尽快处理",
    Told.MOVED: "现在由别人处理",
    Told.RETURNED: "退回修改",
    Told.TAKEN_BACK: "收回了同意",
    Told.PROGRESS: "有人处理了",
    Told.WISHED: "想撤回，请您同意",
    Told.WISH_REFUSED: "不同意撤回",
    Told.DEMANDED: "有条件同意",
    Told.DEMAND_DECLINED: "没有接受您的条件",
    Told.REMARKED: "留言",
    Told.QUESTIONED: "问您",
    Told.ANSWERED: "回复",
}


def tell_effects(uow: UnitOfWork, matter: Matter, effects: Iterable[Effect]) -> None:
    """Tell everybody what an act has come to."""
    approval, course = matter.approval, matter.course
    for effect in effects:
        task = course.task(effect.task)
        if effect.told is Told.ASKED and (
            task is None or task.origin in SUBMITTERS or not task.is_pending or course.is_blocked(task)
        ):
            continue
        says = OVER[course.state] if effect.told is Told.ENDED else _SAID[effect.told]
        for reader in effect.to:
            title = f"{says}：{approval.title}"
            uow.tell(
                ApprovalNews(to=reader, approval_id=approval.id, title=title, quote=effect.comment, number=effect.task)
            )
