"""Random companies, flows, people and acts, and what must hold of every approval whatever is done (laws).

A history is one seed: the same seed is the same history, so that a failure is found again by its number.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from core.calendar import WorkCalendar
from core.errors import NobodyToAsk, Refusal
from core.model.approval import (
    DECIDING,
    DONE,
    REQUIRED,
    SUBMITTERS,
    Answer,
    ApprovalState,
    Course,
    Demand,
    NodeState,
    Origin,
    ReturnMode,
    TaskState,
)
from core.model.ids import MemberId
from core.model.member import Member
from core.model.playbook.approvals import ApprovalsSection, Flow, Own
from core.rules.approvals.acting import CLOCK, Act, Deed, Outcome, Setting
from core.rules.approvals.acts import begin, perform
from core.rules.approvals.judging import may_answer
from core.rules.approvals.kinds import catalogue_of_kind
from core.rules.approvals.people import Asking, Company
from core.rules.approvals.ways import numbers_in, way_of
from core.rules.fields.catalogue import Facts
from core.services.approvals.keeping import course_as_json, read_course

BEGIN = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
CALENDAR = WorkCalendar(is_workday=lambda day: day.weekday() < 5)
ROLES = ("rep", "manager", "director", "vp", "finance", "legal", "admin")


@dataclass
class People:
    """Who works here, who is away and who answers for whom; a history changes it as it goes."""

    members: list[Member]
    away: set[MemberId]
    proxies: dict[MemberId, tuple[MemberId, ...]]

    def company(self) -> Company:
        return Company(lambda: self.members, lambda: self.away, lambda: self.proxies)


def some_people(rng: Random) -> People:
    """Make a company of a few levels, now and then with a circle of superiors."""
    count = rng.randint(4, 12)
    members = []
    for number in range(1, count + 1):
        role = "admin" if number == 1 else rng.choice(ROLES)
        above = rng.randint(1, number - 1) if number > 1 and rng.random() < 0.9 else None
        if rng.random() < 0.05:
            above = rng.randint(1, count)
        department = rng.choice(("销售部", "销售部/华东", "销售部/华南", "财务部", ""))
        members.append(
            Member(
                id=MemberId(number),
                name=f"同事{number}",
                department=department,
                roles=(role,),
                manager_id=MemberId(above) if above and above != number else None,
                created_at=BEGIN,
                updated_at=BEGIN,
            )
        )
    proxies = {
        MemberId(rng.randint(1, count)): (MemberId(rng.randint(1, count)),) for _ in range(rng.choice((0, 0, 1, 2)))
    }
    return People(members, {MemberId(rng.randint(2, count)) for _ in range(rng.choice((0, 0, 1)))}, proxies)


def a_source(rng: Random, count: int) -> dict[str, Any]:
    kind = rng.randrange(8)
    if kind == 0:
        return {"role": rng.choice(ROLES), "each": rng.random() < 0.3}
    if kind == 1:
        return {"superior": rng.randint(1, 3)}
    if kind == 2:
        return {"superiors": rng.randint(1, 3), **({"until": "director"} if rng.random() < 0.3 else {})}
    if kind == 3:
        return {"head": rng.choice(("本部门", "财务部", "没有这个部门")), "above": rng.choice((0, 0, 1))}
    if kind == 4:
        return {"field": "owner"}
    return {"member": f"同事{rng.randint(1, count)}", "weight": rng.choice((1, 1, 2, 5))}


FIELDS = ("discount", "amount")


def some_steps(
    rng: Random, count: int, depth: int, names: Any, fields: tuple[str, ...] = FIELDS
) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        if depth and kind < 0.3:
            split = rng.choice(("exclusive", "parallel", "inclusive"))
            branches = [
                {
                    "name": f"支{place}",
                    "when": {"field": rng.choice(fields), "op": "<=", "value": rng.randint(0, 100)},
                    "steps": some_steps(rng, count, depth - 1, names, fields),
                }
                for place in range(rng.randint(1, 2))
            ]
            if split == "parallel":
                branches = [{key: told for key, told in one.items() if key != "when"} for one in branches]
            branches.append({"name": "其他", "steps": some_steps(rng, count, depth - 1, names, fields)})
            steps.append({"name": f"分支{next(names)}", "split": split, "branches": branches})
        elif kind < 0.36:
            steps.append({"name": f"抄送{next(names)}", "cc": [a_source(rng, count)]})
        else:
            step: dict[str, Any] = {
                "name": f"步骤{next(names)}",
                "by": [a_source(rng, count) for _ in range(rng.choice((1, 1, 2, 3, 5)))],
                "mode": rng.choice(("all", "any", "sequence", "vote")),
            }
            if rng.random() < 0.4:
                then = rng.choice(("superior", "reject", "pass"))
                up_to = {"up_to": rng.choice((10, 1000))} if then == "pass" else {}
                step["timeout"] = {
                    "amount": f"{rng.randint(1, 30)}h",
                    "clock": rng.choice(("calendar", "worktime")),
                    "then": then,
                    **up_to,
                }
            steps.append(step)
    return steps


def a_random_flow(rng: Random, count: int, fields: tuple[str, ...] = FIELDS, depth: int = 2) -> Flow:
    from itertools import count as counted

    return Flow.model_validate(
        {
            "name": "随机",
            "kind": "special_price",
            "steps": some_steps(rng, count, depth, counted(1), fields),
            "repeated": rng.choice(("first", "consecutive", "every")),
            "own": rng.choice(("skip", "allow", "superior")),
            "away": rng.choice(("superior", "wait")),
            "withdraw": rng.choice(("unanswered", "consent", "always")),
            "missing": [f"同事{rng.randint(1, count)}"] if rng.random() < 0.3 else [],
        }
    )


class History:
    """One approval from its submission to its end, with every law looked at after every act."""

    def __init__(self, seed: int) -> None:
        self.seed, self.rng, self.now = seed, Random(seed), BEGIN
        self.people = some_people(self.rng)
        self.count = len(self.people.members)
        self.flow = a_random_flow(self.rng, self.count)
        self.section = ApprovalsSection(flows=(self.flow,))
        self.submitter = MemberId(self.rng.randint(1, self.count))
        self.facts: dict[str, Any] = {
            "discount": self.rng.choice((None, str(self.rng.randint(0, 100)))),
            "amount": self.rng.choice((None, self.rng.randint(0, 200_000))),
            "owner": f"M{self.rng.randint(1, self.count)}",
        }
        self.course = Course()
        self.outcome: Outcome | None = None
        self.refused: Refusal | None = None
        self.acts = 0

    # What happens

    def setting(self) -> Setting:
        facts = {**self.facts, "owner": int(str(self.facts["owner"])[1:])}
        asking = Asking(self.people.company(), self.flow, self.submitter, facts, {})
        amount = self.facts["amount"]
        return Setting(
            title="随机",
            flow=self.flow,
            section=self.section,
            asking=asking,
            calendar=CALENDAR,
            now=self.now,
            amount=amount,
        )

    def begins(self) -> bool:
        """Submit; False where somebody must be found first."""
        facts = Facts(None, catalogue_of_kind("special_price"), self.now, more=self.facts)
        way = way_of(self.flow, facts)
        try:
            self._take(begin(way, {}, self.setting()))
        except Refusal:
            return False
        return True

    def runs(self, most: int = 40) -> None:
        """Do random things, then let everybody who is asked answer until it ends."""
        for _ in range(self.rng.randint(0, most)):
            self.something_happens()
        for _ in range(400):
            if not self.course.is_running:
                return
            self._somebody_answers()
        raise AssertionError(f"seed {self.seed}: it never ends")

    def something_happens(self) -> None:
        """One random act of a random person, or of the clock, or of fate."""
        fate = self.rng.random()
        if fate < 0.08:
            self._somebody_leaves()
        elif fate < 0.2:
            self.now += timedelta(hours=self.rng.randint(1, 40))
            for task in self.course.pending:
                self.does(Act(deed=Deed.TIME_OUT, by=CLOCK, task=task.number))
        else:
            self.does(self._an_act())

    def _somebody_leaves(self) -> None:
        someone = self.rng.choice(self.people.members)
        if self.rng.random() < 0.5:
            self.people.away ^= {someone.id}
        elif someone.id not in (1, self.submitter):
            someone.active = False
        self.does(Act(deed=Deed.REROUTE, by=CLOCK, to=(someone.id,)))

    def _an_act(self) -> Act:
        rng, course = self.rng, self.course
        task = rng.choice(course.tasks) if course.tasks else None
        if course.pending and rng.random() < 0.7:
            task = rng.choice(course.pending)
        by = task.member if task is not None and rng.random() < 0.8 else MemberId(rng.randint(1, self.count))
        deeds = [one for one in Deed if one not in (Deed.SUBMIT, Deed.TIME_OUT, Deed.REROUTE, Deed.VOID, Deed.EXPIRE)]
        weights = [
            6 if one in (Deed.APPROVE, Deed.TAKE_BACK, Deed.RETURN, Deed.SIGN_BEFORE, Deed.DELEGATE) else 2
            for one in deeds
        ]
        deed = rng.choices(deeds, weights)[0]
        if deed in (Deed.WITHDRAW, Deed.NUDGE):
            by = self.submitter if rng.random() < 0.5 else by
        demand = Demand(task=0, says="最多92折", met=rng.random() < 0.3) if rng.random() < 0.15 else None
        return Act(
            deed=deed,
            by=by,
            task=task.number if task is not None else 0,
            to=tuple(MemberId(rng.randint(1, self.count)) for _ in range(rng.choice((1, 1, 1, 2)))),
            node=rng.randint(0, max(len(course.nodes), 1)),
            mode=rng.choice(list(ReturnMode)),
            comment=rng.choice(("", "说明", "理由")),
            demand=demand if deed is Deed.APPROVE else None,
        )

    def _somebody_answers(self) -> None:
        self.now += timedelta(minutes=self.rng.randint(1, 300))
        course = self.course
        free = [task for task in course.pending if not course.is_blocked(task)]
        task = self.rng.choice(free)
        deed = Deed.APPROVE if self.rng.random() < 0.85 else Deed.REJECT
        if not self.does(Act(deed=deed, by=task.member, task=task.number, comment="行")):
            # Everybody but the submitter has left: what is ahead finds nobody, and time ends it.
            assert isinstance(self.refused, NobodyToAsk), f"seed {self.seed}: {self.refused}"
            self.does(Act(deed=Deed.EXPIRE, by=CLOCK))

    def does(self, act: Act) -> bool:
        """Do an act; False when it was refused, which must change nothing."""
        before = self.course
        try:
            outcome = perform(before, act, self.setting())
        except Refusal as refusal:
            self.refused = refusal
            return False
        self._check_act(before, act, outcome.course)
        self._take(outcome)
        return True

    def _take(self, outcome: Outcome) -> None:
        self.acts += 1
        self.outcome, self.course = outcome, outcome.course
        check_laws(self.course, self.setting(), f"seed {self.seed} after {self.acts} acts")

    def _check_act(self, before: Course, act: Act, after: Course) -> None:
        """What one act may do: decide by whoever may, once, and never wake what has ended."""
        setting, where = self.setting(), f"seed {self.seed} act {act.deed}"
        if not before.is_running:
            assert after.state is before.state, where
            assert after.pending == (), where
        for task in before.tasks:
            now = after.tasks[task.number - 1]
            if not task.is_pending:
                assert not now.is_pending, where
                assert now.answer in (task.answer, Answer.TAKEN_BACK, Answer.DECLINED), where
            elif now.answer in (Answer.YES, Answer.NO) and act.by != CLOCK:
                assert now.answered_by == act.by, where
                assert may_answer(task, act.by, setting), where
                assert not before.is_blocked(task), where


def check_laws(course: Course, setting: Setting, where: str) -> None:
    """What holds of every approval at every time."""
    flow, submitter = setting.flow, setting.asking.submitter
    if course.is_running:
        free = [task for task in course.pending if not course.is_blocked(task)]
        assert free, f"{where}: nobody is asked, and it runs"
    else:
        assert not course.pending, f"{where}: it has ended, and somebody is asked"
    for task in course.tasks:
        if task.origin in DECIDING - {Origin.REPEATED, Origin.OWN} | REQUIRED | {Origin.DELEGATE}:
            assert task.member != submitter or flow.own is Own.ALLOW, f"{where}: the submitter decides about their own"
        assert task.moved <= setting.section.transfers, f"{where}: moved too often"
        assert (task.origin in SUBMITTERS) <= (task.member == submitter), where
    pending = [(t.node, t.seat, t.member) for t in course.pending if t.origin in DECIDING]
    assert len(pending) == len(set(pending)), f"{where}: somebody is asked twice for one voice"
    for number in numbers_in(course.plan):
        node = course.node(number)
        tasks = [
            task for task in course.tasks if task.node == number and task.is_pending and task.origin not in SUBMITTERS
        ]
        assert node.state is NodeState.ACTIVE or not tasks, f"{where}: a node at rest asks somebody"
        if node.state is NodeState.PASSED and node.seats:
            _check_passed(course, setting, number, where)
    going = [course.node(number) for number in numbers_in(course.plan)]
    if course.state is ApprovalState.APPROVED:
        assert all(node.state in DONE for node in going), f"{where}: approved with something ahead"
    if course.state is ApprovalState.REJECTED:
        assert sum(node.state is NodeState.REJECTED for node in course.nodes) == 1, where
    assert read_course(course_as_json(course)) == course, f"{where}: what is written is not what is read"


def _check_passed(course: Course, setting: Setting, number: int, where: str) -> None:
    """A node that has passed was agreed to, by its mode, by people (or the clock) of its voices."""
    from core.rules.approvals.ways import step_at

    node = course.node(number)
    mode = step_at(setting.flow, node.step).mode
    yes = {
        task.seat
        for task in course.tasks
        if task.node == number
        and (task.round == node.round or task.seat in node.kept)
        and task.answer is Answer.YES
        and task.origin in DECIDING
        and task.state in (TaskState.APPROVED, TaskState.TIMED_OUT)
    }
    yes |= {place for place, seat in enumerate(node.seats) if seat.free is not None or place in node.kept}
    if mode == "any":
        assert yes, f"{where}: nobody agreed"
    elif mode == "vote":
        weights = [seat.weight for seat in node.seats if seat.free is not Origin.OWN]
        given = sum(
            seat.weight for place, seat in enumerate(node.seats) if place in yes and seat.free is not Origin.OWN
        )
        assert given > 0.5 * sum(weights), f"{where}: {given} of {sum(weights)}"
    else:
        assert yes == set(range(len(node.seats))), f"{where}: voices {yes} of {len(node.seats)}"
