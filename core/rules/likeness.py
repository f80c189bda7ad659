"""How surely two records are one company (semantics B.5): each key has its score, and the best one counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from core.model.identity import Identity, Key, Twin
from core.rules.duplicates import core_name, plain_name
from core.rules.hanzi import same_sound, sound, sounds
from core.rules.naming import ANCHOR, Parts, anchor_keys, bare, called, lacking, parts_of, place_of, without_listing

_EXACT = {Key.CREDIT: 1.0, Key.EXTERNAL: 1.0, Key.PHONE: 0.95, Key.EMAIL: 0.9}
SHARED_MAILBOX = 0.7
"""An address like info@ belongs to a house in which several firms may sit."""

_SHARED = frozenset(
    ("info", "sales", "service", "support", "contact", "admin", "office", "hr", "mail", "market", "finance", "xiaoshou")
)
_SAME_NAME, _OTHER_CODE = 1.0, 0.7
_CALL, _SAME_BRAND, _OTHER_PLACE = 0.85, 0.8, 0.7
_SOUNDS, _SLIP = 0.65, 0.6
_SHORT = 2
"""Characters of a brand up to which every slip of the hand makes another firm: 宏达 and 宏远."""

_MOST_CORES = 60
_SPOKEN = 6
"""Characters up to which a name is one that people say: 辉隆股份."""

_COUNTING = frozenset("0123456789一二三四五六七八九十百千万甲乙丙丁东西南北")
"""Whatever differs in these is another one of its kind: 中铁一局 and 中铁二局."""


@dataclass(frozen=True, slots=True)
class Score:
    """How surely two records are one company, from 0 to 1, and by what."""

    value: float
    key: Key


NO = Score(0.0, Key.LIKE)


@dataclass(frozen=True)
class Likeness:
    """The judgement of what may be the same as `wanted`."""

    wanted: Identity

    @cached_property
    def said(self) -> str:
        """The name without what a stock exchange puts around short names."""
        return without_listing(self.wanted.name)

    @cached_property
    def parts(self) -> Parts:
        """The name as it was said, in its parts."""
        return parts_of(self.said)

    @cached_property
    def place(self) -> str:
        return place_of(self.said)

    @cached_property
    def is_short(self) -> bool:
        """Whether it is as short as one says it."""
        return len(bare(self.said)) <= _SPOKEN

    @cached_property
    def head(self) -> str:
        """How a name begins of which a short one is made: 经纬 of 经纬纺机, behind the place if one is said."""
        return (self.parts.brand + self.parts.trade)[:_SHORT]

    @cached_property
    def plain(self) -> str:
        return plain_name(self.wanted.name)

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """The core names that a record of the same brand may have."""
        names = (self.wanted.core, core_name(self.parts.brand), self.parts.brand, bare(self.said))
        return tuple(dict.fromkeys(names))

    def cores_of(self, calls: Iterable[str]) -> list[str]:
        """Return the core names of companies that are called so and do the same trade."""
        trade = self.parts.trade
        found = [core_name(one) for call in calls for one in (call, call + trade)]
        return [core for core in dict.fromkeys(found) if len(core) >= _SHORT][:_MOST_CORES]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the index of names under which another spelling of the same name may stand."""
        brand, body = self.parts.brand, self.parts.brand + self.parts.trade
        keys = [key for call in called(self.said) for key in anchor_keys(call)]
        if len(brand) > _SHORT:
            keys += lacking(body[:ANCHOR], ANCHOR)
            keys += [key for place in range(len(brand)) for key in sounds(_without(brand, place)[:ANCHOR])]
        keys.append("?" + body[: ANCHOR - 1])
        if self.is_short:
            keys += [key for head in (self.head, bare(self.said)[:_SHORT]) for key in sounds(head)]
        return tuple(dict.fromkeys(keys))

    def is_near(self, call: str) -> bool:
        """Say at first sight whether what is called so deserves a closer look."""
        from rapidfuzz.distance import OSA

        brand, trade = self.parts.brand, self.parts.trade
        if self.is_short and call.startswith((self.head, bare(self.said)[:_SHORT])):
            return True
        if _sounds_alike(call, brand):
            return True
        said = (brand, brand + trade)
        return len(call) + len(brand) > _SHORT * 2 and any(OSA.distance(call, one, score_cutoff=1) <= 1 for one in said)

    def of(self, known: Twin) -> Score:
        """Judge a record. Two credit codes that differ tell two companies apart."""
        best = max((self._exact(key) for key in known.met), key=_value, default=NO)
        if not self.wanted.name:
            return best
        named = self.of_name(known.name, known.core)
        if named.value < _CALL and self._is_called(known.short_name, *known.aliases):
            named = Score(_CALL, Key.CALL)
        if self.wanted.credit_code and known.credit_code and self.wanted.credit_code != known.credit_code:
            named = Score(min(named.value, _OTHER_CODE), named.key) if named.key is Key.NAME else NO
        return max(best, named, key=_value)

    def of_name(self, name: str, core: str) -> Score:
        """Judge a name and its core name."""
        same_core = core == self.wanted.core
        if same_core and plain_name(name) == self.plain:
            return Score(_SAME_NAME, Key.NAME)
        mine, other = self.parts, parts_of(name)
        near = _agree(self.place, place_of(name))
        if same_core:
            return Score(_SAME_BRAND if near else _OTHER_PLACE, Key.BRAND)
        if near and _agree(mine.trade, other.trade) and (found := _of_brands(mine, other)) is not NO:
            return found
        return Score(_SLIP, Key.CALL) if self.is_short and self._shortens(name) else NO

    def _shortens(self, name: str) -> bool:
        """Say whether the short name is made of this one's characters, in their order: 经纬纺机 of 经纬纺织机械."""
        whole = bare(name)
        return any(
            (place := whole.find(head)) >= 0 and _in_order(rest, whole[place + len(head) :])
            for head, rest in ((self.head, self._behind_head), (bare(self.said)[:_SHORT], bare(self.said)[_SHORT:]))
        )

    @cached_property
    def _behind_head(self) -> str:
        return (self.parts.brand + self.parts.trade)[_SHORT:]

    def _exact(self, key: Key) -> Score:
        shared = key is Key.EMAIL and is_shared_mailbox(self.wanted.email or "")
        return Score(SHARED_MAILBOX if shared else _EXACT[key], key)

    def _is_called(self, *calls: str) -> bool:
        said = bare(self.wanted.name)
        return any(said == bare(call) for call in calls if call)


def _of_brands(mine: Parts, other: Parts) -> Score:
    if mine.brand == other.brand:
        return Score(_OTHER_PLACE, Key.BRAND)
    if _counted(mine.brand) != _counted(other.brand):
        return NO
    if _sounds_alike(mine.brand, other.brand):
        return Score(_SOUNDS, Key.LIKE)
    slipped = mine.trade == other.trade and _one_slip_apart(mine.brand, other.brand)
    return Score(_SLIP, Key.LIKE) if slipped else NO


def likeness(said: str, known: str) -> Score:
    """Say how alike two names of companies are."""
    return Likeness(Identity(name=said, core=core_name(said))).of_name(known, core_name(known))


def without_ending(name: str) -> str:
    """Return a name without the legal form that most names end with, at hardly any cost."""
    return name.removesuffix("公司").removesuffix("有限").removesuffix("有限责任").removesuffix("股份")


def is_shared_mailbox(email: str) -> bool:
    """Say whether an address is a house's and nobody's own."""
    return email.partition("@")[0] in _SHARED


def _in_order(some: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in some)


def _value(score: Score) -> float:
    return score.value


def _agree(one: str, other: str) -> bool:
    """Say whether two places or trades can be one: one of them is unsaid, or holds the other."""
    return not one or not other or one in other or other in one


def _sounds_alike(one: str, other: str) -> bool:
    if one.isascii() != other.isascii():
        return sound(one) == sound(other)  # huawei and 华为
    return len(one) == len(other) and all(same_sound(a, b) for a, b in zip(one, other, strict=True))


def _one_slip_apart(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    longer = max(len(one), len(other))
    if one.isascii() or other.isascii():
        longer -= _SHORT  # a letter says less than a character
    return longer > _SHORT and OSA.distance(one, other, score_cutoff=1) <= 1


def _counted(brand: str) -> list[str]:
    return [sign for sign in brand if sign in _COUNTING]


def _without(word: str, place: int) -> str:
    return word[:place] + word[place + 1 :]
