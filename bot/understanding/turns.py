"""Where a message turns to another customer, so that nothing that is said of the second is done to the first."""

import re
from typing import Final

from bot.understanding.clauses import Clause
from bot.understanding.sentence import CONTACT, CUSTOMER, TIME, Piece, Sentence

_BEFORE: Final = (
    r"(?:Ⓣ|我们?|这边|那边|刚才?|刚刚|后来|然后|接着|直接|随后|顺道|转头|完了|又|再|也|还|就|都|先|另外|顺便|顺路|而|但是?|不过|昨天|今天|上午|下午|中午|晚上"
    r"|给|跟|和|与|去|到|在|从|见|找|约|打|陪|请|拜访|走访|回访|联系|微信|电话|邮件|短信|催|问|谈|聊|看|带|送|发|寄|回|接|报|讲|收|了|完|过|的|，|：)*"
)
_TURNS: Final = re.compile(rf"^{_BEFORE}[ⒸⓅ](?P<behind>.*)$")
_NAMES_ONLY: Final = re.compile(r"^(?:[ⒸⓅ]|[、和与跟及这那两三几家都也]|还有|以及)*$")
_COMPARED: Final = re.compile(
    r"^(?:的(?!样|合同|报价|方案|发票|回款|货|单|款|图纸|资料|项目|标书|设备|[ⒶⓋⓅ])|那样|一样|家的|用的|也在(?:用|竞|投|报|抢)|报价|便宜|贵|更|比)"
)
"""What follows a name that only is compared with: 中兴的便宜, 中兴报价更低."""


def turns_of(sentence: Sentence, clauses: list[Clause]) -> list[list[Clause]]:
    """Part the clauses where one is headed by a customer who was not spoken of before; one part if nothing turns."""
    parts: list[list[Clause]] = [[]]
    before: frozenset[str] = frozenset()
    for clause in clauses:
        named = _named(sentence, clause)
        head = _TURNS.match(clause.words)
        if not named or _NAMES_ONLY.match(clause.words):
            if named:
                return [clauses]
            parts[-1].append(clause)
            continue
        refs = _refs(named)
        if head and before and not refs & before and not _COMPARED.match(head["behind"]):
            parts.append([])
            before = frozenset()
        before |= refs
        parts[-1].append(clause)
    return parts if len(parts) > 1 and all(_speaks(part) for part in parts) else [clauses]


def _named(sentence: Sentence, clause: Clause) -> list[Piece]:
    """The customers that a clause names, or else its contact persons, each of one customer."""
    named = sentence.marked(CUSTOMER, *clause.span)
    return named or [
        p for p in sentence.marked(CONTACT, *clause.span) if len({one.of for one in p.value.candidates}) == 1
    ]


def _refs(pieces: list[Piece]) -> frozenset[str]:
    """The records that are meant; a contact person means the customer behind."""
    return frozenset(one.of or one.ref for piece in pieces for one in piece.value.candidates)


def _speaks(part: list[Clause]) -> bool:
    """Say whether something is said of the customer beside the name."""
    return any(len(re.sub(r"[Ⓐ-ⓩ，。]", "", clause.words)) > 1 or TIME in clause.words for clause in part)
