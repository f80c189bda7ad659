"""Whose an act is that names no customer: the one's just spoken of, unless it names a stranger.

迈瑞先放放 is not about the customer on the screen, though 迈瑞 is on no record. Whatever opens a message, or follows 把
and 给, with two characters that no example has side by side is taken for somebody's name. That costs a question where
it was a rare word, and keeps a stranger's words from another's record.
"""

import re
from collections.abc import Callable
from typing import Final

from bot.understanding.acts import Candidate, Outcome
from bot.understanding.likeness import is_common
from bot.understanding.methods import find_method
from bot.understanding.sentence import CONTACT, CUSTOMER
from bot.understanding.slots.draft import Draft
from bot.understanding.telling import FOLLOWUP
from core.errors import BadInput

_CONTEXT: Final = frozenset({
    "lead.return", "lead.nurture", "lead.invalidate", "lead.extend", "lead.claim", "lead.acknowledge", "deal.amend",
    "deal.stage", "deal.win", "deal.lose", "discount.request", "quote.create", "quote.send",
    "quote.show", "quote.change", "quote.sent", "quote.accept", "quote.decline", "contract.create",
    "stock.check", "discount.history", "receivable.show", "payment.record", "plan.create", "plan.move", "tag.add",
    "tag.remove", "followup.log", "lead.convert", "contact.add", "followup.last", "invoice.title", "deal.create",
    "field.set",
})  # fmt: skip
"""Intents that, without a customer's name, are about the customer that was just on the screen."""

_WHOM: Final = frozenset({"customer", "count", "region", "industry", "source"})
"""Slots that say about whom an act is."""

_RISKY: Final = frozenset({"lead.return", "lead.invalidate", "deal.win", "deal.lose", "lead.convert", "payment.record"})
_POINTS: Final = re.compile(
    r"(?:把|将|给|那|就|我|先|再|都|也|那个|这个|它|他们?|她们?|客户|对方|线索|这单|那单|这条|那条|刚才的?|上面的?|的|帮|"
    r"Ⓣ|Ⓐ|Ⓓ|，)*"
)
_APART: Final = re.compile(r"[\s：，,:]+(?P<word>[一-龥A-Za-z]{1,2})[\s，,]")
_NAMES_SOMEBODY: Final = re.compile(r"(?:给|把|将|为|跟|和)(?!我|他|她|它|客户|对方|这|那|打|个|出|起)[一-龥]{2,}")
_NOT_KNOWN: Final = "没认出说的是哪家客户。请回复客户全名；还没录入就发送「新线索 公司名 电话」"
_NAMED: Final = re.compile(
    r"(?:^(?:[Ⓣ，]|刚才?|今天|那个|这个|就是|嗯|哎|唉|先|再|那|把|将|给|替|让|跟|和|去|找|请|帮我)*"
    r"|(?<=[，Ⓣ])(?:把|将|给|替|跟|和|拜访|联系|约|去)|(?:把|将|给|拜访|联系))"
    r"(?P<two>[一-龥a-zA-Z]{2})"
)
"""Where a line that marks no customer may name one: at its head, or behind what is done with somebody."""


_FUNCTION: Final = frozenset("不了没的是在有都也就还再很太要会能可被把给让跟和着过吧吗呢啊个这那我你他她它们")
"""Characters of grammar, which open no name: 跟不完了 names nobody."""


def find_whose(draft: Draft, recent: Callable[[], Candidate | None]) -> None:
    """Let an act without a customer be about the one just spoken of, unless it names a stranger."""
    name, template = draft.intent.name, draft.sentence.template
    if name == "plan.move_all" and draft.call is not None and _names_a_stranger(draft.call.clause.words):
        raise BadInput(_NOT_KNOWN)  # 迈瑞那边推迟到下周二 moves nobody else's plans
    lacks = name in _CONTEXT and not _WHOM & (draft.slots.keys() | draft.choices.keys())
    if lacks and "customer" not in draft.asked and _names_a_stranger(template):
        draft.ask("customer", _NOT_KNOWN)
    if not lacks or ("customer" in draft.asked and draft.question):
        return
    found = recent()
    if found is not None and _is_bare(draft):
        draft.put("customer", found.name, "", found.ref)
        draft.be(Outcome.CONFIRM if name in _RISKY else Outcome.DO)
        if "customer" in draft.asked:
            draft.asked.remove("customer")
            draft.outcome = draft.intent.outcome


def _names_a_stranger(template: str) -> bool:
    """Say whether a line without a known customer seems to name one all the same."""
    found = (hit["two"] for hit in _NAMED.finditer(template))
    return any(not is_common(two) for two in found if _FUNCTION.isdisjoint(two))


def _is_bare(draft: Draft) -> bool:
    """Say whether no customer at all was named, not even one that is on no record."""
    if draft.marked(CUSTOMER) or draft.marked(CONTACT) or draft.call is None:
        return False
    template = draft.sentence.template
    before = template[draft.call.clause.start : draft.call.start]
    called = template[draft.call.start : draft.call.end]
    _, end = draft.sentence.span(draft.call.start, draft.call.end)
    apart = _APART.match(draft.sentence.text, end) if draft.intent.name == FOLLOWUP else None
    if apart is not None and find_method(apart["word"]) is None:
        return False  # 跟进 华 聊了交期 names somebody, though nobody is called so
    return bool(_POINTS.fullmatch(before)) and not _NAMES_SOMEBODY.match(called)
