"""An act while its slots are being read: what is known, which words said it, and what is still to be asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.context import Context
from bot.understanding.acts import Act, Candidate, Mention, Outcome
from bot.understanding.cleaning import without_fillers
from bot.understanding.grammar import Call
from bot.understanding.intents.intent import Intent
from bot.understanding.sentence import CONTACT, CUSTOMER, MEMBER, Piece, Sentence
from core.model.ids import Ref

SEPARATORS: Final = " \n\t，,。；;：:、！!？?~～…·-—"
_POLITE: Final = re.compile(r"(?:另外|顺便|顺手|顺带|帮我|麻烦|帮忙|请(?!假)|劳驾|一下|给我|我想|我要|那个|，)+")
_CAREFUL: Final = (Outcome.DO, Outcome.CONFIRM, Outcome.ASK, Outcome.CHOOSE, Outcome.REFUSE)


@dataclass
class Draft:
    """The stretch `start:end` of the text belongs to this act; `used` are words that some slot has taken.

    `reserved` are those of them that belong to the company's own fields.
    """

    ctx: Context
    sentence: Sentence
    intent: Intent
    start: int
    end: int
    call: Call | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    refs: dict[str, Any] = field(default_factory=dict)
    evidence: list[tuple[str, str]] = field(default_factory=list)
    used: list[tuple[int, int]] = field(default_factory=list)
    reserved: list[tuple[int, int]] = field(default_factory=list)
    choices: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    question: str = ""
    outcome: Outcome = Outcome.DO
    reason: str = ""
    again: bool = False
    """A part of what was said is not understood, and without it the rest means something else."""

    hinted: bool = False
    """Nobody said that it was done; it only sounds like it."""

    def __post_init__(self) -> None:
        self.be(self.intent.outcome)
        self.used += self.sentence.unsaid
        if self.call is not None:
            self.used.append(self.sentence.span(self.call.start, self.call.end))
            if self.call.is_guess:
                self.be(Outcome.CONFIRM)

    def be(self, outcome: Outcome, question: str = "") -> None:
        """Become at least so careful."""
        if _CAREFUL.index(outcome) > _CAREFUL.index(self.outcome):
            self.outcome = outcome
        self.question = self.question or question

    def ask(self, slot: str, question: str = "") -> None:
        """Ask for a slot."""
        if slot not in self.asked:
            self.asked.append(slot)
        self.be(Outcome.ASK, question)

    def ask_anew(self, slot: str, question: str) -> None:
        """Have the whole sentence said anew: what a slot lacks cannot be answered by itself."""
        self.again = True
        self.question = ""
        self.ask(slot, question)

    def put(self, slot: str, value: Any, piece: Piece | str = "", ref: str = "") -> None:
        """Fill a slot, once, and remember which words said so."""
        if value in (None, "", []) or slot in self.slots:
            return
        self.slots[slot] = value
        if ref:
            self.refs[slot] = ref
        if isinstance(piece, Piece):
            self.used.append((piece.start, piece.end))
            self.evidence.append((piece.words, slot))
        elif piece:
            self.evidence.append((piece, slot))

    def marked(self, mark: str) -> list[Piece]:
        """Pieces of one kind in the act's words."""
        found = self.sentence.marked(mark, self.start, self.end)
        if not self.reserved:
            return found
        return [piece for piece in found if not self.is_reserved(piece.start, piece.end)]

    def is_reserved(self, start: int, end: int) -> bool:
        """Say whether words belong to one of the company's own fields."""
        return any(begin < end and start < until for begin, until in self.reserved)

    def reserve(self, start: int, end: int, words: str) -> None:
        """Keep a stretch for one of the company's own fields: nothing else is read out of it."""
        self.reserved.append((start, end))
        self.used.append((start, end))
        self.evidence.append((words, "fields"))

    @property
    def text(self) -> str:
        """The act's own words."""
        return self.sentence.text[self.start : self.end]

    def said(self, start: int, end: int) -> str:
        """The words as they were written, without fillers."""
        return without_fillers(self.sentence.line.said(start, end)).strip(SEPARATORS)

    def group(self, name: str) -> tuple[int, int] | None:
        """Where the cue's words for a slot stand in the text."""
        if self.call is None or name not in self.call.groups:
            return None
        return self.sentence.span(*self.call.groups[name])

    def left(self, start: int | None = None) -> list[tuple[int, int]]:
        """Stretches that no slot has used, cut at separators, in order."""
        place = self.start if start is None else start
        stretches = []
        for begin, end in [*sorted(self.used), (self.end, self.end)]:
            if end <= place:
                continue
            stretches.append((place, min(begin, self.end)))
            place = max(place, end)
        pieces = []
        for begin, end in stretches:
            for hit in re.finditer(
                rf"[^{re.escape(SEPARATORS)}]+", self.sentence.text[begin:end] if begin < end else ""
            ):
                polite = _POLITE.match(hit[0])
                if polite is None or polite.end() < len(hit[0]):
                    pieces.append((begin + hit.start() + (polite.end() if polite else 0), begin + hit.end()))
        return pieces

    def act(self) -> Act:
        return Act(self.intent.name, self.slots, tuple(self.evidence), self.refs, self.outcome)


def mentioned(draft: Draft, slot: str, piece: Piece) -> None:
    """Fill a slot with what a mention means, or offer its candidates."""
    mention: Mention = piece.value
    if len(mention.candidates) == 1:
        found = mention.candidates[0]
        if piece.mark == CONTACT and slot == "customer":
            name, ref = behind(draft.ctx, found)
            draft.put("customer", name, piece, ref)
        else:
            draft.put(slot, found.name, piece, found.ref)
        return
    draft.evidence.append((piece.words, slot))
    draft.used.append((piece.start, piece.end))
    choices = (
        [(f"{one.name}（{name}）", ref) for one in mention.candidates for name, ref in [behind(draft.ctx, one)]]
        if piece.mark == CONTACT and slot == "customer"
        else [(one.name, one.ref) for one in mention.candidates]
    )
    draft.choices.setdefault(slot, tuple(choices))
    draft.be(
        Outcome.CHOOSE,
        f"「{piece.words}」对应多个客户，是哪一个？" if slot != "member" else f"「{piece.words}」是哪一位？",
    )


def behind(ctx: Context, contact: Candidate) -> tuple[str, str]:
    """Return name and reference of the customer behind a contact person."""
    kind, _, number = contact.of.partition(":")
    if not number.isdigit():
        return contact.of, ""
    ref = Ref(kind, int(number))
    return ctx.uow.customers.names_of([ref]).get(ref, contact.of), contact.of


def excepts(draft: Draft) -> str:
    """Return the name that a message leaves out, in whichever clause: 除了X, X的别动; nothing where it leaves out none."""
    return next((piece.words for piece in left_out(draft)), "")


def left_out(draft: Draft) -> list[Piece]:
    """Everybody whom a message leaves out; of names side by side, all are or none."""
    text = draft.sentence.text
    rows: list[list[Piece]] = []
    for piece in draft.sentence.pieces:
        if piece.mark not in (CUSTOMER, CONTACT, MEMBER):
            continue
        if rows and _SIDE_BY_SIDE.fullmatch(text, rows[-1][-1].end, piece.start):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [
        piece
        for row in rows
        if _LEFT_OUT.search(text[max(0, row[0].start - 5) : row[0].start]) or _STAYS.match(text, row[-1].end)
        for piece in row
    ]


_SIDE_BY_SIDE: Final = re.compile(r"[\s、,，/]*(?:和|跟|与|及|还有|以及)?[\s]*")
_LEFT_OUT: Final = re.compile(r"(?:除了?|除开|不含|不包括|不算|别动|不动|留着?|保留|先别[批动])[^，,。；;]{0,2}$")
_STAYS: Final = re.compile(
    r"(?:那边|这边|那[个张单家]|这[个张单家]|的|先|就|都|还是|要|得|，|、|\s)*(?:别动|不动|别改|不改|别挪|不挪|别推|不变|照旧|除外|以外|之外|例外|不算|留着|保留|别批|不批|先不|先别|我自己|我再看|再说|等等|单独)"
)


def customers_in(draft: Draft) -> list[Piece]:
    """Mentions of customers, and of contact persons whose customer is not named beside them."""
    named = draft.marked(CUSTOMER)
    if named:
        return named
    return [piece for piece in draft.marked(CONTACT) if any(one.of for one in piece.value.candidates)]


def members_in(draft: Draft) -> list[Piece]:
    return draft.marked(MEMBER)


def joined(names: Iterable[str]) -> str:
    """Join names, each once."""
    return "、".join(dict.fromkeys(names))
