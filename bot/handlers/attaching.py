"""Files put to approvals: asked for, sent, and handed out to whoever decides."""

from bot.answers import SENT
from bot.arguments import ApprovalNumber
from bot.cards.approvals import SOURCE
from bot.cards.card import Card
from bot.context import Context
from bot.router import Router
from core.model.enclosure import Enclosure
from core.model.ids import FileId
from core.model.messages import QuestionKind
from core.services.approvals.attaching import files_of
from core.services.approvals.finding import Named, the_open
from core.services.approvals.keeping import matter_of
from core.services.questions import ask
from core.services.receiving import received_file, to_approval

router = Router()


@router.command("approval.attach", "附件", "补充材料")
@router.button("approval.attach")
def attach(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "") -> Card:
    """附件 客户名：给审批加附件，说完把文件或图片发过来，每个审批人都看得到"""
    matter = the_open(ctx.uow, Named(number=approval, customer=customer))
    words = f"请把文件或图片发到这里，会附到审批：{matter.approval.title}"
    slots = {"approval": str(matter.approval.id)}
    ask(ctx.uow, "approval.attach", SENT, slots, kind=QuestionKind.OFFER, words=words)
    return Card(
        title=words,
        source=SOURCE,
        text="一次发一个，发完再发下一个；发不了文件就发截图。不加了就说「算了」",
        private=True,
    )


@router.declines("approval.attach")
def let_be(_: Context) -> Card:
    """Nothing is put to it."""
    return Card(title="好的，没有加附件")


@router.button("approval.files")
def hand_out(ctx: Context, approval: ApprovalNumber) -> Card:
    """Send the files to whoever has to do with the approval."""
    matter = matter_of(ctx.uow, ctx.uow.approvals.get(approval))
    found = files_of(ctx.uow, matter)
    return Card(
        title=f"附件（{len(found)}）：{matter.approval.title}",
        text="\n".join(one.name for one in matter.course.files),
        source=SOURCE,
        private=True,
        encloses=tuple(Enclosure(file=one) for one in found),
    )


@router.button("file.to_approval")
def put(ctx: Context, file: int, approval: ApprovalNumber) -> Card:
    """The sent file belongs to an approval."""
    done = to_approval(ctx.uow, received_file(ctx.uow, FileId(file)), approval)
    return Card(title=f"附到审批了：{done.title}", source=SOURCE, settled="已附上", private=True)
