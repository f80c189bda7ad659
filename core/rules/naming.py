"""What a customer may be called, and the keys under which each call is found.

A company's full name is region, brand, trade and legal form: 苏州 汇川 技术 有限公司. People say the brand, with or
without what stands around it. So only the brand, the short name and the aliases have keys; what is said around them is
compared with the full name when somebody was found. A key is the sound of at most four characters, so that one row
finds what was typed right, what a pinyin keyboard made of it, and the bare pinyin. Further kinds of keys have a mark in
front: `?` a name that lacks one character, `^` initials, `@` a person, `#` a product, `!` words we were taught.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from core.rules.hanzi import fold_sound, initials, is_hanzi, simplified, sound, sounds, surname_reading

Entry = tuple[str, str]
"""A key, and what is called so."""

SHORTEST = 2
ANCHOR = 4
"""Characters of a name that make its key."""

LONGEST = 32
LATIN_HEAD = 7
"""Letters of a Latin name within which one may be wrong."""

_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_LISTED = re.compile(r"^(?:\*?st|s\*st|n|xd|xr|dr)(?=[一-鿿])|(?<=[一-鿿])(?:-?[abuwh]|-uw)$")
_LATIN_FORM = re.compile(
    r"(?:[\s,.&]+(?:inc|ltd|llc|co|corp|corporation|company|limited|gmbh|plc|group|holdings?|sa|ag)\b\.?)+$"
)
_LATIN_WORD = re.compile(r"[a-z0-9]+")
_INITIALS = range(2, 5)
TITLES = {
    "总": ("董事长", "总经理", "副总", "总监", "总裁", "总工", "ceo", "coo", "cfo", "cto", "老板", "创始人", "总"),
    "经理": ("经理",),
    "总监": ("总监",),
    "工": ("工程师", "总工", "高工", "技术", "研发", "工"),
    "主任": ("主任",),
    "主管": ("主管",),
    "厂长": ("厂长",),
    "部长": ("部长",),
    "科长": ("科长",),
    "处长": ("处长",),
    "院长": ("院长",),
    "校长": ("校长",),
    "所长": ("所长",),
    "行长": ("行长",),
    "店长": ("店长",),
    "老板": ("老板", "法人", "董事长"),
    "董": ("董事长", "董事"),
    "老师": ("老师", "教师"),
    "医生": ("医生", "主任医师"),
    "会计": ("会计", "财务"),
    "秘书": ("秘书", "助理"),
    "教授": ("教授",),
    "博士": ("博士",),
    "队长": ("队长",),
    "律师": ("律师", "法务"),
    "先生": ("先生",),
    "女士": ("女士",),
    "小姐": ("小姐",),
}
"""How one addresses people, and what stands on their cards then."""

SPOKEN_TITLES = sorted(TITLES, key=len, reverse=True)
_LAST_OF_TITLES = frozenset(title[-1] for title in TITLES)


@dataclass(frozen=True, slots=True)
class Parts:
    """A company's name without its legal form: where it sits, its brand, and its trade."""

    region: str
    brand: str
    trade: str

    @property
    def stem(self) -> str:
        return self.region + self.brand + self.trade


def bare(name: str) -> str:
    """Return letters, digits and Chinese characters only, in one case, width and script."""
    folded = _folded(name)
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


@lru_cache(maxsize=4096)
def parts_of(name: str) -> Parts:
    """Part a company's name. A place and a trade alone are a brand: 华东电脑, and 华东重工 of 徐州华东重工."""
    folded = _folded(name)
    whole = bare(_BRACKETS.sub("", _LATIN_FORM.sub("", folded))) or bare(folded)
    body = _forms().sub("", whole)
    if len(body) < SHORTEST or is_region(body):
        body = whole
    places = _after_regions(body)
    brand, trade = _without_trade(body[places[-1] :])
    if len(brand) < SHORTEST or is_region(brand) or is_trade(brand):
        before = places[-2] if len(places) > 1 else 0
        return Parts(body[:before], body[before:], "")
    return Parts(body[: places[-1]], brand, trade)


def called(name: str, short_name: str = "", aliases: Iterable[str] = ()) -> list[str]:
    """Return what a company may be called when little is said, the surest first."""
    parts = parts_of(name)
    if not short_name and not aliases:
        return _by_brand(parts.brand)
    calls = [bare(short_name), *map(bare, aliases)]
    if short_name:
        plain = without_listing(short_name)
        calls += [bare(plain), parts_of(plain).brand]
    return [call for call in dict.fromkeys((*calls, *_by_brand(parts.brand))) if len(call) >= SHORTEST]


def place_of(name: str) -> str:
    """Return where a company sits, as its name says before its brand or in brackets: 华为技术（深圳）, without 市."""
    for said in (parts_of(name).region, *(part[1:-1] for part in _BRACKETS.findall(_folded(name)))):
        place = region_before(said)
        if place:
            return place
    return ""


def without_listing(name: str) -> str:
    """Return a short name without what a stock exchange puts around it: *ST西发, 万科A."""
    return _LISTED.sub("", "".join(unicodedata.normalize("NFKC", name).casefold().split()))


def _by_brand(brand: str) -> list[str]:
    """Return a brand, and its first two characters when it is long: 字节跳动 is called 字节."""
    head = brand[:SHORTEST]
    if len(brand) >= ANCHOR and all(map(is_hanzi, brand)) and not (is_region(head) or is_trade(head)):
        return [brand, head]
    return [brand] if len(brand) >= SHORTEST else []


def customer_entries(name: str, short_name: str = "", aliases: Iterable[str] = ()) -> list[Entry]:
    """Return every key of a company, with the call that it stands for."""
    calls = called(name, short_name, aliases)
    words = _LATIN_WORD.findall(_folded(name))
    entries = [(key, call) for call in calls for key in anchor_keys(call, words)]
    for call in calls[:2]:
        if all(map(is_hanzi, call)) and len(call) in _INITIALS:
            entries.append(("^" + initials(call), call))
    parts = parts_of(name)
    body = parts.brand + parts.trade
    entries += [(key, body) for key in typo_keys(body, len(parts.brand), words)]
    if short_name:
        entries += [(key, bare(short_name)) for key in typo_keys(bare(short_name), ANCHOR, words)]
    return [(key, call[:LONGEST]) for key, call in dict.fromkeys(entries)]


def anchor_keys(call: str, words: Iterable[str] = ()) -> list[str]:
    """Return the keys of a call: how its first characters sound, or its first word when that is Latin."""
    head = None if is_hanzi(call[0]) else _LATIN_WORD.match(call)
    if head is None:
        return sounds(call[:ANCHOR])
    first = _first_word(call, words, head[0])
    if len(first) >= SHORTEST:
        return [fold_sound(first)]
    return sounds(call[:ANCHOR])


def _first_word(call: str, words: Iterable[str], otherwise: str) -> str:
    """Return the word with which a Latin call begins, a single letter with the next one: j-texon → jtexon."""
    first = ""
    for word in words:
        if len(first) >= SHORTEST or not call.startswith(first + word):
            break
        first += word
    return first or otherwise


def typo_keys(call: str, own: int, words: Iterable[str]) -> Iterator[str]:
    """Yield the keys of a call of four characters or more with one of its first `own` left out.

    A slip further back leaves the beginning as it is, which has a key already. Of Latin `words` the first counts.
    """
    head = None if not call or is_hanzi(call[0]) else _LATIN_WORD.match(call)
    if head is not None:
        first = _first_word(call, words, head[0])
        yield from lacking(first[:LATIN_HEAD], LATIN_HEAD) if len(first) >= ANCHOR else ()
    elif len(call) >= ANCHOR:
        yield from lacking(call[:ANCHOR], own)


def lacking(head: str, own: int) -> Iterator[str]:
    """Yield the keys of `head` without one of its first `own` characters."""
    for place in range(min(own, len(head))):
        yield "?" + head[:place] + head[place + 1 :]


def person_entries(name: str, title: str = "") -> list[Entry]:
    """Return the keys of a person: the full name, and the surname with every title one may say to them."""
    plain = bare(name)
    if not plain or not is_hanzi(plain[0]):
        return [("@" + word, plain) for word in _LATIN_WORD.findall(name.casefold())]
    surname, said = split_address(plain)
    if said:
        return [(person_key(surname, said), plain)]
    surname = surname_of(plain)
    entries = [("@" + surname_reading(surname) + sound(plain[len(surname) :]), plain)]
    titles = spoken_titles(title)
    return entries + [(person_key(surname, one), plain) for one in titles or ("",)]


def person_key(surname: str, title: str) -> str:
    """Return the key of 李总; of a person whose title is unknown when there is none."""
    return f"@{fold_sound(surname_reading(surname))}/{title}"


def full_name_key(name: str) -> str:
    """Return the key of a person's whole name."""
    surname = surname_of(name)
    return "@" + surname_reading(surname) + sound(name[len(surname) :])


@lru_cache(maxsize=1024)
def spoken_titles(title: str) -> tuple[str, ...]:
    """Return how one may address somebody whose card says `title`."""
    plain = bare(title) if title else ""
    return tuple(spoken for spoken, written in TITLES.items() if any(word in plain for word in written))


def split_address(words: str) -> tuple[str, str]:
    """Part 李总 into surname and title; the title is empty when there is none."""
    if words[-1:] not in _LAST_OF_TITLES:
        return words, ""
    for title in SPOKEN_TITLES:
        surname = words.removesuffix(title)
        if surname != words and surname in surnames():
            return surname, title
    return words, ""


def surname_of(name: str) -> str:
    """Return the surname with which a full name begins."""
    return name[:2] if name[:2] in surnames() and len(name) > 2 else name[:1]  # noqa: PLR2004 - 欧阳锋


def product_keys(name: str) -> list[str]:
    """Return the keys of a product's name."""
    words = _LATIN_WORD.findall(_folded(name))
    return ["#" + key for key in anchor_keys(bare(name), words)]


def term_keys(words: str) -> list[str]:
    """Return the keys of words that were taught."""
    return ["!" + key for key in anchor_keys(words)]


def is_region(words: str) -> bool:
    """Say whether this is the name of a place and nothing more."""
    return words in _words("regions")


def is_trade(words: str) -> bool:
    """Say whether this is a trade and nothing more."""
    return words in _words("trades")


def is_firm(words: str) -> bool:
    """Say whether this is a trade that stands in company names and hardly anywhere else: 贸易, 机电."""
    return words in _words("firm")


def without_form(name: str) -> str:
    """Return the bare name without the legal form it ends with, and without a place that it begins with."""
    plain = _forms().sub("", bare(name))
    return plain[_after_regions(plain)[-1] :]


def without_brackets(name: str) -> str:
    """Return the bare name without what stands in brackets."""
    return bare(_BRACKETS.sub("", _folded(name)))


@cache
def surnames() -> frozenset[str]:
    """Return Chinese surnames, those of two characters too."""
    return frozenset(_data("surnames").split())


def after_form(text: str) -> int:
    """Return how long the legal form is with which `text` begins."""
    found = _form_ahead().match(text)
    return found.end() if found else 0


def region_before(text: str) -> str:
    """Return the place with which `text` ends, without 省, 市, 县 or 区 behind it."""
    for tail in (text, text[:-1]) if text[-1:] in "省市县区" else (text,):
        for length in range(min(_longest("regions"), len(tail)), 1, -1):
            if tail[-length:] in _words("regions"):
                return tail[-length:]
    return ""


def trade_ahead(text: str) -> str:
    """Return the longest trade with which `text` begins."""
    for length in range(min(_longest("trades"), len(text)), 1, -1):
        if text[:length] in _words("trades"):
            return text[:length]
    return ""


def _after_regions(body: str) -> list[int]:
    """Return where a name goes on behind each of the places it begins with, from its very start."""
    ends = [0]
    while True:
        start = ends[-1]
        for length in range(min(_longest("regions"), len(body) - start - SHORTEST), 1, -1):
            if body[start : start + length] not in _words("regions"):
                continue
            end = start + length
            end += next((len(tail) for tail in ("自治区", "省", "市", "县") if body.startswith(tail, end)), 0)
            if len(body) - end >= SHORTEST:
                ends.append(end)
                break
        else:
            return ends


def _without_trade(body: str) -> tuple[str, str]:
    end, moved = len(body), True
    while moved:
        moved = False
        for length in range(min(_longest("trades"), end), 0, -1):
            if body[end - length : end] in _words("trades"):
                end, moved = end - length, True
                break
    if end == 1:
        end = next((n for n in range(2, len(body)) if body[n:] in _words("trades")), len(body))
    return body[:end], body[end:]


@lru_cache(maxsize=256)
def _folded(name: str) -> str:
    return simplified(unicodedata.normalize("NFKC", name).casefold())


@cache
def _words(of: str) -> frozenset[str]:
    return frozenset(_data(of).split())


@cache
def _longest(of: str) -> int:
    return max(map(len, _words(of)))


@cache
def _forms() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_form()})+$")


@cache
def _form_ahead() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_form()})+")


def _any_form() -> str:
    return "|".join(sorted(_data("forms").split(), key=len, reverse=True))


@cache
def _data(of: str) -> str:
    return " ".join(json.loads(Path(__file__).with_name("company_words.json").read_text(encoding="utf-8"))[of])
