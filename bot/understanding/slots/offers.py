"""Slots of offers and products: which quote, which lines, what is to change, what a product costs."""

import re
from decimal import Decimal
from typing import Any, Final

from bot.understanding.numerals import ARABIC, CHINESE_DIGIT, read_numeral
from bot.understanding.quantities import QuantitySpan
from bot.understanding.sentence import AMOUNT, CUSTOMER, DISCOUNT, PRODUCT, QUANTITY, QUOTE, TIME, Piece
from bot.understanding.slots.basics import number, plain
from bot.understanding.slots.draft import SEPARATORS, Draft, mentioned
from bot.understanding.slots.moments import moment_of, times_in
from bot.understanding.slots.quoting import APIECE, BARE_PRICE, TIMES, UNIT_PRICE, is_apiece, read_quoted
from core.errors import BadInput

_BREAKS: Final = re.compile(r"[，,；;、\n]|(?:以及|还有|加上|外加|再加|另外|和|及)(?=[^，,；;、\n]{2,})")
_LEAD: Final = re.compile(
    r"^(?:给|为|把|将|要|买|的|一份|一?个|报价单?|按|打|总价|总共|一共|里|中|再|加上?|增加|补上?|去掉|删掉|删除|拿掉|不要|改成?|改为|改到|产品|新|成|换成|换|折扣|整单|重新|重报|报)+"
    r"|(?:打|的|按|要|报价|给|吧|共|数量|单价|价格|去掉|删掉|删了|删除|拿掉|砍掉|不要了?|取消|改成|改为|改到|调到|减到|加到|变成|这行|那行|一行|了|都|是|为|换成|换|重新报?|重新出|重新)+$"
)
_HEAD: Final = re.compile(r"报价(?:单)?(?:里|中|上|的|，|：|:|,)*")
_NO_PRODUCT: Final = re.compile(
    r"[\d.]+|打|给|报|按|折|出|(?:做|出|开|来)(?:一?[份个张])?|折扣|整单|全部|总价|总额|合计|有效期|发|版本?|新版"
)
_STRANGE: Final = (
    (re.compile(r"\d+\.\d+\.\d+"), "不是一个数"),
    (re.compile(r"(?:单价|价格|总价|成本|数量)[是为：:改成到\s]*[-－−]\s?\d[\d.]*"), "不能是负数"),
    (re.compile(r"(?:单价|总价|成本)[是为：:改成到\s]*(?:nan|inf|null|none)", re.IGNORECASE), "不是一个数"),
    (re.compile(r"(?<![\d.])0+(?:\.0+)?\s?[台套件只箱个吨批组张米部]"), "数量要大于 0"),
)
"""What looks like a figure and is none: it is said, and never taken for nothing."""

_ABOVE: Final = re.compile(
    r"(?:(?:让利?|优惠|便宜|下浮|降价?|折扣)\D{0,2}(?P<percent>\d{3,})(?:\.\d+)?\s?(?:%|个点|个百分点)|打?\s?(?P<fold>\d{3,})(?:\.\d+)?\s?折)"
)


def refuse_strange_figures(draft: Draft) -> None:
    """Refuse figures that cannot be: 1.2.3, a price below nothing, none of a thing, more than everything off."""
    for pattern, why in _STRANGE:
        if hit := pattern.search(draft.text):
            raise BadInput(
                f"「{hit[0].strip()}」{why}，没有记录任何内容。请改好再发一次，例如「A型服务器10台 单价1.2万」"
            )
    if hit := _ABOVE.search(draft.text):
        if hit["fold"] == "100" or hit["percent"] == "100":
            return
        raise BadInput(
            f"「{hit[0].strip()}」不是合理的折扣，没有记录任何内容。85折 就是让 15%，折扣最多让 100%，请改好再发一次"
        )


def read_quote(draft: Draft) -> None:
    """Which quote, by its number."""
    for piece in draft.marked(QUOTE):
        one = piece.value.candidates[0]
        draft.put("quote", one.name, piece, one.ref)


def read_offer(draft: Draft) -> None:
    """What is wanted at which price: one product, or several lines; figures that cannot be are refused."""
    refuse_strange_figures(draft)
    read_quoted(draft)
    found = [p for p in draft.marked(QUANTITY) if not is_apiece(draft, p)]
    if found:
        draft.put("unit", found[0].value.unit, "")
        found = sorted([*found, *_single_lines(draft, found)], key=lambda piece: piece.start)
    if unread := _unread(draft):
        draft.put("unread", unread, "")
    if len(found) > 1:
        _several(draft, found)
    elif "unit_price" not in draft.slots and not _is_priced(draft):
        draft.ask("unit_price")


def read_change(draft: Draft) -> None:
    """What becomes of a quote: lines added, taken out or changed, the discount, the total, the last day."""
    refuse_strange_figures(draft)
    text = draft.text
    for piece, span in times_in(draft):
        if "有效" in text and span.to >= draft.sentence.now.date():
            draft.put("due_at", moment_of(draft, span, last=True).isoformat(), piece)
    how = _way(text)
    if how:
        draft.put("how", how, "")
    amounts, discounts = draft.marked(AMOUNT), draft.marked(DISCOUNT)
    line = _line_of(draft, draft.start, draft.end)
    whole = how in ("off", "total") or not ({"quantity", "unit_price", "product"} & line.keys())
    if discounts and "product" not in line:
        draft.put("discount_percent", number(discounts[-1].value.percent), discounts[-1])
        line.pop("discount_percent", None)
    if amounts and whole and "unit_price" not in line:
        draft.put("amount", plain(amounts[-1].value.yuan), amounts[-1])
    if how == "add" and len(draft.marked(QUANTITY)) > 1:
        _several(draft, draft.marked(QUANTITY))
    elif {"quantity", "unit_price", "discount_percent"} & line.keys() or (how in ("add", "remove") and line):
        draft.put("lines", [line], "")


def read_product_line(draft: Draft) -> None:
    """A product of the catalogue, and the figures that are said of it."""
    refuse_strange_figures(draft)
    text = draft.sentence.text
    for piece in draft.marked(AMOUNT):
        before = text[max(draft.start, piece.start - 8) : piece.start]
        draft.put("cost" if "成本" in before else "unit_price", plain(piece.value.yuan), piece)
    for bare in re.finditer(rf"(?P<label>单价|价格|成本)[是为：:改成到调\s]*(?P<figure>{ARABIC}[万千wW]?)", draft.text):
        if (value := read_numeral(bare["figure"])) is not None:
            draft.put("cost" if bare["label"] == "成本" else "unit_price", plain(value), bare[0])
            draft.used.append((draft.start + bare.start(), draft.start + bare.end()))
    if hit := re.search(r"单位(?:是|为|：|:)?\s?([一-龥]{1,2})", draft.text):
        draft.put("unit", hit[1], hit[0])
        draft.used.append((draft.start + hit.start(), draft.start + hit.end()))
    if re.search(r"停售|下架|不卖了|停产", draft.text):
        draft.put("what", "stop", "")
    read_named_product(draft)


def read_named_product(draft: Draft) -> None:
    """The product that is named: one on record, or the words that the cue leaves."""
    for piece in draft.marked(PRODUCT):
        mentioned(draft, "product", piece)
        return
    group = draft.group("product")
    said = [draft.said(*group)] if group is not None else [draft.said(start, end) for start, end in draft.left()]
    for words in said:
        named = _named(re.sub(r"(?:停售|下架|不卖了|停产|成本|单价|单位)+$|^(?:产品|价格|查|看|下)+", "", words))
        if named:
            draft.put("product", named, named)
            return


def read_words(draft: Draft) -> None:
    """The words by which a list is narrowed down."""
    group = draft.group("words")
    if group is not None:
        words = draft.said(*group)
        draft.put("words", words, words)


def _unread(draft: Draft) -> str:
    """Return parts of the message in which a figure stands that nobody has read: they must not be lost unseen."""
    text = draft.sentence.text
    begin = draft.sentence.span(draft.call.start, draft.call.end)[1] if draft.call is not None else draft.start
    left, place = [], max(begin, draft.start)
    for hit in [*_BREAKS.finditer(text, place, draft.end), None]:
        until = hit.start() if hit is not None else draft.end
        pieces = [one for one in draft.sentence.pieces if place <= one.start and one.end <= until]
        words = text[place:until].strip(SEPARATORS)
        if any(start < until and place < end for start, end in draft.used):
            words = ""  # some slot has read it
        figures = any(one.mark in (QUANTITY, AMOUNT, DISCOUNT, TIME) for one in pieces)
        if (
            words
            and not figures
            and re.search(r"\d|[一二两三四五六七八九十百]+[项次年月天]", words)
            and not TIMES.search(words)
        ):
            left.append(words)
        place = hit.end() if hit is not None else until
    return "、".join(left)


_SINGLE: Final = re.compile(
    r"(?:[一-龥]{1,5}费|一(?P<unit>[项批次笔套]))\s?(?P<price>[¥￥]?(?:\d{2,7}(?![\d.,%台套个件])|(?=[\d一二两三四五六七八九十])))"
)
"""A line that counts nothing, and the place of its price: 施工费一项2万, 运费2000."""


def _single_lines(draft: Draft, counted: list[Piece]) -> list[Piece]:
    """The lines of which there is one, behind others, as if one of each had been counted."""
    amounts = {piece.start for piece in draft.marked(AMOUNT)}
    lines: list[Piece] = []
    for hit in _SINGLE.finditer(draft.sentence.text, counted[0].end, draft.end):
        place = hit.start("price")
        if any(_prices_each(draft, one, hit) for one in counted):
            continue
        if place in amounts or hit["price"]:
            value = QuantitySpan(place, place, "", Decimal(1), hit["unit"] or "项")
            lines.append(Piece(place, place, QUANTITY, "", value))
    return lines


def _prices_each(draft: Draft, counted: Piece, single: re.Match[str]) -> bool:
    """Say whether 一套三千二 is what one of the things counted in front of it costs: 控制器二十五套一套三千二."""
    between = draft.sentence.text[counted.end : single.start()].strip(SEPARATORS)
    same = single["unit"] is not None and single["unit"] == counted.value.unit
    return same and _TO_A_PRICE.fullmatch(between) is not None


_TO_A_PRICE: Final = re.compile("(?:的|都|价格|单价|报价|报|按|算|卖|是|就|也)*")


def _way(text: str) -> str:
    """Say in which way a quote changes."""
    if re.search(r"去掉|删掉|删除|删了|拿掉|砍掉|不要", text):
        return "remove"
    if re.search(r"(?:再)?(?:加上|加一行|增加|补上|加个|加一[个台套]|加(?!到|价))", text):
        return "add"
    if re.search(
        r"抹零|抹掉|零头|再减|减掉|立减|直降|(?:便宜|优惠|少|让)(?:他们?|客户)?(?=[\d一二两三四五六七八九十百千万])",
        text,
    ):
        return "off"
    return "total" if re.search(r"总价|总额|合计|一共", text) else ""


def _several(draft: Draft, found: list[Piece]) -> None:
    """Several lines in one message: each from behind the figures of the one before to its own."""
    starts = [_begin(draft, found[place - 1] if place else None, piece) for place, piece in enumerate(found)]
    ends = [*starts[1:], draft.end]
    lines = [_line_of(draft, *stretch) for stretch in zip(starts, ends, found, strict=True)]
    discounts = draft.marked(DISCOUNT)
    if len(discounts) == 1 and discounts[0].start >= starts[-1]:
        lines[-1].pop("discount_percent", None)  # said once, and last: it is for the whole
    else:
        draft.slots.pop("discount_percent", None)
    draft.slots.pop("amount", None)
    draft.put("lines", lines, "")


_PRICE_SAID: Final = re.compile(
    rf"[\s，,]*{UNIT_PRICE.pattern}[¥￥]?(?:{ARABIC}|[{CHINESE_DIGIT}十百千万]+)[万千wW元块]*"
)


def _begin(draft: Draft, before: Piece | None, piece: Piece) -> int:
    """Return where the words of a line begin: behind the customer, the line before, its figures and a break."""
    start = before.end if before is not None else draft.start
    ends = [start]
    for mark in (AMOUNT, DISCOUNT, CUSTOMER):
        ends += [one.end for one in draft.marked(mark) if start <= one.start < piece.start]
    if before is not None and (bare := BARE_PRICE.match(draft.sentence.text, start, piece.start)):
        ends.append(bare.end())
    if before is not None and (price := _PRICE_SAID.match(draft.sentence.text, start, piece.start)):
        ends.append(price.end())
    ends += [start + hit.end() for hit in _BREAKS.finditer(draft.sentence.text[start : piece.start])]
    if before is None and draft.call is not None:
        called = draft.sentence.span(draft.call.start, draft.call.end)[1]
        ends += [called] if called <= piece.start else []
    return max(ends)


def _line_of(draft: Draft, start: int, end: int, counted: Piece | None = None) -> dict[str, Any]:
    """Read one line out of a stretch: product, how many (`counted`), at what price, with which discount of its own."""
    text = draft.sentence.text
    line: dict[str, Any] = {}
    within = {mark: draft.sentence.marked(mark, start, end) for mark in (PRODUCT, QUANTITY, AMOUNT, DISCOUNT)}
    if counted is not None:
        within[QUANTITY] = [counted]
    if within[QUANTITY]:
        line |= {"quantity": number(within[QUANTITY][0].value.value), "unit": within[QUANTITY][0].value.unit}
    price = UNIT_PRICE.search(text, start, end)
    for piece in within[AMOUNT]:
        beside = price is not None and price.end() <= piece.start <= price.end() + 2
        if beside or APIECE.match(text, piece.end):
            line["unit_price"] = plain(piece.value.yuan)
        elif within[QUANTITY] and (counted is not None or len(draft.marked(QUANTITY)) > 1):
            each = piece.value.yuan / within[QUANTITY][0].value.value
            line.setdefault("unit_price", plain(each.quantize(Decimal("0.01"))))
    if price is not None and "unit_price" not in line:
        bare = re.match(rf"{ARABIC}|[{CHINESE_DIGIT}十百千万]+", text[price.end() : end])
        if bare is not None and (value := read_numeral(bare[0])):
            line["unit_price"] = plain(value)
    if counted is not None and counted.start == counted.end and (single := re.match(r"\d+", text[counted.end : end])):
        line.setdefault("unit_price", single[0])
    if "unit_price" not in line and within[QUANTITY] and (bare := BARE_PRICE.match(text, within[QUANTITY][0].end, end)):
        line["unit_price"] = plain(read_numeral(bare["n"]) or Decimal(0))
    if within[DISCOUNT]:
        line["discount_percent"] = number(within[DISCOUNT][-1].value.percent)
    if product := _product_in(draft, start, end, within, price):
        line["product"] = product
    return line


def _product_in(draft: Draft, start: int, end: int, within: dict[str, list[Piece]], price: re.Match[str] | None) -> str:
    """Return the product of a stretch: the one on record, else the first words that are no figure."""
    if within[PRODUCT]:
        return str(within[PRODUCT][0].value.candidates[0].name)
    if row := re.search(r"第\s?(\d{1,3}|[一二三四五六七八九十]{1,3})\s?[行项个]", draft.sentence.text[start:end]):
        return plain(read_numeral(row[1]) or Decimal(0))
    taken = [(one.start, one.end) for pieces in within.values() for one in pieces]
    taken += [(one.start, one.end) for mark in (CUSTOMER, QUOTE) for one in draft.sentence.marked(mark, start, end)]
    if price is not None:
        taken.append(price.span())
    if start <= draft.start and (group := draft.group("product")) is not None:
        return _named(draft.said(*group))
    if head := _HEAD.search(draft.sentence.text, start, end):
        taken.append((start, head.end()))
    place = start
    for begin, until in [*sorted(taken), (end, end)]:
        for words in re.split(rf"[{re.escape(SEPARATORS)}]+", draft.said(place, begin) if place < begin else ""):
            if named := _named(words):
                return named
        place = max(place, until)
    return ""


def _named(words: str) -> str:
    """Return a product's name without the words around it; nothing for what is none."""
    name = re.sub(r"一[项批次笔套]$", "", _LEAD.sub("", words).strip(SEPARATORS))
    return "" if not name or _NO_PRODUCT.fullmatch(name) else name


def _is_priced(draft: Draft) -> bool:
    """Say whether the catalogue may know the price of what is named, or a total was said."""
    name = str(draft.slots.get("product", ""))
    return "amount" in draft.slots or bool(name and draft.ctx.uow.products.called(name))
