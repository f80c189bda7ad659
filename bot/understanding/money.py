"""Reads amounts of money and discounts out of a text or a spreadsheet cell. Decimal only, never float."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from bot.understanding.numerals import ARABIC, CHINESE_DIGIT, LARGEST, read_numeral
from bot.understanding.text import fold, normalise

_CHINESE: Final = rf"[{CHINESE_DIGIT}十拾]"
_CHINESE_OR_UNIT: Final = rf"[{CHINESE_DIGIT}十拾百佰千仟万亿]"
_SCALE: Final = r"(?:[百千万亿]{1,2}|[wW](?![A-Za-z])|[kK](?![A-Za-z]))"
_COUNTED: Final = (
    r"\s*(?:号|日|月(?!结|付)|年|点(?!多)|时|分钟|天|周|星期|季度|个|人|位|家|名|户|台|套|件|只|支|箱|盒|吨|辆|批|组|条|份|封|单(?!价)|张|次|趟|笔|"
    r"期|倍|遍|顿|回(?![款来扣收])|通(?=电话|，|,|没)|%|折|成(?!交|本)|小时|公里|公斤|千克|克|米|平|瓦|里|强|分(?!期)|度|字|页|行|步|级|层|楼|年|岁|度电|块屏|用户|粉丝|亩|公顷)"
)
_APIECE: Final = r"一[台个套件只把张条支吨箱年块人位]"
_TAIL: Final = rf"(?:\d{{1,4}}(?!\d|\.\d)(?!{_COUNTED})|{_CHINESE}(?!(?!{_APIECE}){_CHINESE_OR_UNIT})(?!{_COUNTED}))"
_NUMBER: Final = (
    rf"(?:{ARABIC}[多来余]?\s?(?:个(?={_SCALE}))?(?:{_SCALE}[多余]?(?:\d{{1,4}}(?={_SCALE}))?)*(?:(?<=[百千万亿wWkK]){_TAIL})?"
    rf"|{_CHINESE}(?:(?!(?:(?<=[万千百])|(?<=[万千百][一二三四五六七八九])){_APIECE}){_CHINESE_OR_UNIT})*(?:[多来余]{_CHINESE_OR_UNIT}+)*(?:点[{CHINESE_DIGIT}]+[百千万亿]*)?)"
)
_AMOUNT = re.compile(
    rf"(?<![\dA-Za-z.第几])(?P<sign>[¥$€]\s?)?(?P<number>{_NUMBER})"
    r"(?:多(?=元|块|美))?\s?(?P<currency>元人民币|人民币|元整?|圆整?|块钱|块|美元|美金|欧元|港币|港元|日元|(?:RMB|CNY|USD|EUR|HKD)(?![A-Za-z]))?"
    rf"(?P<small>(?<=块)[{CHINESE_DIGIT}\d](?:毛|角)?(?![\d{CHINESE_DIGIT}]|{_COUNTED})"
    rf"|(?<=[元圆])[{CHINESE_DIGIT}\d]角(?:[{CHINESE_DIGIT}\d]分)?)?",
    re.IGNORECASE,
)
_CURRENCIES: Final = {
    "$": "USD", "美元": "USD", "美金": "USD", "USD": "USD", "€": "EUR", "欧元": "EUR", "EUR": "EUR",
    "港币": "HKD", "港元": "HKD", "HKD": "HKD", "日元": "JPY",
}  # fmt: skip
_ABOUT_MONEY = re.compile(
    "[那这一]笔|个[零0]|位[,，]?|应该是?|改回|报价|预算|金额|总价|合同额|成交|单价|首付|尾款|回款|打款|货款|定金|订金|到账|售价|标价|底价|价格|价|实收|应收|欠款?|退款|(?<=[一-龥])退回|退还|退给|转来|转了|转进|汇来|汇了|入账|进账|打进来|谈成|拿下|签下|付了|收了|收到|付款|转账|汇款|来款|打来|签了|改成|目标"
)
_HAS_UNIT = re.compile(r"[百佰千仟万亿wWkK]")
_NOT_MONEY_BEHIND = re.compile(rf"{_COUNTED}|[A-Za-z]|(?:[多来余]|余|几){_COUNTED}|[.:/-]\d")
_SCREEN = re.compile(r"\s*(?:屏|电视|高清|显示|摄像|视频|分辨率|画质)")
_POWER = re.compile(r"\s*(?:电源|功率|灯|快充|充电)")
_PHONE = re.compile(r"1[3-9]\d{9}$")
_RANGE_BEFORE = re.compile(rf"(?<![\dA-Za-z.,])({ARABIC})\s?(?:-|~|到|至)$")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{2})?")
"""A number that is written as accounts are: 3,600.50."""

_SMALLEST_BARE: Final = 10
_KEYWORD_REACH: Final = 6

_CELL = re.compile(
    rf"(?:约|大约|大概|近|人民币|金额)*[:\s]*(?P<minus>[-(])?\s*(?:¥|RMB|CNY)?\s*(?P<number>-?{_NUMBER})\s*"
    r"(?:元人民币|人民币|元整?|圆整?|块钱?|RMB|CNY)?\s*(?:整|左右|上下|\))*",
    re.IGNORECASE,
)
_PLAIN_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,12})?(?:[eE][+-]?\d{1,2})?")

_PERCENT: Final = rf"(?:\d{{1,3}}(?:\.\d+)?|{_CHINESE}{{1,3}}(?:点[{CHINESE_DIGIT}]+)?)"
_FOLD = re.compile(
    rf"打?(?<![\d.第{CHINESE_DIGIT}十百千])(?P<fold>\d{{1,3}}(?:\.\d{{1,2}})?|{_CHINESE}{{1,3}}(?:点[{CHINESE_DIGIT}]{{1,2}})?|对|半)\s?(?:[折扣]|(?<=半)价)"
    r"(?![腾叠旧返射线除款件押分减率点])"
)
_BARE_FOLD = re.compile(
    r"(?:给(?:他们?|她|客户|对方)?|打个?|批个?|特批个?|报个?|按|到|申请个?|走个?)\s?(?P<fold>[七八九][一二三四五六七八九])(?=$|[\s,，。；;！!？?吧就行可能的批报封已都是])"
    r"|(?:(?:打|批|特批|申请|走|给(?:他们?|她|客户|对方)?)个)\s?(?P<digits>[789]\d)(?=$|[\s,，。；;！!？?吧])"
)
"""九五 without its 折, where somebody gives it: 给他九五, 特批个九三, 打个88."""

_BARE_LIMIT = re.compile(
    r"(?:(?:让|给|做|放|打|压|降|卖)到\s?|(?:^|(?<=[\s，,。；;]))(?:最低|最多|顶多|到|就|只能)?\s?)(?P<fold>[七八九][一二三四五六七八九]|[789]\d)"
    r"(?=(?:以上|以内|之内)?(?:可以|不行|封顶|到底|到头|我批|我就批|就批|能批|我签|也行|没问题|免谈|就别|就到)|(?<=到[789]\d)(?:$|[，,。；;！!]))"
)
"""九四可以，九二不行; 让到95就别再往下了."""

_TOO_DEAR = re.compile(
    rf"(?<![\d.第])(?:(?P<digits>\d{{3,}}(?:\.\d+)?)|(?P<words>[{CHINESE_DIGIT}]{{1,2}}百[{CHINESE_DIGIT}十零]*))\s?折(?![腾叠旧返射线])"
)
_YIELD = re.compile(
    rf"(?:让利?|优惠|便宜|下浮|降价?|减价?|再降|再让|再减|砍价?|砍掉|少|折扣(?:是|为|率)?)\s?(?:了|他们?|客户|价|我们?|咱们?)*\s?(?:百分之(?P<percent>{_PERCENT})"
    rf"|(?P<points>{_PERCENT})\s?(?P<half>个半)\s?(?:百分)?点"
    rf"|(?P<points_>{_PERCENT})\s?(?P<unit>个点|(?<!一)点(?=$|[\s,，。；！？行可吧能就的优折])|%|个百分点|成))"
)
_GIVEN = re.compile(
    rf"(?:给|批|放)\s?(?:到|出|他们?|她|客户|对方|你|您)?\s?(?P<percent>)(?P<points>{_PERCENT})\s?(?P<unit>个百分点|个点)(?!位)"
)
_YIELDED_TO = re.compile(rf"让[一-龥A-Za-z]{{2,4}}?(?P<percent>)(?P<points>{_PERCENT})\s?(?P<unit>个百分点|个点)(?!位)")
"""让华为12个点: whom it is given to stands between."""

_OFF = re.compile(
    rf"(?P<off>{_PERCENT})\s?(?:%|个点)\s?(?:的?(?:折扣|优惠|让利|折让|特价|返点)|off(?![A-Za-z]))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AmountSpan:
    """An amount and the words that said it; `yuan` counts units of `currency`, CNY unless another was named."""

    start: int
    end: int
    words: str
    yuan: Decimal
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class DiscountSpan:
    """A discount and the words that said it, as percent off the list price: 九折 is 10."""

    start: int
    end: int
    words: str
    percent: Decimal


def find_amounts(text: str) -> list[AmountSpan]:
    """Find the amounts of money in `text`.

    A number is money when it has a currency, a unit such as 万 or w, or a word about money right before it, and when
    it does not count something else (100台, 3个工作日, 12月3号).
    """
    folded = fold(text)
    found: list[AmountSpan] = []
    for match in _AMOUNT.finditer(folded):
        value = _value(match)
        if value is None or not _is_money(folded, match, value):
            continue
        currency = _CURRENCIES.get((match["currency"] or match["sign"] or "").strip().upper(), "CNY")
        found += _first_of_range(text, folded, match, currency)
        start, end = match.start(), match.start() + len(match[0].rstrip())
        found.append(AmountSpan(start, end, text[start:end], value, currency))
    return found


def read_amount(cell: str | float | Decimal | None) -> Decimal | None:
    """Read the one amount in a spreadsheet cell; None for an empty cell, a range, foreign money, or anything else."""
    if cell is None or isinstance(cell, bool):
        return None
    written = fold(normalise(cell)) if isinstance(cell, str) else str(cell)
    if _PLAIN_NUMBER.fullmatch(written):
        return _decimal(written)
    match = _CELL.fullmatch(written)
    if match is None:
        return None
    value = read_numeral(match["number"].lstrip("-"))
    if value is None:
        return None
    return _plain(-value if match["minus"] or match["number"].startswith("-") else value)


def find_discounts(text: str) -> list[DiscountSpan]:
    """Find the discounts in `text`: 九折, 85折, 九二折, 让5个点, 优惠8%, 对折."""
    folded = fold(text)
    found: list[DiscountSpan] = []
    for pattern, percent_of in (
        (_FOLD, _percent_of_fold),
        (_BARE_FOLD, _percent_of_fold),
        (_BARE_LIMIT, _percent_of_fold),
        (_YIELD, _percent_of_yield),
        (_GIVEN, _percent_of_yield),
        (_YIELDED_TO, _percent_of_yield),
        (_OFF, _percent_of_off),
    ):
        for match in pattern.finditer(folded):
            percent = percent_of(match)
            taken = any(match.start() < span.end and span.start < match.end() for span in found)
            if percent is not None and not taken:
                start = _begin(match) if pattern in (_BARE_FOLD, _BARE_LIMIT, _YIELDED_TO) else match.start()
                found.append(DiscountSpan(start, match.end(), text[start : match.end()], percent))
    return sorted(found, key=lambda span: span.start)


def _begin(match: re.Match[str]) -> int:
    said = match.groupdict()
    return match.start(next(name for name in ("fold", "digits", "points") if said.get(name)))


def impossible_discount(text: str) -> str:
    """Return the words that name a discount that cannot be, such as 一百二十折; empty when there are none."""
    hit = _TOO_DEAR.search(fold(text))
    return text[hit.start() : hit.end()] if hit else ""


def _value(match: re.Match[str]) -> Decimal | None:
    value = read_numeral(match["number"])
    if value is None or not match["small"]:
        return None if value is None else _plain(value)
    digits = [read_numeral(sign) or Decimal(0) for sign in match["small"] if sign not in "毛角分"]
    return _plain(value + sum((digit / 10**place for place, digit in enumerate(digits, 1)), Decimal(0)))


def _is_money(text: str, match: re.Match[str], value: Decimal) -> bool:
    end = match.start() + len(match[0].rstrip())
    if _NOT_MONEY_BEHIND.match(text, end) and not match["currency"]:
        return False
    if match["sign"]:
        return True
    if match["currency"]:
        exact = match["currency"] not in ("元", "块") or match["small"] or match["number"][0].isdigit()
        return bool(exact or value >= _SMALLEST_BARE or _speaks_of_money(text, match.start()))
    if _HAS_UNIT.search(match["number"]):
        return not (_SCREEN.match(text, match.end()) or _POWER.match(text, match.end()))
    if _GROUPED.fullmatch(match["number"]):
        return True
    is_arabic = match["number"][0].isdigit()
    is_sum = is_arabic and value >= _SMALLEST_BARE and not _PHONE.match(match["number"])
    return is_sum and _speaks_of_money(text, match.start())


def _speaks_of_money(text: str, start: int) -> bool:
    return _ABOUT_MONEY.search(text[max(0, start - _KEYWORD_REACH) : start]) is not None


def _first_of_range(text: str, folded: str, match: re.Match[str], currency: str) -> list[AmountSpan]:
    """Give 80 in 80-100万 the unit that stands behind the second number."""
    before = _RANGE_BEFORE.search(folded, max(0, match.start() - 16), match.start())
    unit = re.search(rf"{_SCALE}$", match["number"])
    if before is None or unit is None:
        return []
    value = read_numeral(before[1] + unit[0])
    start, end = before.span(1)
    return [] if value is None else [AmountSpan(start, end, text[start:end], _plain(value), currency)]


def _percent_of_fold(match: re.Match[str]) -> Decimal | None:
    """Read 85折, 8.5折 and 八五折 as 15 off; 对折 and 半折 are 50."""
    words = match["fold"] or match["digits"]
    if words in ("对", "半"):
        return Decimal(50)
    spelled = len(words) == 2 and "十" not in words and not words[0].isdigit()  # noqa: PLR2004
    rate = read_numeral("十".join(words)) if spelled else read_numeral(words)
    if rate is None or not 1 <= rate < 100:  # noqa: PLR2004
        return None
    return _plain(100 - (rate * 10 if rate <= 10 else rate))  # noqa: PLR2004


def _percent_of_yield(match: re.Match[str]) -> Decimal | None:
    said = match.groupdict()
    percent = read_numeral(said["percent"] or said["points"] or said.get("points_") or "")
    if percent is not None and said["unit"] == "成":
        percent *= 10
    if percent is not None and said.get("half"):
        percent += Decimal("0.5")
    return _percent(percent)


def _percent_of_off(match: re.Match[str]) -> Decimal | None:
    return _percent(read_numeral(match["off"]))


def _percent(value: Decimal | None) -> Decimal | None:
    return _plain(value) if value is not None and 0 < value < 100 else None  # noqa: PLR2004


def _decimal(written: str) -> Decimal | None:
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    return _plain(value) if value.is_finite() and abs(value) <= LARGEST else None


def _plain(value: Decimal) -> Decimal:
    """Drop what a Decimal remembers of its spelling: 125000.0 and 1.25E+5 become 125000."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
