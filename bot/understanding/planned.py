"""What plainly is our own next step and has no words of a plan: 金桥那个事儿下周三再碰一次. It is shown, never done."""

import re
from typing import Final

from bot.context import Context
from bot.understanding.acts import Outcome
from bot.understanding.assembly import read_slots
from bot.understanding.clauses import Clause
from bot.understanding.fitting import is_hearsay
from bot.understanding.grammar import BY_NAME, Call
from bot.understanding.sentence import AMOUNT, CONTACT, CUSTOMER, DISCOUNT, EMAIL, MEMBER, PHONE, TIME, Piece, Sentence
from bot.understanding.slots.draft import Draft, mentioned
from bot.understanding.telling import joint_customers

_LONGEST: Final = 45
_OUR_DEEDS: Final = re.compile(
    r"碰|见|通[个一]|谈|聊|问|催|跑|去|约|联系|访|吃饭|喝|演示|培训|汇报|对接|对账|签|送|寄|发|打|回(?!款)|上门|走一|看|盯|追|确认|沟通|请|陪|接|过一|捋|补|交|收|取|办"
)
_THEIR_DEEDS: Final = re.compile(
    r"来(?:我们|咱|公司|厂|参观|考察|电)|才[到能有给]|[到发交出提]货|给(?:我们?|咱们?|个?准|答复|回复|消息|结果|钱)|[开招投评竞]标|上线|放假|休[假息]|出差"
    r"|[付打回汇]款|到账|开会|有空|没空|不在|回来|生日|[过上]会|评审|投产|搬|上市|年检|说|讲|表示|告诉|通知|要求|答应|让我|叫我|催我|问我|找我|承诺|保证|许诺|拍胸脯"
)
"""What the customer does, or what is done to us: 海昌的货下周五才到."""

_TOLD_TO: Final = re.compile("(?:让|叫|派|安排)我(?!们?(?:放心|失望|想|觉|很|都))")
"""What somebody has us do is ours to do: 老板让我下周去一趟海昌."""

_OF_A_PAPER: Final = re.compile(
    r"(?:给|在|往)?[ⒸⓅ]?(?:的|那[个单张份]|这[个单张份])*(?:特价|折扣|延期)?(?:(?:审批|申请)|(?:合同|报价)单?(?:里|上|中)*(?:面)?(?:再|先|也)?(?:补充|备注|注明|加|写|改))"
)
"""What is written on a paper of ours is no appointment: 海昌的审批补充一句，合同里注明."""

_TO_BE_REMINDED: Final = re.compile(
    r"提醒|提个醒|闹钟|(?:叫|喊|闹|戳|敲|call|ping)(?:我|下我|一下我|一声)|吱一?声|别让我忘|怕(?:我)?忘|remind"
)


def planned_ahead(ctx: Context, sentence: Sentence, clauses: list[Clause]) -> list[Draft]:
    """Return what we are to do at a time to come with whoever is named, or be reminded of; nothing else."""
    if len(sentence.template) > _LONGEST or any(_is_no_order(clause) for clause in clauses):
        return []
    times = sentence.marked(TIME)
    if (
        _OF_A_PAPER.match(sentence.template)
        or not times
        or any(piece.value.to < sentence.now.date() for piece in times)
    ):
        return []
    signs = set(sentence.template)
    head = next(clause for clause in clauses if TIME in clause.words) if _has_time(clauses) else clauses[0]
    if _TO_BE_REMINDED.search(sentence.template):
        return [_read(ctx, sentence, head, "reminder.create")]
    row = joint_customers(sentence, head)
    several = row if len(row) > 1 else [None]
    if signs & {AMOUNT, DISCOUNT, PHONE, EMAIL, MEMBER} or len(_customers(sentence)) != len(several):
        return []
    told_to = _TOLD_TO.search(sentence.template) is not None
    has_clock = any(piece.value.at is not None for piece in times)  # 凤凰 3/18 上午10点 复查样张
    if (not told_to and _THEIR_DEEDS.search(sentence.template)) or not (
        has_clock or _OUR_DEEDS.search(sentence.template)
    ):
        return []
    return [_read(ctx, sentence, head, "plan.create", piece) for piece in several]


_HOPED: Final = re.compile("争取|力争|目标是|希望|有望|尽量|打算签|预计")
"""What is hoped for is no appointment: 争取下周把华为签了."""

_ASKS_THEM: Final = re.compile("问|打听|了解|确认|看看|催")
"""What is to be asked of them is no question to us: 下周问问样品咋样."""


def _is_no_order(clause: Clause) -> bool:
    return (
        (clause.asks and (clause.sign == "？" or _ASKS_THEM.search(clause.words) is None))
        or clause.supposes
        or _HOPED.search(clause.words) is not None
        or (clause.is_reported and _TOLD_TO.search(clause.words) is None)
        or clause.negated(len(clause.words))
        or is_hearsay(clause)
    )


def _has_time(clauses: list[Clause]) -> bool:
    return any(TIME in clause.words for clause in clauses)


def _customers(sentence: Sentence) -> set[str]:
    """The records of whoever is named, a contact person meaning the customer behind."""
    named = [*sentence.marked(CUSTOMER), *sentence.marked(CONTACT)]
    return {one.of or one.ref for piece in named for one in piece.value.candidates}


def _read(ctx: Context, sentence: Sentence, head: Clause, name: str, whom: Piece | None = None) -> Draft:
    call = Call(BY_NAME[name], head, head.start, head.start, 0, {})
    draft = Draft(ctx, sentence, BY_NAME[name], 0, len(sentence.text), call)
    if whom is not None:
        mentioned(draft, "customer", whom)
        draft.used += [(piece.start, piece.end) for piece in sentence.marked(CUSTOMER)]
    read_slots(draft)
    draft.be(Outcome.CONFIRM)
    return draft
