"""The words of a formula."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1000
MOST_WORDS: Final = 200

_SAME_LENGTH: Final = str.maketrans(
    "（），＋－＊／×÷＝＜＞＆％［］．０１２３４５６７８９", "(),+-*/*/=<>&%[].0123456789"
)
_TOKEN: Final = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?(?:千万|百万|[万亿])?元?%?)"
    r"|(?P<text>\"[^\"]*\"|'[^']*'|“[^”]*”|「[^」]*」)"
    r"|(?P<field>\[[^\[\]]{1,60}\])"
    r"|(?P<sign><=|>=|<>|!=|==|≤|≥|≠|[-+*/=<>&(),])"
    r"|(?P<name>[^\W\d]\w*)"
)
_SIGNS: Final = {"≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=", "==": "="}
_WORDS: Final = {
    "且": "and",
    "并且": "and",
    "或": "or",
    "或者": "or",
    "非": "not",
    "是": "true",
    "否": "false",
    "空": "none",
}
KEYWORDS: Final = frozenset({"and", "or", "not", "true", "false", "none"})


class FormulaRefused(ValueError):
    """A formula that cannot be meant. `at` is the place of its sign, counted from 0; `str()` says it in Chinese."""

    def __init__(self, says: str, at: int = 0) -> None:
        super().__init__(says)
        self.at = at

    def shown(self, text: str) -> str:
        """Say where it is and what is wrong."""
        near = text[self.at : self.at + 8].strip()
        where = f"公式第 {self.at + 1} 个字「{near}」" if near else "公式末尾"
        return f"{where}：{self}"


@dataclass(frozen=True)
class Token:
    """A word of a formula: its kind, the words themselves, and where they stand."""

    kind: str
    words: str
    at: int


def tokens_of(text: str) -> list[Token]:
    """Cut a formula into its words, an `end` behind them. Raise FormulaRefused for what is no word."""
    if len(text) > LONGEST:
        raise FormulaRefused(f"公式最长 {LONGEST} 个字，请拆成几个公式字段", LONGEST)
    plain, found, at = text.translate(_SAME_LENGTH), [], 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:
            raise FormulaRefused(f"这里不能写「{text[at]}」", at)
        kind, words = match.lastgroup or "", match[0]
        if kind == "text":
            words = text[at + 1 : match.end() - 1]
        if kind == "name":
            lower = unicodedata.normalize("NFKC", words).casefold()
            words = _WORDS.get(lower, words)
            kind = "word" if words.casefold() in KEYWORDS else "name"
            words = words.casefold() if kind == "word" else words
        if kind != "blank":
            found.append(Token(kind, _SIGNS.get(words, words) if kind == "sign" else words, at))
        at = match.end()
        if len(found) > MOST_WORDS:
            raise FormulaRefused(f"公式最多 {MOST_WORDS} 个词，请拆成几个公式字段", at)
    return [*found, Token("end", "", len(text))]
