"""What a quote comes to: totals, discounts, tax and margin, to the 分; and who may give away how much.

Every line is rounded once, half up. What is taken off the whole is parted over the lines so that they add up to it,
and tax is worked out line by line, so any column of a printed quote adds up to its foot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from core.model.member import Member
from core.model.money import HUNDRED, NOTHING, Money, half_up, share_out
from core.model.playbook.pricing import Pricing, RoundTo, as_percent
from core.model.quote import NO_PERCENT, Quote, QuoteLine
from core.rules.groups import belongs

_STEPS = {RoundTo.FEN: 1, RoundTo.JIAO: 10, RoundTo.YUAN: 100}
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Whole:
    """What holds for all lines of a quote."""

    discount: Decimal = NO_PERCENT
    off: Money = NOTHING
    tax_included: bool = True
    round_to: RoundTo = RoundTo.FEN


@dataclass(frozen=True)
class Worked:
    """A quote worked out; see `core.model.quote.Quote` for what each sum means."""

    lines: tuple[QuoteLine, ...]
    list_total: Money
    net_total: Money
    tax_total: Money
    total: Money
    cost_total: Money | None


def work_out(lines: Iterable[QuoteLine], whole: Whole) -> Worked:
    """Work out what lines come to. Discounts are 0 to 100 %; `off` takes no more than there is."""
    priced = [_priced(line) for line in lines]
    before = [_after_own_discount(line) for line in priced]
    net = net_of(Money.sum(before), whole)
    shares = share_out(net, [one.fen for one in before])
    worked = tuple(
        replace(line, net_total=share, tax=_tax(share, line.tax_rate, whole.tax_included))
        for line, share in zip(priced, shares, strict=True)
    )
    tax = Money.sum(line.tax for line in worked)
    return Worked(
        worked,
        Money.sum(line.list_total for line in worked),
        net,
        tax,
        net if whole.tax_included else net + tax,
        cost_of_lines(worked),
    )


def net_of(before: Money, whole: Whole) -> Money:
    """Return what is left of the lines' sum after what is taken off the whole, rounded as the rule says."""
    left = before.percent(HUNDRED - whole.discount) - whole.off
    step = _STEPS[whole.round_to]
    rounded = half_up(Decimal(left.fen) / step) * step
    return Money(max(0, min(rounded, before.fen)))


def cost_of_lines(lines: Iterable[QuoteLine]) -> Money | None:
    """Return what lines cost us; None while the cost of one is unknown."""
    costs = [None if line.cost is None else line.cost.times(line.quantity) for line in lines]
    known = [cost for cost in costs if cost is not None]
    return Money.sum(known) if len(known) == len(costs) else None


def discount_of(list_total: Money, net_total: Money) -> Decimal:
    """Return how many percent below the list something is, to two places; never below nothing."""
    if list_total.fen <= 0 or net_total >= list_total:
        return NO_PERCENT
    share = Decimal(list_total.fen - net_total.fen) * 100 / list_total.fen
    return share.quantize(_HUNDREDTH, ROUND_HALF_UP)


def discount(quote: Quote) -> Decimal:
    """Return how many percent below the list a quote is, whichever way it was given away."""
    return discount_of(quote.list_total, quote.net_total)


def untaxed(quote: Quote) -> Money:
    """Return what a quote comes to without tax."""
    return quote.total - quote.tax_total


def margin(quote: Quote) -> Decimal | None:
    """Return the gross margin in percent of what we take without tax; None while a cost is unknown."""
    return margin_of(untaxed(quote), quote.cost_total)


def margin_of(taken: Money, cost: Money | None) -> Decimal | None:
    """Return how many percent of what we take without tax is left after its cost; None while a cost is unknown."""
    if cost is None or taken.fen <= 0:
        return None
    share = Decimal(taken.fen - cost.fen) * 100 / taken.fen
    return share.quantize(_HUNDREDTH, ROUND_HALF_UP)


def taxes(lines: Sequence[QuoteLine]) -> list[tuple[Decimal, Money, Money]]:
    """Return each tax rate with the sum of its lines and of their tax, the highest rate first."""
    rates = sorted({line.tax_rate for line in lines}, reverse=True)
    return [
        (
            rate,
            Money.sum(line.net_total for line in lines if line.tax_rate == rate),
            Money.sum(line.tax for line in lines if line.tax_rate == rate),
        )
        for rate in rates
    ]


def limit_of(member: Member, pricing: Pricing) -> Decimal:
    """Return how many percent a member may give away unasked: by name, else the widest of their roles."""
    named = [one for one in pricing.limits if member.name in one.members]
    theirs = named or [one for one in pricing.limits if belongs(member, one)]
    if member.id == 0:
        return HUNDRED
    return max((as_percent(one.discount) for one in theirs), default=NO_PERCENT)


@dataclass(frozen=True)
class Excess:
    """Why somebody must be asked about a quote; `reasons` are for its maker, who may not see the margin."""

    discount: Decimal
    limit: Decimal
    reasons: tuple[str, ...]


def excess_of(quote: Quote, maker: Member, pricing: Pricing) -> Excess | None:
    """Say why a quote goes beyond what its maker may decide; what was granted is theirs to give."""
    given, limit = discount(quote), max(limit_of(maker, pricing), quote.granted or NO_PERCENT)
    if quote.granted is not None and given <= quote.granted:
        return None
    reasons = []
    if given > limit:
        reasons.append(f"让了 {said_percent(given)}，您能自己做主的是 {said_percent(limit)} 以内")
    earned = margin(quote)
    if pricing.lowest_margin is not None and earned is not None and earned < as_percent(pricing.lowest_margin):
        reasons.append("低于公司规定的最低毛利")
    return Excess(given, limit, tuple(reasons)) if reasons else None


def may_see_margin(member: Member, pricing: Pricing) -> bool:
    """Say whether a member may see costs and margins."""
    return member.id == 0 or not set(pricing.margin_visible_to).isdisjoint(member.roles)


def said_percent(percent: Decimal) -> str:
    """Write a percentage without needless noughts: 5%, 12.5%."""
    return f"{percent.normalize():f}%"


def said_as_fold(percent: Decimal) -> str:
    """Say a discount as people do: 15 → 85折, 8 → 92折, 10 → 9折."""
    fold = (HUNDRED - percent).normalize()
    return f"{(fold / 10).normalize():f}折" if fold % 10 == 0 else f"{fold:f}折"


def _priced(line: QuoteLine) -> QuoteLine:
    """Return a line with its list total; what was agreed above the list becomes its list price."""
    list_price = max(line.list_price, line.price)
    return replace(line, list_price=list_price, list_total=list_price.times(line.quantity))


def _after_own_discount(line: QuoteLine) -> Money:
    return Money(half_up(line.price.fen * line.quantity * (HUNDRED - line.discount) / HUNDRED))


def _tax(share: Money, rate: Decimal, included: bool) -> Money:
    return Money(half_up(share.fen * rate / (HUNDRED + rate if included else HUNDRED)))
