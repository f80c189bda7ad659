"""What a message was understood to mean: acts with their slots and evidence, and what is to happen with them.

The stages hand these on: `entities` finds mentions in the data, the grammar reads acts out of words and mentions, and
the outcome says whether they are done, shown first, asked about or left alone. Nothing in here does anything.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from bot.context import Context


class Outcome(StrEnum):
    """What is to happen with a message; `acts` is empty for IGNORE and UNKNOWN."""

    DO = "do"
    CONFIRM = "confirm"
    CHOOSE = "choose"
    ASK = "ask"
    REFUSE = "refuse"
    IGNORE = "ignore"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Candidate:
    """Something on record that words may mean. `ref` is `account:12`, `lead:9`, `contact:3`, `member:4`, …

    `how` says what matched: full, short, alias, core, part, pinyin, typo, contact, phone, id, term, recent, near,
    described. `of` is the customer behind a contact person.
    """

    ref: str
    name: str
    how: str
    own: bool = False
    of: str = ""


@dataclass(frozen=True)
class Mention:
    """A stretch of the normalised text that names something: `kind` is customer, contact, member or product.

    Several candidates are shown as choices, best first; one that is far better than the rest stands alone.
    """

    start: int
    end: int
    kind: str
    words: str
    candidates: tuple[Candidate, ...]


class Entities(Protocol):
    """Finds in the company's own data what a text names. Asks the database a bounded number of questions."""

    def __call__(self, ctx: Context, text: str) -> tuple[Mention, ...]:
        """Return mentions in `text` (normalised), in order, none inside another; the actor's own records first."""
        ...


@dataclass(frozen=True)
class Act:
    """One thing to do: an intent of `understanding.md`, its slots as JSON values, and which words gave which slot.

    `refs` names the very record behind a slot (`customer` → `account:12`, `member` → `member:4`); names in the slots
    are for people. `outcome` is this act's own; the message's is the most careful of all.
    """

    intent: str
    slots: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[tuple[str, str], ...] = ()
    refs: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome = Outcome.DO


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What a whole message means. `missing` names slots to ask for, `choices` (label, value) fill the first of them.

    `question` is the sentence we would ask or show, `reason` why it is refused. `guesses` are intents that an unknown
    message may have meant. `answers` says that the open question is answered: the one act is then the question's own
    intent with its slots filled up, or `choose`, `confirm`, `cancel`. `again` says that no answer would do: the whole
    sentence is to be said anew, and nothing is kept of it.
    """

    acts: tuple[Act, ...] = ()
    outcome: Outcome = Outcome.UNKNOWN
    missing: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    question: str = ""
    reason: str = ""
    guesses: tuple[str, ...] = ()
    answers: bool = False
    again: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the stable JSON of `liaodan understand --json`."""
        return {
            "acts": [{"intent": act.intent, "slots": act.slots} for act in self.acts],
            "outcome": str(self.outcome),
            "missing": list(self.missing),
            "choices": [label for label, _ in self.choices],
            "question": self.question or self.reason or None,
            "explain": [[words, slot] for act in self.acts for words, slot in act.evidence],
        }
