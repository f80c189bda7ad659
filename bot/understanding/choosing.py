"""Chooses which call of a clause counts: the strongest that makes sense for whoever speaks."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.context import Context
from bot.understanding.clauses import Clause
from bot.understanding.fitting import fits
from bot.understanding.fitting_verdicts import VERDICTS
from bot.understanding.grammar import BY_NAME, Call, calls
from bot.understanding.sentence import AMOUNT, CONTACT, CUSTOMER, MEMBER, SOURCE, TIME, Sentence
from bot.understanding.talk import asked_by_them, tells_of_the_past
from bot.understanding.times import TimeSpan
from core.model.member import LEADING, Role

APPROVERS: Final = LEADING | {Role.FINANCE, Role.LEGAL, Role.ADMIN}
_OF_DEALS: Final = frozenset({"deal.win", "deal.lose", "deal.stage", "deal.amend"})
_OF_LEADS: Final = frozenset({"lead.return", "lead.nurture", "lead.invalidate"})
_THEIR_CONSENT: Final = re.compile(
    r"[ⒸⓅ]+(?:那边|这边|的人)?(?:也|都|已经|终于|还|没有?|又)*(?:同意|答应|批准|通过|拒绝|驳回|否)"
)
"""A customer who agreed is told of by whoever has nothing to decide."""

_OF_ONES_OWN: Final = frozenset({"undo", "approval.withdraw"})
_SLIP_OF_AN_APPROVER: Final = re.compile(r"(?:点|批|按|审)(?:错|快|早)|误批|误点|误触|不该批|不该同意")
_SAID_BY_THEM: Final = re.compile(
    r"^(?:Ⓣ|刚|又|我|，)*(?:Ⓒ|Ⓟ)+(?:的人|那边|这边|[一-龥]{0,3}?)?"
    r"(?:说|讲|表示|回复|反馈|来电|(?:打|来|回|发)(?:了)?个?(?:电话|微信|邮件|消息|语音)(?:来|过来|给我|说|，|$)|打(?:过)?来(?!的))"
)
_OF_THE_TEAM: Final = frozenset({"team.activity", "ranking.show"})
_DAYS_OFF: Final = re.compile("放假|休假|休息|调休|上班|补班|调班|停工|假期|节假日")
_NOW: Final = frozenset({"account.show", "duplicate.check"})
"""Questions about a customer today, which a day of the past turns into one about that day."""

_A_LIST: Final = re.compile(r"[^\s，,。；]+(?:线索|客户|客资)[。？?！!]?")
"""A source alone asks for those who came from there only where it says whom: 展会的线索."""

_DAY: Final = re.compile("今天|今日|明天|明日|后天|本周|这周|下周|今儿")


def best_call(ctx: Context, clause: Clause) -> Call | None:
    """Choose the strongest call that makes sense for whoever speaks."""
    approves = ctx.member.is_any(APPROVERS)
    found = calls(clause)
    heads = [call for call in found if call.intent.swallows and call.at_start]
    for call in [*heads, *found] if heads and not found[0].at_start else found:
        name = call.intent.name
        if name == "account.show" and "customer" in call.groups and (len(found) > 1 or not _is_a_name(call)):
            continue
        if not approves and name in VERDICTS and _is_theirs(call):
            continue
        if (not approves and _is_for_approvers(call)) or _yields(call, found, approves=approves):
            continue
        if name == "calendar.set" and (
            not _DAYS_OFF.search(clause.sentence.text) or {CUSTOMER, CONTACT} & set(clause.words)
        ):
            continue
        if (
            name == "today.plan"
            and clause.words == "Ⓣ"
            and not _DAY.fullmatch(clause.sentence.text.strip(" 。!！?？的"))
        ):
            continue
        if name == "record.list" and clause.words == SOURCE and not _A_LIST.fullmatch(clause.sentence.text.strip()):
            continue
        if not call.intent.writes and asked_by_them(clause):
            continue
        if not fits(call) or (
            not call.intent.writes and clause.is_reported and not (clause.asks or call.intent.hearsay)
        ):
            continue
        if _is_untimely(name, clause) or (name == "lead.nurture" and _is_of_accounts(clause.sentence)):
            continue
        if name in _OF_ONES_OWN and approves and _SLIP_OF_AN_APPROVER.search(clause.sentence.text):
            continue
        return _as_it_stands(call)
    return None


def _as_it_stands(call: Call) -> Call:
    """Hear a claim of what one holds already as its acknowledgement."""
    if call.intent.name == "lead.claim" and _TAKEN_ON.search(call.clause.words) and _is_ones_own(call.clause.sentence):
        return replace(call, intent=BY_NAME["lead.acknowledge"])
    return call


def _is_theirs(call: Call) -> bool:
    """Say whether a customer consents, or names the price at which somebody of theirs would sign."""
    clause = call.clause
    bargains = call.intent.name == "approval.conditional" and CONTACT in clause.sentence.template
    return bargains or _THEIR_CONSENT.match(clause.words) is not None


NOTED: Final = re.compile("(?:帮我|给我)?(?:记|写)(?:一下|下来?|一笔|一条)?(?!跟进)")
"""How somebody has something put down: 帮我记一下."""


def _is_all_ahead(clause: Clause) -> bool:
    """Say whether what is to be noted down is still to come: 记一下：格锐沈部长，周三下午三点半，电话会."""
    sentence = clause.sentence
    times = [piece.value for piece in sentence.pieces if piece.mark == TIME]
    return bool(times) and not tells_of_the_past(sentence) and all(_end(span) >= sentence.now for span in times)


def _is_untimely(name: str, clause: Clause) -> bool:
    """Say whether a plan lies behind or is somebody's words, a story is still to come, or a past day is none."""
    if name == "account.as_of":
        return not _lies_behind(clause)
    if name == "plan.create":
        return not _lies_ahead(clause) or _SAID_BY_THEM.match(clause.words) is not None
    return name == "followup.log" and NOTED.match(clause.words) is not None and _is_all_ahead(clause)


def _is_a_name(call: Call) -> bool:
    """Say whether words that nobody knows may be a company: a blank before them, or how companies end."""
    sentence = call.clause.sentence
    start, end = sentence.span(*call.groups["customer"])
    words = sentence.text[start:end]
    return (
        sentence.text[start - 1 : start] == " " or re.search(r"公司$|集团$|科技$|电气$|机电$|股份$", words) is not None
    )


def _is_for_approvers(call: Call) -> bool:
    """Say whether only whoever decides can mean it: a decision or a rule is not guessed for anybody else."""
    name = call.intent.name
    return name == "approval.take_back" or (call.is_guess and name.startswith(("approval.", "rule.")))


def _yields(call: Call, found: list[Call], *, approves: bool) -> bool:
    """Say whether another reading of the same words is more to the point: a day of signing, of the past, of others."""
    name, others = call.intent.name, {other.intent.name for other in found}
    if name == "plan.move":
        return "deal.amend" in others
    if name == "plan.create":
        return "deal.create" in others and AMOUNT in call.clause.words
    if (name in _OF_DEALS and any(other.startswith("lead.") for other in others)) or (
        name in _OF_LEADS and others & _OF_DEALS and CUSTOMER in call.clause.words
    ):
        return _is_of_a_lead(call.clause) == (name in _OF_DEALS)
    if not call.intent.writes and not call.clause.asks and any(_plans(other) for other in found):
        return True
    if name in _NOW:
        return "account.as_of" in others and _lies_behind(call.clause)
    return name == "activity.count" and approves and MEMBER in call.clause.words and bool(others & _OF_THE_TEAM)


def _is_of_a_lead(clause: Clause) -> bool:
    """Say whether the customer that a clause names is no more than a lead, which has no deal."""
    named = clause.sentence.marked(CUSTOMER, *clause.span)
    return bool(named) and all(one.ref.startswith("lead:") for piece in named for one in piece.value.candidates)


def _is_of_accounts(sentence: Sentence) -> bool:
    """Say whether only customers are named who are no leads any more, whom nobody nurtures: 天源那边先搁一搁."""
    named = sentence.marked(CUSTOMER)
    return bool(named) and all(one.ref.startswith("account:") for piece in named for one in piece.value.candidates)


_TAKEN_ON: Final = re.compile("接|收到")
"""How whoever holds a lead already says that it has come: 这条我接了."""


def _is_ones_own(sentence: Sentence) -> bool:
    """Say whether only leads are named that whoever speaks holds already."""
    named = [one for piece in sentence.marked(CUSTOMER) for one in piece.value.candidates]
    return bool(named) and all(one.own and one.ref.startswith("lead:") for one in named)


def _plans(call: Call) -> bool:
    """Say whether a call at the very begin plans something for a time that is named."""
    return (
        call.intent.name == "plan.create" and call.at_start and TIME in call.clause.words and _lies_ahead(call.clause)
    )


def _lies_ahead(clause: Clause) -> bool:
    """Say whether a plan can be meant: no time at all, or one that is not over."""
    now = clause.sentence.now
    times = [p.value for p in clause.sentence.marked(TIME, *clause.span)]
    times = times or [p.value for p in clause.sentence.pieces if p.mark == TIME]
    return not times or any(_end(span) >= now for span in times)


def _end(span: TimeSpan) -> datetime:
    """The last moment that a time may mean: a part of the day ends some hours after it began."""
    if span.at is not None:
        return span.at
    hour = 23 if span.hour is None or span.from_ != span.to else min(span.hour + 4, 23)
    return datetime(span.to.year, span.to.month, span.to.day, hour, 59, tzinfo=span.zone)


def _lies_behind(clause: Clause) -> bool:
    """Say whether a time that has begun is named."""
    times = [p.value for p in clause.sentence.pieces if p.mark == TIME]
    return any(span.from_ < clause.sentence.now.date() for span in (*times, *clause.sentence.times("past")))
