"""Cards about records that are deleted: what it would mean, what was asked for, what is gone, what is back."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards.card import Button, Card
from bot.cards.labels import with_verb
from core.calendar import WorkCalendar
from core.model.approval import Approval
from core.model.deletion import Deletion
from core.notices.deletions import RecordDeleted, RecordRestored
from core.services.deletion_matter import LABELS, Deletable
from core.services.deletions import Consequences

SOURCE = "聊单 · 回收站"
KINDS = {"lead": "线索", "account": "客户", "contact": "联系人", "deal": "商机", "quote": "报价"}
LISTED = 10
RESTORABLE = 4


def consequences_card(found: Consequences, names: Sequence[str], cal: WorkCalendar) -> Card:
    """What deleting a record would mean, before anybody is asked."""
    along = [f"一起删除：{found.along}"] if found.along.records else []
    asks = f"要{'、'.join(names)}同意后才删除" if names else "确认后马上删除，不用审批"
    lines = [*along, "跟进记录和操作历史会留下", asks, f"{_day(found.until, cal)} 前可以恢复，之后彻底清除"]
    return Card(
        title=f"删除{LABELS[type(found.record)]} {found.name}（{found.record.ref}）",
        source=SOURCE,
        text="\n".join(f"· {line}" for line in lines),
    )


def asked_card(deletion: Deletion, approval: Approval, waits_for: Sequence[str]) -> Card:
    """To whoever asked: nothing is gone yet."""
    values = {"approval": str(approval.id)}
    return Card(
        title=f"已申请删除：{deletion.name}",
        subtitle=f"{approval.ref} · 等{'、'.join(waits_for)}处理",
        source=SOURCE,
        text="通过后才删除，现在什么都没有变；不想删了就点「撤回」",
        buttons=(
            Button(label="催办", action="approval.nudge", values=values),
            Button(label="撤回", action="approval.withdraw", values=values),
        ),
        private=True,
    )


def done_card(deletion: Deletion, until: str) -> Card:
    """To whoever deleted what nobody else decides about."""
    return Card(
        title=f"已删除：{deletion.name}", source=SOURCE, text=until, buttons=(_restore(deletion),), private=True
    )


def bin_card(standing: Sequence[Deletion], cal: WorkCalendar) -> Card:
    """What may still be restored."""
    if not standing:
        return Card(
            title="回收站是空的", source=SOURCE, text="删除的客户、线索、商机、报价会在这里留一段时间", private=True
        )
    lines = [
        f"{number}. {KINDS[one.subject_kind]} {one.name}（{one.subject}）"
        f"：{_day(one.gone_at, cal)} 删除，{_day(one.purge_at, cal)} 清除"
        for number, one in enumerate(standing[:LISTED], 1)
    ]
    return Card(
        title=f"回收站：{len(standing)} 条可以恢复",
        source=SOURCE,
        text="\n".join([*lines, "恢复就点按钮，或发送「恢复 编号」"]),
        buttons=tuple(_restore(one, with_verb("恢复", one.name)) for one in standing[:RESTORABLE]),
        private=True,
    )


def back_card(record: Deletable, deletion: Deletion, holder: str) -> Card:
    """To whoever brought a record back."""
    more = f"，连同一起删除的 {len(deletion.taken)} 条" if deletion.taken else ""
    where = f"在{holder}名下" if holder else "在公海里" if deletion.subject_kind in ("lead", "account") else ""
    return Card(
        title=f"已恢复：{deletion.name}",
        subtitle=f"{KINDS[deletion.subject_kind]} {record.ref}{more}",
        source=SOURCE,
        text=where,
        settled="已恢复",
        private=True,
    )


def deleted_card(notice: RecordDeleted, cal: WorkCalendar) -> Card:
    """To whoever held it."""
    return Card(
        title=f"{notice.kind}已删除：{notice.name}",
        source=SOURCE,
        quote=notice.reason,
        text=f"{notice.by}申请，审批通过。删错了就点「恢复」，{_day(notice.until, cal)} 前都可以",
        buttons=(Button(label="恢复", action="record.restore", values={"customer": notice.ref}),),
        private=True,
    )


def restored_card(notice: RecordRestored, _: WorkCalendar) -> Card:
    """To whoever holds it again."""
    return Card(
        title=f"{notice.kind}已恢复：{notice.name}",
        subtitle=notice.ref,
        source=SOURCE,
        text=f"{notice.by}恢复的，和删除前一样",
        private=True,
    )


def _restore(deletion: Deletion, label: str = "恢复") -> Button:
    return Button(label=label, action="record.restore", values={"customer": str(deletion.subject)})


def _day(at: datetime | None, cal: WorkCalendar) -> str:
    return f"{cal.local(at):%m-%d}" if at is not None else ""
