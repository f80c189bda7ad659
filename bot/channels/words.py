"""Text as platforms can bear it: cleaned, clipped and cut, never inside a character, an emoji or a link."""

import re
import unicodedata
from collections.abc import Iterator

URL_BYTES = 2048
LONGEST_CHARACTER = 64  # code points one looks back for the beginning of an emoji sequence
LONGEST_RUN = 512  # flags in a row

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they let a name show as another
_UNSHOWN = frozenset(("Cc", "Cs", "Cn"))  # control characters, lone surrogates, what is no character at all
_ANCHOR = re.compile(r"<(?=\s*/?\s*[aA])")
_LINKS = re.compile(r"<a\b[^<>]*>[^<]*</a>|\[[^\[\]\n]*\]\([^()\s]*\)|https?://[!#-;=?-Z^-~]+")
_SENTENCE_END = re.compile(r"[。！？；!?;…][”’」』）)]*|[.][ ]")
_PAUSE = re.compile(r"[，、：\s]|,[ ]")
_JOINER = "\u200d"
_EXTENDERS = ("Mn", "Me", "Mc")
_MODIFIERS = (range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080))  # skin tones, tag letters
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def clean(text: str) -> str:
    """Drop what no screen shows or some clients crash on, and make a raw `<a` of a user's plain text.

    Both platforms read that tag where nothing else is markup: as a link, as a mention of somebody.
    """
    if text.isascii() and text.isprintable() and "<" not in text:
        return text
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    shown = "".join(char for char in unified if char == "\n" or _is_shown(char))
    return _ANCHOR.sub("＜", shown)


def one_line(text: str) -> str:
    """Clean `text` and put it on one line."""
    return " ".join(clean(text).split("\n")).strip()


def web_address(url: str) -> str:
    """Return `url` when a platform would open it, else nothing."""
    sound = url.startswith(("https://", "http://")) and url.isprintable() and " " not in url
    return url if sound and len(url.encode()) <= URL_BYTES else ""


def clip(text: str, limit: int) -> str:
    """Return at most `limit` characters, the last one … when something is missing."""
    if len(text) <= limit:
        return text
    return text[: _boundary(text, limit - 1)].rstrip() + "…"


def split_text(text: str, limit: int) -> list[str]:
    """Cut `text` into parts of at most `limit` UTF-8 bytes that join to it again.

    Cuts fall on line ends where there are any, else on sentence ends, else on pauses, else between characters. Links
    stay whole unless one alone exceeds `limit`.
    """
    links = [match.span() for match in _LINKS.finditer(text)]
    parts, start, next_link = [], 0, 0
    while start < len(text):
        end = _reach(text, start, limit)
        if end < len(text):
            while next_link < len(links) and links[next_link][1] <= start:
                next_link += 1
            end = _cut(text, start, end, links[next_link:])
        parts.append(text[start:end])
        start = end
    return parts


def _is_shown(char: str) -> bool:
    return char.isprintable() or (char not in _BIDI and unicodedata.category(char) not in _UNSHOWN)


def _reach(text: str, start: int, limit: int) -> int:
    """Return how far `limit` bytes reach, at least one character."""
    taken = text[start : start + limit].encode("utf-8", "surrogatepass")[:limit].decode("utf-8", "ignore")
    return start + max(1, len(taken))


def _cut(text: str, start: int, end: int, links: list[tuple[int, int]]) -> int:
    """Return the best place in (start, end] to cut at."""
    inside = []  # the links that begin before `end`; a cut must not fall within
    for link in links:
        if link[0] >= end:
            break
        inside.append(link)
    earliest = start + (end - start) // 3  # a better place is not worth a tiny part
    better = (
        _line_ends(text, earliest, end),
        _ends(_SENTENCE_END, text, earliest, end),
        _ends(_PAUSE, text, earliest, end),
    )
    for places in better:
        for place in places:
            if not _within(place, inside) and is_boundary(text, place):
                return place
    place = end
    for link_start, link_end in reversed(inside):
        if link_start < place < link_end:
            place = link_start
    # One link, or one heap of marks on a letter, longer than a whole part: nothing better than to cut it.
    return next((cut for cut in (_boundary(text, place), _boundary(text, end)) if cut > start), end)


def _line_ends(text: str, earliest: int, end: int) -> Iterator[int]:
    place = end + 1
    while (place := text.rfind("\n", earliest, place - 1) + 1) > 0:
        yield place


def _ends(pattern: re.Pattern[str], text: str, earliest: int, end: int) -> list[int]:
    return [match.end() for match in pattern.finditer(text, earliest, end)][::-1]


def _within(place: int, links: list[tuple[int, int]]) -> bool:
    return any(link_start < place < link_end for link_start, link_end in links)


def is_boundary(text: str, place: int) -> bool:
    """Say whether a cut at `place` leaves every visible character whole."""
    if not 0 < place < len(text):
        return True
    before, after = text[place - 1], text[place]
    if after in "\n ," or (before.isascii() and after.isascii()):
        return not (before == "\r" and after == "\n")
    if _JOINER in (before, after) or _extends(after):
        return False
    if _is_flag(before) and _is_flag(after):
        run = place
        while run > max(place - LONGEST_RUN, 0) and _is_flag(text[run - 1]):
            run -= 1
        return (place - run) % 2 == 0
    return True


def _boundary(text: str, place: int) -> int:
    """Return the last place to cut at or before `place`; a heap of marks longer than any real character is cut."""
    return next((cut for cut in range(place, max(place - LONGEST_CHARACTER, -1), -1) if is_boundary(text, cut)), place)


def _extends(char: str) -> bool:
    """Say whether `char` changes the one before it: marks, variation selectors, skin tones, tag letters."""
    return unicodedata.category(char) in _EXTENDERS or any(ord(char) in modifiers for modifiers in _MODIFIERS)


def _is_flag(char: str) -> bool:
    return ord(char) in _FLAG_LETTERS
