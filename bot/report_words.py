"""What somebody says about reports and peace: 「每天6点给我发团队日报，周末别发」 to a report, a rhythm and a day."""

import re
from dataclasses import dataclass

from core.model.chart import ChartKind
from core.model.subscription import LAST_DAY, Rhythm

COMPANY = re.compile(r"全公司|公司的?|所有人|大家|全员|统一|默认|所有主管|主管们")
"""Words by which an administrator means everybody's setting and not their own."""

_OFF = re.compile(
    r"(?:不用|不要|别|不必|甭|不想|停止|停掉|停了|停发|关掉|关了|关闭|退订|取消|不再|不需要)(?!.{0,2}(?:忘|漏|迟))"
)
_NOT_ON_DAYS_OFF = re.compile(
    r"(?:周末|周六日|周六周日|双休日?|休息日?|节假日|假期|放假)(?:和?(?:节假日|假期|周末))?(?:的时候|期间)?(?:就|都|也)?"
    r"(?:别|不用|不要|不|甭)(?:再)?(?:给我)?(?:发|推|打扰|吵|烦|提醒|通知)?"
)
_WORKDAYS = re.compile(r"工作日|上班(?:的)?(?:日子|时候)|周一到周五|周一至周五")
_WEEKLY = re.compile(
    r"(?:每|每个|每逢)(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-7])?|(?<=^)(?:周|星期)(?P<bare>[一二三四五六日天])"
)
_MONTHLY = re.compile(r"每(?:个)?月(?P<last>底|末|最后一天|最后一个工作日)?(?:的)?(?P<day>\d{1,2})?(?:号|日)?")
_DAILY = re.compile(r"每天|每日|天天")
_WEEKDAYS = "一二三四五六日"

_CALLED: tuple[tuple[str, str], ...] = (
    (r"漏斗|教练|转化", "funnel"),
    (r"月报|小结|月度|月结", "month"),
    (r"计划|早报|晨报|待办|今天干啥|要跟的", "plan"),
    (r"周报|节奏", "week"),
    (r"日报|汇总|战报|简报|报", "digest"),
)


@dataclass(frozen=True)
class Wish:
    """What is wanted of a report; `rhythm` is None where nothing was said about it."""

    report: str
    rhythm: Rhythm | None
    day: int
    off: bool


def read_wish(text: str) -> Wish:
    """Read which report is meant, how often, and whether it shall come at all; what is not named is the digest."""
    report = next((name for pattern, name in _CALLED if re.search(pattern, text)), "digest")
    rest = _NOT_ON_DAYS_OFF.sub("", text)
    spared = rest != text or _WORKDAYS.search(text) is not None
    rhythm, day = _rhythm(text, spared=spared)
    return Wish(report, rhythm, day, _OFF.search(rest) is not None)


def spares_days_off(text: str) -> bool | None:
    """Say whether days off shall be left in peace; None when nothing is said of them."""
    return True if re.search(r"周末|休息日|节假日|双休|放假|假期", text) else None


def _rhythm(text: str, *, spared: bool) -> tuple[Rhythm | None, int]:
    if (weekly := _WEEKLY.search(text)) is not None:
        said = weekly["day"] or weekly["bare"] or "一"
        return Rhythm.WEEKLY, int(said) if said.isdecimal() else _WEEKDAYS.index(said.replace("天", "日")) + 1
    if (monthly := _MONTHLY.search(text)) is not None:
        return Rhythm.MONTHLY, LAST_DAY if monthly["last"] else min(int(monthly["day"] or 1), 31)
    if spared:
        return Rhythm.WORKDAYS, 0
    return (Rhythm.DAILY, 0) if _DAILY.search(text) else (None, 0)


_PICTURES: tuple[tuple[str, ChartKind], ...] = (
    ("折线|曲线|趋势", ChartKind.LINE),
    ("堆叠面积", ChartKind.STACKED_AREA),
    ("面积", ChartKind.AREA),
    ("堆叠|堆积", ChartKind.STACKED),
    ("柱", ChartKind.BAR),
    ("条形|排行", ChartKind.RANKING),
    ("环形|圆环", ChartKind.DONUT),
    ("饼|扇形", ChartKind.PIE),
    ("玫瑰", ChartKind.ROSE),
    ("热力", ChartKind.HEAT),
    ("雷达", ChartKind.RADAR),
    ("漏斗", ChartKind.FUNNEL),
    ("树", ChartKind.TREEMAP),
    ("帕累托", ChartKind.PARETO),
)


def chart_in(text: str) -> ChartKind | None:
    """Return the kind of picture that is asked for: 画成折线, 换成饼图; None where none is."""
    if re.search(r"图|画|折线|饼|柱|曲线|条形", text) is None:
        return None
    return next((kind for words, kind in _PICTURES if re.search(words, text)), None)
