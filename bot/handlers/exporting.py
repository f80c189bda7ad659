"""Taking records out of the house as a file."""

import re

from bot.cards.card import Card
from bot.context import Context
from bot.router import Router
from core.model.member import Member
from core.services.approvals.keeping import matter_of
from core.services.approvals.showing import waiting_names
from core.services.approvals.submitting import submit
from core.services.export_matter import EXPORT
from core.services.exports import Wish, hold_export, size_of, title_of

router = Router()

_KINDS = (
    ("lead", re.compile("线索|公海")),
    ("contact", re.compile("联系人|通讯录")),
    ("deal", re.compile("商机|机会")),
)
_NUMBERS = re.compile("电话|手机|号码|联系方式|通讯录|邮箱")


@router.command("export", "导出客户", "导出线索", "导出商机", "导出联系人")
def export(ctx: Context, text: str = "", member: Member | None = None, reason: str = "") -> Card:
    """导出客户：把您看得到的导出成表格发给您；条数多或带号码的先审批"""
    wish = _wish(text, member)
    size = size_of(ctx.uow, wish)
    job = hold_export(ctx.uow, wish, size)
    if size.asks:
        approval = submit(ctx.uow, EXPORT, job.ref, title=title_of(size, wish), reason=reason or text)
        if approval is not None:
            waits = "、".join(waiting_names(matter_of(ctx.uow, approval)))
            return Card(
                title=f"已申请{title_of(size, wish)}",
                subtitle=f"{approval.ref} · 等{waits}同意",
                text="同意后文件会直接发给您",
                private=True,
            )
    return Card(title=f"正在{title_of(size, wish)}", text="好了马上把表格发给您", private=True)


@router.preview("export")
def before_exporting(ctx: Context, text: str = "", member: Member | None = None) -> Card:
    """Say how much it is, and whether somebody must agree."""
    wish = _wish(text, member)
    size = size_of(ctx.uow, wish)
    return Card(
        title=title_of(size, wish),
        subtitle="要先审批，同意后文件发给您" if size.asks else "",
        text="" if wish.numbers else "电话和邮箱会打码；要完整号码请说「导出客户电话」，会走审批",
    )


def _wish(text: str, member: Member | None) -> Wish:
    kind = next((kind for kind, words in _KINDS if words.search(text)), "account")
    return Wish(kind=kind, owner=member.name if member is not None else "", numbers=bool(_NUMBERS.search(text)))
