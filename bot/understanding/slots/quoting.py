"""Slots of a quote: which product, how many, at what price apiece, with which discount."""

import re
from decimal import Decimal
from typing import Final

from bot.understanding.numerals import ARABIC, CHINESE_DIGIT, read_numeral
from bot.understanding.sentence import AMOUNT, PRODUCT, QUANTITY, Piece
from bot.understanding.slots.basics import left_words, number, plain
from bot.understanding.slots.draft import Draft, mentioned
from bot.understanding.slots.folds import read_discount

_PIECE: Final = r"(?:个?(?:账号|用户|席位|点位|节点|端口|授权|许可|人头|工位)|[台套件个只吨箱把张条支米根块片瓶桶包袋卷座辆部年批]|平米|平方米?|公斤)"
UNIT_PRICE: Final = re.compile(
    rf"(?:单价|每{_PIECE}|一{_PIECE}|@|按(?=[^，,。；]{{1,8}}报))(?:每年|一年|/年|每月|一个月|/月|是|为|：|:|卖|报|价|按|算|就)*\s?"
)
APIECE: Final = re.compile(rf"\s?(?:[一每/]{_PIECE}|单价)")
_BARE_APIECE: Final = re.compile(
    rf"(?<![\d.])(?P<n>{ARABIC}|[{CHINESE_DIGIT}十百千]{{2,}})\s?(?:元|块)?[一每/]{_PIECE}"
)
_A_PRICE: Final = re.compile(rf"\s?(?:是|为|按|卖|算|就)?\s?[¥￥]?(?:{ARABIC}|[{CHINESE_DIGIT}十百千万])")
_IN_ALL: Final = re.compile(
    r"(?:总价|总共|一共|合计|总计|共计|总额|打包价?|一口价|整单|包干价?|拢共|拢总|满打满算|做到|全部|加起来|预算|控制在|金额)(?:是|为|：|:|大概|大约|约|差不多)?\s?$"
)
BARE_PRICE: Final = re.compile(
    r"[\s，,]*[¥￥]?\s?(?P<n>\d{2,7}(?:\.\d{1,2})?)(?=[\s，,。；;]|$|打|让|的)(?!\s?[台个套件万wWkK折%])"
)
_AROUND: Final = re.compile(
    r"^(?:然后|顺便|另外|再|呢|嗯|就是|那个|这个|给|为|把|要|买|的|一份|一?个|报价单?|按|打|总价|总共|一共)+|(?:打|的|按|要|报价|给|吧|共|呢|啊)+$"
)
_NO_PRODUCT: Final = re.compile(r"[\d.]+|打|给|按|折|出|(?:做|出|开|来)(?:一?[份个张])?")
TIMES: Final = re.compile(r"(?<=[一-龥A-Za-z\s])[×xX*]\s?(\d{1,6})(?![\d.万千百wW元])")


def read_quoted(draft: Draft) -> None:
    """Product, how many, at what price, and with which discount."""
    _prices(draft)
    read_discount(draft)
    _other_figures(draft)
    text = draft.sentence.text
    found = [p for p in draft.marked(QUANTITY) if not is_apiece(draft, p)]
    if found:
        draft.put("quantity", number(found[0].value.value), found[0])
        if "unit_price" not in draft.slots:
            _bare_price(draft, found[0])
    elif times := TIMES.search(text, draft.start, draft.end):
        draft.put("quantity", int(times[1]), times[0])
        draft.used.append(times.span())
    _product(draft)


def is_apiece(draft: Draft, piece: Piece) -> bool:
    """Say whether 一台 counts nothing, but says of what the price behind it is: 一台一万一."""
    one = piece.value.value == 1 and not piece.words.startswith("1")
    return one and _A_PRICE.match(draft.sentence.text, piece.end) is not None


def _prices(draft: Draft) -> None:
    """The price apiece where a word says so, and the total where one does."""
    text = draft.sentence.text
    price = UNIT_PRICE.search(text, draft.start, draft.end)
    for piece in draft.marked(AMOUNT):
        beside_price = price is not None and price.end() <= piece.start <= price.end() + 2
        if beside_price or APIECE.match(text, piece.end):
            draft.put("unit_price", plain(piece.value.yuan), piece)
        elif _IN_ALL.search(text[draft.start : piece.start]):
            draft.put("amount", plain(piece.value.yuan), piece)
    if "unit_price" not in draft.slots and (apiece := _BARE_APIECE.search(text, draft.start, draft.end)):
        draft.put("unit_price", plain(read_numeral(apiece["n"]) or Decimal(0)), apiece[0])
        draft.used.append(apiece.span())
    if price is None:
        return
    draft.used.append(price.span())
    bare = re.match(rf"{ARABIC}|[{CHINESE_DIGIT}十百千万]+", text[price.end() : draft.end])
    value = read_numeral(bare[0]) if bare and "unit_price" not in draft.slots else None
    if bare is not None and value:
        draft.put("unit_price", plain(value), text[price.start() : price.end() + bare.end()])
        draft.used.append((price.start(), price.end() + bare.end()))


def _product(draft: Draft) -> None:
    """A product on record, or else the first words that are left."""
    for piece in draft.marked(PRODUCT):
        mentioned(draft, "product", piece)
    if "product" in draft.slots:
        return
    for start, end in draft.left():
        words = _AROUND.sub("", draft.said(start, end))
        if words and not _NO_PRODUCT.fullmatch(words):
            draft.put("product", words, words)
            return


def _bare_price(draft: Draft, counted: Piece) -> None:
    """A number that stands alone behind so many things is what one of them costs: 伺服60台 8200."""
    hit = BARE_PRICE.match(draft.sentence.text, counted.end, draft.end)
    taken = hit is not None and any(p.start < hit.end() and hit.start("n") < p.end for p in draft.sentence.pieces)
    value = read_numeral(hit["n"]) if hit is not None and not taken else None
    if hit is not None and value:
        draft.put("unit_price", plain(value), hit["n"])
        draft.used.append(hit.span())


def _other_figures(draft: Draft) -> None:
    """What is said of the money beside a price and a total: with things counted it is what one of them costs."""
    text = draft.sentence.text
    counted = bool(draft.marked(QUANTITY)) or TIMES.search(text, draft.start, draft.end) is not None
    for piece in draft.marked(AMOUNT):
        if (piece.start, piece.end) not in draft.used:
            slot = "unit_price" if counted and "unit_price" not in draft.slots else "amount"
            draft.put(slot, plain(piece.value.yuan), piece)


_STOCK_WORDS: Final = re.compile(
    r"(?:还|都|现在|目前|大概)*(?:剩下?|有)?(?:多少|几)[台套个件只箱]?$|(?:还|都|现在|目前|大概)?(?:有没有?|有|没有?|要等|等|要|得|够不够|够|现货|库存|，)*(?:多久|货)?$"
)


def read_product(draft: Draft) -> None:
    """What is asked for: a product on record, or else the words that are left."""
    for piece in draft.marked(PRODUCT):
        mentioned(draft, "product", piece)
    if "product" in draft.slots or "product" in draft.choices:
        return
    words = _STOCK_WORDS.sub("", left_words(draft))
    if words and len(words) <= 20 and not re.search(r"什么|啥|多少|能|这单|那单|交货|发货|下单|吗|几", words):  # noqa: PLR2004 - a product has a short name
        draft.put("product", words, words)
