"""Payment plans as people say them: 首款30%，发货前30%，验收后30天40%; 预付三成，余款验收后付; 分3期; 3331."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from bot.understanding.money import find_amounts
from bot.understanding.numerals import DIGITS, read_numeral
from core.errors import BadInput
from core.model.contract import Milestone, Term
from core.model.money import Money

Dates = Callable[[str], date | None]
"""Finds the day that some words name."""

_CUT: Final = re.compile(r"[，,、；;。\n]+|\s+(?=[^\d\s%天个月])")
_NAMES: Final = (
    "首付款|首款|首付|首期款?|预付款?|定金|订金|签约款|进度款|发货款|提货款|到货款|验收款|中期款?|尾款|余款|剩余|质保金|保证金|全款"
    r"|第[一二三四五六七八九十\d]{1,2}[期笔](?:款)?"
)
_NAME: Final = re.compile(_NAMES)
_PERCENT: Final = re.compile(
    r"(?P<percent>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|个点|％)|百分之(?P<said>[一二三四五六七八九十百]{1,4})"
)
_TENTHS: Final = re.compile(r"(?P<tenths>[一二两三四五六七八九半])\s?成(?P<half>半)?|一半(?P<whole>)")
_REST: Final = re.compile(r"余款|尾款|剩余|剩下|其余|余下|全款")
_DAYS: Final = re.compile(
    r"(?:后|之后|以后|起)?\s?(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?(?:个)?(?P<unit>天|日|月|工作日|年)(?:内|之内|以内|后)?"
)
_WHEN: Final = (
    (Milestone.ACCEPTANCE, re.compile(r"验收|安装|调试|质保|保修|上线|完工|竣工|尾款|余款")),
    (Milestone.DELIVERY, re.compile(r"发货|到货|交货|提货|送货|交付|收货")),
    (Milestone.INVOICE, re.compile(r"开票|发票|见票|票到")),
    (Milestone.SIGNING, re.compile(r"签约|签订|签字|签署|合同|首|预付|定金|订金")),
)
_RATIO: Final = re.compile(r"(?<![\d.])(?P<ratio>[1-9]{2,5})(?![\d.%天万元个日号月年])")
_SPOKEN_RATIO: Final = re.compile(
    r"(?P<ratio>[一二三四五六七八九]{2,4}|(?<!\d)[1-9]{2,4})(?:的)?(?:付款?|开|分|走|收款?|比例|分期|账期)"
    r"|(?:付款|收款|回款|支付)(?:方式|条件|比例)?(?:是|按|为|走|：|:|\s)*(?P<behind>[一二三四五六七八九]{2,4}|[1-9]{2,4})(?![\d.%天万千百十元个日号月年])"
)
_PARTS: Final = re.compile(r"分\s?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?[期次笔](?:付清|付|支付)?")
_HUNDREDTHS: Final = 100
_TEN: Final = 10
_MOST: Final = 24
_USUAL = {
    2: ((Milestone.SIGNING, "首款"), (Milestone.ACCEPTANCE, "尾款")),
    3: ((Milestone.SIGNING, "首款"), (Milestone.DELIVERY, "发货款"), (Milestone.ACCEPTANCE, "尾款")),
    4: (
        (Milestone.SIGNING, "首款"),
        (Milestone.DELIVERY, "发货款"),
        (Milestone.ACCEPTANCE, "验收款"),
        (Milestone.ACCEPTANCE, "质保金"),
    ),
}
"""What the parts of 3331 are, by how many there are; the fourth is paid a year after the acceptance."""

_WARRANTY: Final = 365


def read_plan(text: str, day_in: Dates) -> tuple[Term, ...]:
    """Read the parts of a payment plan in their order; empty where nothing of one is said.

    Raise BadInput for a plan that names a part without saying how much it is.
    """
    if spoken := spoken_ratio(text):
        return _by_ratio(spoken)
    ratio = _RATIO.search(text)
    if ratio is not None and _makes_a_whole(ratio["ratio"]):
        return _by_ratio(ratio["ratio"])
    parts = _PARTS.search(text)
    if parts is not None and not _PERCENT.search(text):
        return _in_equal_parts(int(read_numeral(parts["count"]) or 0))
    terms: list[Term] = []
    for piece in filter(None, (one.strip() for one in _CUT.split(text))):
        found = _term(piece, len(terms) + 1, day_in)
        if found is not None:
            terms.append(found)
    figured = sum(one.share is not None or one.amount is not None for one in terms)
    if not figured:
        return ()
    if figured == 1 and len(terms) == 1 and terms[0].share not in (None, _HUNDREDTHS * 100):
        terms.append(Term(name="尾款", milestone=Milestone.ACCEPTANCE))
    if len(terms) > _MOST:
        raise BadInput(f"付款计划最多 {_MOST} 期，请合并几期再发一次")
    return tuple(terms)


def spoken_ratio(text: str) -> str:
    """Return the tenths of a plan that is only called by them, as digits: 三七付 is 37, 三六一付款 is 361."""
    for hit in _SPOKEN_RATIO.finditer(text):
        words = hit["ratio"] or hit["behind"]
        tenths = "".join(str(DIGITS.get(sign, sign)) for sign in words)
        if _makes_a_whole(tenths):
            return tenths
    return ""


def _makes_a_whole(ratio: str) -> bool:
    return len(ratio) in _USUAL and sum(map(int, ratio)) == _TEN


def _term(piece: str, place: int, day_in: Dates) -> Term | None:
    """Read one part; None for words that say nothing of one."""
    named = _NAME.search(piece)
    share = _share(piece)
    amounts = [] if share is not None else [one for one in find_amounts(piece) if one.currency == "CNY"]
    amount = Money.yuan(amounts[-1].yuan) if amounts and (named or _WHEN_WORDS.search(piece)) else None
    if share is None and amount is None and _REST.search(piece) is None:
        return None
    if share is None and amount is None and named is None:
        return None
    due_on = day_in(piece)
    milestone = Milestone.DATE if due_on is not None else _milestone(piece)
    name = named[0] if named is not None else _UNNAMED.get(milestone, f"第{place}期")
    days = 0 if due_on is not None else _days(piece, name)
    return Term(name=name, share=share, amount=amount, milestone=milestone, days=days, due_on=due_on)


_UNNAMED = {Milestone.DELIVERY: "发货款", Milestone.ACCEPTANCE: "验收款", Milestone.INVOICE: "开票款"}
_WHEN_WORDS: Final = re.compile(r"验收|发货|到货|交货|签约|签订|开票|付")


def _share(piece: str) -> int | None:
    """Return a share in hundredths of a percent."""
    percent = _PERCENT.search(piece)
    if percent is not None:
        said = Decimal(percent["percent"]) if percent["percent"] else read_numeral(percent["said"])
        return int(said * _HUNDREDTHS) if said is not None and said <= _HUNDREDTHS else None
    tenths = _TENTHS.search(piece)
    if tenths is None:
        return None
    if tenths["tenths"] in (None, "半"):
        return 50 * _HUNDREDTHS
    said = read_numeral(tenths["tenths"])
    return int(said * _TEN * _HUNDREDTHS) + (500 if tenths["half"] else 0) if said is not None else None


def _milestone(piece: str) -> Milestone:
    return next((milestone for milestone, words in _WHEN if words.search(piece)), Milestone.SIGNING)


def _days(piece: str, name: str) -> int:
    found = _DAYS.search(piece)
    if found is None:
        return _WARRANTY if name in ("质保金", "保证金") else 0
    count = int(read_numeral(found["count"]) or 0)
    return count * {"月": 30, "年": _WARRANTY}.get(found["unit"], 1)


def _by_ratio(ratio: str) -> tuple[Term, ...]:
    usual = _USUAL[len(ratio)]
    return tuple(
        Term(
            name=name,
            share=int(tenths) * _TEN * _HUNDREDTHS,
            milestone=milestone,
            days=_WARRANTY if name == "质保金" else 0,
        )
        for tenths, (milestone, name) in zip(ratio, usual, strict=True)
    )


def _in_equal_parts(count: int) -> tuple[Term, ...]:
    if not 1 < count <= _MOST:
        raise BadInput(f"分几期要在 2 到 {_MOST} 之间，请核对后再发一次")
    share = _HUNDREDTHS * _HUNDREDTHS // count
    return tuple(
        Term(name=f"第{n}期", share=share if n < count else None, days=30 * (n - 1)) for n in range(1, count + 1)
    )
