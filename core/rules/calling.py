"""Whether a customer is meant by a stretch of a sentence, how far its name reaches there, and how sure that is."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from core.model.naming import Named
from core.rules.hanzi import fold_sound, is_hanzi, readings, same_sound, spellings
from core.rules.naming import (
    ANCHOR,
    SHORTEST,
    after_form,
    bare,
    called,
    is_firm,
    is_region,
    is_trade,
    parts_of,
    region_before,
    trade_ahead,
    without_brackets,
)
from core.rules.regions import lineage
from core.rules.sentences import Sentence, is_common

NEAR: Final = "near"
"""How a name fits that only begins like another company's."""


class Sureness(IntEnum):
    """How far a fit is to be believed; the smaller the better."""

    EXACT = 0
    BRAND = 1
    PART = 2
    SLIP = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a customer's name stands in a sentence, and what of it: full, short, alias, core, part, pinyin, typo.

    `near` is the name of another company that only begins alike.
    """

    start: int
    end: int
    how: str
    sureness: Sureness


def fit(sentence: Sentence, start: int, end: int, named: Named) -> Fit | None:
    """Return how far the name of `named` reaches that begins, or whose brand begins, at `start`; None: it does not.

    `end` is where the window ends under whose key the customer was found.
    """
    best: Fit | None = None
    for call in called(named.name, named.short_name, named.aliases):
        found = _fit_call(sentence, start, end, call, named)
        if found is not None and (best is None or _rank(found) < _rank(best)):
            best = found
    return best


def _rank(found: Fit) -> tuple[int, int]:
    return -(found.end - found.start), found.sureness


def _fit_call(sentence: Sentence, start: int, end: int, call: str, named: Named) -> Fit | None:
    plain = sentence.plain
    if plain.startswith(call, start):
        if not is_hanzi(call[-1]) and word_goes_on(sentence, start + len(call)):
            return None
        return _extended(sentence, start, start + len(call), call, named)
    stretch = plain[start:end]
    if not is_hanzi(stretch[0]):
        return _latin(sentence, start, end, call, named)
    if _sounds_alike(plain, start, call) and len(stretch) == min(len(call), ANCHOR):
        first, last = _extent(sentence, start, start + len(call), call, named)
        return Fit(first, last, "pinyin", Sureness.BRAND if _same_syllables(plain, start, call) else Sureness.SLIP)
    return None


def _latin(sentence: Sentence, start: int, end: int, call: str, named: Named) -> Fit | None:
    """Fit what is written in Latin letters: the first words of a Latin name, or the pinyin of a Chinese one."""
    said = sentence.plain[start:end]
    if is_hanzi(call[0]):
        folded = fold_sound(said)
        if any(said == spelled or folded == fold_sound(spelled) for spelled in spellings(call)):
            return Fit(start, end, "pinyin", Sureness.BRAND)
        return None
    if call.startswith(said) and len(said) > SHORTEST and not is_common(said):
        stop = end
        for _, word_end in (word for word in sentence.words() if word[0] >= end):
            if not sentence.may_go_on(stop) or not call.startswith(sentence.plain[start:word_end]):
                break
            stop = word_end
        return Fit(start, stop, "part", Sureness.PART)
    return None


def _extended(sentence: Sentence, start: int, end: int, call: str, named: Named) -> Fit:
    """Let what was said right reach as far as the full name agrees."""
    first, last = _extent(sentence, start, end, call, named)
    said, parts = sentence.plain[first:last], parts_of(named.name)
    behind = _behind_form(sentence, last)
    exact = _exactly(said, named, has_form=behind > last)
    if exact == "full":
        return Fit(first, behind, exact, Sureness.EXACT)
    if (other := _says_another(sentence, first, last, named)) is not None:
        return Fit(first, other, NEAR, Sureness.SLIP)
    last = _over_trade(sentence, last, parts.trade)
    if exact is not None:
        return Fit(first, last, exact, Sureness.EXACT)
    how, sureness = ("core", Sureness.BRAND) if parts.brand in said else ("part", Sureness.PART)
    if how == "part" and call == bare(named.short_name):
        how, sureness = "short", Sureness.EXACT
    if behind > last:
        return Fit(first, behind, how, sureness)
    return Fit(first, last, how, sureness)


def _behind_form(sentence: Sentence, last: int) -> int:
    """Return where the legal form ends that follows, over a branch in brackets: 华为技术（深圳）有限公司."""
    if not sentence.may_go_on(last):
        return last
    begin = last
    if sentence.gaps[last] in ("(", "（"):
        place = next((n for n in range(last + 1, len(sentence.plain)) if sentence.gaps[n]), len(sentence.plain))
        if sentence.gaps[place : place + 1] in (["）"], [")"]) and region_before(sentence.plain[last:place]):
            begin = place
    form = after_form(sentence.plain[begin:])
    return begin + form if form else last


def _exactly(said: str, named: Named, *, has_form: bool) -> str | None:
    """Say which of the customer's names was said to the letter. `has_form`: a legal form follows, 有限公司."""
    parts = parts_of(named.name)
    if said in (bare(named.name), without_brackets(named.name)) or parts.brand != said == parts.stem:
        return "full"
    if said == bare(named.short_name):
        return "short"
    if said in map(bare, named.aliases):
        return "alias"
    return "full" if has_form and said == parts.brand + parts.trade else None


def _extent(sentence: Sentence, start: int, end: int, call: str, named: Named) -> tuple[int, int]:
    """Return how far a name reaches to both sides of `call`, over brackets and a left out 省 or 市."""
    best, brand = (start, end), parts_of(named.name).brand
    for full in dict.fromkeys(
        (bare(named.name), without_brackets(named.name), bare(named.short_name), *map(bare, named.aliases))
    ):
        place = full.find(call)
        if place < 0:
            continue
        first, last = start, end
        left, right = place, place + len(call)
        while left and first and sentence.may_go_on(first):
            if full[left - 1] == sentence.plain[first - 1]:
                left, first = left - 1, first - 1
            elif full[left - 1] in "省市县区" and left > 1 and full[left - 2] == sentence.plain[first - 1]:
                left -= 1
            elif sentence.plain[first - 1] in "省市县区" and first > 1 and full[left - 1] == sentence.plain[first - 2]:
                first -= 1
            else:
                break
        while right < len(full) and sentence.may_go_on(last) and full[right] == sentence.plain[last]:
            right, last = right + 1, last + 1
        last -= right - _whole_trade(full, max(place + len(call), full.find(brand) + len(brand)), right)
        if not is_hanzi(sentence.plain[last - 1]) and word_goes_on(sentence, last):
            last = end
        first = _whole_region(sentence, first, start)
        if last - first > best[1] - best[0]:
            best = first, last
    return best


def _whole_trade(full: str, begin: int, right: int) -> int:
    """Return where the last whole trade ends before `right`: 东方电话 does not name half of 东方电子."""
    if right == len(full) or right <= begin:
        return right
    while begin < right and (
        trade := trade_ahead(full[begin:right]) or full[begin : begin + after_form(full[begin:right])]
    ):
        begin += len(trade)
    return min(begin, right)


def _whole_region(sentence: Sentence, first: int, start: int) -> int:
    """Leave a place out of which only the last character agrees: 海宏达 of 上海宏达 is no name."""
    return first if first == start or region_before(sentence.plain[first:start]) or first + 1 < start else start


def _says_another(sentence: Sentence, first: int, last: int, named: Named) -> int | None:
    """Return where the name of a different company ends that begins like this one: 宏达机电, when it is 宏达贸易."""
    parts = parts_of(named.name)
    ahead = sentence.plain[last : last + _HOUSE] if sentence.may_go_on(last) else ""
    if (house := _ANOTHER_HOUSE.match(ahead)) is not None and house[0] not in bare(named.name):
        return last + house.end()
    if ahead and (trade := trade_ahead(ahead)) and is_firm(trade) and not _is_short_for(trade, parts.trade):
        end = last + len(trade)
        form = after_form(sentence.plain[end:]) if sentence.may_go_on(end) else 0
        goes_on = sentence.goes_on(end) and _A_THING.match(sentence.plain, end) is None
        if form or sentence.stands_free_behind(end) or goes_on:
            return end + form
    place = region_before(sentence.plain[:first]) if sentence.follows_at_once(first) else ""
    if place and parts.region and parts.region not in lineage(place) and place not in lineage(parts.region):
        return last
    return None


def _over_trade(sentence: Sentence, last: int, trade: str) -> int:
    """Return where the trade ends that is said behind a name in fewer characters: 奇睿汽配."""
    said = trade_ahead(sentence.plain[last : last + _HOUSE]) if sentence.may_go_on(last) else ""
    return last + len(said) if said and _is_short_for(said, trade) else last


def _is_short_for(said: str, trade: str) -> bool:
    """Say whether a trade is said in fewer characters of its own: 汽配 of 汽车配件."""
    rest = iter(trade)
    return all(character in rest for character in said)


_A_THING: Final = re.compile(
    "改造|改建|升级|转账|汇款|承兑|采购|项目|方案|系统|平台|设备|产品|样品|合同|发票|需求|课程|软件|线|部|室|车间|科"
)
"""What makes a thing, or a part, of a customer's of what else would be the name of another: 锡通自动化改造."""

_HOUSE: Final = 8
_ANOTHER_HOUSE: Final = re.compile(
    r"[一-龥]{0,3}?(?:幼儿园|医院|诊所|大?酒店|宾馆|饭店|酒楼|驾校|(?:小|中)学|学校|大学|学院|超市|大?药房|茶楼|书店|眼镜店|花店|水果店|便利店|火锅店|汽修厂?|农场|渔场|养殖场)"
)
"""What makes another house of a brand: 金桥大酒店, which is no cement."""


def _sounds_alike(plain: str, start: int, call: str) -> bool:
    said = plain[start : start + len(call)]
    return len(said) == len(call) and all(
        one == other or sounds_alike(one, other) for one, other in zip(said, call, strict=True)
    )


def sounds_alike(one: str, other: str) -> bool:
    """Say whether two characters sound so much alike that one is typed for the other."""
    return bool(_folded(one) & _folded(other))


def _same_syllables(plain: str, start: int, call: str) -> bool:
    return all(same_sound(one, other) for one, other in zip(plain[start : start + len(call)], call, strict=True))


def _folded(character: str) -> set[str]:
    return {fold_sound(spelled) for spelled in readings(character)}


def word_goes_on(sentence: Sentence, place: int) -> bool:
    """Say whether a Latin word is cut here: `byd` of `bydx`."""
    return sentence.follows_at_once(place) and sentence.plain[place].isascii() and sentence.plain[place].isalpha()


def is_weak(words: str) -> bool:
    """Say whether these words alone name no customer, unless they stand where one must: 明天, 苏州, 贸易."""
    return is_common(words) or is_region(words) or is_trade(words) or words.isdigit()
