"""The playbook in chat, for administrators: shown, changed by a word or a whole document, agreed to, taken back."""

import re
from datetime import date, datetime, time, timedelta

from bot.cards.basics import question_card
from bot.cards.card import Card
from bot.cards.playbook import (
    applied_card,
    days_line,
    document_card,
    draft_words,
    history_card,
    outline_card,
    proposed_card,
)
from bot.context import Context
from bot.router import Router
from bot.rule_words import rule_edits
from bot.understanding.numerals import read_whole
from bot.wishes import hours_in, said_days, wished
from core.errors import BadInput
from core.model.member import Member
from core.model.version import PlaybookVersion, Treatment
from core.ports import Edit
from core.services.approvals.lists import standing_of
from core.services.calendar import set_days
from core.services.playbook.applying import (
    differences_of,
    document_of,
    newest_number,
    require_administrator,
    restoring,
    version_at,
    version_line,
    version_of,
)
from core.services.playbook.proposals import (
    Drafted,
    decide,
    draft_change,
    drafted_before,
    drop,
    with_edits,
)
from core.services.questions import ask
from core.services.simulation import DAYS, order_rehearsal

router = Router()

LISTED = 10
DECIDE = "playbook.decide"
_DROP, _REHEARSE = "drop", "rehearse"
REHEARSING = "正在用最近的历史试算，几秒后另发一张卡片；看完再决定也不迟"
_DAYS = re.compile(r"(?:最近|过去|近)?(\d{1,4})\s*天(?:的历史|的数据)?(?=.{0,4}$|.{0,4}试算|内?的历史)")
_REHEARSING = re.compile(r"(?:先|帮我|给我|请)?(?:试算|模拟|推演|测算|预演)(?:一下|看看|一遍)?")
_NUMBERED = re.compile(r"第?\s*(\d{1,6}|[一二两三四五六七八九十百]{1,4})\s*版|[vV](\d{1,6})")
_HEAD = re.compile(r"\A\s*提交规则[：:，,]?[ \t]*(?P<why>[^\n]*)\n")


@router.command("playbook.show", "看看规则", "规则")
@router.button("playbook.show")
def show(ctx: Context) -> Card:
    """看看规则：现在生效的规则，一节一行"""
    require_administrator(ctx.uow)
    return outline_card(newest_number(ctx.uow), ctx.uow.playbook)


@router.command("playbook.history", "规则历史", "规则版本")
@router.button("playbook.history")
def history(ctx: Context) -> Card:
    """规则历史：最近的版本，谁、什么时候、为什么改的"""
    require_administrator(ctx.uow)
    versions = ctx.uow.versions.latest(LISTED)
    return history_card([version_line(version, ctx.uow.calendar) for version in versions])


@router.command("playbook.export", "导出规则")
@router.button("playbook.export")
def export(ctx: Context, number: int | None = None) -> Card:
    """导出规则：现在规则的全文，改好后用「提交规则」发回来"""
    require_administrator(ctx.uow)
    chosen = newest_number(ctx.uow) if number is None else number
    return document_card(chosen, document_of(ctx.uow, chosen))


@router.command("playbook.submit", "提交规则", drafts=True)
def submit(ctx: Context) -> Card:
    """提交规则 改动原因（换行后贴全文）：检查整份规则，先看改动再生效"""
    require_administrator(ctx.uow)
    head = _HEAD.match(ctx.event.text)
    if head is None:
        raise BadInput("请在「提交规则 改动原因」后面换行，贴上整份规则的文字。发送「导出规则」取现在的全文")
    document = ctx.uow.documents.read(ctx.event.text[head.end() :])
    return _asked(ctx, draft_change(ctx.uow, document, head["why"].strip() or "提交整份规则"))


@router.command("rule.change", "改规则", drafts=True)
def change(
    ctx: Context,
    text: str,
    which: str = "",
    *,
    members: tuple[Member, ...] = (),
    region: str = "",
    source: str = "",
    industry: str = "",
) -> Card:
    """改规则 要改什么：例如「回收改成48小时」「以后江苏的线索轮流分给李娜、张伟」，先看改动再生效"""
    require_administrator(ctx.uow)
    playbook = ctx.uow.playbook
    everybody = ctx.uow.members.everybody()
    rule = rule_edits(playbook, text, members, everybody, region=region, source=source, industry=industry)
    return drafted(ctx, rule or wished(playbook, text, which), text)


@router.command("rule.simulate", "试算", drafts=True)
def simulate(ctx: Context, text: str, which: str = "") -> Card:
    """试算 回收改成48小时：用公司自己最近 90 天的历史看看会多收、少收谁"""
    require_administrator(ctx.uow)
    days = _DAYS.search(text)
    wish = _REHEARSING.sub("", _DAYS.sub("", text)).strip("，,。 ")
    drafted = draft_change(ctx.uow, with_edits(ctx.uow, wished(ctx.uow.playbook, wish, which)), wish)
    order_rehearsal(ctx.uow, drafted.draft.id, int(days[1]) if days is not None else DAYS)
    return _asked(ctx, drafted, REHEARSING)


@router.command("calendar.set", "放假", "登记放假", "调休", confirms=True)
def days_off(ctx: Context, from_: date, to: date | None = None, text: str = "") -> Card:
    """放假 5月1日到5日，9日上班：登记放假和调休，时限跟着算"""
    days = said_days(from_, to or from_, text)
    set_days(ctx.uow, days, text)
    return Card(title="工作日历已更新", text=days_line(days) + "\n正在走的时限几分钟内按新日历重算")


@router.preview("calendar.set")
def days_shown(ctx: Context, from_: date, to: date | None, text: str) -> Card:
    """What would be noted."""
    require_administrator(ctx.uow)
    return Card(title="登记工作日历", text=days_line(said_days(from_, to or from_, text)))


@router.command("playbook.rollback", "退回规则", "规则退回", drafts=True)
def roll_back(ctx: Context, text: str = "", at: datetime | None = None) -> Card:
    """退回规则到上周五的版本：也可以说第几版、上一版；先看改动再生效"""
    require_administrator(ctx.uow)
    former = _former(ctx, text, at)
    document, _ = restoring(ctx.uow, former)
    why = text or f"退回到第 {former.number} 版"
    return _asked(ctx, draft_change(ctx.uow, document, why, restores=former.number))


@router.button(DECIDE)
def decided(ctx: Context, draft: int, clocks: str) -> Card:
    """Put one's own draft in force, or let it go."""
    if clocks == _DROP:
        drop(ctx.uow, draft)
        return Card(title="好的，没有改动任何规则", settled="已放弃")
    if clocks == _REHEARSE:
        drafted = drafted_before(ctx.uow, draft)
        order_rehearsal(ctx.uow, draft)
        return _asked(ctx, drafted, REHEARSING)
    treatment = Treatment(clocks) if clocks in set(Treatment) else None
    became = decide(ctx.uow, draft, treatment)
    if became.approval is not None:
        return proposed_card(became.approval, standing_of(ctx.uow, became.approval).waits_for)
    return _applied(ctx, version_of(ctx.uow, newest_number(ctx.uow)))


def drafted(ctx: Context, edits: tuple[Edit, ...], why: str) -> Card:
    """Show what some settings would change, and ask whether it shall be."""
    return _asked(ctx, draft_change(ctx.uow, with_edits(ctx.uow, edits), why))


def _asked(ctx: Context, drafted: Drafted, remark: str = "") -> Card:
    """Show what would change and ask what becomes of running clocks, or merely whether it shall be."""
    choices = [("生效", "yes"), ("放弃", _DROP)]
    if drafted.moves_clocks:
        choices = [("从现在起", Treatment.FROM_NOW), ("重新计算", Treatment.RECALCULATE), ("放弃", _DROP)]
        if not remark:
            choices.insert(0, ("试算", _REHEARSE))
    words = "\n".join(filter(None, (draft_words(drafted), remark)))
    question = ask(ctx.uow, DECIDE, "clocks", {"draft": drafted.draft.id}, choices, words=words)
    return question_card(words, question)


def _applied(ctx: Context, version: PlaybookVersion) -> Card:
    return applied_card(version, [str(one) for one in differences_of(ctx.uow, version)])


def _former(ctx: Context, text: str, at: datetime | None) -> PlaybookVersion:
    """Return the version that the words name: by number, the one before, or by the day at whose end it was in force."""
    newest = newest_number(ctx.uow)
    numbered = _NUMBERED.search(text)
    if numbered is not None and "上" not in text[: numbered.start()][-1:]:
        return version_of(ctx.uow, int(numbered[2] or read_whole(numbered[1]) or 0))
    if at is None:
        if newest <= 1:
            raise BadInput("还没有更早的版本可以退回。发送「规则历史」查看")
        return version_of(ctx.uow, newest - 1)
    if hours_in(text):
        return version_at(ctx.uow, at)
    wall = ctx.wall(at)
    return version_at(ctx.uow, datetime.combine(wall.date(), time.min, wall.tzinfo) + timedelta(days=1, seconds=-1))
