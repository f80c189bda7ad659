"""What people learn of instances: what they have to do there themselves, and where both sides differ."""

from core.errors import DeliveryFailed
from core.model.approval import Answer, Approval, Task
from core.model.member import CHANNELS
from core.model.mirror import ApprovalMirror
from core.notices.approvals import ApprovalNews, MirrorTrouble
from core.ports import UnitOfWork
from core.ports.mirrors import Voice
from core.services.approvals.keeping import Matter
from core.services.members import account_on, administrators


def ask_to_tap(uow: UnitOfWork, matter: Matter, row: ApprovalMirror, voice: Voice, task: Task) -> None:
    """Where we cannot decide for somebody, ask them once to do there what they did here."""
    how = "同意" if task.answer is Answer.YES else "驳回"
    where, approval = CHANNELS[row.channel], matter.approval
    notice = ApprovalNews(
        to=task.member,
        approval_id=approval.id,
        title=f"请在{where}「审批」里也点{how}：{approval.title}",
        text=f"审批单{called(row, approval)}。{where}不让应用代您处理；点之前那边显示审批中，结果以聊单为准",
        once=f"oa:{row.id}:{voice.key[:40]}",
    )
    uow.tell(notice, account_on(uow, task.member, row.channel))


def ask_to_withdraw(uow: UnitOfWork, matter: Matter, row: ApprovalMirror, why: str) -> None:
    """Where we cannot withdraw an instance, ask whoever handed it in to, once."""
    where, approval = CHANNELS[row.channel], matter.approval
    notice = ApprovalNews(
        to=approval.submitter_id,
        approval_id=approval.id,
        title=f"请在{where}「审批」里撤销审批单{called(row, approval)}：{approval.title}",
        text=f"{why}。{where}不让应用代您撤销；不撤销那边会一直显示审批中，结果以聊单为准",
        once=f"oa:{row.id}:withdraw",
    )
    uow.tell(notice, account_on(uow, approval.submitter_id, row.channel))


def tell_differs(uow: UnitOfWork, matter: Matter, row: ApprovalMirror, how: str) -> None:
    """Tell administrators once that an instance has ended otherwise than the approval here."""
    where = CHANNELS[row.channel]
    for admin in administrators(uow):
        uow.tell(
            ApprovalNews(
                to=admin.id,
                approval_id=matter.approval.id,
                title=f"{where}审批单{called(row, matter.approval)}和聊单不一致：{matter.approval.title}",
                text=f"{how}。结果以聊单为准，需要时请在{where}里说明",
                once=f"oa:{row.id}:differs:{admin.id}",
            )
        )


def tell_trouble(uow: UnitOfWork, row: ApprovalMirror, failure: DeliveryFailed) -> None:
    """Tell administrators what they have to mend, once for each version of the rules; approvals go on meanwhile."""
    newest = uow.versions.newest()
    version = newest.number if newest is not None else 0
    for admin in administrators(uow):
        uow.tell(
            MirrorTrouble(
                to=admin.id,
                platform=CHANNELS[row.channel],
                template=row.template,
                why=failure.reason,
                once=f"oa:{row.channel}:{row.template[:40]}:{failure.code}:{version}:{admin.id}",
            )
        )


def called(row: ApprovalMirror, approval: Approval) -> str:
    """Name an instance as people find it there: by its number where that is one, else by ours, which stands in it."""
    number = row.number or ""
    return f" {number} " if number.isdigit() else f"（{approval.ref}）"


def how_it_stands(approval: Approval) -> str:
    """Say in a word what has become of an approval here."""
    return {
        "approved": "已通过",
        "rejected": "已驳回",
        "withdrawn": "已撤回",
        "voided": "已作废",
        "expired": "已失效",
    }.get(str(approval.state), "还在审批中")
