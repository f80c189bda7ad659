"""What a told or commanded follow-up says: how, with whom, what about, when, and when again."""

import re
from datetime import datetime, timedelta
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.clauses import Clause
from bot.understanding.sentence import AMOUNT, CUSTOMER, STAGE, TIME, Piece
from bot.understanding.slots.basics import plain
from bot.understanding.slots.draft import SEPARATORS, Draft, customers_in, mentioned
from bot.understanding.slots.folds import read_discount
from bot.understanding.slots.met import read_contact, read_method
from bot.understanding.slots.moments import (
    BARE_WEEKDAY,
    doubt_day_off,
    length_in,
    moment_of,
    on_a_workday,
    times_in,
    was_counted,
)
from bot.understanding.text import meaningful_characters
from bot.understanding.times import TimeSpan

_AGAIN: Final = re.compile(
    r"^[\s，,]?(?:之前|以前|前后|前|左右|内|的时候|那天|吧)?[\s，,]?(?:[让叫要喊请约]?我们?|他|他们|对方|客户|去|会|要|得|就|再|还|可以|约|给他|给她|给对方|给我们?)*(?:再|下次|约|给|带|拿|出|问|联系|跟进|跟|回访|回复|回话|回电|回个|答复|聊|谈|沟通|拜访|见|打|发|送|寄|交|提交|去|来|过来|过去|演示|听|讲|开|看|碰|上门|开会|对接|看|确认|测试|催|安排|现场|电话|试|签|说|推|做|汇报|跟踪)"
)
_PUSHED: Final = re.compile(r"(?:推迟|延期|延|推|改|拖|挪|提前|定|排|放|等)(?:到|在|至)$")
"""Where something of theirs was put to, which is no day for a call: 招标推迟到五月."""

_OTHERS: Final = re.compile(
    r"^(?:要|会|才|能|就|可以|预计|计划)?(?:上线|投产|量产|试产|竣工|完工|出差|出国|回国|去[^，。；]{1,6}出差|开(?:新)?店|开张|装修|到港|出(?:样|图|货|厂|口|结果)?(?=$|[，。；!！\s])|开(?=$|[，。；!！\s])|立项|招标|开标|交货|到货|发货|投标|放假|开工|验收|付款|打款|回款|搬|开业|换届|入职|离职|预算)|^(?:要|才)?上(?![门午])"
)
_CLOSES: Final = re.compile(r"(?:能|可以|就|再|要|会|争取|准备|预计)*(?:签(?!到|收)|成交|下单|落单|拍板|定下来)")
"""What follows a time by which something is to be signed: it is when the deal closes, and no day to call."""

_THEIR_GIVING: Final = re.compile(
    r"(?:之前|以前|前后|前|左右|内)?(?:他们?|她|对方|客户|那边)?(?:会|能|可以|应该|估计)+(?:给|下|出|放|发|签|批)(?:我们?|咱们?)?[^，,。；;\s]{0,4}?(?:订单|意向|采购单|合同|定金|订金|预付|中标|PO)",
    re.IGNORECASE,
)
"""By when a customer will give something, which is shown before it becomes a day to call: 月底前会给订单意向."""

_DELIVERY: Final = re.compile(r"交期|货期|工期|交货|到货|发货|供货|交付|出货|上门安装|装机|完工")
_ANSWERED: Final = re.compile(
    r"(?:说|讲|答|答应|承诺|告诉|报|回)(?:了|他们?|她|对方|客户|的)?(?:是|要到?|要等到?|大概|大约|最快|最晚|最迟|得)*\s?$"
)
"""What we answered about a delivery is no day to call: 催交期，我说三月底."""

_PROMISED: Final = re.compile(
    r"(?:说|讲|答应|承诺|表示|希望|预计|计划|准备|打算|约|要|会|让|叫|等|再)[^，,。；;\n]{0,4}$"
)
_WAS_DONE: Final = re.compile(
    r"[\s，,]?(?:那天|那会儿?|的时候|当天)?(?:我们?|已经?|刚|又|就|都|也|来|一起)*"
    r"(?:去|跑|到|见|拜访|走访|回访|上门|聊|谈|沟通|联系|打|通|发|寄|送|开|碰|跟|和|与|给|找|陪|请|约|演示|签|问|催|跟进|电话|微信)[^，,。；;\n]{0,8}?(?:了|过(?!来|去|程|期)|完)(?!解|结|吗)"
    r"|[\s，,]?(?:那天|那会儿?|那次|当天)(?!再)|[\s，,]?(?:在|跟|和|与|去)?[^，,。；;\n]{0,10}?[开做去见聊谈吃碰打]的(?![时人])"
)
"""What follows a time that is past: 周二那天拜访了, 周三去了趟."""

_ONLY_AGAIN: Final = re.compile(
    r"^\s?(?:之前|以前|前后|前|左右|的时候|那天|吧)?\s?(?:我|我们|会|要|得|就|再|还|可以|约|给他|给她|跟他|他|去|来|电话|微信|继续|回头)*"
    r"(?:联系|跟进|跟|回访|沟通|聊|谈|问|拜访|见面?|打电话|打过去|回电话?|看看|看|催|说)?(?:一下|一次|吧|他|她|看|问|了|下)*\s?[~。！!]?$"
)
_LEADING: Final = re.compile(r"(?:再|下次|下回|约|约好|约了|定了?|定在|改到|提醒|计划|打算)(?:在|到|是|：|，|好|了)*$")
_TIME_TAIL: Final = re.compile(r"^[^，,。；;！!\n]*")
_HEAD: Final = re.compile(
    r"^(?:(?:一下|下)?(?:那边|这边|那里|那儿|这家|那家|这个客户)?[呢啊吧的]*[，,：:\s、]*)(?:(?:电话|微信|邮件|钉钉|企微|短信)(?=聊|沟|说|谈|问|联|交|确|讲|回))?"
)
_ENOUGH: Final = 8
_LINK: Final = re.compile(r"(?:一下|下)?(?:那边|这边|那里|那儿|这家|那家|这个客户)?[呢啊吧的]*[，,：:\s、]*")
_HAPPENED: Final = re.compile(
    r"[\s，,的]*(?:那天|那会儿?|那次|当天|时候)?(?:我们?|又|再|刚|已经?|就|其实|本来|也|还|才|一起)*(?:去|同|约|钓|玩|唱|跑|赶|拐|转|坐|待|蹲|陪|拉|带|请|聚|喝|约|跟|和|与|给|到|在|从|拜访|上门|见|开|打|聊|谈|电话|微信|邮件|沟通|演示|走访|回访|通|约|陪|请|接待|做|送|寄|发(?!的)|来|接|收|参加|面谈|交流|联系|跟进|碰|吃|现场|签|回|Ⓒ|[一-龥]{2,6}(?:来|打))"
)
_DID: Final = re.compile(r"(?:了|过|完)[^，,。；;\n]{0,8}$")
_ENDS: Final = re.compile(r"\s?(?:$|[，,。；;！!\n])")
"""What was done and then when: 坐了一下午昨天."""

_TAGS: Final = (
    ("价格敏感", re.compile(r"(?:价格|报价|价钱)[^，。；]{0,6}(?:高|贵|敏感)|太贵|嫌贵|偏高|压价|砍价|便宜[点些]")),
    ("预算缩减", re.compile(r"预算[^，。；]{0,4}(?:砍|减|缩|削|没批|冻结|没了|不够|取消|下调)")),
    ("高意向", re.compile(r"(?:意向|兴趣)[^，。；]{0,4}(?:强|很高|大|浓|高)|非常感兴趣|很感兴趣|很满意|准备签|要签了")),
    ("有竞品", re.compile(r"竞品|友商|竞争对手|对比[^，。；]{0,4}家|别家|另一家|其他家")),
)
_SPENT: Final = re.compile(r"(?:花(?:了|费)?|用了|请客|餐费|路费|车费|打车|油费|报销|礼品|消费|买单)[^，,。；;]{0,4}$")
_DONE: Final = re.compile(r"^[，,。！!\s]*(?:了|过|完|好)?[，,。！!\s]*$")


def read_followup(draft: Draft, told: Clause | None, joint: tuple[int, int] | None = None) -> None:
    """Fill the slots of a follow-up. `told` is the clause with the evidence; `joint` is a clause shared with others."""
    if "customer" not in draft.slots and not draft.choices:
        found = customers_in(draft)
        if found:
            mentioned(draft, "customer", found[0])
    read_contact(draft)
    next_piece = _read_next(draft)
    if "method" not in draft.slots:
        read_method(draft, beside=None if next_piece is None else next_piece.start)
    _read_when(draft, told, next_piece, joint)
    read_discount(draft)
    _read_figures(draft)
    _read_signals(draft)
    _read_content(draft, next_piece, joint)
    if draft.slots.get("discount_percent") is not None:
        draft.be(Outcome.CONFIRM)


def _read_next(draft: Draft) -> Piece | None:
    """The next contact: the last time to come whose words go on with 再联系 and the like, or end a clause."""
    now = draft.sentence.now
    text = draft.sentence.text
    fallback: tuple[Piece, TimeSpan, datetime] | None = None
    for piece, span in reversed(times_in(draft)):
        moment = moment_of(draft, span)
        if moment <= now and BARE_WEEKDAY.match(piece.words):
            moment += timedelta(days=7)
        if moment <= now or span.every:
            continue
        after = text[piece.end : draft.end]
        before = text[draft.start : piece.start]
        if _WAS_DONE.match(after):
            continue
        leads = _LEADING.search(before) is not None
        if (_CLOSES.match(after) and not leads) or (_PUSHED.search(before) and not _AGAIN.match(after)):
            continue
        if (
            _DELIVERY.search(draft.text)
            and _ANSWERED.search(before)
            and not (after.strip() and _ONLY_AGAIN.match(after))
        ):
            continue
        if _THEIR_GIVING.match(after):
            draft.be(Outcome.CONFIRM)
        if (_AGAIN.match(after) and not _OTHERS.match(after)) or leads:
            return _take_next(draft, piece, span, moment)
        ends = not after.strip() or after[0] in "，,。；;！!\n"
        if fallback is None and ends and not _OTHERS.match(after):
            fallback = piece, span, moment
    if fallback is not None:
        return _take_next(draft, *fallback)
    _read_rest(draft)
    return None


def _read_rest(draft: Draft) -> None:
    """When somebody who is left alone for so long is to be called again, shown first: 先晾两周."""
    hit = _LEFT_ALONE.search(draft.text)
    length = length_in(draft, hit["long"]) if hit is not None else None
    if hit is not None and length is not None and length.days:
        hour = draft.ctx.uow.playbook.day.default_hour
        day = (draft.sentence.now + length).replace(hour=hour, minute=0, second=0, microsecond=0)
        draft.put("next_at", on_a_workday(draft, day).isoformat(), hit[0])
        draft.be(Outcome.CONFIRM)


_LEFT_ALONE: Final = re.compile(
    r"(?:先|就|再)(?:让他|给他)?(?:晾|冷|放|缓|凉|等)(?:他们?|她|它|着|一?放|一?晾|一下|个)*(?P<long>(?:半|\d{1,2}|[一两三四五六七八九十]{1,2})个?(?:天|周|星期|礼拜|月))(?:再说|看看|再看)?(?=$|[，,。；;！!\s吧])"
)


def read_next_of(told: Draft, beside: Draft) -> None:
    """Read the next contact of a talk out of the words of another act behind it: 打标签 观望，下周四再约."""
    for piece, span in times_in(beside):
        moment = moment_of(told, span)
        if moment > told.sentence.now and _AGAIN.match(told.sentence.text[piece.end : beside.end]):
            _take_next(told, piece, span, moment)
            return


def _take_next(draft: Draft, piece: Piece, span: TimeSpan, moment: datetime) -> Piece:
    if was_counted(span) or (span.from_ != span.to and span.kind != "deadline"):
        moment = on_a_workday(draft, moment)
    draft.put("next_at", moment.isoformat(), piece)
    doubt_day_off(draft, "next_at", moment)
    return piece


def _read_when(draft: Draft, told: Clause | None, taken: Piece | None, joint: tuple[int, int] | None) -> None:
    """When it happened, if another moment than now was named near what was done."""
    now = draft.sentence.now
    stretch = joint or (told.span if told else (draft.start, draft.end))
    past = {span.start: span for span in draft.sentence.times("past")}
    before_it = [p for p in draft.sentence.marked(TIME, draft.start, stretch[0]) if joint is None]
    for piece in [*before_it, *draft.sentence.marked(TIME, *stretch)]:
        span = past.get(piece.start)
        before = draft.sentence.text[min(draft.start, stretch[0]) : piece.start]
        text = draft.sentence.text
        happened = (
            _HAPPENED.match(text, piece.end)
            or _is_past_deed(draft, piece, span, before)
            or (_DID.search(before) and _ENDS.match(text, piece.end))
        )
        if not happened or _PROMISED.search(before):
            continue
        if piece is taken or span is None or (now.date() - span.from_).days > 60 or span.every:  # noqa: PLR2004
            continue
        if span.from_ == now.date() and span.at is None:
            continue
        moment = moment_of(draft, span)
        if moment <= now and span.from_ == span.to:
            draft.put("at", moment.isoformat(), piece)
            return


def _is_past_deed(draft: Draft, piece: Piece, span: TimeSpan | None, before: str) -> bool:
    """Say whether a day that is over stands with something done, in words that are not theirs: 周一那天其实去过."""
    over = span is not None and span.to < draft.sentence.now.date()
    clause = re.split(r"[，,。；;\n]", before)[-1]
    if over and _SINCE.search(draft.sentence.text, piece.end, draft.end):
        return False
    return over and not _THEIR_WORDS.search(clause) and _DEED.match(draft.sentence.text, piece.end) is not None


_SINCE: Final = re.compile("今天|今儿|今早|刚刚|刚才|现在")
"""What was done on a day that is over, and what came of it today: 12号发的报价，今天回话了."""

_THEIR_WORDS: Final = re.compile(r"说|讲|问|表示|反馈|提到|因为|由于|上次|嫌|怪|抱怨|透露")
_DEED: Final = re.compile(
    r"[^，,。；;\n的]{0,16}?(?:了|过(?![去来])|完|[去见聊谈开吃喝打]的|[见碰堵遇找聊谈打联等]到|去|拜访|上门)"
)


def _read_figures(draft: Draft) -> None:
    """An amount and a stage that were talked about."""
    text = draft.sentence.text
    amounts = [p for p in draft.marked(AMOUNT) if not _SPENT.search(text[draft.start : p.start])]
    if len(amounts) == 1:
        draft.put("amount", plain(amounts[0].value.yuan), amounts[0])
    stages = draft.marked(STAGE)
    if stages:
        draft.put("stage", stages[0].value, stages[0])


def _read_signals(draft: Draft) -> None:
    """Tags that the words themselves suggest."""
    tags = [tag for tag, words in _TAGS if words.search(draft.text)]
    if tags:
        draft.put("tags", tags, "")


def _read_content(draft: Draft, next_piece: Piece | None, joint: tuple[int, int] | None) -> None:
    """What was talked about, without the command, the customer in front and the appointment behind."""
    text = draft.sentence.text
    start, end = draft.start, draft.end
    if draft.call is not None and draft.sentence.span(draft.call.start, draft.call.end)[0] <= start + 12:
        call_start, call_end = draft.sentence.span(draft.call.start, draft.call.end)
        if not text[start:call_start].strip(SEPARATORS) or call_start == start:
            start = call_end
    start = _skip(text, start, end)
    if text.startswith("一下", start) and draft.call is not None:
        start = _skip(text, start + 2, end)
    if draft.call is not None or joint is not None:
        for piece in draft.sentence.marked(CUSTOMER, start, end):
            if piece.start - start <= 1:
                start = piece.end
                start += _skipped(
                    text, start, next_piece.start if next_piece and next_piece.start > start else end, end
                )
                break
    stretches = [(start, end)]
    if next_piece is not None and next_piece.start >= start:
        tail = _TIME_TAIL.match(text[next_piece.end : end])
        behind = next_piece.end + (tail.end() if tail else 0)
        before = re.search(r"(?:[，,。；;\n]|^)[^，,。；;\n]{0,6}$", text[start : next_piece.start])
        own_clause = before is not None and _ONLY_AGAIN.match(text[next_piece.end : behind])
        if own_clause and before is not None and meaningful_characters(text[start : start + before.start()]) >= 2:  # noqa: PLR2004
            stretches = [(start, start + before.start()), (behind, end)]
    words = [w for s, e in stretches if s < e and (w := draft.said(s, e).strip(SEPARATORS))]
    if joint is not None and not (joint[0] >= draft.start and joint[1] <= draft.end):
        words.insert(0, draft.said(*joint))
    content = "，".join(words)
    if meaningful_characters(content) and not _DONE.match(content):
        draft.put("content", content, "")


def _skipped(text: str, start: int, until: int, end: int) -> int:
    """How much stands between a customer in front and what was talked about; the way only where enough is left."""
    head = _HEAD.match(text[start:end])
    if head and meaningful_characters(text[start + head.end() : until]) >= _ENOUGH:
        return head.end()
    link = _LINK.match(text[start:end])
    return link.end() if link else 0


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in SEPARATORS:
        start += 1
    return start
