"""A stranger whose name begins like a customer's: 恒立机电 beside 恒立精密. Nobody is taken for another."""

from bot.understanding.acts import Mention, Outcome
from bot.understanding.sentence import CUSTOMER
from bot.understanding.slots.draft import Draft
from core.rules.calling import NEAR


def is_near(mention: Mention) -> bool:
    """Say whether a mention only resembles what is on record."""
    return bool(mention.candidates) and all(one.how == NEAR for one in mention.candidates)


def offer_the_near(draft: Draft) -> None:
    """Ask whether a customer is meant whose name only resembles what was said."""
    for piece in draft.marked(CUSTOMER):
        for slot in ("customer", "with"):
            known = [one for one in piece.value.candidates if one.name == draft.slots.get(slot)]
            if known and is_near(piece.value):
                draft.slots.pop(slot)
                draft.choices[slot] = tuple((one.name, one.ref) for one in known)
                draft.be(
                    Outcome.CHOOSE,
                    f"没有找到「{piece.words}」，是「{known[0].name}」吗？"
                    "不是的话，发送「查一下 公司全名」或「新线索 公司名 电话」",
                )
