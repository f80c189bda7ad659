"""Understanding a line, the simple and honest way: a command word, then typed pieces of the rest.

This reader knows commands by the words they register with, finds the customer among the own ones, and takes times,
phones, sources and methods out of what is left. What begins with none of these words is unknown: it writes nothing.
A fuller understanding takes this one's place by being another `Reader` (`bot/desk.py`); handlers and questions stay.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.context import Context
from bot.understanding.acts import Act, Outcome, Understood
from bot.understanding.methods import find_method
from bot.understanding.phones import find_phones
from bot.understanding.sources import find_source
from bot.understanding.text import Normalised, normalised
from bot.understanding.times import TimeSpan, default_moment, find_times, impossible_dates
from bot.understanding.workdays import Workdays
from core.errors import BadInput
from core.model.messages import Question
from core.services.customers import name_at_start

LONGEST = 4000
LONGEST_SEARCH = 60
_SEPARATORS = " \n\t，,。；;：:、！!"
_GOT_IT = frozenset({"好", "好的", "嗯", "嗯嗯", "收到", "ok", "OK", "谢谢", "👍", "是的"})
_AGAIN = re.compile(r"(再|下次)?(联系|跟进|沟通|回访|聊|打电话|拜访|约|见面?)$")
_PERSON = re.compile(r"^[一-龥]{1,3}(先生|女士|小姐|总|经理|总监|主任|工|老师|厂长|部长)$")
_LABELS = {
    "customer": ("公司名称", "公司", "客户名称", "客户", "单位"),
    "contact": ("联系人", "姓名"),
    "phone": ("联系电话", "手机号", "手机", "电话"),
    "email": ("邮箱",),
    "source": ("来源",),
    "content": ("需求", "备注"),
}
_ANY_LABEL = "|".join(label for labels in _LABELS.values() for label in labels)
_LABELLED = re.compile(rf"({_ANY_LABEL})\s*[:：]\s*(.*?)(?=[\s,，;；。]*(?:{_ANY_LABEL})\s*[:：]|$)", re.DOTALL)
_LIKE_A_TIME = re.compile(
    r"\d{4}\s*[-/年]\s*\d{1,2}\s*[-/月]\s*\d{1,2}|(?<![\d:])\d{1,2}[:：]\d{2}(?![\d:])|(?<!\d)2[5-9]\s*点"
)
"""Words that can hardly be anything but a time; when they were not read as one, somebody is asked."""

_DIGITS = re.compile(r"[0-9+\-]{8,16}")
_COURTESY = ("帮我", "麻烦", "请", "我要", "我想", "帮忙")


class Understanding:
    """The reader. `words` maps every command word to its intent; `workdays` knows holidays."""

    def __init__(self, words: Mapping[str, str], workdays: Workdays) -> None:
        self._words = sorted(words.items(), key=lambda pair: -len(pair[0]))
        self._workdays = workdays
        self._slots: dict[str, Callable[[Context, str], dict[str, Any]]] = {
            "lead.create": self._new_lead,
            "followup.log": self._followup,
            "plan.create": self._plan,
            "reminder.create": self._reminder,
            "account.show": lambda _, rest: {"customer": rest},
            "duplicate.check": self._check,
            "pool.search": lambda _, rest: {"words": _pool_words(rest)},
            "lead.claim": lambda _, rest: {"customer": rest},
            "lead.return": self._return,
            "member.link": lambda _, rest: {"code": rest},
            "member.unlink": _account,
            "member.restore": lambda _, rest: {"member": rest},
            "notice.channel": lambda _, rest: {"channel": rest},
        }

    def __call__(self, ctx: Context, text: str, _question: Question | None) -> Understood:
        said = normalised(text[:LONGEST])
        line = said.text
        command = self._command(line) if line else None
        if command is None:
            return Understood(outcome=Outcome.IGNORE if not line or line in _GOT_IT else Outcome.UNKNOWN)
        intent, rest = command
        read = self._slots.get(intent)
        slots = _as_written(said, read(ctx, rest)) if read else {}
        return Understood(acts=(Act(intent, slots),), outcome=Outcome.DO)

    def _command(self, line: str) -> tuple[str, str] | None:
        """Find the command word that a line begins with; a word that takes nothing must stand alone."""
        for courtesy in _COURTESY:
            line = line.removeprefix(courtesy)
        lowered = line.lower()
        for word, intent in self._words:
            if not lowered.startswith(word):
                continue
            rest = line[len(word) :].strip(_SEPARATORS)
            if len(word) == 1 and not _stands_alone(line):
                continue  # 领导说… is no claim, 查不到… no search
            if intent in self._slots or not rest.strip("了吧啊呀啥的有什么要做干?？!！。 "):
                return intent, rest
        return None

    def _new_lead(self, _: Context, rest: str) -> dict[str, Any]:
        labelled = _LABELLED.findall(rest)
        if len(labelled) > 1:
            return _form(labelled)
        slots: dict[str, Any] = {}
        if phones := find_phones(rest):
            slots["phone"] = phones[0].number
            rest = _without(rest, phones[0].start, phones[0].end)
        if (source := find_source(rest)) is not None:
            slots["source"] = source.source
            rest = _without(rest, source.start, source.end)
        for piece in filter(None, re.split(rf"[{re.escape(_SEPARATORS)}]+", rest)):
            if _DIGITS.fullmatch(piece) and "phone" not in slots:
                raise BadInput(f"「{piece}」不是有效的电话号码，请核对后再发一次，没有记录任何内容")
            if "contact" not in slots and _PERSON.match(piece.removeprefix("联系人")):
                slots["contact"] = piece.removeprefix("联系人")
            elif "customer" not in slots:
                slots["customer"] = piece
            elif "email" not in slots and re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", piece):
                slots["email"] = piece
            else:
                slots["content"] = f"{slots['content']} {piece}" if "content" in slots else piece
        return slots

    def _followup(self, ctx: Context, rest: str) -> dict[str, Any]:
        customer, content = self._customer_first(ctx, rest)
        return {"customer": customer, **self._talk(ctx, content)}

    def _talk(self, ctx: Context, content: str) -> dict[str, Any]:
        """Read what was talked about: the words, the way, and when to talk again."""
        slots: dict[str, Any] = {"content": content}
        if (method := find_method(content)) is not None:
            slots["method"] = method.method
        next_at = self._next_time(ctx, content)
        if next_at is not None:
            slots["next_at"] = next_at.isoformat()
        return slots

    def _plan(self, ctx: Context, rest: str) -> dict[str, Any]:
        spans = self._times(ctx, rest)
        slots: dict[str, Any] = {}
        if spans:
            slots["at"] = self._moment(ctx, spans[-1]).isoformat()
            rest = _without(rest, spans[-1].start, spans[-1].end)
        customer, content = self._customer_first(ctx, rest)
        return slots | {"customer": customer} | ({"content": content} if content else {})

    def _reminder(self, ctx: Context, rest: str) -> dict[str, Any]:
        spans = self._times(ctx, rest)
        if not spans:
            return {"content": rest}
        moment = self._moment(ctx, spans[0])
        return {"at": moment.isoformat(), "content": _without(rest, spans[0].start, spans[0].end) or "提醒"}

    def _check(self, _: Context, rest: str) -> dict[str, Any]:
        slots: dict[str, Any] = {}
        if phones := find_phones(rest):
            slots["phone"] = phones[0].number
            rest = _without(rest, phones[0].start, phones[0].end)
        name = re.sub(r"(有没有人?在?跟.*|是不是有人.*|有人跟.*|吗)$", "", rest).strip(_SEPARATORS)
        return slots | {"customer": name or slots.get("phone", "")}

    def _return(self, ctx: Context, rest: str) -> dict[str, Any]:
        customer, reason = self._customer_first(ctx, rest.removeprefix("线索").strip())
        reason = reason.removeprefix("公海").removeprefix("吧").strip(_SEPARATORS)
        return {"customer": customer, "reason": reason}

    def _customer_first(self, ctx: Context, rest: str) -> tuple[str, str]:
        """Part a sentence into the customer it begins with and what follows: an own name, else the first word."""
        own = name_at_start(ctx.uow, rest)
        if own is not None and not self._is_longer_word(rest, own[0]):
            return own[0], rest[len(own[0]) :].strip(_SEPARATORS)
        first = re.match(rf"[^{re.escape(_SEPARATORS)}]+", rest)
        if first is None:
            return "", ""
        return first[0], rest[first.end() :].strip(_SEPARATORS)

    @staticmethod
    def _is_longer_word(rest: str, name: str) -> bool:
        """宏达 begins 宏达机电: then the longer word is what was meant."""
        first = re.match(rf"[^{re.escape(_SEPARATORS)}]+", rest)
        return (
            first is not None and len(first[0]) <= len(name) + 6 and bool(_COMPANY_TAIL.search(first[0][len(name) :]))
        )

    def _next_time(self, ctx: Context, content: str) -> datetime | None:
        """The next contact is the last future time whose words go on with 再联系 and the like, or end the line."""
        now = ctx.uow.now
        for span in reversed(self._times(ctx, content)):
            after = content[span.end :].strip(_SEPARATORS)
            moment = self._moment(ctx, span)
            if moment > now and (not after or _AGAIN.match(after) or after.startswith("再")):
                return moment
        return None

    def _times(self, ctx: Context, text: str) -> list[TimeSpan]:
        local = ctx.wall(ctx.uow.now)
        if impossible := impossible_dates(text, local, workdays=self._workdays):
            raise BadInput(f"「{impossible[0].words}」这一天不存在，请换个日期再发一次，没有记录任何内容")
        spans = find_times(text, local, workdays=self._workdays)
        for looks in _LIKE_A_TIME.finditer(text):
            if not any(span.start <= looks.start() and looks.end() <= span.end for span in spans):
                raise BadInput(f"没看懂时间「{looks[0]}」，请换个写法再发一次，没有记录任何内容")
        return spans

    def _moment(self, ctx: Context, span: TimeSpan) -> datetime:
        return default_moment(span, ctx.uow.playbook.default_hour)


def _as_written(said: Normalised, slots: dict[str, Any]) -> dict[str, Any]:
    """Keep names and contents as they were written, emoji and full-width brackets included."""
    for name in ("customer", "content"):
        start = said.text.rfind(slots[name]) if slots.get(name) else -1
        if start >= 0:
            slots[name] = said.said(start, start + len(slots[name]))
    return slots


_COMPANY_TAIL = re.compile(r"^[一-龥]{0,4}(公司|集团|科技|机电|贸易|电子|实业|技术|股份)")


def _account(_: Context, rest: str) -> dict[str, Any]:
    """Read whose account on which platform: 钉钉, 张伟 钉钉, 张伟的钉钉账号."""
    bare = rest.removesuffix("账号").strip(_SEPARATORS)
    platform = next((name for name in ("企业微信", "企微", "钉钉") if bare.endswith(name)), "")
    whose = bare.removesuffix(platform).strip(_SEPARATORS).removesuffix("的")
    if not platform:
        return {"channel": whose}
    return {"channel": platform} | ({} if whose in ("", "我") else {"member": whose})


def _stands_alone(line: str) -> bool:
    """Say whether the first character of a line is a word of its own."""
    return len(line) == 1 or line[1] in _SEPARATORS or line[1].isdigit()


def _pool_words(rest: str) -> str:
    """Keep what narrows the pool down: 公海里有啥华东的制造业客户 → 华东 制造业."""
    bare = re.sub(r"(里|中|有啥|有什么|有哪些|的|客户|线索|看看|列表|[?？])", " ", rest)
    return " ".join(bare.split())[:LONGEST_SEARCH]


def _form(labelled: list[tuple[str, str]]) -> dict[str, Any]:
    """Read a lead that was written with labels, as pasted forms are: 公司：… 联系人：… 电话：…"""
    slots: dict[str, Any] = {}
    for label, value in labelled:
        slot = next(name for name, labels in _LABELS.items() if label in labels)
        said = value.strip(_SEPARATORS)
        if slot == "phone":
            phones = find_phones(said)
            if not phones:
                raise BadInput(f"「{said}」不是有效的电话号码，请核对后再发一次，没有记录任何内容")
            said = phones[0].number
        if said:
            slots.setdefault(slot, said)
    return slots


def _without(text: str, start: int, end: int) -> str:
    joined = f"{text[:start].rstrip(_SEPARATORS)} {text[end:].lstrip(_SEPARATORS)}"
    return joined.strip(_SEPARATORS)
