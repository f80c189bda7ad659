"""The reader: a typed line to its acts and what is to happen with them. It asks the data, and changes nothing."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from bot.context import Context
from bot.understanding.acts import Act, Candidate, Entities, Mention, Outcome, Understood
from bot.understanding.assembly import drafts_of
from bot.understanding.choosing import NOTED
from bot.understanding.clauses import Clause, clauses_of, speaks_to_the_machine
from bot.understanding.cleaning import cleaned
from bot.understanding.courtesies import is_courtesy, load_answers
from bot.understanding.dealt import find_dealt
from bot.understanding.grammar import compiled_cues
from bot.understanding.guessing import better_question, doubt, guessed, is_idle, outweighed
from bot.understanding.likeness import indexed_examples
from bot.understanding.looked import about_reports
from bot.understanding.losses import show_what_is_lost
from bot.understanding.methods import find_methods
from bot.understanding.money import impossible_discount
from bot.understanding.nearness import is_near, offer_the_near
from bot.understanding.newcomers import newcomer_instead, several_newcomers
from bot.understanding.numerals import read_whole
from bot.understanding.people import find_people
from bot.understanding.phones import MAY_HOLD_A_PHONE
from bot.understanding.planned import planned_ahead
from bot.understanding.pooled import find_pooled
from bot.understanding.regions import find_regions
from bot.understanding.reminding import judge_reminder
from bot.understanding.rights import refused
from bot.understanding.roles import learn as learn_roles
from bot.understanding.rows import each_of_a_row
from bot.understanding.sentence import CONTACT, CUSTOMER, TIME, Sentence
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.fields import field_mentions
from bot.understanding.talk import talk_in, tells_of_the_past
from bot.understanding.telling import FOLLOWUP, noted
from bot.understanding.text import meaningful_characters
from bot.understanding.times import time_grammar
from bot.understanding.whose import find_whose
from bot.understanding.workdays import Workdays
from bot.understanding.worldly import is_worldly, names_a_place
from core.errors import BadInput, NotFound
from core.model.messages import Question

LONGEST: Final = 4000
_ALL_SIGNS: Final = "跟进 客户 电话聊了10台 单价1.2万 打85折，下周三下午三点或月底前再联系 13800138000 a@b.cn"
_SOME_MONDAY: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
_STORY: Final = 40
_LONG_TALK: Final = 70
_ORDER: Final = (Outcome.DO, Outcome.CONFIRM, Outcome.ASK, Outcome.CHOOSE, Outcome.REFUSE)
_NUMBER: Final = re.compile(
    r"^(?:选|就|要|是)?(?:第)?(\d{1,2}|[一二两三四五六七八九十])(?:个|号|条|家|项|位)?(?:吧|的|那个)?$"
)
_CLAIMS: Final = re.compile(
    r"领取|认领|^领|领给我|公海|池子|我领|领了|我要了|我来跟|归我|我拿|给[一-龥]{2,3}|归[一-龥]{2,3}"
)
_COMMANDS: Final = frozenset({"今天", "今日", "明天", "公海", "帮助", "撤销", "待办", "漏斗", "客户", "线索", "商机"})
_SLIPPED: Final = re.compile("错|不对|刚|手滑|误|上一|不算|反悔|后悔")
_OUR_WORDS: Final = re.compile(
    r"转化为|化为|变为|改为|跟进|公海|商机|线索|撤销|撤回|领取|退回|报价|拜访|审批|提醒|合同|回款|沟通|联系|漏斗|特价|折扣|顺延|标签|工单|抄送|发票|作废|"
    r"报修|目标|预测|排行|库存|开票|导出|导入|删除|培育|邮件|短信|微信|电话|客户|计划|今天|明天|规则|回收|时间|为什么|怎么|多少"
)
_FIRST_WORD: Final = re.compile(
    r"(?:记|写|录|补)?(?:一?[条个])?跟进(?:一下)?[：:\s，,]+(?P<name>[^\s，,。；;：:！!？?]{1,20})[\s，,：:。]"
)
_MACHINE: Final = "这段话像是对系统的指令，只当作普通文字，没有做任何操作。需要办什么请直接说，例如「待我审批的」"
_SALES: Final = re.compile(r"客户|报价|样品|方案|合同|商机|线索|采购|项目|拜访|回款|订单|投标|合作|对接|意向|预算")
_MANY: Final = re.compile("(?:好多|很多|一堆|好几个?|不少|几个|那么多|各种)(?:家|个)?(?:老|新|大)?客户")
"""Customers of whom none is meant."""


class Grammar:
    """Reads lines. `entities` finds names in the company's data, `workdays` knows holidays."""

    def __init__(
        self, entities: Entities, workdays: Workdays, recent: Callable[[Context], Candidate | None] | None = None
    ) -> None:
        self._entities, self._workdays = entities, workdays
        self._recent = recent or self._spoken_of

    def warm(self) -> None:
        """Build what every reading needs and is built once a process, so that nobody's first message waits for it."""
        compiled_cues()
        indexed_examples()
        time_grammar()
        learn_roles()
        sentence = Sentence(cleaned(_ALL_SIGNS), _SOME_MONDAY, self._workdays, ())
        find_methods(sentence.text)
        clauses_of(sentence)
        self._workdays.is_workday(_SOME_MONDAY.date())

    def __call__(self, ctx: Context, text: str, question: Question | None) -> Understood:
        line = cleaned(text[:LONGEST])
        if not meaningful_characters(line.text):
            return _wordless(text)
        bare = "".join(sign for sign in line.text if unicodedata.category(sign)[0] in "LN").lower()
        if (answer := _answer(bare, question)) is not None:
            return answer
        sentence = Sentence(line, ctx.wall(ctx.uow.now), self._workdays, self._mentions(ctx, line.text))
        if speaks_to_the_machine(sentence):
            return Understood(outcome=Outcome.REFUSE, reason=_MACHINE)
        if question is not None and _is_one_thing(sentence):
            return Understood(outcome=Outcome.UNKNOWN)
        drafts = about_reports(ctx, sentence) or self._meant(ctx, sentence, bare, question)
        drafts = each_of_a_row(ctx, sentence, drafts)
        if not drafts or is_worldly(sentence, drafts):
            return self._nothing(ctx, sentence, bare, question)
        no_time = _what_is_no_time(sentence) if any(draft.intent.writes for draft in drafts) else ""
        for draft in drafts:
            self._complete(ctx, draft)
            offer_the_near(draft)
            _refuse_an_impossible_discount(draft)
        show_what_is_lost(sentence, drafts)
        if no_time:
            _ask_for_the_time(drafts[-1], no_time)
        return _understood(drafts)

    @staticmethod
    def _meant(ctx: Context, sentence: Sentence, bare: str, question: Question | None) -> list[Draft]:
        """What the cues explain; else, or where they only hint at it, what the examples speak for."""
        if question is None and (several := several_newcomers(ctx, sentence, clauses_of(sentence))):
            return several
        drafts = _called(ctx, sentence)
        told = drafts[0] if drafts and drafts[0].intent.name == FOLLOWUP and drafts[0].call is None else None
        if (new := newcomer_instead(ctx, sentence, drafts, told)) is not None:
            return [new]
        if told is not None and meaningful_characters(sentence.text) > _STORY and _is_only_pointed_at(told):
            return []
        if told is not None and told.hinted and len(drafts) == 1:
            return _rather_than_hinted(ctx, sentence, told)
        if not drafts and question is None and not is_courtesy(bare):
            return _likeliest(ctx, sentence)
        return _second_opinion(drafts[0], ctx) if len(drafts) == 1 else drafts

    def _mentions(self, ctx: Context, text: str) -> tuple[Mention, ...]:
        """What the text names; leads of the pool too, where it names no other customer."""
        found = tuple(
            _with_place(text, m)
            for m in self._entities(ctx, text)
            if not _is_a_word_of_ours(text, m) and not names_a_place(text, m)
        )
        if MAY_HOLD_A_PHONE.search(text):
            found = tuple(m for m in found if not is_near(m))  # a number beside a new name makes a newcomer of it
        found = (*found, *field_mentions(ctx, text, found))
        found = (*find_dealt(ctx, text, found), *found)
        named = any(m.kind == "customer" and all(c.how != "recent" for c in m.candidates) for m in found)
        if named and _CLAIMS.search(text) is None:
            return found
        pooled = [_with_place(text, mention) for mention in find_pooled(ctx, text)]
        apart = [m for m in found if all(m.end <= p.start or p.end <= m.start for p in pooled)]
        return tuple(sorted([*apart, *pooled], key=lambda mention: mention.start))

    def _complete(self, ctx: Context, draft: Draft) -> None:
        """Fill in what goes without saying, ask for what is missing, judge rights."""
        name = draft.intent.name
        find_whose(draft, partial(self._recent, ctx))
        self._name_the_unknown(draft)
        for slot in draft.intent.needs:
            if draft.slots.get(slot) in (None, "", []) and slot not in draft.choices:
                draft.ask(slot)
        if name == "reminder.create":
            judge_reminder(draft)
        if name in ("import", "export") and _EITHER_WAY.search(draft.text):
            draft.ask("text", "是导入还是导出？请回复「导入线索」或「导出我的线索」")
        if (
            name == "undo"
            and draft.call is not None
            and draft.call.clause.begin > 0
            and not _SLIPPED.search(draft.text)
        ):
            draft.be(Outcome.CONFIRM)
        is_long = meaningful_characters(draft.sentence.text) > _LONG_TALK
        if name == FOLLOWUP and draft.call is None and (is_long or _is_only_pointed_at(draft)):
            draft.be(Outcome.CONFIRM)
        if reason := refused(ctx.member, draft):
            draft.be(Outcome.REFUSE)
            draft.reason = reason
            draft.choices.clear()
            for slot in ("customer", "member"):
                draft.slots.pop(slot, None)

    @staticmethod
    def _name_the_unknown(draft: Draft) -> None:
        """Say which name was not found, where one stands in a customer's place."""
        group = draft.group("customer")
        if draft.intent.name == "account.show" and group is not None and not draft.refs and not draft.choices:
            raise NotFound(draft.said(*group))
        if draft.intent.name == FOLLOWUP and "customer" not in draft.slots and "customer" not in draft.choices:
            hit = _FIRST_WORD.match(draft.sentence.text)
            if hit and draft.call is not None:
                draft.ask("customer", str(NotFound(hit["name"])))

    def _nothing(self, ctx: Context, sentence: Sentence, bare: str, question: Question | None) -> Understood:
        """Say that nothing was meant, or that it was not understood and what may have been."""
        if is_courtesy(bare):
            return Understood(outcome=Outcome.IGNORE)
        clauses = clauses_of(sentence)
        talk = talk_in(sentence, clauses)
        named = [p for p in sentence.pieces if p.mark in (CUSTOMER, CONTACT)]
        is_short = (
            question is None and len(sentence.text) <= 2 * _STORY and not any(c.asks or c.supposes for c in clauses)
        )
        of_sales = _SALES.search(_MANY.sub("", sentence.text)) is not None or bool(find_people(sentence.text))
        if talk is not None and talk.strong and not named and is_short and of_sales:
            act = Act(FOLLOWUP, {"content": sentence.line.original.strip()})
            return Understood(
                acts=(act,), outcome=Outcome.ASK, missing=("customer",), question="这是哪个客户的跟进？请回复客户名"
            )
        guesses = [FOLLOWUP] if named or (talk is not None) else []
        return Understood(outcome=Outcome.UNKNOWN, guesses=tuple(guesses))

    def _spoken_of(self, ctx: Context) -> Candidate | None:
        """The customer that 刚才那个 means, when the data can say."""
        for mention in self._entities(ctx, "刚才那个客户"):
            if len(mention.candidates) == 1 and mention.candidates[0].how == "recent":
                return mention.candidates[0]
        return None


def _likeliest(ctx: Context, sentence: Sentence) -> list[Draft]:
    """What a line most likely means that no cue explains: what it is most like, our next step, or a story to keep."""
    clauses = clauses_of(sentence)
    guess = guessed(ctx, sentence, clauses)
    ahead = _ahead(ctx, sentence, clauses)
    is_better = ahead and guess is not None and (guess.intent.name == "plan.create" or not guess.intent.writes)
    if guess is not None and guess.intent.name != FOLLOWUP and not is_better:
        return [guess]
    told = noted(ctx, sentence, clauses) or ([guess] if guess is not None else [])
    return ahead or told or planned_ahead(ctx, sentence, clauses)


def _rather_than_hinted(ctx: Context, sentence: Sentence, told: Draft) -> list[Draft]:
    """What the examples make of a story that is only hinted at; the story where they know nothing better."""
    if is_idle(sentence):
        return []
    clauses = clauses_of(sentence)
    likelier = guessed(ctx, sentence, clauses, rival=True)
    return [likelier] if likelier is not None else _ahead(ctx, sentence, clauses) or [told]


def _ahead(ctx: Context, sentence: Sentence, clauses: list[Clause]) -> list[Draft]:
    """What is to be done, where a line that may be a story says nothing that was done and hardly anything else."""
    may = not tells_of_the_past(sentence) and (len(clauses) == 1 or NOTED.match(sentence.template))
    return planned_ahead(ctx, sentence, clauses) if may else []


def _called(ctx: Context, sentence: Sentence) -> list[Draft]:
    """What the cues explain, but no view where a long story only happens to have the words of a question in it."""
    drafts = drafts_of(ctx, sentence)
    if any(draft.intent.writes for draft in drafts) or meaningful_characters(sentence.text) <= _LONG_TALK:
        return drafts
    return [draft for draft in drafts if draft.call is not None and draft.call.clause.asks]


def _second_opinion(draft: Draft, ctx: Context) -> list[Draft]:
    """What remains of a single act when the examples have been heard."""
    clauses = clauses_of(draft.sentence)
    likelier = outweighed(draft, ctx, clauses)
    if likelier is None:
        return []
    doubt(likelier)
    return [better_question(likelier, ctx, clauses)]


def _understood(drafts: list[Draft]) -> Understood:
    """Join the acts: the most careful one decides."""
    worst = max(drafts, key=lambda draft: _ORDER.index(draft.outcome))
    outcome = worst.outcome
    if outcome is Outcome.REFUSE:
        return Understood(acts=tuple(draft.act() for draft in drafts), outcome=outcome, reason=worst.reason)
    missing = list(dict.fromkeys(slot for draft in drafts for slot in draft.asked))
    choices: tuple[tuple[str, str], ...] = ()
    asking = sorted([worst, *drafts], key=lambda draft: not draft.again)
    question = next((draft.question for draft in asking if draft.question), "")
    for draft in drafts:
        if draft.choices:
            slot, choices = next(iter(draft.choices.items()))
            if slot in missing:
                missing.remove(slot)
            missing.insert(0, slot)
            break
    return Understood(
        acts=tuple(draft.act() for draft in drafts),
        outcome=outcome,
        missing=tuple(missing),
        choices=choices,
        question=question,
        again=any(draft.again for draft in drafts),
    )


def _answer(bare: str, question: Question | None) -> Understood | None:
    """Read what answers an open question and nothing else; without one a courtesy is only a courtesy."""
    yes, no = load_answers()
    if question is None:
        return Understood(outcome=Outcome.IGNORE) if is_courtesy(bare) else None
    if bare in yes:
        return Understood(acts=(Act("confirm"),), answers=True, outcome=Outcome.DO)
    if bare in no:
        return Understood(acts=(Act("cancel"),), answers=True, outcome=Outcome.DO)
    if question.choices and (hit := _NUMBER.fullmatch(bare)):
        number = read_whole(hit[1]) or 0
        if 1 <= number <= len(question.choices):
            return Understood(acts=(Act("choose", {"number": number}),), answers=True, outcome=Outcome.DO)
        raise BadInput(f"只有 1 到 {len(question.choices)} 可以选，请回复其中一个数字")
    return None


_EITHER_WAY: Final = re.compile(
    r"^(?!.*(?:导[入出进成给]|一份|名下|excel|表格|[Pp][Dd][Ff]|发我|下载|进[来去]|出[来去])).*导(?:一?下|个|一导|一遍)?[^，。]{0,8}?(?:线索|客户|商机|名单|数据)"
)
"""导一下线索 may be either way."""

_GOES_ON: Final = re.compile(
    r"的?(?:(?:最后|倒数第?)[一二三两]?个?(?:周|星期|礼拜|工作日)[一二三四五六日天]?|第[一二三四五六]个?(?:星期|礼拜|工作日)|[前后][两二三四五六]天)"
)
"""Words behind a time that say more of it than was read."""

_LIKE_A_TIME: Final = re.compile(
    r"\d{4}\s*[-/年]\s*\d{1,2}\s*[-/月]\s*\d{1,2}|(?<![\d:])\d{1,2}[:：]\d{2}(?![\d:])|(?<!\d)2[5-9]\s*点"
)
"""Words that can hardly be anything but a time; when they were not read as one, somebody is asked."""


_READS: Final = {
    "at": {"at", "moved_at", "move_all", "paid_at", "won_at", "digest_at", "standing_at"},
    "due_at": {"close_at", "extended", "ticket"},
    "from": {"from_to"},
}
"""Which readers give which time."""


def _what_is_no_time(sentence: Sentence) -> str:
    """Say what is wrong with a day that does not exist, or with what looks like a time and is none."""
    if sentence.impossible:
        return f"「{sentence.impossible}」这一天不存在，改成哪一天？还没有记录任何内容"
    for piece in sentence.pieces:
        if piece.mark == TIME and (more := _GOES_ON.match(sentence.text, piece.end)):
            return f"没看懂时间「{piece.words}{more[0]}」，是什么时候？还没有记录任何内容"
    for looks in _LIKE_A_TIME.finditer(sentence.text):
        if not any(piece.start <= looks.start() and looks.end() <= piece.end for piece in sentence.pieces):
            return f"没看懂时间「{looks[0]}」，是什么时候？还没有记录任何内容"
    return ""


def _ask_for_the_time(draft: Draft, question: str) -> None:
    """Ask for the time that was said wrongly; nothing that was read instead of it stands."""
    slot = next(
        (slot for slot in ("at", "due_at", "from") if _READS.get(slot, set()) & set(draft.intent.slots)), "next_at"
    )
    draft.slots.pop(slot, None)
    draft.choices.pop(slot, None)
    draft.asked = [slot, *(other for other in draft.asked if other != slot)]
    draft.question = question
    draft.be(Outcome.ASK)


def _refuse_an_impossible_discount(draft: Draft) -> None:
    """Ask for a discount again that no price can have: 一百二十折."""
    if not {"quoted", "discount_percent"} & set(draft.intent.slots) or "discount_percent" in draft.slots:
        return
    if words := impossible_discount(draft.text):
        draft.ask("discount_percent", f"「{words}」不是折扣，折扣在 1 折到 99 折之间。打几折？还没有记录任何内容")


def _is_one_thing(sentence: Sentence) -> bool:
    """Say whether the line is nothing but a name, a number or a time: what an open question waits for."""
    return (
        re.fullmatch(
            r"(?:就|是|要|选|那)*[ⒸⓅⓂⓃⒺⓉⒶⒹⓆⓇ](?:吧|的|那个|这个|那家|这家|那位|啊|了|左右)*", sentence.template
        )
        is not None
    )


def _wordless(text: str) -> Understood:
    """Emoji and dots mean nothing; a lonely question mark asks for help."""
    if set(text.strip()) <= {"?", "？"} and text.strip():
        return Understood(acts=(Act("help"),), outcome=Outcome.DO)
    return Understood(outcome=Outcome.IGNORE)


def _is_only_pointed_at(draft: Draft) -> bool:
    """Say whether the customer is only meant by 他们 or 刚才那个."""
    first = draft.marked(CUSTOMER)[:1]
    return bool(first) and all(one.how == "recent" for one in first[0].value.candidates)


def _with_place(text: str, mention: Mention) -> Mention:
    """Take the place in front of a customer's name for part of it, where the name begins so: 泰州康达."""
    if mention.kind != "customer":
        return mention
    for length in (3, 2):
        start = mention.start - length
        place = text[start : mention.start] if start >= 0 else ""
        if len(place) == length and find_regions(place) and all(c.name.startswith(place) for c in mention.candidates):
            return replace(mention, start=start, words=place + mention.words)
    return mention


def _is_a_word_of_ours(text: str, mention: Mention) -> bool:
    """Say whether what only sounds like a name is part of a command word: 转化为 is no 华为."""
    if any(one.how not in ("pinyin", "typo") for one in mention.candidates):
        return mention.words in _COMMANDS
    return any(hit.start() < mention.end and mention.start < hit.end() for hit in _OUR_WORDS.finditer(text))
