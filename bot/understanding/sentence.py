"""A line as the grammar sees it: every name, time and number is one mark, so that a cue reads whatever the customer.

「华为推进到方案报价」 becomes 「Ⓒ推进到Ⓖ」. Blanks, emoji and 一下 vanish; each mark and character knows its place.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, Final

from bot.understanding.acts import Mention
from bot.understanding.methods import MethodSpan, find_methods
from bot.understanding.money import find_amounts, find_discounts
from bot.understanding.periods import Lean
from bot.understanding.phones import find_phones
from bot.understanding.quantities import find_quantities
from bot.understanding.regions import find_regions
from bot.understanding.sources import find_source
from bot.understanding.text import Normalised
from bot.understanding.times import TimeSpan, find_times, impossible_dates
from bot.understanding.words import load_words
from bot.understanding.workdays import Workdays

CUSTOMER, CONTACT, MEMBER, PRODUCT = "Ⓒ", "Ⓟ", "Ⓜ", "Ⓥ"
TIME, AMOUNT, DISCOUNT, QUANTITY = "Ⓣ", "Ⓐ", "Ⓓ", "Ⓠ"
PHONE, EMAIL, REGION, INDUSTRY, SOURCE, STAGE, QUOTED = "Ⓝ", "Ⓔ", "Ⓡ", "Ⓕ", "Ⓞ", "Ⓖ", "Ⓛ"
FIELD = "Ⓗ"
QUOTE = "Ⓑ"
DEALT = "Ⓙ"
"""What a deal is about; no cue sees it, because it stands between a customer and whatever is said of them."""
ENDS: Final = "，。；！？\n"
_MENTIONED: Final = {
    "customer": CUSTOMER,
    "contact": CONTACT,
    "member": MEMBER,
    "product": PRODUCT,
    "field": FIELD,
    "quote": QUOTE,
    "deal": DEALT,
}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_QUOTED = re.compile(r"[「『“\"‘][^」』”\"’\n]{1,60}[」』”\"’]")
_GLUE = re.compile(
    r"一下子?|(?:(?<![大不缩偏更太变])小|将近|约莫)(?=[\d一二两三四五六七八九十]+[十百千万多来wW])|(?<=[看查催发改转记算搜问加提说填查聊见醒])下(?![周个月午半班单次属级架面来去订达发回礼星旬])"
    r"|(?<=[建出拟录记开加打做搞弄新])[一]?个(?!月|性|人|体|小时|工作|半|百)|麻烦|帮忙|劳驾|帮我(?!批|审|签|处理|看审|看单|盯审)|替我(?!批|审|签)|拜托|(?<![申邀聘宴敬约])请(?![假示客款教问求帖]|了(?!解)|[半一两二三\d]天|[^，。,]{0,5}假|了假|个假|天假|两天假|半天假)"
)
_PLAIN_SIGNS: Final = {",": "，", "!": "！", "?": "？", ";": "；", ":": "：", "(": "（", ")": "）"}
_OF_THEIRS = re.compile(
    r"(?:采购|技术|研发|生产|设备|工程|项目|仓库|质量|行政|基建|信息|运营|工艺|品质|后勤|对方|他们|那边|客户)(?:部|科|处|室|组|那边|的|负责人)*$"
)
_TALKED_WITH = re.compile(r"(?:跟|和|与|同|找|见了|见的是|见到了?|接待的是|是)(?:他们?的?|她们?的?|一个)?$")
_TALKED = re.compile(r"(?:聊|谈|沟通|通了|碰了|对了|说了|交流|讲了|吃了|过了|见了)")
"""What stands around whoever was talked with, a customer's even where a colleague is called so: 跟小吴聊了."""

_SILENT = re.compile(r"[\s~…·*_#`^【】\[\]|\\]")
_MORE: Final = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """Something the readers recognised, where it stands, and what it is."""

    start: int
    end: int
    mark: str
    words: str
    value: Any


@dataclass
class Sentence:
    """A cleaned line, its pieces, and its template with the way back (`places`)."""

    line: Normalised
    now: datetime
    workdays: Workdays
    mentions: tuple[Mention, ...]
    pieces: tuple[Piece, ...] = ()
    template: str = ""
    places: tuple[tuple[int, int], ...] = ()
    unsaid: tuple[tuple[int, int], ...] = ()
    """Words that the speaker took back in the same breath: 一万一，哦不对，一万二."""

    _times: dict[Lean, list[TimeSpan]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = tuple(_pieces(self))
        self.unsaid = tuple(_unsaid(self.text, found))
        self.pieces = tuple(p for p in found if not any(s <= p.start and p.end <= e for s, e in self.unsaid))
        self.template, self.places = _templated(self.text, self.pieces, self.unsaid)

    @property
    def text(self) -> str:
        return self.line.text

    def times(self, lean: Lean = "future") -> list[TimeSpan]:
        """Times in the line; with `lean="past"` a bare 周五 is the last one."""
        if lean not in self._times:
            found = find_times(self._unnamed, self.now, workdays=self.workdays, lean=lean)
            kept = [
                span
                for span in found
                if not (_NUMBERED.fullmatch(span.words) and _PAPER.match(self.text, span.end))
                and not (span.every and span.every.step > 1 and _FOR_ONESELF.search(self.text) is None)
            ]
            self._times[lean] = _on_the_same_day(self.text, kept)
        return self._times[lean]

    @cached_property
    def _unnamed(self) -> str:
        """The text with customers' names blacked out, so that no part of one is read as a time: 启明下午."""
        signs = list(self.text)
        for mention in self.mentions:
            if mention.kind == "customer":
                signs[mention.start : mention.end] = _BLACK * (mention.end - mention.start)
        return "".join(signs)

    @cached_property
    def impossible(self) -> str:
        """Words that name a day which does not exist, if any stand here."""
        spans = impossible_dates(self.text, self.now, workdays=self.workdays)
        return spans[0].words if spans else ""

    @cached_property
    def methods(self) -> list[MethodSpan]:
        return find_methods(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the text under `template[start:end]`."""
        if start >= end:
            place = self.places[start][0] if start < len(self.places) else len(self.text)
            return place, place
        return self.places[start][0], self.places[end - 1][1]

    def marked(self, mark: str, start: int = 0, end: int = 10**6) -> list[Piece]:
        """Pieces of one kind within a stretch of the text."""
        return [piece for piece in self.pieces if piece.mark == mark and start <= piece.start and piece.end <= end]


_BLACK: Final = "■"
_FOR_ONESELF: Final = re.compile(r"提醒|提个醒|[叫喊]我|闹钟|[日周月]报|汇总|发我|[推发]给我")
"""Where 每两天 is when something comes again; elsewhere it is how often a rule asks for something: 每两天发一封."""

_NUMBERED: Final = re.compile(r"\d{1,2}号")
_PAPER: Final = re.compile(r"\s?(?:工单|单子|报修|维修单|线索|审批|申请)")
"""What a number counts where 8号 is no day: 8号单子."""


_NO_DAY: Final = re.compile(
    r"(?:凌晨|早上?|一早|清晨|上午|中午|午后|下午|傍晚|晚上?|晚间|夜里)(?:\s?[\d一二三四五六七八九十]{1,3}\s?[点:：时].*)?"
)


def _on_the_same_day(text: str, spans: list[TimeSpan]) -> list[TimeSpan]:
    """Read a part of the day behind a day in the same breath as one of that day: 昨天上午去了海昌下午去了启明."""
    found: list[TimeSpan] = []
    for span in spans:
        before = found[-1] if found else None
        same = before is not None and before.from_ == before.to and before.every is None
        if same and before and _NO_DAY.fullmatch(span.words) and not _STOPS.search(text, before.end, span.start):
            ahead = before.from_ - span.from_
            moments = {name: at + ahead for name in ("at", "until") if (at := getattr(span, name)) is not None}
            found.append(replace(span, from_=span.from_ + ahead, to=span.to + ahead, **moments))
        else:
            found.append(span)
    return found


_STOPS: Final = re.compile("[，,。；;！!？?\n]")


def _pieces(sentence: Sentence) -> Iterable[Piece]:
    """Find everything; what is surer takes its place first, and nothing overlaps it."""
    text = sentence.text
    taken = [False] * (len(text) + 1)
    found: list[Piece] = []

    def take(mark: str, spans: Iterable[Any], value: Callable[[Any], Any] = lambda span: span) -> None:
        for span in spans:
            if span.start < span.end and not any(taken[span.start : span.end]):
                taken[span.start : span.end] = [True] * (span.end - span.start)
                found.append(Piece(span.start, span.end, mark, text[span.start : span.end], value(span)))

    take(PHONE, find_phones(text))
    take(EMAIL, (_Span(*hit.span()) for hit in _EMAIL.finditer(text)), lambda s: text[s.start : s.end])
    for mention in sentence.mentions:
        if not (_stands_for_a_contact(text, mention, found) or _is_a_quarter(text, mention)):
            take(_MENTIONED.get(mention.kind, PRODUCT), [mention])
    take(QUOTED, (_Span(*hit.span()) for hit in _QUOTED.finditer(text)), lambda s: text[s.start + 1 : s.end - 1])
    take(DISCOUNT, find_discounts(text))
    take(STAGE, _listed(text, "stages"), lambda s: s.name)
    take(TIME, sentence.times())
    take(AMOUNT, find_amounts(text))
    take(QUANTITY, find_quantities(text))
    source = find_source(text)
    take(SOURCE, [source] if source else [], lambda s: s.source)
    take(INDUSTRY, _listed(text, "industries"), lambda s: s.name)
    take(INDUSTRY, (_Span(*hit.span(), hit[0]) for hit in _trades().finditer(text)), lambda s: s.name)
    take(REGION, find_regions(text))
    return sorted(found, key=lambda piece: piece.start)


def _is_a_quarter(text: str, mention: Mention) -> bool:
    """Say whether a quote's number is rather a quarter of the year: 我Q1能做多少 without a word of quotes."""
    return mention.kind == "quote" and re.fullmatch("[Qq][1-4]", mention.words) is not None and "报价" not in text


def _stands_for_a_contact(text: str, mention: Mention, found: list[Piece]) -> bool:
    """Say whether a colleague's title stands right behind a customer, and so is somebody of theirs: 大疆李工."""
    if mention.kind != "member" or mention.words in {one.name for one in mention.candidates}:
        return False
    if _TALKED_WITH.search(text, 0, mention.start) and _TALKED.match(text, mention.end):
        return any(other.mark == CUSTOMER for other in found)
    before = _OF_THEIRS.sub("", text[max(0, mention.start - 8) : mention.start])
    place = mention.start - (len(text[max(0, mention.start - 8) : mention.start]) - len(before))
    return place < mention.start or any(
        piece.mark == CUSTOMER and _BELONGS.fullmatch(text, piece.end, place) for piece in found
    )


_BELONGS = re.compile("(?:[一-龥]{0,5}的)?")
"""What may stand between a customer and somebody of theirs: 云峰前厅的周姐."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    name: str = ""


def _listed(text: str, name: str) -> Iterator[_Span]:
    pattern, names = _words(name)
    for hit in pattern.finditer(text):
        yield _Span(*hit.span(), names[hit[0].lower()])


@cache
def _trades() -> re.Pattern[str]:
    """Trades that stand in companies' names too, and so count only where customers of one are meant: 建材的客户."""
    names = "|".join(sorted(load_words("trades"), key=len, reverse=True))
    return re.compile(
        rf"(?:{names})(?=行业|类的?(?:客户|线索)|的?(?:客户|线索)(?!经理|服务)|的(?:都有|有哪|有没|有谁|还有))"
    )


@cache
def _words(name: str) -> tuple[re.Pattern[str], dict[str, str]]:
    listed: dict[str, list[str]] = load_words(name)
    names = {word.lower(): right for right, words in listed.items() for word in words}
    longest = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)), re.IGNORECASE), names


_TAKEN_BACK = re.compile(
    r"[\s，,。…、]*(?:哦|噢|啊|呃|诶|哎呀?|等等|等下)*[\s，,]*(?:不对|说错了?|错了|搞错了?|记错了?|口误|更正)(?:了)?[\s，,。…、：:]*(?:应该)?(?:是|改成)?[\s，,：:]*"
)


def _unsaid(text: str, pieces: tuple[Piece, ...]) -> Iterator[tuple[int, int]]:
    """Find what was said and at once corrected: one piece, a word that takes it back, and another of its kind."""
    for before, after in pairwise(pieces):
        if before.mark == after.mark and _TAKEN_BACK.fullmatch(text, before.end, after.start):
            yield before.start, after.start


def _templated(
    text: str, pieces: tuple[Piece, ...], unsaid: tuple[tuple[int, int], ...]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Write marks for pieces and drop what says nothing."""
    begins = {piece.start: piece for piece in pieces}
    glue = {hit.start(): hit.end() for hit in _GLUE.finditer(text)} | dict(unsaid)
    signs: list[str] = []
    places: list[tuple[int, int]] = []
    speaks_of_somebody = any(piece.mark in (CUSTOMER, CONTACT) for piece in pieces)
    place = 0
    while place < len(text):
        if (piece := begins.get(place)) is not None:
            if piece.mark != DEALT:
                signs.append(piece.mark)
                places.append((piece.start, piece.end))
            place = piece.end
        elif place in glue and not any(place < start < glue[place] for start in begins):
            place = glue[place]
        else:
            sign = text[place]
            sign = _PLAIN_SIGNS.get(sign, sign.lower())
            if sign == " " and speaks_of_somebody and _parts(text, place, pieces):
                signs.append("，")
                places.append((place, place + 1))
            elif sign == "\n" or not (_SILENT.match(sign) or ord(sign) > _EMOJI or sign in _OTHER_SIGNS):
                signs.append(sign)
                places.append((place, place + 1))
            place += 1
    return "".join(signs), tuple(places)


_LEAST_BEFORE, _LEAST_BEHIND = 6, 4
_TO_A_STOP: Final = re.compile(r"[^，,。；;！!？?\n ]*")


def _parts(text: str, place: int, pieces: tuple[Piece, ...]) -> bool:
    """Say whether a blank parts what a comma would: as much stands before it and behind it as makes a clause."""
    if not _HANZI.match(text[place - 1]) or not _HANZI.match(text[place + 1 : place + 2]):
        return False
    if (
        text[place - 1] in _GOES_ON
        or any(p.mark == TIME and p.end == place for p in pieces)
        or any(p.mark in (TIME, CUSTOMER) and p.start == place + 1 and _ends(text, p.end) for p in pieces)
    ):
        return False
    before = place - 1 - max(text.rfind(sign, 0, place) for sign in "，,。；;！!？?\n ")
    behind = _TO_A_STOP.match(text, place + 1)
    return before >= _LEAST_BEFORE and behind is not None and len(behind[0]) >= _LEAST_BEHIND


def _ends(text: str, place: int) -> bool:
    return not text[place : place + 1].strip(" ，,。；;！!？?\n")


_GOES_ON: Final = frozenset("家个条位份名是叫给跟和的在到把将让")
_HANZI: Final = re.compile("[一-龥]")
_EMOJI: Final = 0x1F000
_OTHER_SIGNS: Final = frozenset("👍☎✅❌⭐★☆♥❤☺✨✌✔")
