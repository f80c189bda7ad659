"""What the system brings against what it costs, by both models of the business (semantics B.12)."""

from dataclasses import dataclass
from typing import Final

from core.model.playbook.reports import Returns

WORKDAYS, MONTHS = 22, 12
MEASURED, ESTIMATED, UNKNOWN = "实测", "估算", "尚无法计算"


@dataclass(frozen=True)
class Gain:
    """One line: what it brings a year in yuan, how that is known, and by what it was calculated.

    `at_margin` is the same when only the margin of a revenue counts. None where there is nothing to compare with.
    """

    name: str
    value: float | None
    known: str
    basis: str
    at_margin: float | None = None


@dataclass(frozen=True)
class Ratio:
    """A sum of gains against the cost."""

    benefit: float
    cost: float

    @property
    def ratio(self) -> float | None:
        return self.benefit / self.cost if self.cost else None

    @property
    def net(self) -> float | None:
        return None if self.ratio is None else self.ratio - 1


def efficiency(hours: float, wage: float, people: int) -> float:
    """Hours saved a day × 22 × wage × people × 12."""
    return hours * WORKDAYS * wage * people * MONTHS


def conversion(before: float, after: float, leads: float, average: float) -> float:
    """(after − before) × leads a year × average deal: revenue, not profit."""
    return (after - before) * leads * average


def repeat(before: float, after: float, customers: float) -> float:
    """ΔLTV × active customers; a life's value is net of margin already."""
    return (after - before) * customers


def management(before_days: float, after_days: float, hires: float, day: float) -> float:
    """Days of ramp saved × new hires × what a day is worth."""
    return (before_days - after_days) * hires * day


@dataclass(frozen=True)
class Measurements:
    """What our own data say: shares and amounts before and after the system began; None where nothing is known."""

    conversion_before: float | None = None
    conversion_after: float | None = None
    leads_a_year: float | None = None
    average: float | None = None
    window: str = ""
    ltv_before: float | None = None
    ltv_after: float | None = None
    customers: int | None = None


def gains(given: Returns, found: Measurements) -> list[Gain]:
    """Return the four lines; what has no basis is said to be unknown and never guessed."""
    return [_efficiency(given), _conversion(given, found), _repeat(given, found), _management(given)]


def ratio(lines: list[Gain], cost: float, *, at_margin: bool = False) -> Ratio:
    """Return what the known lines bring together against the cost."""
    values = [line.at_margin if at_margin and line.at_margin is not None else line.value for line in lines]
    return Ratio(sum(value for value in values if value is not None), cost)


def _efficiency(given: Returns) -> Gain:
    name = "效率：少做手工活"
    if not (given.hours_saved and given.wage and given.people):
        return Gain(name, None, UNKNOWN, "缺每天省的小时数、时薪或人数")
    basis = f"{given.hours_saved:g} 小时/天 × {WORKDAYS} 天 × {given.wage:g} 元 × {given.people} 人 × {MONTHS} 月"
    return Gain(name, efficiency(given.hours_saved, given.wage, given.people), ESTIMATED, basis)


def _conversion(given: Returns, found: Measurements) -> Gain:
    name = "转化：线索多成交"
    measured = (found.conversion_before, found.conversion_after, found.leads_a_year, found.average)
    if all(value is not None for value in measured):
        before, after, leads, average = (float(value or 0) for value in measured)
        known, basis = MEASURED, f"基线 {found.window}"
    elif given.conversion_before and given.conversion_after and given.leads_a_year and given.average:
        before, after = given.conversion_before, given.conversion_after
        leads, average, known, basis = float(given.leads_a_year), given.average, ESTIMATED, "按填写的数"
    else:
        return Gain(name, None, UNKNOWN, "没有上线前的转化率可比")
    value = conversion(before, after, leads, average)
    said = f"（{after:.1%} − {before:.1%}）× {leads:,.0f} 条 × {average:,.0f} 元；{basis}"
    return Gain(name, value, known, said, None if given.margin is None else value * given.margin)


def _repeat(given: Returns, found: Measurements) -> Gain:
    name = "复购：客户更值钱"
    before = found.ltv_before if found.ltv_before is not None else given.ltv_before
    after = found.ltv_after if found.ltv_after is not None else given.ltv_after
    customers = found.customers if found.customers is not None else given.customers
    if not (before and after and customers):
        return Gain(name, None, UNKNOWN, "没有上线前的客户价值可比")
    known = MEASURED if found.ltv_before is not None and found.ltv_after is not None else ESTIMATED
    return Gain(name, repeat(before, after, customers), known, f"（{after:,.0f} − {before:,.0f}）× {customers} 家")


def _management(given: Returns) -> Gain:
    name = "管理：新人更快上手"
    if not (given.ramp_before and given.ramp_after and given.hires and given.day_worth):
        return Gain(name, None, UNKNOWN, "缺新人上手天数、人数或每天的价值")
    basis = f"{given.ramp_before:g} → {given.ramp_after:g} 天 × {given.hires} 人 × {given.day_worth:g} 元/天"
    return Gain(name, management(given.ramp_before, given.ramp_after, given.hires, given.day_worth), ESTIMATED, basis)


SEED_0: Final = ("节省人工", "多成交", "少流失")
"""The lines of the short model: what each brings is given, their sum stands against the cost."""


def short_model(given: Returns) -> list[Gain]:
    """Return the three lines of the short model, as far as they are given."""
    values = (given.labour_saved, given.more_sold, given.less_lost)
    return [
        Gain(name, value, ESTIMATED if value is not None else UNKNOWN, "按填写的数" if value is not None else "没有填")
        for name, value in zip(SEED_0, values, strict=True)
    ]
