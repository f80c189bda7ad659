"""Fields in a sentence: the company's own words for them and their values, changed, asked for, or said with a new lead."""

import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from bot.understanding.sentence import FIELD, INDUSTRY, REGION, SOURCE
from bot.understanding.slots.basics import read_customer, read_industry, read_member, read_region, read_source
from bot.understanding.slots.draft import SEPARATORS, Draft
from bot.understanding.slots.moments import times_in
from bot.understanding.values import reading
from core.errors import BadInput
from core.model.playbook import Playbook
from core.model.playbook.conditions import Op
from core.model.playbook.fields import OBJECTS
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.field import Field
from core.rules.fields.kind import BadValue, Compared, folded
from core.rules.fields.rights import may_read
from core.rules.fields.saying import ANY_OP, said_test

_SHORTEST: Final = 2
_KEPT: Final = 8
_CHANGES: Final = (
    "(?:从[^，。,]{1,20})?(?:改成|改为|改到|改|调成|调到|调整为|更新为|更新成|变更为|变成|换成|设为|设成|设置为|填成|填上|填|"
    "补成|补上|补充为|定为|记为)"
)
_SAYS: Final = r"(?:是|为|：|:|=)"
_CHANGED: Final = re.compile(rf"\s*{_CHANGES}\s*|\s*{_SAYS}\s*|\s+")
_NOUN: Final = re.compile(
    r"的?(?:所有|全部)?的?(线索|客户|联系人|商机|单子)(?:有哪些|有谁|有几[个条家]|列表|清单|都有谁)?"
)
_KINDS: Final = {"线索": "lead", "客户": "account", "联系人": "contact", "商机": "deal", "单子": "deal"}
_OWN: Final = re.compile("我(?!们)")
_AND: Final = re.compile(r"(?:[，,、\s]|并且|而且|同时|且|和|又)+$")
_TAIL: Final = re.compile(r"[吧啊呀哈呗了哦噢的\s。.！!；;，,]+$")
_BEFORE: Final = re.compile(r"[\s，,。；;：:、!！?？~\-—（(]$|^$")
_CUT: Final = re.compile(r"[\s，,。；;\n]")
_ITEM: Final = re.compile(r"[，,。；;\n]|\s+(?=[\u4e00-\u9fff])")
"""Where a text ends that was marked by a colon: 型号：HT 200 联系人李明."""


@dataclass(frozen=True)
class Known:
    """The company's words for fields: the pattern that finds them, and whose fields they name."""

    pattern: re.Pattern[str] | None
    fields: dict[str, tuple[tuple[str, Field], ...]]


_WORDS: OrderedDict[int, tuple[Playbook, Known]] = OrderedDict()


def known_words(playbook: Playbook) -> Known:
    """Return the words for fields under a playbook; the last few are remembered."""
    kept = _WORDS.get(id(playbook))
    if kept is not None and kept[0] is playbook:
        return kept[1]
    fields: dict[str, list[tuple[str, Field]]] = {}
    for kind in OBJECTS:
        for field in catalogue_of(playbook, kind):
            if field.is_custom and not field.spec.retired:
                for word in (field.label, *field.spec.aliases):
                    fields.setdefault(folded(word), []).append((kind, field))
    words = sorted((word for word in fields if len(word) >= _SHORTEST), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None
    made = Known(pattern, {word: tuple(named) for word, named in fields.items()})
    _WORDS[id(playbook)] = (playbook, made)
    while len(_WORDS) > _KEPT:
        _WORDS.popitem(last=False)
    return made


_BUILT_IN: Final = re.compile("行业|来源|地区|职务|规模|地址|需求|备注|简称")
"""Labels of built-in fields that are changed or asked for by name."""

_MEANT: Final = re.compile(rf"{_CHANGES}|\s*(?:{ANY_OP})|\s+\S|[^，。\s]{{1,12}}以[上下内]")
_CHANGED_TO: Final = re.compile(_CHANGES)
_LISTS: Final = re.compile(rf"\s*(?:{ANY_OP})[^，。？]{{0,30}}的(?:所有|全部)?(?:线索|客户|商机|联系人)")


def field_mentions(ctx: Context, text: str, taken: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the words for fields where something is done with them; no name of a customer is one."""
    known = known_words(ctx.uow.playbook)
    for pattern, meant in ((known.pattern, _MEANT), (_BUILT_IN, None)):
        if pattern is None:
            continue
        changed = False
        for hit in pattern.finditer(text):
            if any(mention.start < hit.end() and hit.start() < mention.end for mention in taken):
                continue
            behind = meant or (_CHANGED_TO if _CHANGED_TO.match(text, hit.end()) else _LISTS)
            goes_on = changed and text[hit.start() - 1] in "，,；;、 "  # 行业改成无人机，地区深圳
            if goes_on or behind.match(text, hit.end()):
                changed = goes_on or (meant is None and behind is _CHANGED_TO)
                yield Mention(*hit.span(), "field", hit[0], (Candidate(f"field:{hit[0]}", hit[0], "label"),))


def read_field_change(draft: Draft) -> None:
    """Which field of whom becomes what; further ones in the same words stand beside the first."""
    read_customer(draft)
    named, text = draft.marked(FIELD), draft.sentence.text
    said: dict[str, str] = {}
    for place, piece in enumerate(named):
        end = named[place + 1].start if place + 1 < len(named) else draft.end
        verb = _CHANGED.match(text, piece.end, end)
        value = draft.sentence.line.said(verb.end() if verb else piece.end, end)
        said.setdefault(piece.words, _AND.sub("", _TAIL.sub("", value)).strip(SEPARATORS))
        draft.evidence.append((text[piece.start : end], "fields"))
    if not said:
        return
    (field, value), *others = said.items()
    draft.put("field", field, named[0])
    draft.put("value", value, value)
    if others:
        draft.slots["fields"] = dict(others)


def read_said_fields(draft: Draft, kind: str) -> None:
    """What a new record's own words say of the company's fields: 设备类型 注塑机, 预算50万; an option may stand alone."""
    found: dict[str, str] = {}
    catalogue = catalogue_of(draft.ctx.uow.playbook, kind)
    fields = [f for f in catalogue.custom if f.compute is None and may_read(f, catalogue, draft.ctx.member)]
    if not fields:
        return
    reads = reading(draft.ctx)
    places = sorted(_labels(draft, fields), key=lambda place: (place[0], -place[1]))
    begins = [start for start, _, _ in places]
    for start, end, field in places:
        if field.label in found or any(a < end and start < b for a, b in draft.reserved):
            continue
        until = min([begin for begin in begins if begin >= end], default=draft.end)
        value = _value_behind(draft, field, end, until, reads)
        if value is not None:
            found[field.label] = value[0]
            draft.reserve(start, value[1], f"{field.label}：{value[0]}")
    for field in fields:
        if field.label not in found and field.spec.options and (alone := _option_alone(draft, field)) is not None:
            found[field.label] = alone
    if found:
        draft.slots["fields"] = found


def _labels(draft: Draft, fields: Sequence[Field]) -> Iterator[tuple[int, int, Field]]:
    text = draft.sentence.text.casefold()
    for field in fields:
        for word in (field.label, *field.spec.aliases):
            at = text.find(word.casefold(), draft.start)
            while 0 <= at < draft.end:
                yield at, at + len(word), field
                at = text.find(word.casefold(), at + 1)


def _value_behind(draft: Draft, field: Field, start: int, until: int, reads: Any) -> tuple[str, int] | None:
    """Return the value that stands behind a label, and where it ends: the longest words that are one."""
    text = draft.sentence.text
    mark = _CHANGED.match(text, start, until)
    begin = mark.end() if mark else start
    is_marked = mark is not None and bool(mark[0].strip())
    if field.type.compared is Compared.TEXT and mark is None:
        return None  # 备注栏目 is no 备注 that says 栏目
    stops = [hit.start() for hit in _CUT.finditer(text, begin, until)] + [until]
    if field.type.key == "long_text" and is_marked:
        stops = [until]
    elif field.type.compared is Compared.TEXT and not field.type.many:
        ends = _ITEM if is_marked else _CUT
        stops = [hit.start() for hit in ends.finditer(text, begin, until)][:1] or [until]
    for stop in reversed(stops):
        words = text[begin:stop].strip(SEPARATORS)
        if not words:
            continue
        try:
            field.type.read(words, field.spec, reads)
        except (BadValue, BadInput):
            continue
        return words, begin + len(text[begin:stop].rstrip())
    return _begun(field, text, begin, until, reads)


def _begun(field: Field, text: str, begin: int, until: int, reads: Any) -> tuple[str, int] | None:
    """Return an option, or the number at the head of words that go on: 设备类型注塑机两台, 预算50万左右."""
    for option in sorted(field.spec.options, key=lambda one: -len(one.value)):
        for word in (option.value, *option.aliases):
            if text[begin:until].casefold().startswith(word.casefold()) and not option.retired:
                return word, begin + len(word)
    if field.type.compared is not Compared.NUMBER:
        return None
    for end in range(min(until, begin + 20), begin, -1):
        try:
            field.type.read(text[begin:end], field.spec, reads)
        except (BadValue, BadInput):
            continue
        return text[begin:end], end
    return None


def _option_alone(draft: Draft, field: Field) -> str | None:
    """Return an option that stands in the message by itself, between blanks or commas."""
    text = draft.sentence.text
    for option in field.spec.options:
        for word in (option.value, *option.aliases):
            at = text.find(word, draft.start, draft.end)
            if at < 0 or len(word) < _SHORTEST or option.retired:
                continue
            behind = text[at + len(word) : at + len(word) + 1]
            if _BEFORE.search(text[max(0, at - 1) : at]) and (not behind or _CUT.match(behind)):
                draft.reserve(at, at + len(word), word)
                return option.value
    return None


def read_filter(draft: Draft) -> None:
    """Which records are looked for: of what kind, and by which tests of fields."""
    text, pieces = draft.sentence.text, draft.marked(FIELD)
    if not pieces:
        _read_plain_filter(draft)
        return
    nouns = list(_NOUN.finditer(text, pieces[-1].end, draft.end))
    end = nouns[-1].start() if nouns else draft.end
    kind = _KINDS[nouns[-1][1]] if nouns else _KINDS["线索"]
    tests = []
    for place, piece in enumerate(pieces):
        until = pieces[place + 1].start if place + 1 < len(pieces) else end
        tests.append(said_test(piece.words, text[piece.end : until]))
    draft.put("words", json.dumps({"of": kind, "all": tests}, ensure_ascii=False), text[pieces[0].start : end])


def _read_plain_filter(draft: Draft) -> None:
    """What is looked for without the name of a field: 我的客户, 张伟的客户, 苏州做机械的线索, 上个月新增的客户, A类客户."""
    for read in (read_region, read_industry, read_source):
        read(draft)
    tests = [said_test("地区", f"是{piece.value.name}") for piece in draft.marked(REGION)[:1]]
    tests += [said_test("行业", f"是{piece.value}") for piece in draft.marked(INDUSTRY)[:1]]
    tests += [said_test("来源", f"是{piece.value}") for piece in draft.marked(SOURCE)[:1]]
    if (grade := _GRADED.search(draft.text)) is not None:
        tests.append(said_test("等级", f"是{grade[1].upper()}"))
    read_member(draft)
    if "member" in draft.slots:
        tests.append(said_test("负责人", f"是{draft.slots['member']}"))
    elif _OWN.search(draft.text) is not None:
        tests.append(said_test("负责人", f"是{draft.ctx.member.name}"))
    tests += _made_within(draft)
    nouns = list(_NOUN.finditer(draft.text))
    if not tests or not (nouns or "member" in draft.slots):
        return
    kind = _KINDS[nouns[-1][1]] if nouns else "account"
    draft.put("words", json.dumps({"of": kind, "all": tests}, ensure_ascii=False), draft.text)


def _made_within(draft: Draft) -> list[dict[str, Any]]:
    """In which days a record was made, where days are named: 上个月新增的客户."""
    found = times_in(draft, "past")
    if not found or _MADE.search(draft.text) is None:
        return []
    first, last = found[0][1].from_, found[-1][1].to
    draft.put("from", first.isoformat(), found[0][0])
    draft.put("to", last.isoformat(), found[-1][0])
    after, before = Op.AFTER.value, Op.BEFORE.value
    return [
        {"field": "创建时间", "op": after, "value": f"{first - timedelta(days=1)}"},
        {"field": "创建时间", "op": before, "value": f"{last + timedelta(days=1)}"},
    ]


_GRADED: Final = re.compile(r"(?<![A-Za-z])([A-Ea-e])\s?(?:类|级)")
_MADE: Final = re.compile("新增|新建|新录|录|建|加|进来|新来|来的|新的?(?:客户|线索)")
