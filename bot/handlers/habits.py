"""Reports at one's own hour, and peace: everybody sets them for themselves, an administrator for the company."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal

from bot.cards.card import Card
from bot.cards.habits import habits_card, morning_of, quiet_card, subscribed_card
from bot.cards.leads import undo_button
from bot.context import Context
from bot.handlers.rules import drafted
from bot.report_words import COMPANY, read_wish, spares_days_off
from bot.router import Router
from bot.wishes import hours_in
from core.errors import BadInput, NotFound
from core.model.member import LEADING
from core.model.money import Money
from core.ports import Edit
from core.rules.permissions import may_manage
from core.services.coaching import SAVED
from core.services.peace import be_loud, be_quiet
from core.services.playbook.applying import require_administrator
from core.services.saved_reports import find_saved
from core.services.subscriptions import REPORTS, report_of, subscribe

router = Router()

NOON = 12
_STOPS = re.compile(r"(?:关闭|关掉|取消|解除|停用|不用)(?:了)?免打扰|恢复(?:消息|通知|提醒)|可以打扰")
_ONLY_GREAT = re.compile(r"才(?:再)?(?:提醒|通知|找|叫|打扰|推送|发)")
_NIGHT = re.compile(r"晚上|夜里|夜间|半夜|凌晨|下班|睡")
_NOON_REST = re.compile(r"中午|午休|午睡|午间")
_FOR_A_WHILE = re.compile(
    r"(?:\d+|[一二两三四五六七八九十半几]+)个?(?:小时|钟头|分钟|半天)|一会儿?|一阵|暂时|期间|开会|会议|上课|培训|今[天晚夜]|明[天晚]|这[两几]天|这周"
)
NOON_REST = (time(12), time(13, 30))
_FROM_TO = 2
"""Hours of a span."""


@router.command("digest.set", "日报时间", "订阅")
def digest(ctx: Context, at: datetime | None = None, text: str = "", name: str = "") -> Card:
    """日报时间 晚上7点：改自己收日报、计划的时间，「周末别发」「不用发了」也行；管理员说「全公司」改所有人的"""
    hour, guessed = _hour(ctx, at, text)
    if name:
        return _saved(ctx, name, hour, text)
    if _means_everybody(ctx, text):
        require_administrator(ctx.uow)
        if hour is None:
            now = ctx.uow.playbook.day.digest_at
            raise BadInput(f"日报每天 {now:%H:%M} 发给主管，只能改时间。例如「全公司日报改到晚上7点」")
        return drafted(ctx, (Edit(path=("day", "digest_at"), value=f"{hour:%H:%M}"),), text or "改日报时间")
    wish = read_wish(text)
    wanted = subscribe(ctx.uow, wish.report, hour, rhythm=wish.rhythm, day=wish.day, off=wish.off)
    return subscribed_card(wanted, REPORTS[wish.report].called, undo_button(ctx.uow.command), guessed=guessed)


def _saved(ctx: Context, name: str, hour: time | None, text: str) -> Card:
    """Have a saved report sent: every Monday at nine, where nothing else was said."""
    saved = find_saved(ctx.uow, name)
    wish = read_wish(text.replace(name, ""))
    wanted = subscribe(ctx.uow, f"{SAVED}{saved.id}", hour, rhythm=wish.rhythm, day=wish.day, off=wish.off)
    return subscribed_card(wanted, f"报表「{saved.name}」", undo_button(ctx.uow.command))


@router.button("digest.earlier")
def earlier(ctx: Context, number: int) -> Card:
    """Have a report come in the morning instead of the evening."""
    wanted = next((one for one in ctx.uow.subscriptions.of(ctx.member.id) if one.id == number), None)
    if wanted is None:
        raise NotFound(f"subscription:{number}")
    if wanted.at.hour >= NOON:
        wanted = subscribe(ctx.uow, wanted.report, morning_of(wanted.at))
    about = report_of(ctx.uow, wanted.report)
    return subscribed_card(wanted, about.called if about is not None else "报表", undo_button(ctx.uow.command))


@router.command("digest.show", "我的订阅")
@router.button("digest.show")
def show(ctx: Context) -> Card:
    """我的订阅：什么时候收到哪些报告，什么时候免打扰"""
    rule = ctx.uow.peace.rules([ctx.member.id]).get(ctx.member.id)
    wanted = ctx.uow.subscriptions.of(ctx.member.id)
    named = [(one, about.called) for one in wanted if (about := report_of(ctx.uow, one.report)) is not None]
    return habits_card(named, ctx.member, ctx.uow.playbook, rule)


@router.command("quiet.set", "免打扰")
def quiet(ctx: Context, text: str = "", amount: Decimal | None = None) -> Card:
    """免打扰 晚上10点到早上7点，大于50万的除外：这段时间的消息攒到结束后再发；「关闭免打扰」随时恢复"""
    hours = hours_in(text)
    if _means_everybody(ctx, text):
        return _for_everybody(ctx, hours, text)
    if _STOPS.search(text):
        was = be_loud(ctx.uow)
        return Card(title="已关闭免打扰，攒下的消息马上发给您" if was else "您没有开免打扰，消息一直是随到随发")
    if _ONLY_GREAT.search(text) and not hours and not _NIGHT.search(text):
        raise BadInput("小额的消息也要有人处理，不能整天不通知。可以设时间，例如「晚上别吵我，大于50万的除外」")
    above = Money.yuan(amount) if amount is not None else None
    if not hours and _FOR_A_WHILE.search(text):
        raise BadInput(
            "免打扰是每天固定的一段时间，不能只设这一次。例如「免打扰 14:00到16:00」，不用了再说「关闭免打扰」"
        )
    rule = be_quiet(ctx.uow, _span(ctx, hours, text), days_off=spares_days_off(text), above=above)
    return quiet_card(rule, undo_button(ctx.uow.command))


def _means_everybody(ctx: Context, text: str) -> bool:
    """Say whether the company's setting is meant: it was named, or the speaker looks after it and leads nobody."""
    if COMPANY.search(text) is not None:
        return True
    return may_manage(ctx.member) and not ctx.member.is_any(LEADING)


def _hour(ctx: Context, at: datetime | None, text: str) -> tuple[time | None, bool]:
    """Return the hour that was said, and whether the evening was only guessed: 每天6点 is at six in the evening."""
    said = hours_in(text)
    if at is None:
        return (said[0], False) if len(said) == 1 else (None, False)
    wall = ctx.wall(at).time()
    if len(said) != 1 or said[0] == wall:
        return wall.replace(second=0, microsecond=0), False
    guessed = said[0].hour + NOON == wall.hour
    return (wall.replace(second=0, microsecond=0), True) if guessed else (said[0], False)


def _span(ctx: Context, hours: Sequence[time], text: str) -> tuple[time, time] | None:
    """Return from when to when nothing shall come; None when no hours were meant."""
    quiet = ctx.uow.playbook.day.quiet
    if len(hours) == _FROM_TO:
        return hours[0], hours[1]
    if len(hours) == 1:
        return hours[0], quiet.ends
    if _NOON_REST.search(text):
        return NOON_REST
    return (quiet.begins, quiet.ends) if _NIGHT.search(text) else None


def _for_everybody(ctx: Context, hours: Sequence[time], text: str) -> Card:
    require_administrator(ctx.uow)
    now = ctx.uow.playbook.day.quiet
    if len(hours) != _FROM_TO:
        raise BadInput(
            f"现在 {now.begins:%H:%M} 到 {now.ends:%H:%M} 不打扰。要改请说两个时间，例如「免打扰改到晚上10点到早上7点」"
        )
    edits = tuple(
        Edit(path=("day", "quiet", key), value=f"{hour:%H:%M}")
        for key, hour in zip(("begins", "ends"), hours, strict=True)
    )
    return drafted(ctx, edits, text)
