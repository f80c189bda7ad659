"""A changed flow tried on the past: who would have been asked otherwise, and how many taps it would have cost."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from core.errors import BadInput
from core.model.approval import Approval
from core.model.ids import MemberId
from core.model.playbook import Playbook
from core.ports import UnitOfWork
from core.rules.approvals.kinds import KINDS
from core.rules.approvals.people import Company
from core.rules.approvals.ways import expanded
from core.services.approvals.keeping import company_of
from core.services.approvals.submitting import Preview, preview_of

LONGEST = 400
NAMED = 8


@dataclass(frozen=True)
class Otherwise:
    """One approval of the past that would have gone another way: the nodes as they are now, and as they would be."""

    approval_id: int
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Rehearsal:
    """The outcome: how many were looked at, taps and people before and after, and what would have gone otherwise.

    `freed` would not have been asked about at all, `caught` would have been and are not now.
    """

    days: int
    looked_at: int
    taps: tuple[int, int]
    by_person: tuple[tuple[str, int, int], ...]
    otherwise: tuple[Otherwise, ...]
    freed: int
    caught: int

    @property
    def changes_nothing(self) -> bool:
        return not self.otherwise

    def lines(self) -> tuple[str, ...]:
        """Say what came out."""
        if not self.looked_at:
            return (f"最近 {self.days} 天没有审批，试不出差别",)
        said = [f"最近 {self.days} 天的 {self.looked_at} 个审批，有 {len(self.otherwise)} 个会走不同的路"]
        if self.changes_nothing:
            return tuple(said)
        said.append(f"要处理的次数 {self.taps[0]} → {self.taps[1]}")
        said += [f"{self.freed} 个不再用审批"] if self.freed else []
        said += [f"{self.caught} 个变成要审批"] if self.caught else []
        said += [f"{name} {before} → {after} 次" for name, before, after in self.by_person[:NAMED] if before != after]
        for one in self.otherwise[:NAMED]:
            said.append(f"{one.title}：{_way(one.before)} → {_way(one.after)}")
        return tuple(said)


def rehearse_flows(uow: UnitOfWork, after: Playbook, days: int = 90) -> Rehearsal:
    """Send the facts of past approvals through the flows in force and the changed ones; nothing is written.

    Today's people are asked in both, so that only the flows make the difference. BadInput beyond what may be asked.
    """
    if not 1 <= days <= LONGEST:
        raise BadInput(f"试算的天数要在 1 到 {LONGEST} 之间，例如「试算最近90天」")
    company, begin = company_of(uow), uow.now - timedelta(days=days)
    past = [one for one in uow.approvals.since(begin) if one.kind in KINDS and one.replaces is None]
    names: Counter[MemberId] = Counter()
    counts: tuple[Counter[MemberId], Counter[MemberId]] = (Counter(), Counter())
    otherwise, freed, caught = [], 0, 0
    for approval in past:
        ways = [_asked(uow, playbook, approval, company) for playbook in (uow.playbook, after)]
        for count, way in zip(counts, ways, strict=True):
            for ask in way.asks if way else ():
                count.update(voice[0] for voice in ask.voices if voice)
        before, then = (_names(way) for way in ways)
        if _people(ways[0]) != _people(ways[1]) or before != then:
            otherwise.append(Otherwise(approval.id, approval.title, before, then))
            freed += bool(before) and not then
            caught += bool(then) and not before
    names.update(counts[0])
    names.update(counts[1])
    people = sorted(names, key=lambda one: (-abs(counts[1][one] - counts[0][one]), one))
    return Rehearsal(
        days=days,
        looked_at=len(past),
        taps=(counts[0].total(), counts[1].total()),
        by_person=tuple((company.members[one].name, counts[0][one], counts[1][one]) for one in people),
        otherwise=tuple(otherwise),
        freed=freed,
        caught=caught,
    )


def _asked(uow: UnitOfWork, playbook: Playbook, approval: Approval, company: Company) -> Preview | None:
    flow = playbook.approvals.flow(approval.kind)
    if flow is None:
        return None
    whole = expanded(flow, playbook.approvals)
    chosen = {step: tuple(people) for step, people in approval.course.get("chosen", ())}
    return preview_of(uow, approval.kind, whole, approval.facts, approval.submitter_id, company, chosen)


def _names(way: Preview | None) -> tuple[str, ...]:
    return tuple(ask.name for ask in way.asks if ask.voices) if way is not None else ()


def _people(way: Preview | None) -> tuple[tuple[tuple[MemberId, ...], ...], ...]:
    return tuple(ask.voices for ask in way.asks) if way is not None else ()


def _way(names: tuple[str, ...]) -> str:
    return "、".join(names) or "不用审批"
