"""Slots of deals: which one of a customer's is meant, and a stage that is only said to be the next or the one before."""

import re
from typing import Final

from bot.understanding.sentence import DEALT
from bot.understanding.slots.basics import read_customer, read_stage
from bot.understanding.slots.draft import Draft
from core.model.deal import Deal
from core.model.ids import AccountId, DealId

_FORWARD: Final = re.compile(r"往下走|往前(?:推|走)|推一步|推一下|前进一步|进下一|下一(?:个)?阶段|下一步|升一级|再推")
_BACK: Final = re.compile(r"往回退|退一步|退回去|退一级|回退|退到上一|上一(?:个)?阶段")


_SHORT: Final = {"谈判": "商务谈判", "报价": "方案报价", "方案": "方案报价", "需求": "需求确认", "接洽": "初步接洽"}
_SAID: Final = re.compile(r"(谈判|报价|方案)(?:了|阶段|中|$)")


def read_deal(draft: Draft) -> None:
    """The customer, and the one of their deals that the words behind the name are about."""
    read_customer(draft)
    meant = [one for piece in draft.marked(DEALT)[:1] for one in piece.value.candidates]
    draft.used += [(piece.start, piece.end) for piece in draft.marked(DEALT)]
    if len(meant) == 1 and draft.slots.get("customer") and not draft.choices.get("customer"):
        draft.refs["customer"] = meant[0].ref
        draft.evidence.append((draft.marked(DEALT)[0].words, "customer"))


def read_deal_stage(draft: Draft) -> None:
    """The stage by its name, or the one next to where the customer's only open deal stands."""
    read_stage(draft)
    if "stage" not in draft.slots and (said := _SAID.findall(draft.text)):
        draft.put("stage", _SHORT[said[-1]], said[-1])
    forward, back = _FORWARD.search(draft.text), _BACK.search(draft.text)
    deal = _only_deal(draft) if forward or back else None
    if deal is None or draft.slots.get("stage", deal.stage) != deal.stage:
        return
    draft.slots.pop("stage", None)
    pipeline = draft.ctx.uow.playbook.pipeline(deal.pipeline)
    names = [stage.name for stage in pipeline.open_stages]
    place = names.index(deal.stage) + (1 if forward else -1) if deal.stage in names else -1
    if 0 <= place < len(names):
        draft.put("stage", names[place], (forward or back or [""])[0])


_NUMBERED: Final = re.compile(r"(?:deal:|[Dd])(?P<number>\d{1,9})")


def _only_deal(draft: Draft) -> Deal | None:
    kind, _, number = str(draft.refs.get("customer", "")).partition(":")
    if named := _NUMBERED.fullmatch(str(draft.refs.get("customer", ""))):
        return next(iter(draft.ctx.uow.deals.find([DealId(int(named["number"]))])), None)
    if kind != "account" or not number.isdigit():
        return None
    deals = draft.ctx.uow.deals.open_of(AccountId(int(number)))
    return deals[0] if len(deals) == 1 else None
