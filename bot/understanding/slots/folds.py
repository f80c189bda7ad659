"""The discount that is said: in folds, in points, or in the two digits that those who decide leave of it."""

import re
from decimal import Decimal
from typing import Final

from bot.understanding.numerals import read_numeral
from bot.understanding.sentence import DISCOUNT, Piece
from bot.understanding.slots.basics import meant, number
from bot.understanding.slots.draft import Draft

_LOWER: Final = re.compile(r"低(?:了|我们|咱们?|过)*(?:两|[一二三四五六七八九\d]+)成")
_RIVALS: Final = re.compile(r"(?:对手|友商|竞品|别家|同行|别人|人家|对家)[^，。；,;]{0,6}$")
_WE: Final = re.compile(
    r"(?:再|能|要|求|给|想|让|否|望|得|须|必|少|我们?|咱们?|价格?|说|讲|就|是|果|以|该|应|才|点|下|可|多|都|请|批|申请|帮|帮忙|他们?|她|客户|对方)$"
)
"""Who asks for less, or that it is ours: anybody else in front of 便宜15个点 is cheaper than we are."""
_OF_DISCOUNTS: Final = frozenset({"discount.request", "approval.conditional"})
_SHORT_FOLD: Final = re.compile(
    r"(?:最多|顶多|撑死|最低|底线|只能|给(?:他们?|她)?到?|顶天|到|认|只批)\s?(?P<a>[6-9六七八九])(?P<b>[1-9一二三四五六七八九])(?=[，,。！\s吧]|$)"
    r"|(?<![\d.])(?P<c>[6-9六七八九])(?P<d>[1-9一二三四五六七八九])\s?(?:就|都|已经|算)*(?:顶天|封顶|到顶|到头|见底|为止|打住|是底|是极限|不能再低|没得再低|撑死)"
)
"""九三 for 九三折, in the words of whoever decides."""

OF_OTHERS: Final = re.compile("毛利|利润|提成|增长|预付|首付|定金|质保|尾款|违约|税")
"""What is measured in percent and is no discount, in front of the figure: 质保金百分之五."""

POINTS: Final = re.compile(
    r"(?P<n>\d{1,2}(?:\.\d)?|[一二两三四五六七八九十]{1,3})\s?(?:个点|%|个百分点)|百分之(?P<m>[一二三四五六七八九十\d]{1,3})"
)


def read_discount(draft: Draft) -> None:
    """The discount as percent off the list price."""
    text = draft.sentence.text
    found = [p for p in draft.marked(DISCOUNT) if not _LOWER.search(text[max(0, p.start - 6) : p.end])]
    found = [p for p in found if not _RIVALS.search(text[draft.start : p.start])] or found
    if draft.intent.name == "followup.log":
        found = [p for p in found if not (_is_of_a_rival(draft, p) or _IS_OVER.search(_clause_of(draft, p)))]
    if found:
        piece = meant(draft, found)
        draft.put("discount_percent", number(piece.value.percent), piece)
    elif draft.intent.name == "approval.conditional" and (fold := _SHORT_FOLD.search(text, draft.start, draft.end)):
        tens, ones = (read_numeral(fold[one] or fold[other]) or 0 for one, other in (("a", "c"), ("b", "d")))
        draft.used.append(fold.span("a") if fold["a"] else fold.span())
        draft.put("discount_percent", number(Decimal(100 - 10 * tens - ones)), fold[0])
    elif draft.intent.name in _OF_DISCOUNTS and (points := POINTS.search(text, draft.start, draft.end)):
        value = read_numeral(points["n"] or points["m"])
        of_others = OF_OTHERS.search(text[max(0, points.start() - 8) : points.start()])
        if of_others is None and value is not None and 0 < value < 100:  # noqa: PLR2004
            draft.used.append(points.span())
            draft.put("discount_percent", number(value), points[0])


def _clause_of(draft: Draft, piece: Piece) -> str:
    """What stands in a clause in front of a discount."""
    return re.split(r"[，,。；;\s]", draft.sentence.text[draft.start : piece.start])[-1]


_IS_OVER: Final = re.compile("去年|前年|上次|上回|以前|之前|当时|往年|那会儿|上一单|上一批|原来")
"""A discount of old is no wish: 去年同期是七折拿的货."""

_FOR_THEM: Final = re.compile(
    r"(?:(?:说|嫌|讲|，|\A)(?!我|咱|让|想|要|能|给|希|最|可|必|至|起|领|公)[^，说嫌讲我咱让想要能]{2,5}|家|厂|对手|友商|竞品|同行|别人)(?:都|也|能|肯|愿意|可以|已经|只|才)*(?:给|报|开|放)(?:了|到|出)?(?:他们?|她们?|人家|对方)?(?:的)?(?:是|价格?)?$"
)
"""Somebody else's offer to a customer: 说汇川给他们打七折."""

_THAN_WE: Final = re.compile("(?:比|较)(?:我们?|咱们?|我方|我司|这边)(?:的|家|报价|价格|报的?)*(?:要|还|再|就|又|都)*$")


def _is_of_a_rival(draft: Draft, piece: Piece) -> bool:
    """Say whether somebody else is the cheaper one: 说汇川便宜15个点."""
    clause = _clause_of(draft, piece)
    if _THAN_WE.search(clause):
        return True
    named = re.split("说|嫌|讲", clause)[-1]
    if _FOR_THEM.search(clause):
        return True
    return piece.words.startswith("便宜") and len(named) > 1 and _WE.search(named) is None
