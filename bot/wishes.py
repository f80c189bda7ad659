"""What a sentence wants changed in the playbook: 「把回收改成48小时」 to the setting that is meant, and its new value.

A setting is found by what people call it (`_CALLED`), else by the words of its meaning. The value must be one that can
stand there: hours of the day are no lengths of time. What may be several is asked, what is none is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any, Final

from bot.understanding.numerals import read_numeral
from core.errors import BadInput, Unclear
from core.model.playbook import Basis, Playbook
from core.model.playbook.parts import Part, write_duration
from core.ports import Edit
from core.rules.playbook_outline import IDS, places, said_kind, section_title

Path = tuple[str | int | tuple[str, str], ...]

_NUMBER: Final = r"\d+(?:\.\d+)?|[零一二两三四五六七八九十百半]+"
_LENGTH: Final = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?:个)?(?P<half>半)?(?P<unit>工作小时|小时|钟头|工作日|自然日|天|日|周|星期|分钟|个月|月|[hdHD])"
)
_BELOW: Final = re.compile(r"(?:改成|改为|[改调]到|调成|设[为成]|到)\s*(?:负|[-－−])\s*[\d一二两三四五六七八九十百半]")
_HOUR: Final = re.compile(
    r"(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚|夜里)?(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})"
    r"(?:[:：](?P<minute>\d{2})|[点时](?P<rest>半|一刻|三刻|\d{1,2}分?)?)"
)
_COUNT: Final = re.compile(rf"(?P<number>{_NUMBER})\s*(?:条|个|件|家|位|次|字|页|人)?")
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*%|百分之(\d+)")
_INTO: Final = re.compile(
    r"改成|改为|改到|调成|调到|调整为|调整到|设为|设成|设置为|设置成|延长到|缩短到|放宽到|收紧到|提前到|推迟到|变成|变为|换成|改"
)
_ADDS: Final = re.compile(
    r"(?P<what>.*?)(?:里|中)?(?:再)?(?P<deed>加上|加一[条个项]|新增|增加|添加|加|去掉|删掉|删除|取消)(?:一[条个项])?[：:\s「“\"]*(?P<names>[^」”\"]+)"
)
_YES, _NO = (
    re.compile(r"打开|开启|启用|要|显示|允许|告诉"),
    re.compile(r"关闭|关掉|停用|不要|不显示|不允许|别告诉|不告诉|不再"),
)
_WORDS: Final = re.compile(r"[一-龥A-Za-z0-9]")
_COMMON: Final = frozenset({"每天", "每人", "最多", "多久", "久之", "之内", "时间", "多少", "几条"})
_FILLING: Final = frozenset("的了把将给请我们要都下吧")

_RESTS, _WORKS = re.compile(r"放假|休息|休假|不上班|停工|放\d"), re.compile(r"(?<!不)上班|补班|调休")
_MADE_UP = re.compile(r"(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[号日](?:要|正常|照常|调休|补)?(?:上班|补班)")

_CALLED: Final[tuple[tuple[str, str], ...]] = (
    (r"早上的?计划|每日计划|每天的?计划|当天计划|今日计划|早报|晨报", "day.plan_at"),
    (r"日报", "day.digest_at"),
    (r"(?:每天|一天|每日).{0,6}领|领取?(?:上限|次数|额度)", "claims_per_day"),
    (r"冷却", "cooldown"),
    (r"上限|库容|名额|每人最多", "capacity.most"),
    (r"申诉", "appeals.within"),
    (r"延期", "extensions.each"),
    (r"延期", "extensions.times"),
    (r"默认.{0,6}(?:时间|钟点|时刻|几点)", "day.default_hour"),
    (r"撤销", "chat.undo_within"),
    (r"提前.{0,4}提醒|提醒.{0,4}提前|提前量", "followups.reminder_lead"),
    (r"有效跟进.{0,6}字|至少.{0,4}字", "followups.min_characters"),
)

_NEAR: Final = 4
"""How many times longer or shorter a new length may be for a rule to be meant without its name."""
_SHOWN: Final = 6
_ENOUGH: Final = 2
"""Pairs of signs that a sentence and a meaning share at least."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One value that stands in the playbook: where, what it is called, and what it is now."""

    path: Path
    called: str
    kind: Any
    value: Any

    @property
    def key(self) -> str:
        """The path as a button carries it."""
        return ".".join(step[1] if isinstance(step, tuple) else str(step) for step in self.path)


def wished(playbook: Playbook, text: str, which: str = "") -> tuple[Edit, ...]:
    """Return what a sentence wants changed. `which` is the setting that was chosen of several.

    Raises Unclear when several may be meant, BadInput when none is or the value cannot stand there.
    """
    if _BELOW.search(text):
        raise BadInput("这里的值要大于 0，负数没有意义，没有改动任何内容。例如「回收改成48小时」")
    known = list(settings(playbook))
    if (listed := _of_list(known, text, which)) is not None:
        return (listed,)
    target, value = _parted(text)
    fitting = [one for one in known if _value_for(one, value) is not None]
    chosen = [one for one in fitting if one.key == which] if which else _meant(playbook, fitting, target, value)
    if not chosen:
        raise BadInput(_unclear(known, target))
    if len(chosen) > 1:
        choices = tuple((f"{one.called}（现在 {_shown(one.value)}）", one.key) for one in chosen[:_SHOWN])
        raise Unclear("要改的是哪一项？回复数字即可", choices, "which")
    (setting,) = chosen
    edits = [Edit(path=setting.path, value=_value_for(setting, value))]
    if (clock := _clock(value)) and setting.path[-1] == "amount":
        edits.append(Edit(path=(*setting.path[:-1], "clock"), value=clock))
    return tuple(edits)


def settings(playbook: Playbook) -> Iterator[Setting]:
    """Yield every single value of a playbook that may be changed by a word."""
    for key, place in places(Playbook).items():
        name = next(name for name, field in Playbook.model_fields.items() if (field.alias or name) == key)
        yield from _within((key,), section_title(key), place.kind, getattr(playbook, name))


def _within(path: Path, called: str, kind: Any, value: Any) -> Iterator[Setting]:
    if isinstance(value, Part):
        known = places(type(value))
        for name, field in type(value).model_fields.items():
            key = field.alias or name
            if key in known and key not in IDS:
                meaning = known[key].meaning
                yield from _within((*path, key), f"{called} {meaning}", known[key].kind, getattr(value, name))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _within((*path, str(key)), f"{called}「{key}」", None, one)
    elif isinstance(value, tuple) and value and isinstance(value[0], Part):
        for one in value:
            by = next((key for key in IDS if getattr(one, key, None)), "")
            if by:
                name = str(getattr(one, by))
                yield from _within((*path, (by, name)), f"{called}「{name}」", None, one)
    else:
        yield Setting(path=path, called=called, kind=kind, value=value)


def _parted(text: str) -> tuple[str, str]:
    """Part a sentence at 改成: what is meant, and what it shall be."""
    found = list(_INTO.finditer(text))
    if found:
        return text[: found[-1].start()], text[found[-1].end() :]
    return text, text


def _value_for(setting: Setting, said: str) -> Any:
    """Return what the words say as this setting writes it; None when they say nothing of its kind."""
    shape = _shape(setting)
    if shape is timedelta:
        length = length_in(said)
        return write_duration(length) if length else None
    if shape is time:
        hour = hour_in(said)
        return f"{hour:%H:%M}" if hour else None
    if shape is bool:
        return False if _NO.search(said) else True if _YES.search(said) else None
    if shape is int:
        return _count(setting, said)
    if shape is float:
        share = _SHARE.search(said)
        return f"{share[1] or share[2]}%" if share else None
    return None


def _shape(setting: Setting) -> type | None:
    """Return what kind of value it is: that of the present one, or of what may stand there."""
    if setting.value is not None:
        return type(setting.value)
    kind = said_kind(setting.kind) if setting.kind is not None else ""
    return next((shape for word, shape in _SHAPES if kind.startswith(word)), None)


_SHAPES: Final = (("时长", timedelta), ("时刻", time), ("整数", int), ("百分比", float), ("true/false", bool))


def _count(setting: Setting, said: str) -> int | None:
    if setting.path[-1] == "default_hour":
        hour = hour_in(said)
        return hour.hour if hour is not None and not hour.minute else None
    if _LENGTH.search(said) or _HOUR.search(said) or _SHARE.search(said):
        return None
    found = _COUNT.search(said)
    number = read_numeral(found["number"]) if found else None
    return int(number) if number is not None and number == int(number) else None


def length_in(said: str) -> timedelta | None:
    """Read a length of time: 48小时, 两天半, 3个工作日."""
    found = _LENGTH.search(said)
    if found is None:
        return None
    number = 0.5 if found["number"] == "半" else float(read_numeral(found["number"]) or 0)
    number += 0.5 if found["half"] else 0
    days = {"天": 1, "日": 1, "工作日": 1, "自然日": 1, "d": 1, "周": 7, "星期": 7, "个月": 30, "月": 30}
    unit = found["unit"].lower()
    length = timedelta(minutes=number) if unit == "分钟" else timedelta(hours=number * 24 * days.get(unit, 1 / 24))
    return length or None


def hour_in(said: str) -> time | None:
    """Read a time of the day: 8点, 晚上七点半, 18:30."""
    found = _HOUR.search(said)
    return _hour(found) if found else None


def hours_in(said: str) -> tuple[time, ...]:
    """Read every time of the day in a sentence."""
    return tuple(hour for found in _HOUR.finditer(said) if (hour := _hour(found)) is not None)


def said_days(begins: date, ends: date, text: str) -> dict[date, bool]:
    """Return the days of a sentence and whether people work on them: 5月1到5号放假 9号上班, 五一1到5号放假."""
    begins, ends = _in_its_month(begins, ends, text)
    first = _WORKS.search(text)
    is_workday = first is not None and not _RESTS.search(text)
    days = {begins + timedelta(days=number): is_workday for number in range(max((ends - begins).days, 0) + 1)}
    if _RESTS.search(text):
        for found in _MADE_UP.finditer(text):
            month = int(found["month"] or ends.month)
            year = ends.year + (month < ends.month)
            try:
                day = date(year, month, int(found["day"]))
            except ValueError:
                raise BadInput(f"没有「{found[0]}」这一天，请核对后再说一次") from None
            days[day] = True
    return days


def _in_its_month(begins: date, ends: date, text: str) -> tuple[date, date]:
    """Put days whose month nobody said into the month of the festival that was named."""
    month = next((month for name, month in _FESTIVALS if name in text), None)
    if month is None or _MONTH.search(text) is not None:
        return begins, ends
    year = begins.year + (month < begins.month)
    try:
        return begins.replace(year=year, month=month), ends.replace(year=year, month=month)
    except ValueError:
        raise BadInput(f"{month} 月没有这一天，请带上月份再说一次，例如「5月1日到5日放假」") from None


_FESTIVALS = (("元旦", 1), ("五一", 5), ("劳动节", 5), ("国庆", 10), ("十一", 10))
_MONTH = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十])月")


def _hour(found: re.Match[str]) -> time | None:
    hour = int(read_numeral(found["hour"]) or 0)
    rest = found["rest"] or ""
    minute = int(found["minute"] or {"半": 30, "一刻": 15, "三刻": 45}.get(rest, rest.removesuffix("分") or 0))
    if found["part"] in ("下午", "傍晚", "晚上", "晚", "夜里") and hour < 12:  # noqa: PLR2004 - noon
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a day's hours and minutes


def _clock(said: str) -> str:
    if "工作日" in said:
        return "workday"
    if "工作小时" in said or "工作时间" in said:
        return "worktime"
    return "calendar" if "自然" in said else ""


def _meant(playbook: Playbook, fitting: Sequence[Setting], target: str, value: str) -> list[Setting]:
    """Return the settings that a sentence may mean, best first; one where it is clear."""
    if (graded := re.search(r"([A-Da-d])\s*级", target)) is not None:
        found = [one for one in fitting if one.path[:2] == ("first_contact", graded[1].upper())]
        if found:
            return found
    if re.search(r"回收|回公海|首次跟进|首跟|未跟进|没跟进|没人跟|无人跟", target):
        found = [one for one in fitting if one.path[0] == "recycle" and one.path[-1] == "amount"]
        return _rule_meant(playbook, found, target, value)
    for words, key in _CALLED:
        named = [one for one in fitting if f".{one.key}".endswith(f".{key}")]
        if named and re.search(words, target):
            return named
    scores = [(len(_pairs(one.called) & _pairs(target)), one) for one in fitting]
    best = max((score for score, _ in scores), default=0)
    return [one for score, one in scores if score == best] if best >= _ENOUGH else []


def _rule_meant(playbook: Playbook, found: list[Setting], target: str, value: str) -> list[Setting]:
    """Among recycle rules, take the one that is named, whose basis is spoken of, or whose length is near."""
    named = [one for one in found if isinstance(one.path[1], tuple) and one.path[1][1] in target]
    if named:
        return named
    first = {str(rule.id) for rule in playbook.recycle if rule.basis == Basis.ASSIGNED_NO_CONTACT}
    if re.search(r"首次跟进|首跟|领取后|分配后|没人跟|无人跟", target):
        found = [one for one in found if one.key.split(".")[1] in first] or found
    length = length_in(value) or timedelta()
    near = [one for one in found if one.value / _NEAR < length < one.value * _NEAR]
    return near if len(near) == 1 else found


def _of_list(known: Sequence[Setting], text: str, which: str) -> Edit | None:
    """Read 「退回原因加上 价格太高」: a word more or less in a list of words."""
    said = _ADDS.search(text)
    lists = [one for one in known if isinstance(one.value, tuple) and all(isinstance(x, str) for x in one.value)]
    if said is None or not said["what"].strip():
        return None
    what = _pairs(said["what"])
    scores = [(len(_pairs(one.called) & what), one) for one in lists if not which or one.key == which]
    best = max((score for score, _ in scores), default=0)
    chosen = [one for score, one in scores if score == best]
    if best < _ENOUGH and not which:
        return None
    if len(chosen) > 1:
        choices = tuple((one.called, one.key) for one in chosen[:_SHOWN])
        raise Unclear("要改的是哪一项？回复数字即可", choices, "which")
    names = [name.strip() for name in re.split(r"[、,，]", said["names"]) if name.strip()]
    adds = said["deed"][0] in "加新增添"
    kept = [one for one in chosen[0].value if adds or one not in names]
    value = [*kept, *(name for name in names if name not in kept)] if adds else kept
    if value == list(chosen[0].value):
        raise BadInput(f"「{chosen[0].called}」里{'已经有' if adds else '没有'}{'、'.join(names)}，没有要改的")
    return Edit(path=chosen[0].path, value=value)


def _unclear(known: Sequence[Setting], target: str) -> str:
    pairs = _pairs(target)
    near = sorted(known, key=lambda one: -len(_pairs(one.called) & pairs))
    close = [one for one in near[:3] if len(_pairs(one.called) & pairs) >= _ENOUGH]
    if close:
        listed = "；".join(f"{one.called}要写{said_kind(one.kind)}" for one in close)
        return f"没看懂要改成什么。{listed}。例如「回收改成48小时」"
    return (
        "没看懂要改哪一项。可以说「回收改成48小时」「A级首次联系改成1小时」「早上的计划改到8点」；"
        "更多的改动：发送「导出规则」，改好后用「提交规则」发回来"
    )


def _pairs(words: str) -> frozenset[str]:
    signs = [sign for sign in _WORDS.findall(words) if sign not in _FILLING]
    return frozenset(one + two for one, two in pairwise(signs)) - _COMMON


def _shown(value: Any) -> str:
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "没有" if value is None else str(value)
