"""Deleting a record, looking at what was deleted, and bringing it back."""

from bot.cards.card import Card
from bot.cards.deletions import asked_card, back_card, bin_card, consequences_card, done_card
from bot.cards.qualifying import restored_card
from bot.context import Context
from bot.handlers.leads import leaves_at
from bot.quoting import any_quote
from bot.router import Router
from core.errors import BadInput
from core.services.approvals.lists import standing_of
from core.services.customers import holder_name
from core.services.deletion_matter import Deletable, until_words
from core.services.deletions import (
    ask_deletion,
    deleted_called,
    deleted_lately,
    look_ahead,
    record_named,
    restore_deleted,
)
from core.services.qualifying import invalid_lead, restore_lead

router = Router()

ALL = "一次不能全部删除，没有删除任何内容。请写上要删的名字，例如「删除 苏州汇川」，每一条都要另一位同事同意"


@router.command("record.delete", "删除", confirms=True)
def delete(ctx: Context, customer: str = "", what: str = "", reason: str = "") -> Card:
    """删除 客户名：删除线索、客户、商机或报价；审批通过后进回收站，30 天内可以恢复"""
    deletion, approval = ask_deletion(ctx.uow, _meant(ctx, customer, what), reason)
    if approval is None:
        return done_card(deletion, until_words(ctx.uow, deletion))
    return asked_card(deletion, approval, standing_of(ctx.uow, approval).waits_for)


@router.preview("record.delete")
def before_deleting(ctx: Context, customer: str = "", what: str = "") -> Card:
    """Show what would go along, who decides, and until when it may come back."""
    found = look_ahead(ctx.uow, _meant(ctx, customer, what))
    people = [one for ask in found.asks.asks for voice in ask.voices for one in voice] if found.asks else []
    names = {one.id: one.name for one in ctx.uow.members.find(people).values()}
    return consequences_card(found, list(dict.fromkeys(names[one] for one in people)), ctx.uow.calendar)


@router.command("record.deleted", "回收站", "删除记录")
@router.button("record.deleted")
def show_bin(ctx: Context) -> Card:
    """回收站：最近删除、还能恢复的客户、线索、商机和报价"""
    return bin_card(deleted_lately(ctx.uow), ctx.uow.calendar)


@router.command("lead.restore", "恢复线索", "恢复")
@router.button("record.restore")
def restore(ctx: Context, customer: str, certain: bool | None = None) -> Card:
    """恢复 L12：把 30 天内删除的记录、作废的线索恢复成原来的样子"""
    if certain is False:
        return Card(title="好的，没有恢复")
    deletion = deleted_called(ctx.uow, customer)
    if deletion is not None:
        record = restore_deleted(ctx.uow, deletion, certain=bool(certain))
        return back_card(record, deletion, holder_name(ctx.uow, record.owner_id))
    lead = restore_lead(ctx.uow, invalid_lead(ctx.uow, customer), certain=bool(certain))
    holder = holder_name(ctx.uow, lead.owner_id)
    return restored_card(lead, holder, leaves_at(ctx, lead), ctx.uow.calendar, ctx.uow.command)


def _meant(ctx: Context, customer: str, what: str) -> Deletable:
    if not customer:
        raise BadInput(ALL)
    if customer.upper().startswith("BJ"):
        return any_quote(ctx, customer)
    return record_named(ctx.uow, customer, what)
