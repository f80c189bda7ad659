"""Slots of what is asked of figures: what is counted, by what it is cut, and of which part."""

import re
from typing import Final

from bot.aims import departments_by_name
from bot.understanding.slots.basics import read_campaign, read_industry, read_member, read_region, trimmed
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.moments import read_past_period, read_period
from bot.understanding.slots.narrowing import read_place_or_team, read_product_said
from core.rules.metrics.declared import MEASURES, find_dimension
from core.services.reports.pivot import dimensions_of

_AND: Final = re.compile(r"[、,，/×x*+]|和|与|跟|及|再按|还有")
_CUT_BY: Final = re.compile(
    r"(?:按|各个?|每[个位]?|分|不同)(?P<by>(?:大?区域?|地区|省份|城市|产品|来源|渠道|行业|等级|部门|团队|小组|组|阶段|销售员?|业务员|人|月份?|季度|周|天|年)"
    r"(?:[和、与跟]?(?:再)?(?:按|各|每个?)?(?:大?区域?|地区|产品|来源|渠道|行业|等级|部门|团队|人|月份?|季度|周))*)"
)
"""By what figures are cut, where no cue has caught it: 各大区一季度签约额, 每个人的回款按月拆开."""

CATEGORY: Final = ("不计入", "进行中", "承诺", "力争")


def read_signed(draft: Draft) -> None:
    """Whom days have brought or cost, where no figure is named: 上个季度新签的客户, 上个月丢的单子."""
    group = draft.group("signed")
    if group is None:
        return
    lost = re.search("丢|输|黄|流失", draft.said(*group)) is not None
    draft.put("by", ["客户"], draft.said(*group))
    draft.put("measures", ["输单金额" if lost else "赢单金额"], draft.said(*group))


_EACH: Final = re.compile(r"(?:每|各)个?(?P<by>月|周|季度|天|地区|区域|部门|团队|产品|人|销售|来源|行业)")


def read_pivot(draft: Draft) -> None:
    """Measures by their labels and aliases wherever they stand, dimensions from the words behind 按."""
    group = draft.group("by")
    each = _EACH.search(draft.text) if group is None else None
    cut = "、".join(hit["by"] for hit in _CUT_BY.finditer(draft.text)) if group is None else ""
    said = draft.said(*group) if group is not None else cut or (each["by"] if each is not None else "")
    words = [one for part in _AND.split(said) if (one := trimmed(part))]
    known = [found.label for word in words if (found := find_dimension(word, dimensions_of(draft.ctx.uow))) is not None]
    rest = draft.text.replace(said, " ", 1) if said else draft.text
    measures = _measures(rest)
    if not measures and group is not None and len(known) < len(words):
        measures = _measures(said)
    draft.put("by", known or words, said)
    draft.put("measures", measures, "、".join(measures))
    for read in (read_region, read_industry, read_member):
        read(draft)
    if "来源" not in known and "渠道" not in said:
        read_campaign(draft)


def _measures(text: str) -> list[str]:
    """Return the measures that words name, the longest names first, in the order in which they stand."""
    found: list[tuple[int, str]] = []
    names = sorted(
        ((word, one.label) for one in MEASURES for word in (one.label, *one.aliases)), key=lambda p: -len(p[0])
    )
    for word, label in names:
        place = text.find(word)
        if place >= 0:
            found.append((place, label))
            text = text.replace(word, " " * len(word), 1)
    return list(dict.fromkeys(label for _, label in sorted(found)))


_WON: Final = ("赢单金额", "赢单数", "新增线索")
"""What a ranking shows by itself, and what is only spoken of beside it."""


def read_ranked_by(draft: Draft) -> None:
    """By which figure people are ranked, where it is not what they won: 谁这个月拜访最多."""
    found = [one for one in _measures(draft.text) if one not in _WON]
    draft.put("measures", found[:1], "、".join(found[:1]))


def read_refinement(draft: Draft) -> None:
    """What of the report on the screen shall be otherwise: by what, of whom, of when, which figure; `text` says the rest."""
    group = draft.group("by")
    words = _BROKEN_DOWN.search(draft.text) if group is None else None
    said = draft.said(*group) if group is not None else words["by"] if words is not None else ""
    draft.put("by", [one for part in _AND.split(said) if (one := trimmed(part))], said)
    read_past_period(draft)
    read_place_or_team(draft)
    for read in (read_industry, read_member, read_product_said):
        read(draft)
    if not said:
        read_campaign(draft)
        draft.put("measures", _measures(_LEADING.sub("", draft.text)), draft.text)
    draft.put("text", draft.said(draft.start, draft.end), "")


_BROKEN_DOWN: Final = re.compile(
    r"(?:按|拆到|拆成|分成|细分到)(?:照|着)?(?P<by>[^，。；按]{1,12}?)(?:来)?(?:拆|细分|展开|分|看|统计|汇总|列|排|算|呢|$)"
)
_LEADING: Final = re.compile(r"^(?:那么?|换成|换|改成|改看|再|只看|看看?)+")


def read_forecast(draft: Draft) -> None:
    """Of which days a forecast is asked, of whom or what, and by what it shall be cut."""
    _read_days(draft)
    group = draft.group("by")
    said = draft.said(*group) if group is not None else ""
    draft.put("by", [one for part in _AND.split(said) if (one := trimmed(part))], said)
    read_place_or_team(draft)
    read_member(draft)
    read_product_said(draft)


def read_gap(draft: Draft) -> None:
    """Of which days a target is asked about, and whose it is: a colleague's, a department's."""
    _read_days(draft)
    read_member(draft)
    names = sorted(departments_by_name(draft.ctx.uow), key=len, reverse=True)
    said = next((one for one in names if one in draft.text), "")
    draft.put("department", said, said)


def _read_days(draft: Draft) -> None:
    read_period(draft)
    if "全年" in draft.text and "from" not in draft.slots:
        year = draft.sentence.now.year
        draft.put("from", f"{year}-01-01", "全年")
        draft.put("to", f"{year}-12-31", "全年")


def read_report_name(draft: Draft) -> None:
    """What a saved report is called, and what it shall be called or with whom it is shared."""
    for slot in ("name", "to", "whom", "what"):
        group = draft.group(slot)
        if group is not None:
            words = draft.said(*group)
            draft.put(slot, words, words)


_SURE_OF_IT, _HOPED_FOR, _LEFT_OUT = "承诺", "力争", "不计入"
_HOPES: Final = re.compile("八九不离十|把握|有戏|希望")
"""As what a deal counts of which somebody is sure: 这月肯定能签."""


def read_category(draft: Draft) -> None:
    """As how sure a deal is to count."""
    said = next((one for one in CATEGORY if one in draft.text), "")
    if not said and draft.group("leaves") is not None:
        said = _LEFT_OUT
    if not said and draft.group("doubt") is not None:
        said = _HOPED_FOR if _HOPES.search(draft.text) else _SURE_OF_IT
    draft.put("what", said, said)


def read_called_reason(draft: Draft) -> None:
    """Why a leader expects something else: the words behind the amount."""
    last = max((end for _, end in draft.used), default=draft.end)
    words = trimmed(draft.said(last, draft.end)) if last < draft.end else ""
    draft.put("reason", words, words)
