"""The platform's markdown, and people's text kept from becoming any of it.

https://open.dingtalk.com/document/orgapp/robot-message-type: headings, quotes, bold, links, pictures, lists. A single
line end is swallowed. No escape is documented, so full-width signs stand where markup would begin.
"""

import re
from collections.abc import Iterable

from bot.channels.words import clean, one_line

BREAK = "  \n  "  # two spaces on both sides, or the line end is swallowed
PARAGRAPH = "\n\n"
LINK = re.compile(r"https?://[!#-;=?-Z^-~]+")

_WIDE = str.maketrans({"*": "＊", "`": "｀", "[": "［", "]": "］", "<": "＜", "~": "～"})
_LONE_UNDERLINE = re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_MENTION = re.compile(r"(?<![0-9A-Za-z._%+-])@")
_HEAD = re.compile(r"^(\s*)([#>])")
_RULE = re.compile(r"^\s*([-=_*]\s*){3,}$")


def spoken(text: str) -> str:
    """Return people's text as plain text in which nobody is mentioned; mail addresses stay whole."""
    return _MENTION.sub("＠", clean(text))


def escaped(text: str) -> str:
    """Return people's text so that markdown shows it as it stands; addresses of pages stay whole."""
    return BREAK.join(_line(line) for line in spoken(text).strip().split("\n"))


def heading(text: str) -> str:
    """Return a heading of one line."""
    return f"### {escaped(one_line(text))}"


def quotation(text: str) -> str:
    """Return somebody's own words."""
    return "\n".join(f"> {_line(line)}" for line in spoken(text).strip().split("\n"))


def bullets(lines: Iterable[str]) -> str:
    """Return a list; its entries are markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def linked(label: str, url: str) -> str:
    """Return a link; its label can neither end it early nor begin another."""
    return f"[{escaped(one_line(label)) or '打开'}]({url})"


def _line(line: str) -> str:
    if _RULE.match(line):
        return "——"
    line = _HEAD.sub(lambda found: found[1] + {"#": "＃", ">": "＞"}[found[2]], line)
    parts, place = [], 0
    for link in LINK.finditer(line):
        parts += [_plain(line[place : link.start()]), link[0]]
        place = link.end()
    return "".join((*parts, _plain(line[place:])))


def _plain(text: str) -> str:
    return _LONE_UNDERLINE.sub("＿", text.translate(_WIDE))
