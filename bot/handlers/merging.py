"""Two records that are one: shown side by side, chosen from, joined."""

from collections.abc import Sequence
from typing import Any, ClassVar

from bot.cards.card import Card
from bot.cards.merging import choice_words, consent_card, declined_card, merged_card, one_label, waiting_card
from bot.context import Context
from bot.router import Router
from core.errors import Ambiguous, BadInput, NotFound
from core.model.ids import Ref
from core.rules.merging import OWNER, Customer, Difference, differences, survivor_of
from core.services.consent import answer_merge, ask_to_merge, hidden_twin
from core.services.customers import find_customer, holder_name
from core.services.merging import merge_customers, require_mergeable

router = Router()

DONE, DROPPED = "ok", "no"
BUTTONS = 3
"""Fields that have a button; the others are chosen by their number."""


class Choose(Ambiguous):
    """Which value stays of every field that differs; each choice holds all that was chosen before."""

    code = "customer.merge_choice"
    settles: ClassVar[bool] = True

    def __init__(self, words: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(words, tuple(choices), "values")

    def __str__(self) -> str:
        return f"{self.words}\n{self.listed()}"


@router.command("customer.merge", "合并", "合并客户")
def merge(ctx: Context, customer: Customer, with_: str, values: str = "") -> Card:
    """合并 L12 和 L30：两条是同一家时合成一条，不一样的值由您选，撤销可以拆回"""
    other = _seen(ctx, with_)
    if other is None:
        twin = hidden_twin(ctx.uow, customer, with_)
        ask_to_merge(ctx.uow, customer, twin)
        return waiting_card(customer.name, twin.holder, ctx.uow.command)
    require_mergeable(ctx.uow, customer, other)
    if values == DROPPED:
        return Card(title="好的，没有合并")
    keep, taken, done = _read(values)
    kept, gone = survivor_of(customer, other, keep)
    if not done:
        raise _choice(ctx, kept, gone, taken)
    return merged_card(merge_customers(ctx.uow, kept, gone, sorted(taken)), ctx.uow.command)


@router.preview("customer.merge")
def preview(ctx: Context, customer: Customer, with_: str) -> Card:
    """Show the choices instead: whoever presses 合并 has seen what will be done."""
    other = _seen(ctx, with_)
    if other is None:
        return consent_card(customer.name, hidden_twin(ctx.uow, customer, with_).holder)
    require_mergeable(ctx.uow, customer, other)
    raise _choice(ctx, *survivor_of(customer, other), set())


@router.button("merge.agree")
def agree(ctx: Context, request: int) -> Card:
    """同意合并：把自己的一条和同事的一条合成一条"""
    merged = answer_merge(ctx.uow, request, agree=True)
    return merged_card(merged, ctx.uow.command) if merged is not None else declined_card()


@router.button("merge.decline")
def decline(ctx: Context, request: int) -> Card:
    """不是同一家：不合并，告诉提出的同事"""
    answer_merge(ctx.uow, request, agree=False)
    return declined_card()


def _seen(ctx: Context, words: str) -> Customer | None:
    """Return the customer that `words` mean if the actor may see it."""
    try:
        return find_customer(ctx.uow, words)
    except NotFound:
        return None


def _choice(ctx: Context, kept: Customer, other: Customer, taken: set[str]) -> Choose:
    found = differences(kept, other)
    return Choose(choice_words(kept, other, _shown(ctx, found), taken), _choices(kept, other, found, taken))


def _choices(kept: Customer, other: Customer, found: Sequence[Difference], taken: set[str]) -> list[tuple[str, str]]:
    toggles = [(f"{one_label(one)}换一个", _write(kept.ref, taken ^ {one.field})) for one in found]
    turned = [(f"保留{other.ref}", _write(other.ref, set()))] if type(kept) is type(other) else []
    merge_now, never = ("合并", _write(kept.ref, taken, done=True)), ("不合并", DROPPED)
    return [merge_now, *toggles[:BUTTONS], *turned, never, *toggles[BUTTONS:]]


def _shown(ctx: Context, found: Sequence[Difference]) -> list[tuple[Difference, str, str]]:
    return [(one, _words(ctx, one.field, one.kept), _words(ctx, one.field, one.other)) for one in found]


def _words(ctx: Context, field: str, value: Any) -> str:
    if field == OWNER:
        return holder_name(ctx.uow, value)
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _write(keep: Ref, taken: set[str], *, done: bool = False) -> str:
    return ";".join((str(keep), ",".join(sorted(taken)), *((DONE,) if done else ())))


def _read(values: str) -> tuple[Ref | None, set[str], bool]:
    """Read what was chosen so far: whose number stays, which fields are taken over, and whether that is all."""
    if not values:
        return None, set(), False
    keep, _, rest = values.partition(";")
    fields, _, done = rest.partition(";")
    try:
        return Ref.parse(keep), set(filter(None, fields.split(","))), done == DONE
    except ValueError:
        raise BadInput("没看懂要留哪一个。请点按钮，或者回复选项前面的数字；不合并就回复「算了」") from None
