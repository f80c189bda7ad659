"""Taking back, and the words that only mean something while a question waits (`bot/desk.py` gives them to it)."""

from bot.answers import GUIDED
from bot.cards.card import Card
from bot.context import Context
from bot.event import EventKind
from bot.intents import deed
from bot.router import Router
from core.errors import BadInput, NothingAsked
from core.model.messages import QuestionKind
from core.services.customers import Customer
from core.services.questions import close, open_question
from core.services.undo import Undone, customers_of, undo_command, undo_last

router = Router()


@router.command("undo", "撤销", "撤消", "撤回", "取消刚才")
@router.button("undo")
def undo(ctx: Context, command: str = "", what: str = "", customer: Customer | None = None) -> Card:
    """撤销：收回自己 10 分钟内的上一步操作，一句话办的几件事一起收回"""
    waiting = open_question(ctx.uow)
    asks = waiting is not None and waiting.kind != QuestionKind.OFFER and waiting.slot != GUIDED
    if not command and waiting is not None and asks:
        close(ctx.uow, waiting)
        return Card(title="好的，已放下刚才的问题，没有记录任何内容", text="要收回上一步操作，请再发一次「撤销」")
    _require_last(ctx, what, customer)
    undone = undo_command(ctx.uow, command) if command else undo_last(ctx.uow)
    if waiting is not None:
        close(ctx.uow, waiting)
    return _undone_card(undone, tapped=ctx.event.kind is EventKind.TAP)


@router.command("confirm", "确认", "确定")
def confirm(_: Context) -> Card:
    """确认：照刚才显示的办"""
    raise NothingAsked


@router.command("cancel", "算了", "取消", "不用了", "算了吧", "没事了")
def cancel(_: Context) -> Card:
    """算了：放下刚才的问题"""
    raise NothingAsked


@router.command("choose", "选")
def choose(_: Context) -> Card:
    """选 2：从刚才列出的几个里选一个，只回复数字也行"""
    raise NothingAsked


def _require_last(ctx: Context, what: str, customer: Customer | None) -> None:
    """Refuse to take back something else than was named: 撤回刚才的领取, 刚给华为打的标签撤了."""
    if not what and customer is None:
        return
    changes = ctx.uow.history.last_command(ctx.member.id, ctx.uow.now - ctx.uow.playbook.chat.undo_within)
    done = list(dict.fromkeys(deed(change.action) for change in changes))
    if what and done and not any(what in one or one in what for one in done):
        raise BadInput(f"上一步是「{'、'.join(done)}」，不是「{what}」。要收回上一步，请直接发送「撤销」")
    if customer is not None and done and customer.ref not in customers_of(changes):
        raise BadInput(f"上一步「{'、'.join(done)}」不是「{customer.name}」的。要收回上一步，请直接发送「撤销」")


def _undone_card(undone: Undone, *, tapped: bool) -> Card:
    listed = [f"{deed(action)}{f'：{name}' if name else ''}" for action, name in undone.deeds]
    return Card(
        title=f"已撤销{listed[0]}" if len(listed) == 1 else f"{len(listed)} 件事都已撤销",
        text="一切恢复到操作之前" if len(listed) == 1 else "\n".join(f"{n}. {one}" for n, one in enumerate(listed, 1)),
        settled="已撤销" if tapped else "",
    )
