"""Slots about who gets what: what a colleague can do, when, how credit is shared; and of guided questions."""

import re
from typing import Final

from bot.understanding.numerals import read_numeral
from bot.understanding.sentence import REGION, TIME
from bot.understanding.slots.draft import SEPARATORS, Draft, members_in, mentioned
from bot.understanding.slots.moments import moment_of, times_in

_LESS: Final = re.compile(r"不(?:再)?(?:负责|管|主管|包|跑|会|懂|擅长|精通|熟悉)")
_OFF: Final = re.compile(r"不(?:用)?(?:来)?(?:值|当|轮)|别(?:来)?(?:值|当|轮)|取消")
_SHARES: Final = re.compile(
    r"(?P<a>[一二三四五六七八九])(?P<b>[一二三四五六七八九])(?:开|分成?|分账)"
    r"|(?P<c>\d{1,2})\s?[:：比]\s?(?P<d>\d{1,2})"
    r"|(?:Ⓜ|他|她|对方)?(?:占|拿|分|得)?\s?(?P<e>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?(?:%|个点|成(?![交功本单]))"
    r"|(?P<even>对半|平分|五五|一人一半|各一半)"
)
_UNSHARED: Final = re.compile(r"(?:不|别)(?:再)?(?:和|跟|与|给)")
_TENTHS: Final = re.compile(r"[\d一二两三四五六七八九]\s?成")
_READS: Final = re.compile(r"只(?:能|让|可以)?看|只读|不(?:能|让|可以)(?:写|改|跟进)")
_HOURS: Final = re.compile(r"(\d{1,2})(?:[:：点时](\d{2})?)?\s?[-~到至—]\s?(\d{1,2})(?:[:：点时](\d{2})?)?")
_ENDS: Final = re.compile(r"到|截止|为止|直到|之前|以前|期限|有效")


def read_profile(draft: Draft) -> None:
    """Whom it is about, and what of them: regions, skills, weight, capacity or hours."""
    people = members_in(draft)
    if people:
        mentioned(draft, "member", people[0])
    if _LESS.search(draft.text):
        draft.put("drops", "yes", "")
    regions = [piece.value.name for piece in draft.marked(REGION)]
    for slot in ("skills", "weight", "capacity"):
        group = draft.group(slot)
        if group is None:
            continue
        words = draft.said(*group)
        value = read_numeral(words) if slot != "skills" else None
        if slot == "skills":
            draft.put(slot, [one.strip(SEPARATORS) for one in re.split("[、和及，,]", words)], words)
        elif value is not None:
            draft.put(slot, str(int(value)), words)
        return
    if draft.group("duty") is not None:
        draft.put("duty", _hours(draft.text), draft.text)
    elif regions:
        draft.put("regions", list(dict.fromkeys(regions)), "、".join(regions))


def read_roster(draft: Draft) -> None:
    """On which day, and whether they are on duty or not."""
    found = times_in(draft)
    if found:
        draft.put("at", moment_of(draft, found[0][1]).isoformat(), found[0][0])
    if _OFF.search(draft.text):
        draft.put("drops", "yes", "")


def read_colleague(draft: Draft) -> None:
    """With whom."""
    people = members_in(draft)
    if people:
        mentioned(draft, "member", people[0])


def read_shared(draft: Draft) -> None:
    """How the credit is shared (the colleague's part, in percent), until when, and whether they may only read."""
    hit = _SHARES.search(draft.text)
    if hit is not None:
        share = _share(hit)
        if share is not None:
            draft.put("share", str(share), hit[0])
    if _READS.search(draft.text):
        draft.put("may_write", "no", "")
    found = [(piece, span) for piece, span in times_in(draft) if piece.mark == TIME]
    if found and _ENDS.search(draft.text):
        draft.put("due_at", moment_of(draft, found[-1][1], last=True).isoformat(), found[-1][0])


def read_unshared(draft: Draft) -> None:
    """Whether a share is taken back."""
    if _UNSHARED.search(draft.text):
        draft.put("drops", "yes", "")


def read_outline(draft: Draft) -> None:
    """Which guided questions are meant."""
    group = draft.group("outline")
    if group is not None:
        draft.put("outline", draft.said(*group), draft.said(*group))


def _share(hit: re.Match[str]) -> int | None:
    if hit["even"]:
        return 50
    if hit["e"]:
        return int(read_numeral(hit["e"]) or 0) * (10 if _TENTHS.search(hit[0]) else 1)
    first, second = (read_numeral(hit[name]) for name in (("a", "b") if hit["a"] else ("c", "d")))
    if not first or not second:
        return None
    return round(100 * int(second) / (int(first) + int(second)))


def _hours(text: str) -> str:
    if "全天" in text:
        return "全天"
    hit = _HOURS.search(text)
    if hit is None:
        return text
    begin, end = int(hit[1]), int(hit[3])
    end += 12 if end < begin and end <= 12 else 0  # noqa: PLR2004 - 9点到6点 ends in the evening
    return f"{begin}:{hit[2] or '00'}-{end}:{hit[4] or '00'}"
