"""From clauses to acts: which call counts, how far its words reach, and whether a talk is told instead."""

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from bot.context import Context
from bot.understanding.acts import Outcome
from bot.understanding.blanks import parted_at_blanks
from bot.understanding.choosing import best_call
from bot.understanding.clauses import Clause, clauses_of, stretch_of
from bot.understanding.fitting_verdicts import ANOTHER_VERDICT, VERDICTS
from bot.understanding.grammar import BY_NAME, Call
from bot.understanding.keeping import ABSORBS, LAST_DEEDS, OVERRIDDEN
from bot.understanding.rows import EACH
from bot.understanding.sentence import CONTACT, CUSTOMER, ENDS, MEMBER, TIME, Sentence
from bot.understanding.sharing import (
    SOUNDS_DONE,
    forgotten,
    settle_tags,
    share_customer,
    share_days_off,
    share_story,
    share_way,
)
from bot.understanding.slots.draft import Draft, mentioned
from bot.understanding.slots.followup import read_followup
from bot.understanding.slots.money import instalments_in, paid_part
from bot.understanding.slots.readers import READERS
from bot.understanding.talk import Talk, talk_in, was_not_done
from bot.understanding.telling import FOLLOWUP, joint_customers, told_followups
from bot.understanding.turns import turns_of


@dataclass(frozen=True)
class Plan:
    """A call with the clauses whose words belong to it."""

    call: Call
    start: int
    end: int


def drafts_of(ctx: Context, sentence: Sentence) -> list[Draft]:
    """Read every act that a message means; their slots are filled, nothing is judged yet."""
    clauses = clauses_of(sentence)
    if not clauses:
        return []
    drafts = _drafted(ctx, sentence, clauses)
    told = all(draft.intent.name == FOLLOWUP and draft.call is None for draft in drafts)
    if told or forgotten(sentence, drafts):
        apart = parted_at_blanks(sentence, clauses, lambda clause: best_call(ctx, clause))
        again = _drafted(ctx, sentence, apart) if len(apart) > len(clauses) else []
        if any(draft.call is not None and draft.intent.writes for draft in again):
            clauses, drafts = apart, again
    for draft in drafts:
        if told and SOUNDS_DONE.search(sentence.template):
            draft.be(Outcome.CONFIRM)
    for draft in drafts:
        if draft.intent.name in ("approval.approve", "approval.reject") and runs_on(draft):
            draft.be(Outcome.CONFIRM)
    share_customer(drafts)
    share_way(sentence, drafts)
    share_days_off(drafts)
    settle_tags(drafts)
    keep_verdicts_apart(sentence, clauses, drafts)
    return drafts


def _drafted(ctx: Context, sentence: Sentence, clauses: list[Clause]) -> list[Draft]:
    """Read clauses, whether they are about one customer or turn to another."""
    clauses = _behind_an_itinerary(sentence, clauses)
    best = [best_call(ctx, clause) for clause in clauses]
    if len(clauses) > 1:  # names by themselves say whom the rest is about
        named = [_ONLY_NAMES.fullmatch(clause.words) is not None for clause in clauses]
        best = [None if alone else call for alone, call in zip(named, best, strict=True)]
    if len(clauses) > 1 and _ONLY_NAMED.fullmatch(clauses[-1].words) and not clauses[0].asks:
        best[-1] = None  # and so does a name behind
    return _turning(ctx, sentence, clauses, best) or _read(ctx, sentence, clauses, best)


_ONLY_NAMED: Final = re.compile("(?:客户)?(?:就?是)?(?:这是|说的是|指的是)?[ⒸⓅ]+(?:那边|这边|那家|这家|的)?")
_ONLY_NAMES: Final = re.compile("[ⒸⓅ]+(?:那边|这边|那头|那家|这家|的)?")


def _behind_an_itinerary(sentence: Sentence, clauses: list[Clause]) -> list[Clause]:
    """Leave out where one went when each stop is told of behind it: 上午锡通下午海昌，锡通图纸过了，海昌还卡付款."""
    stops = list(takewhile(lambda clause: _STOP.fullmatch(clause.words), clauses))
    rest = clauses[len(stops) :]
    named = {piece.words for clause in stops for piece in sentence.marked(CUSTOMER, *clause.span)}
    heads = {piece.words for clause in rest for piece in sentence.marked(CUSTOMER, *clause.span)[:1]}
    return rest if len(named) > 1 and named <= heads else clauses


_STOP: Final = re.compile("(?:Ⓣ(?:去|跑|见|在|是)?(?:了|趟)?[ⒸⓅ]+[、和]?)+")


def _read(ctx: Context, sentence: Sentence, clauses: list[Clause], best: list[Call | None]) -> list[Draft]:
    """Read clauses that are about one thing, or that their own calls part."""
    talk = talk_in(sentence, clauses)
    told = _told(sentence, clauses, best, talk)
    drafts: list[Draft] = []
    if told is not None and talk is not None:
        drafts += told_followups(ctx, sentence, clauses, talk, _story_end(sentence, clauses, best, talk))
        best = [call if call is not None and _beside(call, talk) else None for call in best]
        plans = _plans(sentence, clauses, best, lead_in=False)
    else:
        plans = _plans(sentence, clauses, best, lead_in=True)
    for plan in plans:
        drafts += _drafts(ctx, sentence, clauses, plan)
    if told is not None:
        drafts += _amended(ctx, sentence, clauses, drafts)
        share_story(drafts)
    return drafts


def _amended(ctx: Context, sentence: Sentence, clauses: list[Clause], drafts: list[Draft]) -> list[Draft]:
    """Offer what a story says of a new price as a change of the deal: 测试台降到19万8，月底前签."""
    if any(draft.intent.name.startswith("deal.") for draft in drafts):
        return []
    clause = next((c for c in clauses if _NEW_PRICE.match(c.words) and not (c.asks or c.supposes)), None)
    if clause is None:
        return []
    draft = Draft(ctx, sentence, BY_NAME["deal.amend"], clause.span[0], stretch_of(clauses)[1])
    read_slots(draft)
    return [draft]


_NEW_PRICE: Final = re.compile(
    r"^(?:Ⓒ|Ⓥ|[一-龥A-Za-z0-9]{0,6}?)(?:的)?(?:价格|总价|报价|金额)?(?<!能)(?<!想)(?<!要)(?<!求)(?<!望)(?:最后|已经|给他们?|我们?)*(?:降|涨|调|改|压|让)(?:到|成|为)了?Ⓐ"
)
"""What a thing now costs; what somebody only wants it to cost does not match."""


def _turning(ctx: Context, sentence: Sentence, clauses: list[Clause], best: list[Call | None]) -> list[Draft]:
    """Read a message that turns from one customer to another, where a talk is told: every part by itself."""
    parts = turns_of(sentence, clauses)
    if len(parts) < 2 or any(call and _is_one_order(call) for call in best):  # noqa: PLR2004
        return []
    calls = {clause.begin: call for clause, call in zip(clauses, best, strict=True)}
    told = [_told(sentence, part, [calls[c.begin] for c in part], talk_in(sentence, part)) for part in parts]
    if not any(told) and not _loses_somebody(parts, calls):
        return []
    drafts: list[Draft] = []
    for part in parts:
        found = _read(ctx, sentence, part, [calls[clause.begin] for clause in part])
        if not found and drafts and drafts[-1].intent.name == "plan.create" and _GOES_ON.match(part[0].words):
            found = [_planned(ctx, sentence, part)]
        if not found and not was_not_done(part[0]):
            found = [_noted(ctx, sentence, part)]
        drafts += found
    return drafts


def _loses_somebody(parts: list[list[Clause]], calls: dict[int, Call | None]) -> bool:
    """Say whether one customer's words would go with what is done for another: one part orders, another does not."""
    heard = [[call for clause in part if (call := calls[clause.begin]) is not None] for part in parts]
    writes = [call for found in heard for call in found if call.intent.writes]
    return bool(writes) and (not all(heard) or any(call.intent.name == FOLLOWUP for call in writes))


def _is_one_order(call: Call) -> bool:
    """Say whether a call is about the whole message, whomever it names: a rule, a hand-over, a new lead."""
    name = call.intent.name
    return (call.intent.swallows and name != FOLLOWUP) or name.startswith(_WHOLE) or name in VERDICTS


_WHOLE: Final = ("rule.", "handover", "split", "approval.", "followup.correct", "customer.merge", "import", "target.")


def _noted(ctx: Context, sentence: Sentence, part: list[Clause]) -> Draft:
    """What is said of a customer and calls nothing: shown as a follow-up of theirs, which only 确认 writes."""
    draft = Draft(ctx, sentence, BY_NAME[FOLLOWUP], *stretch_of(part))
    read_followup(draft, part[0])
    draft.hinted = True
    draft.be(Outcome.CONFIRM)
    return draft


def _planned(ctx: Context, sentence: Sentence, part: list[Clause]) -> Draft:
    """Where a plan goes on to: 明天先去启明，再去天源; when that is, is asked."""
    return read_slots(Draft(ctx, sentence, BY_NAME["plan.create"], *stretch_of(part)))


_GOES_ON: Final = re.compile(r"(?:再|然后|接着|之后|最后|顺路|顺便|后)*(?:去|到|见|跑|拜访|找|看)(?:趟|一趟|看)?[ⒸⓅ]")


def keep_verdicts_apart(sentence: Sentence, clauses: list[Clause], drafts: list[Draft]) -> None:
    """Have several decisions said one by one where it is not clear which request each of them is about."""
    deciding = [draft for draft in drafts if draft.intent.name in VERDICTS]
    several = next((draft for draft in deciding if draft.intent.name == "approval.batch"), None)
    if several is not None and len(deciding) > 1:
        spared = several.slots.get("except", [])
        if all(
            {one.slots.get("customer"), one.slots.get("member")} & set(spared) for one in deciding if one is not several
        ):
            drafts[:] = [draft for draft in drafts if draft is several or draft not in deciding]
            return
    whose = {str(draft.slots.get(slot)) for draft in deciding for slot in _REQUESTS if draft.slots.get(slot)}
    apart = len(whose) >= len(deciding) and all(_REQUESTS & draft.slots.keys() for draft in deciding)
    if len(deciding) > 1 and apart:
        return
    if len({draft.intent.name for draft in deciding}) > 1 or (
        several is None and deciding and decides_of_others(sentence, clauses, drafts[0])
    ):
        words = "一句话里有两个决定，分不清各是哪一张，都没有办。请一张一张说，例如「同意」或「驳回 原因」"
        deciding[0].ask_anew("customer", words)


_REQUESTS: Final = {"approval", "customer", "member"}
"""Slots that say whose request is decided."""


def runs_on(draft: Draft) -> bool:
    """Say whether words that nobody reads follow a verdict at once, so that it may be no verdict: 同意按这个价走."""
    if draft.call is None:
        return False
    template, end = draft.sentence.template, draft.call.end
    if end >= len(template) or template[end] in ENDS or _THE_PAPER.match(template, end):
        return False
    place = draft.sentence.places[end][0]
    return draft.sentence.text[place - 1 : place] not in (" ", "：", ":", "，", ",")


def decides_of_others(sentence: Sentence, clauses: list[Clause], draft: Draft) -> bool:
    """Say whether a later clause names somebody else and seems to decide too: 张伟的不同意，陈晨的可以过."""
    head = draft.call.clause if draft.call is not None else clauses[0]
    named = {p.words for p in (*sentence.marked(MEMBER, *head.span), *sentence.marked(CUSTOMER, *head.span))}
    for clause in clauses:
        others = {p.words for p in (*sentence.marked(MEMBER, *clause.span), *sentence.marked(CUSTOMER, *clause.span))}
        if clause.begin != head.begin and others - named and ANOTHER_VERDICT.match(clause.words):
            return True
    return False


def _told(sentence: Sentence, clauses: list[Clause], best: list[Call | None], talk: Talk | None) -> Talk | None:
    """Say whether the message tells of a talk, rather than asking for something."""
    if talk is None or not any(p.mark in (CUSTOMER, CONTACT) for p in sentence.pieces):
        return None
    if _orders_something(clauses, best, talk):
        return None
    if talk.headed:
        return talk
    if not talk.strong:
        is_order = any(_ORDERED.search(clause.words) for clause in clauses)
        return talk if all(_is_only_asked_beside(call, talk) for call in best) and not is_order else None
    return None if _commands(sentence, best[0], best[clauses.index(talk.clause)], talk) else talk


def _orders_something(clauses: list[Clause], best: list[Call | None], talk: Talk) -> bool:
    """Say whether what sounds like a talk only says why, or takes back, or hands on what is ordered beside it."""
    if best[0] is not None and (best[0].intent.swallows or best[0].intent.name in VERDICTS):
        return True
    if any(_ABOUT_RECORDS.search(clause.words) for clause in clauses) or any(
        call is not None and call.intent.name == "followup.correct" for call in best
    ):
        return True
    if _AGREED.search(talk.clause.words) and any(call is not None and call.intent.name == "plan.move" for call in best):
        return True
    if _DATE_REFUSED.search(talk.clause.words) and any(call and call.intent.name == "plan.move" for call in best):
        return True
    return bool(_ORDERS.match(clauses[0].words) or _TAKEN_BACK.search(clauses[0].words))


def _is_only_asked_beside(call: Call | None, talk: Talk) -> bool:
    """Say whether a clause calls nothing, or only sounds like a question in a story about a customer's contact."""
    if call is None:
        return True
    asked = call.intent.writes or call.clause.asks or call.clause == talk.clause
    return not asked and CONTACT in talk.clause.words


def _commands(sentence: Sentence, head: Call | None, first: Call | None, talk: Talk) -> bool:
    """Say whether a command outweighs the talk: at the head of the message, or in the very clause that tells."""
    leads = head is not None and head.intent.writes and head.intent.name != FOLLOWUP and head.clause != talk.clause
    if leads and not sentence.marked(CUSTOMER, *talk.clause.span):
        return True
    if first is None or first.intent.name == FOLLOWUP:
        return False
    if first.intent.name == "plan.create" and (_DONE.search(first.clause.words) or first.clause.is_reported):
        return False
    if not first.intent.writes:
        return first.at_start and first.end == first.clause.end
    return first.at_start or (first.score >= _SURE and first.end - first.start >= _LONG_CUE)


_THE_PAPER: Final = re.compile(
    r"(?:这|那)?[个张单份次]?(?:特价|折扣|申请|审批|合同|报价|延期|价格?|单子?|方案|条件)?(?:的|了|吧)*(?=[，。！；]|\Z)"
)
_TAKEN_BACK: Final = re.compile("^(?:哎?不对)*(?:我)?(?:刚才?|刚刚)?(?:说|写|记|搞|录)错")
"""不对，刚刚说错了 mends what was told before and tells nothing new."""

_AGREED: Final = re.compile("(?:说|讲|谈|约|商量|沟通)(?:好|妥|定)了?$")
"""What was agreed on is why a plan moves: 跟晶禾说好了，四点改五点."""

_ABOUT_RECORDS: Final = re.compile(
    r"(?:记|写|录|填)(?:错|串|岔|混|反|重)了?|(?:那|这)[条笔](?:跟进|记录)?[^，]{0,2}(?:记|写|录|挂|存)(?:到|成|在)|(?:刚才?|刚刚|上一?)(?:我)?(?:记|写|录|打|建|约|贴)的|(?:那|这|上一?)条(?:跟进|记录)?[^，]{0,4}(?:删|撤|作废|不算|改)"
)
"""Who speaks of what was put down speaks to us and tells of no talk: 刚记的华为那条删了吧."""

_DATE_REFUSED: Final = re.compile(
    r"Ⓣ[^，]{0,4}(?:不行|没空|没时间|不方便|有事|有会|来不了|去不了|赶不上|不在|抽不开|走不开|不成|不巧)"
)
"""What is told of a date that does not suit is why another one is named behind it."""

_SURE: Final = 12
_LONG_CUE: Final = 4
"""Two or three characters at the end of what is told order nothing: …微信说装修延期."""

_DONE: Final = re.compile(
    r"(?:聊|谈|说|提|讲)到(?!底)|(?:打|聊|谈|见|去|拜访|通|发|送|开|做|吃|喝|沟通|演示|交流|回访)(?:了|过(?![去来])|完)(?!再|后|就)"
)
_ORDERS: Final = re.compile(r"^(?:请|先|再|就|你)*(?:把|将)(?!.*(?:了|过|完|掉|刚))")
"""A message that starts like this wants something done: when nobody knows what, it tells of no talk either."""

_ORDERED: Final = re.compile(
    r"[ⓃⒺ]|^(?:请|先|再|就|你)*(?:把|将|给|替|让(?!我|咱|俺|他|她))(?!.*(?:了|过|完|好|刚))|我(?:要|来|拿|领|接)$|(?:换|改)(?:了)?(?:个)?(?:号|手机|电话)"
    r"|(?:打|贴|加|标)(?:个|上)?标|(?:扔|丢|甩|退|放)(?:回|到|进)|帮我|别(?:人)?抢|(?:改|设|调)(?:成|为|到)|(?<![过回出进上下])(?:删|去|拿|取消|撤)(?:掉|了)?$"
)
"""What speaks against a talk that is only hinted at."""


def _beside(call: Call, talk: Talk) -> bool:
    """Say whether a command in the same message as a told follow-up stands for itself."""
    head = call.clause.sentence.template[call.clause.start : call.start]
    starts = (
        re.fullmatch(
            r"(?:再|也|顺便|就|先|直接|干脆|还是|只好|只能|我|那)*(?:[一-龥A-Za-z]{1,6}(?:项目|商机|单子)(?:可以|该|能|要|已经)*)?(?:把|将|给)?(?:Ⓒ|它|他们?|她|客户|这家)?(?:的|再|也|这[条个家]|那[条个家单]|线索|商机|单子|项目|金额|阶段)*",
            head,
        )
        is not None
    )
    if call.intent.name == "lead.nurture" and re.search("培育|养", call.clause.words) is None:
        return False  # 先放放，月底再问 only says when the story goes on
    if call.intent.name in _BESIDE_IF_NAMED and not _NAMED_DEAL.match(call.clause.words):
        return False
    return (
        (call.intent.beside_talk or call.intent.name in LAST_DEEDS)
        and starts
        and call.clause != talk.clause
        and call.intent.name != FOLLOWUP
    )


_BESIDE_IF_NAMED: Final = frozenset({"deal.stage", "deal.amend"})
_NAMED_DEAL: Final = re.compile(
    r"(?:再|也|顺便|就)*(?:把|将)?[一-龥A-Za-z]{0,6}?(?:Ⓒ的?)?(?:商机|项目|单子|这单|那单|金额|阶段|推进|推到)"
)
"""What changes a deal beside a told talk must say that it speaks of the deal."""


def _story_end(sentence: Sentence, clauses: list[Clause], best: list[Call | None], talk: Talk) -> int:
    """Where a story ends and the commands beside it begin."""
    besides = (c.span[0] for c, call in zip(clauses, best, strict=True) if call and _beside(call, talk))
    return next(besides, stretch_of(clauses)[1])


def _plans(sentence: Sentence, clauses: list[Clause], best: list[Call | None], *, lead_in: bool) -> list[Plan]:
    """Give every clause to a call: its own, or the one before it; the first ones to the first call."""
    plans: list[Plan] = []
    for clause, call in zip(clauses, best, strict=True):
        start, end = clause.span
        if call is None:
            if plans and plans[-1].call is not None:
                plans[-1] = replace(plans[-1], end=end)
            continue
        names_another = bool(plans) and _names_another(sentence, plans[-1], call)
        if plans and not names_another and call.intent.name in OVERRIDDEN.get(plans[-1].call.intent.name, ()):
            plans[-1] = Plan(call, plans[-1].start, end)
            continue
        if plans and _keeps(sentence, plans[-1], call):
            stronger = call.intent.name == plans[-1].call.intent.name and call.score > plans[-1].call.score
            plans[-1] = Plan(call if stronger else plans[-1].call, plans[-1].start, end)
            continue
        plans.append(Plan(call, stretch_of(clauses)[0] if lead_in and not plans else start, end))
    return plans


def _names_another(sentence: Sentence, plan: Plan, call: Call) -> bool:
    """Say whether a later clause is about another customer than the act before."""
    named, before = sentence.marked(CUSTOMER, *call.clause.span), sentence.marked(CUSTOMER, plan.start, plan.end)
    return bool(named and before) and named[0].words != before[0].words


def _keeps(sentence: Sentence, plan: Plan, call: Call) -> bool:
    """Say whether the act before keeps this clause."""
    mine, other = plan.call.intent, call.intent
    if mine.name == FOLLOWUP or (mine.swallows and other.name not in ("deal.create", "lead.convert")):
        return not (other.beside_talk and call.at_start and other.name not in (FOLLOWUP, "contact.add"))
    names_another = _names_another(sentence, plan, call)
    alike = {mine.name, other.name} <= LAST_DEEDS or (mine.name.startswith("plan.") and other.name.startswith("plan."))
    if names_another and alike and (mine.name != other.name or mine.name in EACH):
        return False
    if mine.name == other.name:
        return not (mine.name in EACH and names_another)
    if mine.name in VERDICTS and other.name in VERDICTS and {*"ⒸⓂ"} & {*plan.call.clause.words, *call.clause.words}:
        return False
    absorbed = next((names for name, names in ABSORBS.items() if mine.name.startswith(name)), ())
    narrows = not mine.writes and other.name == "today.plan" and call.clause.words.strip("的") == TIME
    if narrows or other.name == "help" or other.name.startswith(tuple(absorbed)):  # 票开了没回款的，二月份的
        return True
    looks = re.match(r"看|查|发|列|显示|导", call.clause.words)
    return mine.writes and not other.writes and not call.clause.asks and not looks


def _drafts(ctx: Context, sentence: Sentence, clauses: list[Clause], plan: Plan) -> list[Draft]:
    """Read the act of a plan, or one for each of the customers that stand side by side."""
    call = plan.call
    if call.intent.name == FOLLOWUP:
        talk = talk_in(sentence, clauses) or Talk(True, call.clause)
        row = joint_customers(sentence, call.clause)
        if len(row) > 1:
            whole = replace(talk, strong=True, clause=call.clause)
            return told_followups(ctx, sentence, clauses, whole, stretch_of(clauses)[1])
        draft = Draft(ctx, sentence, call.intent, plan.start, plan.end, call)
        read_followup(draft, talk.clause)
        return [draft]
    if call.intent.name == "payment.record" and len(parts := instalments_in(sentence, plan.start, plan.end)) > 1:
        return [paid_part(read_slots(Draft(ctx, sentence, call.intent, plan.start, plan.end, call)), p) for p in parts]
    row = joint_customers(sentence, call.clause) if call.intent.name in EACH else []
    if len(row) < 2:  # noqa: PLR2004
        return [read_slots(Draft(ctx, sentence, call.intent, plan.start, plan.end, call))]
    found = []
    for piece in row:
        draft = Draft(ctx, sentence, call.intent, plan.start, plan.end, call)
        mentioned(draft, "customer", piece)
        draft.used += [(p.start, p.end) for p in row]
        found.append(read_slots(draft))
    return found


def read_slots(draft: Draft) -> Draft:
    """Fill the slots of the draft's intent, in their order."""
    for slot in draft.intent.slots:
        READERS[slot](draft)
    return draft
