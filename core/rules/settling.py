"""What is owed, what has been paid of it, and since when it is late: worked out from a plan and all payments.

Nothing of it is kept. So a payment that is taken back, moved to another day or recorded twice by two people at once
leaves no trace in anybody's sums.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import BadInput
from core.model.contract import Instalment, Term
from core.model.ids import InstalmentId
from core.model.money import Money
from core.model.payment import Payment

WHOLE = 10_000
"""A share of all, in hundredths of a percent."""

AGES = (30, 60, 90)
"""Where one age of a debt ends and the next begins, in days."""


@dataclass(frozen=True)
class Settled:
    """One instalment with what has been paid of it; `paid_on` is the day on which the last of that came."""

    instalment: Instalment
    paid: Money
    paid_on: date | None = None

    @property
    def open(self) -> Money:
        return Money(self.instalment.amount.fen - self.paid.fen)

    @property
    def is_settled(self) -> bool:
        return self.open.fen <= 0

    def late_days(self, today: date) -> int:
        """Return for how many days it has been late; whoever pays on the last day is in time."""
        due = self.instalment.due_on
        return (today - due).days if due is not None and due < today and not self.is_settled else 0


@dataclass(frozen=True)
class Standing:
    """How a plan stands: its instalments, what was received in all, and what nobody owed (`surplus`).

    The paid parts and the surplus are together what was received. Where more was given back than came in, the surplus
    is below nothing.
    """

    plan: tuple[Settled, ...]
    received: Money
    surplus: Money

    @property
    def amount(self) -> Money:
        return Money.sum(one.instalment.amount for one in self.plan)

    @property
    def paid(self) -> Money:
        return Money.sum(one.paid for one in self.plan)

    @property
    def open(self) -> Money:
        return Money.sum(one.open for one in self.plan)

    def late(self, today: date) -> Money:
        """Return what should have been paid by now and has not been."""
        return Money.sum(one.open for one in self.plan if one.late_days(today))

    def late_days(self, today: date) -> int:
        """Return for how many days the oldest of it has been late."""
        return max((one.late_days(today) for one in self.plan), default=0)

    def next(self) -> Settled | None:
        """Return the instalment that is to be paid next."""
        return next((one for one in sorted(self.plan, key=lambda one: _turn(one.instalment)) if one.open.fen > 0), None)


def settle(plan: Sequence[Instalment], payments: Iterable[Payment]) -> Standing:
    """Say how payments settle a plan: what one was meant for takes it first, then whatever is due first.

    What is left over waits as a surplus and pays nothing. Money given back comes out of the surplus, then out of what
    it was meant for, then out of what is due last.
    """
    paid = dict.fromkeys((one.id for one in plan), 0)
    paid_on: dict[InstalmentId, date] = {}
    turns = [one.id for one in sorted(plan, key=_turn)]
    amounts = {one.id: one.amount.fen for one in plan}
    surplus = received = 0
    for payment in sorted(payments, key=lambda one: (one.paid_on, one.id)):
        received += payment.signed.fen
        surplus += payment.signed.fen
        meant = [payment.instalment_id] if payment.instalment_id in amounts else []
        for one in (*meant, *turns) if surplus > 0 else ():
            part = min(surplus, amounts[one] - paid[one])
            if part > 0:
                paid[one] += part
                paid_on[one] = payment.paid_on
                surplus -= part
        for one in (*meant, *reversed(turns)) if surplus < 0 else ():
            part = min(-surplus, paid[one])
            paid[one] -= part
            surplus += part
    settled = tuple(Settled(one, Money(paid[one.id]), paid_on.get(one.id)) for one in plan)
    return Standing(settled, Money(received), Money(surplus))


@dataclass(frozen=True)
class Part:
    """What of a receipt goes to one instalment."""

    instalment: Instalment
    amount: Money


def spread(plans: Iterable[Standing], amount: Money) -> tuple[list[Part], Money]:
    """Say how a receipt is split over several plans, whatever is due first before the rest, and what is left over."""
    parts, left = [], amount.fen
    owed = [one for plan in plans for one in plan.plan if one.open.fen > 0]
    for one in sorted(owed, key=lambda one: (*_turn(one.instalment), one.instalment.id)):
        part = min(left, one.open.fen)
        if part > 0:
            parts.append(Part(one.instalment, Money(part)))
            left -= part
    return parts, Money(left)


def _turn(instalment: Instalment) -> tuple[date, int]:
    return (instalment.due_on or date.max, instalment.place)


def age_of(days: int) -> int:
    """Return into which age a debt of so many days falls: 0 is not late, then up to 30, 60, 90 days and beyond."""
    return 0 if days <= 0 else 1 + sum(days > end for end in AGES)


def lay_out(terms: Sequence[Term], amount: Money) -> list[Money]:
    """Return what each term of a plan comes to; together they are `amount`, to the last 分.

    Shares are rounded half up and the last of them takes what rounding left. One term without a figure takes the rest.
    Raise BadInput for a plan that is more or less than the whole.
    """
    if not terms:
        raise BadInput("付款计划至少要有一期，例如「首款30%，验收后70%」")
    amounts: list[Money | None] = [one.amount for one in terms]
    shares = [(place, one.share) for place, one in enumerate(terms) if one.amount is None and one.share is not None]
    rests = [place for place, one in enumerate(terms) if one.amount is None and one.share is None]
    for place, share in shares:
        amounts[place] = Money((amount.fen * share * 2 + WHOLE) // (2 * WHOLE))
    fixed = sum(one.amount.fen for one in terms if one.amount is not None)
    if shares and not rests and not fixed and sum(share for _, share in shares) == WHOLE:
        others = sum(one.fen for place, one in enumerate(amounts) if one is not None and place != shares[-1][0])
        amounts[shares[-1][0]] = Money(amount.fen - others)
    if len(rests) > 1:
        raise BadInput("付款计划里最多一期可以不写金额，写明其余各期的比例或金额再发一次")
    known = sum(one.fen for one in amounts if one is not None)
    if rests:
        amounts[rests[0]] = Money(amount.fen - known)
        known = amount.fen
    laid = [one for one in amounts if one is not None]
    if known != amount.fen:
        raise BadInput(f"各期加起来是 {Money(known)}，合同金额是 {amount}，请核对后再发一次")
    if any(one.fen <= 0 for one in laid):
        raise BadInput("付款计划里每一期都要大于 0，请核对后再发一次")
    return laid
