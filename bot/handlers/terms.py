"""Words a company teaches us: 以后 HW 就是华为."""

from bot.cards.card import Card
from bot.cards.leads import undo_button
from bot.context import Context
from bot.router import Router
from core.services.customers import Customer
from core.services.terms import forget, teach

router = Router()


@router.command("term.teach", "教你个叫法", "记住叫法")
def learn(ctx: Context, term: str, meaning: Customer) -> Card:
    """教你个叫法 HW 就是 华为：以后全公司说这个词都听得懂"""
    taught = teach(ctx.uow, term, meaning.ref, meaning.name)
    return Card(
        title=f"记住了：「{taught.words}」就是「{meaning.name}」",
        text="以后全公司都可以这样叫；发送「忘掉" + taught.words + "」可以取消",
        buttons=(undo_button(ctx.uow.command),),
    )


@router.command("term.forget", "忘掉", "忘记叫法")
def unlearn(ctx: Context, term: str) -> Card:
    """忘掉 HW：不再把这个词当作客户的叫法"""
    gone = forget(ctx.uow, term)
    meant = "、".join(dict.fromkeys(one.meaning_name for one in gone))
    return Card(title=f"好的，「{gone[0].words}」不再指「{meant}」", buttons=(undo_button(ctx.uow.command),))
