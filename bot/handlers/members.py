"""One's own accounts: joining two platforms, parting them, and where notices go."""

from bot.arguments import Channel, Colleague
from bot.cards.basics import question_card, refusal_card
from bot.cards.card import Card
from bot.cards.members import (
    channels_card,
    code_card,
    how_to_link_card,
    linked_card,
    merge_words,
    unlinked_card,
    wrong_card,
)
from bot.context import Context
from bot.router import Router
from bot.understanding.text import normalised
from core.errors import BadInput, NotLinkable
from core.model.member import CHANNELS, Member, Sender
from core.rules.links import said_code
from core.services.linking import Linked, Unsure, confirm, issue_code, prefer, redeem, unlink
from core.services.members import restore
from core.services.questions import ask

router = Router()

PRIVATELY = NotLinkable("绑定码只能一对一说。请私聊我发送「绑定」")


@router.command("member.link", "绑定", "绑定账号", "关联账号", "关联钉钉", "关联企业微信")
@router.button("member.link")
def link(ctx: Context, code: str = "") -> Card:
    """绑定：领一个绑定码，到另一个平台发送「绑定 123456」，两边就是同一个人"""
    said = said_code(f"绑定 {code}")
    if said is None:
        raise BadInput(f"没看懂「{code}」。领绑定码请发送「绑定」，已有绑定码请发送「绑定 123456」")
    if ctx.event.group:
        raise PRIVATELY
    return _redeemed(ctx, said) if said else code_card(issue_code(ctx.uow))


@router.stranger
def link_stranger(ctx: Context) -> Card | None:
    """Let somebody in whom we know on another platform: the one sentence that a stranger may say."""
    said = said_code(normalised(ctx.event.text[:40]).text)
    if said is None or len(ctx.uow.playbook.channels) == 1:
        return None
    if ctx.event.group:
        return refusal_card(PRIVATELY)
    return _redeemed(ctx, said) if said else how_to_link_card()


@router.button("member.merge")
def merge(ctx: Context, link: int, certain: bool | None) -> Card:
    """Join although the account has customers of its own, once its person agrees."""
    if not certain:
        return Card(title="好的，没有绑定，两边的客户都没有动")
    return linked_card(confirm(ctx.uow, Sender(ctx.event.channel, ctx.event.user_id), link))


@router.command("member.unlink", "解绑", "解除绑定", "取消绑定")
@router.button("member.unlink")
def part(ctx: Context, channel: Channel, member: Member | None = None) -> Card:
    """解绑 平台：拆开两个平台的账号，例如「解绑 钉钉」；管理员可以「解绑 张伟 钉钉」"""
    whose = member or ctx.member
    door = unlink(ctx.uow, whose, channel)
    return unlinked_card(door, whose, own=whose is ctx.member)


@router.command("notice.channel", "通知方式", "通知发到", "通知发在", "通知改到")
@router.button("notice.channel")
def notices(ctx: Context, channel: Channel | None = None) -> Card:
    """通知方式：看看或改变通知和提醒发到哪个平台，例如「通知发到钉钉」"""
    if channel is not None:
        prefer(ctx.uow, channel)
        ctx.uow.flush()
    doors = ctx.uow.members.open_accounts([ctx.member.id])[ctx.member.id]
    target = ctx.uow.members.accounts_of([ctx.member.id])[ctx.member.id].channel
    return channels_card(doors, target, chosen=bool(ctx.member.preferred_channel))


@router.command("member.restore", "恢复成员")
@router.button("member.restore")
def let_back(ctx: Context, member: Colleague) -> Card:
    """恢复成员 姓名：只离开了一个平台、仍在公司的人，让他在另一个平台继续用"""
    restore(ctx.uow, member)
    where = "、".join(CHANNELS[channel] for channel in ctx.uow.members.open_channels_of(member.id))
    return Card(title=f"{member.name}已恢复，可以在{where}里继续用")


def _redeemed(ctx: Context, code: str) -> Card:
    event = ctx.event
    outcome = redeem(ctx.uow, Sender(event.channel, event.user_id), event.display_id or event.user_id, code)
    if isinstance(outcome, Linked):
        return linked_card(outcome)
    if isinstance(outcome, Unsure):
        words = merge_words(outcome.member, outcome.holdings)
        choices = (("确认合并", "yes"), ("不用了", "no"))
        return question_card(
            words, ask(ctx.uow, "member.merge", "certain", {"link": outcome.link_id}, choices, words=words)
        )
    return wrong_card(outcome, ctx.uow.calendar)
