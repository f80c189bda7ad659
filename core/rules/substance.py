"""Does a deal look better than it is? What is claimed of it is held against what was done for it (M41)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from core.calendar import WorkCalendar
from core.model.deal import Deal
from core.model.followup import FollowUp, Method
from core.model.history import Change
from core.model.money import Money
from core.model.playbook import Outcome, Pipeline
from core.model.playbook.substance import Substance

MET: Final = frozenset({Method.VISIT, Method.MEETING, Method.DEMO})
"""Ways in which people see one another."""


@dataclass(frozen=True)
class Done:
    """What was done for a deal: follow-ups of its customer, changes of the deal, what stands beside it.

    `quoted` and `contracted` are None where quotes or contracts are not kept here at all.
    """

    followups: Sequence[FollowUp]
    changes: Sequence[Change]
    has_next_step: bool
    quoted: bool | None = None
    contracted: bool | None = None


@dataclass(frozen=True)
class Sign:
    """One piece of evidence, in words that can be checked."""

    key: str
    says: str


def signs_of(
    deal: Deal, done: Done, policy: Substance, pipeline: Pipeline, calendar: WorkCalendar, now: datetime
) -> list[Sign]:
    """Return every sign that an open deal is less far than its stage, amount or closing date claim."""
    if not deal.is_open:
        return []
    claim = _Claim(deal, done, policy, pipeline, calendar, now)
    return [Sign(key, says) for key, look in SIGNS.items() if (says := look(claim))]


def is_inflated(signs: Iterable[Sign], policy: Substance) -> bool:
    """Say whether there is enough evidence to name the deal."""
    return len(list(signs)) >= policy.least_signs


@dataclass(frozen=True)
class _Claim:
    deal: Deal
    done: Done
    policy: Substance
    pipeline: Pipeline
    calendar: WorkCalendar
    now: datetime

    def has_reached(self, stage: str) -> bool:
        """Say whether the deal claims a stage or a later one; a stage the pipeline does not have claims nothing."""
        wanted = self.pipeline.stage(stage)
        return wanted is not None and self.pipeline.place(self.deal.stage) >= self.pipeline.place(wanted.name)

    @property
    def today(self) -> date:
        return self.calendar.local(self.now).date()

    def days(self, since: datetime) -> int:
        return (self.now - since).days


def _not_quoted(claim: _Claim) -> str:
    if claim.done.quoted is not False or not claim.has_reached(claim.policy.quote_from):
        return ""
    return f"已到{claim.deal.stage}，还没有一份报价"


def _not_contracted(claim: _Claim) -> str:
    if claim.done.contracted is not False or not claim.has_reached(claim.policy.contract_from):
        return ""
    return f"已到{claim.deal.stage}，还没有合同草稿"


def _not_met(claim: _Claim) -> str:
    if not claim.has_reached(claim.policy.visited_from):
        return ""
    met = [one.at for one in claim.done.followups if one.valid and one.method in MET]
    if not met:
        return "从来没有拜访、会议或演示"
    days = claim.days(max(met))
    return f"{days} 天没有见过面" if days > claim.policy.visited_within.days else ""


def _no_decider(claim: _Claim) -> str:
    if not claim.has_reached(claim.policy.decider_from):
        return ""
    decider = claim.deal.decision_maker
    if not decider:
        return "还不知道谁拍板"
    name = decider.rsplit(" ", 1)[-1]
    named = [
        one.at for one in claim.done.followups if one.valid and (decider in one.content or _near(name, one.content))
    ]
    if not named:
        return f"跟进里从没提到决策人{decider}"
    days = claim.days(max(named))
    return f"{days} 天没有接触决策人{decider}" if days > claim.policy.decider_within.days else ""


def _near(decider: str, content: str) -> bool:
    """Say whether words mention a decider by the last two 字 of what they are called: 采购李总 is 李总."""
    return len(decider) > 2 and decider[-2:] in content  # noqa: PLR2004 - 李总, 王工


def _no_next_step(claim: _Claim) -> str:
    return "" if claim.done.has_next_step else "没有约下一步"


def _overdue(claim: _Claim) -> str:
    expected = claim.deal.expected_close_on
    if expected is None or expected >= claim.today:
        return ""
    return f"预计签约日 {expected:%m-%d} 已过 {(claim.today - expected).days} 天"


def _postponed(claim: _Claim) -> str:
    moves = [_dates(change) for change in claim.done.changes]
    times = sum(before is not None and after is not None and after > before for before, after in moves)
    return f"预计签约日推迟过 {times} 次" if times >= claim.policy.postponed else ""


def _dates(change: Change) -> tuple[str | None, str | None]:
    before, after = change.before or {}, change.after or {}
    if "expected_close_on" not in before or "expected_close_on" not in after:
        return None, None
    return before["expected_close_on"], after["expected_close_on"]


def _amount_up(claim: _Claim) -> str:
    since = claim.now - claim.policy.amount_within
    moves = [
        change.before["amount"]
        for change in claim.done.changes
        if change.at >= since and change.before and change.before.get("amount") and "amount" in (change.after or {})
    ]
    if not moves or claim.deal.amount is None:
        return ""
    first = moves[0]
    up = (claim.deal.amount.fen - first) / first
    if up < claim.policy.amount_up or claim.done.quoted:
        return ""
    days = claim.policy.amount_within.days
    return f"{days} 天里金额从 {Money(first)} 涨到 {claim.deal.amount}，没有报价支持"


def _too_early(claim: _Claim) -> str:
    expected, stage = claim.deal.expected_close_on, claim.pipeline.stage(claim.deal.stage)
    if expected is None or stage is None or stage.outcome is not Outcome.OPEN:
        return ""
    left = (expected - claim.today).days
    if not 0 <= left <= claim.policy.closing_soon.days or stage.win >= claim.policy.closing_win:
        return ""
    return f"说 {left} 天后签约，阶段赢率只有 {stage.win:.0%}"


def _moved_without_work(claim: _Claim) -> str:
    """Two stages forward, or more, since anybody last followed up."""
    last = max((one.at for one in claim.done.followups if one.valid), default=None)
    moves = [change for change in _forward(claim) if last is None or change.at > last]
    return f"推进了 {len(moves)} 个阶段，中间没有一次跟进" if len(moves) > 1 else ""


def _forward(claim: _Claim) -> Iterator[Change]:
    for change in claim.done.changes:
        before, after = change.before or {}, change.after or {}
        if "stage" in before and "stage" in after:
            place = claim.pipeline.place
            if place(str(after["stage"])) > place(str(before["stage"])) >= 0:
                yield change


SIGNS: Final[dict[str, Callable[[_Claim], str]]] = {
    "no_quote": _not_quoted,
    "no_contract": _not_contracted,
    "not_met": _not_met,
    "no_decider": _no_decider,
    "no_next_step": _no_next_step,
    "overdue": _overdue,
    "postponed": _postponed,
    "amount_up": _amount_up,
    "too_early": _too_early,
    "moved_without_work": _moved_without_work,
}
"""Every piece of evidence that is looked for, the heaviest first: each says what it found, or nothing."""
