"""What the acts of one message have of each other: the customer, the days off, and what a story says for a deed."""

import re
from collections.abc import Iterable
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.keeping import LAST_DEEDS
from bot.understanding.methods import find_method
from bot.understanding.sentence import CUSTOMER, Sentence
from bot.understanding.slots.draft import Draft, customers_in
from bot.understanding.slots.followup import read_next_of
from bot.understanding.telling import FOLLOWUP

_ABOUT_ONE: Final = frozenset({FOLLOWUP, "reminder.create"})
"""Intents that may be about a customer without asking for one."""


def share_days_off(drafts: list[Draft]) -> None:
    """Let whoever is away hand on approvals for just those days."""
    away = next((draft for draft in drafts if draft.intent.name == "leave.request"), None)
    for draft in drafts:
        if away is not None and draft.intent.name == "approval.delegate" and "from" not in draft.slots:
            for slot in ("from", "to"):
                draft.put(slot, away.slots.get(slot), "")
            if not _ASKS_FOR_LEAVE.search(away.sentence.text):
                drafts.remove(away)
                return


_ASKS_FOR_LEAVE: Final = re.compile("请.{0,3}假|[年病事婚产]假|调休|线索|客户|公海|收走|回收|冻结|保护")
"""What makes a leave something to be asked for, and not only why somebody else decides: 我休假，审批由李娜代."""


def settle_tags(drafts: list[Draft]) -> None:
    """Take no hints for tags where tags are said, and leave the next contact that is said behind them to the talk."""
    told = next((draft for draft in drafts if draft.intent.name == FOLLOWUP), None)
    for draft in drafts:
        if told is not None and draft.intent.name == "tag.add" and "next_at" not in told.slots:
            read_next_of(told, draft)
    if any(draft.intent.name.startswith("tag.") for draft in drafts):
        for draft in drafts:
            if draft.intent.name == FOLLOWUP:
                draft.slots.pop("tags", None)


def share_way(sentence: Sentence, drafts: list[Draft]) -> None:
    """Let every talk of a list have the way that stands over it: 今天跑三家：甲签了，乙没人，丙要改尺寸."""
    told = [draft for draft in drafts if draft.intent.name == FOLLOWUP and draft.call is None]
    named = sentence.marked(CUSTOMER)
    if len(told) < 2 or not named:  # noqa: PLR2004
        return
    head = sentence.text[: named[0].start]
    way = find_method(head) if _LISTS.search(head) else None
    for draft in told:
        if way is not None:
            draft.put("method", way.method, way.words)


_LISTS: Final = re.compile(r"(?:[两三四五六七八九几\d]\s?(?:家|个|户|位|通|趟)|：|:)[^，。；]{0,4}$")


def share_customer(drafts: Iterable[Draft]) -> None:
    """Let a later act be about the customer of the one before when it names none."""
    before: Draft | None = None
    for draft in drafts:
        takes = "customer" in draft.intent.needs or "customer" in draft.intent.slots or draft.intent.name in _ABOUT_ONE
        if before is not None and takes and "customer" not in draft.slots and not draft.choices.get("customer"):
            if "customer" in before.slots and not customers_in(draft):
                draft.put("customer", before.slots["customer"], "", before.refs.get("customer", ""))
                if draft.intent.name == "reminder.create" and draft.slots.get("content"):
                    draft.slots["content"] = f"{before.slots['customer']}：{draft.slots['content']}"
            elif "customer" in before.choices:
                draft.choices["customer"] = before.choices["customer"]
        if "customer" in draft.slots or "customer" in draft.choices:
            before = draft


def forgotten(sentence: Sentence, drafts: list[Draft]) -> bool:
    """Say whether a customer is named of whom no act speaks, where each act is about one: it is read once more."""
    if not drafts or not all(draft.intent.writes and draft.intent.name.startswith(_OF_ONE) for draft in drafts):
        return False
    spoken = {value for draft in drafts for value in draft.slots.values() if isinstance(value, str)}
    return any(
        len(piece.value.candidates) == 1 and {piece.value.candidates[0].name, piece.words}.isdisjoint(spoken)
        for piece in sentence.marked(CUSTOMER)
    )


_OF_ONE: Final = ("lead.", "deal.", "payment.", "contract.", "invoice.")
SOUNDS_DONE: Final = re.compile(
    r"(?:退|还|撤|丢|扔|吐)(?:掉|回去|了)?(?:吧|算了|池子|公海)|作废|无效|培育|不跟了|不要了|放弃|划给Ⓜ|转给Ⓜ|提醒我|(?:设|定|加|建)(?:个|一个)[^，]*提醒|标签|[打贴加](?:个|上|一个)标|[建开](?:个|一个)商机|[出做](?:个|一份|份)报价|推进?到Ⓖ|Ⓝ"
)
"""What sounds like a deed beside a story: the follow-up is shown before it is written without it."""


def share_story(drafts: list[Draft]) -> None:
    """Let what was told be the reason for what is done in the same breath, and show that first."""
    told = next((draft for draft in drafts if draft.intent.name == FOLLOWUP), None)
    for draft in drafts:
        if told is None or draft.intent.name not in LAST_DEEDS:
            continue
        if "reason" in draft.intent.needs or draft.intent.name == "lead.invalidate":
            draft.put("reason", told.slots.get("content"), "")
        if draft.intent.name == "lead.nurture" and "next_at" in told.slots:
            draft.put("next_at", told.slots.pop("next_at"), "")
        draft.be(Outcome.CONFIRM)
