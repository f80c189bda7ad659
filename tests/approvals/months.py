"""Random months at an office: people, flows, acts, races and clocks on the real service, database, cards and words.

A month is a seed. Several matters run at once; people tap, write, leave, are away, let others answer for them, change
what is asked about, and do it at the same time. After every step the laws are looked at: what the machine of
`core/rules/approvals` makes of the same acts is what the database holds.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any
from unittest.mock import patch

from bot.event import Event, EventKind
from core.errors import Conflict, NobodyToAsk, Refusal
from core.model.approval import Approval, Course, Demand, ReturnMode, Task
from core.model.ids import Ref
from core.model.member import SYSTEM
from core.model.money import Money
from core.model.request import Absence
from core.ports import UnitOfWork
from core.services.approvals import deciding, proxies, submitting
from core.services.approvals.keeping import read_course
from core.services.approvals.rerouting import reroute_absent
from core.services.approvals.subjects import SUBJECTS
from core.services.members import leave
from tests.approvals.histories import ROLES, a_random_flow
from tests.approvals.month_laws import Story, look_at, look_at_cards, rows
from tests.world import UPDATE, World

KINDS = dict.fromkeys(("special_price", "contract"), ("discount", "amount"))
KINDS |= dict.fromkeys(("payment_terms", "stage"), ("amount",))
"""What is submitted, and what conditions ask of it."""

COLLEAGUES = 9
SUBJECT = "file"
"""A kind of record that no clock knows of, so that nothing but approvals moves."""

Deeds = Sequence[Callable[[], object]]


class Papers:
    """What is approved: two numbers in a table, and beside it what became of them, in the decision's transaction."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        off, amount = rows(uow, "select off, amount from papers where id = :id", id=subject.id)[0]
        money = None if amount is None else Money(amount)
        return {"discount": None if off is None else Decimal(off), "amount": money, "owner": f"M{amount or 1}"}

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        return tuple((key, key, str(value or "")) for key, value in self.facts(uow, subject).items())

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        rows(uow, "insert into fates values (:id, 'passed')", id=approval.id)

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        rows(uow, "insert into fates values (:id, 'refused')", id=approval.id)

    def amend(self, uow: UnitOfWork, approval: Approval, demand: Demand) -> None:
        rows(
            uow,
            "update papers set off = :off where id = :id",
            id=approval.subject_id,
            off=int(demand.value.rstrip("%")),
        )


class Office:
    """A world whose members are nine colleagues, and whose papers wait for them. Months follow one another in it."""

    def __init__(self, world: World) -> None:
        self.world, self.keys, self.papers = world, count(1), count(1)
        self.names = [f"同事{number}" for number in range(1, COLLEAGUES + 1)]
        with world.work() as uow:
            for member in uow.members.everybody():
                member.active = False
            rows(uow, "create table papers (id integer primary key, off integer, amount integer)")
            rows(uow, "create table fates (approval integer, fate varchar(10))")
        world.enrols(tuple((name, name, "rep", "", "") for name in self.names))
        self.ids = {name: world.member(name).id for name in self.names}
        self.name_of = {number: name for name, number in self.ids.items()}

    @contextmanager
    def subjects(self) -> Iterator[None]:
        with patch.dict(SUBJECTS, dict.fromkeys(KINDS, Papers())):
            yield

    def reorganise(self, rng: Random) -> None:
        """Give everybody another place; nobody is away, and nobody answers for anybody."""
        with self.world.work() as uow:
            for member in uow.members.everybody():
                if member.id in self.name_of:
                    account = uow.members.account(self.world.platform, member.name)
                    assert account is not None
                    account.open_for(member.id)
                    member.active = True
                    first = member.name == self.names[0]
                    member.roles = ("admin",) if first else (rng.choice(ROLES),)
                    member.department = rng.choice(("销售部", "销售部/华东", "销售部/华南", "财务部", ""))
                    above = rng.choice(self.names)
                    member.manager_id = None if first or above == member.name else self.ids[above]
            rows(uow, "update absences set deleted_at = begins_on where deleted_at is null")
            rows(uow, "update proxies set deleted_at = created_at where deleted_at is null")


class Month:
    """Some matters from their submission to their end."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.world, self.rng, self.seed = office, office.world, Random(seed), seed
        self.stories: dict[int, Story] = {}
        self.kept: list[Event] = []
        self.did: Counter[str] = Counter()
        self.left: set[str] = set()
        office.reorganise(self.rng)
        self._put_flows_in_force()

    # What happens

    def runs(self, matters: int = 8, steps: int = 40) -> int:
        """Live through it; return how many matters there were, all of which have ended."""
        for _ in range(matters):
            self._submits()
        for _ in range(steps):
            if not self._running():
                break
            self._something_happens()
            self._looks()
        self._ends()
        self._looks(also_at_what_has_ended=True)
        self._looks_at_cards()
        return len(self.stories)

    def _put_flows_in_force(self) -> None:
        flows = []
        for kind, fields in KINDS.items():
            flow = a_random_flow(self.rng, COLLEAGUES, fields, self.rng.choice((0, 1, 1, 2)))
            flows.append(flow.model_dump(mode="json", by_alias=True) | {"name": kind, "kind": kind})
        sub = a_random_flow(self.rng, COLLEAGUES, ("amount",), 0)
        flows.append(sub.model_dump(mode="json", by_alias=True) | {"name": "子流程", "kind": ""})
        for flow in flows[:-1]:
            flow["cc"] = [{"role": self.rng.choice(ROLES)}] if self.rng.random() < 0.3 else []
            flow["running"] = self.rng.choice(("void", "void", "lock"))
            if self.rng.random() < 0.4:
                flow["steps"].append({"name": "另一个流程", "flow": "子流程"})
        self.world.applies(json.dumps({"approvals": {"flows": flows}}, ensure_ascii=False))

    def _submits(self) -> None:
        number, kind, who = next(self.office.papers), self.rng.choice(list(KINDS)), self._somebody()
        off, amount = self.rng.choice((None, self.rng.randint(0, 100))), self.rng.choice((None, self.rng.randint(1, 9)))
        with self.world.work() as uow:
            rows(uow, "insert into papers values (:id, :off, :amount)", id=number, off=off, amount=amount)
        try:
            with self.world.work(who) as uow:
                made = submitting.submit(uow, kind, Ref(SUBJECT, number), title=f"第{number}件", reason="请批")
        except NobodyToAsk:
            return
        self._settles()
        if made is not None:
            self.stories[made.id] = Story(made.id, number)
            self._looks()

    def _something_happens(self) -> None:
        fate = self.rng.random()
        if fate < 0.06:
            self._somebody_is_missing()
        elif fate < 0.12:
            self._somebody_stands_in()
        elif fate < 0.2:
            self._time_passes(self.rng.randint(1, 60))
        elif fate < 0.26:
            self._paper_changes()
        elif fate < 0.3 and self.kept:
            self._at_once([self._sent_again(self.rng.choice(self.kept))])
        else:
            self._at_once(self._deeds(self.rng.choice((1, 1, 1, 2, 3, 5))))

    def _somebody_is_missing(self) -> None:
        name = self.rng.choice(self.office.names[1:])
        member = self.office.ids[name]
        today = self.world.now.date()
        if self.rng.random() < 0.4:
            self.did["leaves"] += 1
            self.left.add(name)
            with self.world.work() as uow:
                leave(uow, self.world.platform, [name])
            return
        self.did["is away"] += 1
        with self.world.work() as uow:
            uow.absences.add(
                Absence(
                    member_id=member,
                    begins_on=today,
                    ends_on=today + timedelta(days=self.rng.randint(0, 3)),
                    created_at=uow.now,
                    updated_at=uow.now,
                )
            )
            uow.flush()
            reroute_absent(uow)

    def _somebody_stands_in(self) -> None:
        one, other = self.rng.sample(self._active(), 2)
        today = self.world.now.date()
        try:
            with self.world.work(one) as uow:
                number = proxies.ask(uow, uow.members.get(self.office.ids[other]), today, today + timedelta(days=2)).id
            with self.world.work(other) as uow:
                proxies.agree(uow, number)
        except Refusal:
            return
        self.did["stands in"] += 1

    def _time_passes(self, hours: float) -> None:
        self.did["time passes"] += 1
        self.world.ticks(self.world.now + timedelta(hours=hours))

    def _paper_changes(self) -> None:
        story = self.rng.choice(list(self.stories.values()))
        with self.world.work() as uow:
            submitter = self.office.name_of[uow.approvals.get(story.approval).submitter_id]
        if submitter not in self._active():
            return
        what = self.rng.choice(("off", "amount"))
        try:
            with self.world.work(submitter) as uow:
                rows(uow, f"update papers set {what} = :to where id = :id", id=story.subject, to=self.rng.randint(1, 9))
                submitting.changed(uow, Ref(SUBJECT, story.subject))
        except Refusal:  # locked, or nobody to ask about what it would be
            return
        self.did["changes"] += 1
        self._meets_new_ones(story.subject)

    def _meets_new_ones(self, subject: int) -> None:
        """A change starts another approval of the same matter."""
        with self.world.work() as uow:
            for one in uow.approvals.about(Ref(SUBJECT, subject)):
                if one.course.get("tasks"):
                    self.stories.setdefault(one.id, Story(one.id, subject))

    # Acts, one or several at once

    def _at_once(self, deeds: Deeds) -> None:
        if len(deeds) == 1:
            deeds[0]()
        else:
            with ThreadPoolExecutor(len(deeds)) as pool:
                for done in [pool.submit(deed) for deed in deeds]:
                    done.result()
        self._settles()
        for subject in {story.subject for story in self.stories.values()}:
            self._meets_new_ones(subject)

    def _settles(self) -> None:
        """Let the worker answer; the platform is sometimes slower than people are."""
        for channel, user_id in self.world._waiting():
            self.world.program.dispatcher.drain(channel, user_id)
        if self.rng.random() < 0.3:
            self.world.delivers()

    def _deeds(self, how_many: int) -> Deeds:
        """Return what people do with one matter, mostly with the same task of it, by whatever way they do it."""
        running = self._running()
        stories = [self.stories[one] for one in running] if self.rng.random() < 0.9 else list(self.stories.values())
        story = self.rng.choice(stories)
        course = read_course(story.course)
        tasks = [one for one in course.pending if not course.is_blocked(one)] or list(course.pending or course.tasks)
        task = self.rng.choice(tasks)
        self.did["races" if how_many > 1 else "acts"] += 1
        return [self._a_deed(story, course, task) for _ in range(how_many)]

    def _a_deed(self, story: Story, course: Course, task: Task) -> Callable[[], object]:
        rng = self.rng
        if rng.random() < 0.2:
            task = rng.choice(course.tasks)
        holder = self.office.name_of[task.member]
        who = holder if holder in self._active() and rng.random() < 0.8 else self._somebody()
        way = rng.random()
        if way < 0.35:
            return self._tap(who, story.approval, task)
        if way < 0.5:
            said = rng.choice(
                (f"同意 S{story.approval}", f"不同意 S{story.approval} 太低了", f"同意 S{story.approval} 下不为例")
            )
            return self._sent(who, EventKind.TEXT, text=said)
        return self._call(who, story.approval, course, task)

    def _tap(self, who: str, approval: int, task: Task) -> Callable[[], object]:
        """A tap on a card of the approval that stood on their phone at some time, else one that is forwarded."""
        cards = [
            (card_id, button)
            for card_id, card in self.world._phone(who, "").cards
            if card_id != UPDATE
            for button in card.buttons
            if button.values.get("approval") == str(approval) and button.action != "approval.more"
        ]
        card_id, values = f"o{approval}-1", {"approval": str(approval), "task": str(task.number)}
        action = self.rng.choice(("approval.approve", "approval.approve", "approval.reject"))
        if cards:
            card_id, button = self.rng.choice(cards)
            action, values = button.action, dict(button.values)
        if action == "approval.reject":
            values |= {"reason": "不行"}
        self.did["taps"] += 1
        return self._sent(who, EventKind.TAP, action=action, values=values, card=card_id)

    def _sent(self, who: str, kind: EventKind, **what: Any) -> Callable[[], object]:
        key = f"m{next(self.office.keys)}"
        if kind is EventKind.TAP:
            self.world.channel.codes[key] = what["card"]
            what["response_code"] = key
        event = Event(channel=self.world.platform, kind=kind, key=key, user_id=who, at=self.world.now, **what)
        self.kept.append(event)
        return self._sent_again(event)

    def _sent_again(self, event: Event) -> Callable[[], object]:
        def send() -> None:
            self.world.program.keep([event])
            self.world.program.dispatcher.drain(event.channel, event.user_id)

        return send

    def _call(self, who: str, approval: int, course: Course, task: Task) -> Callable[[], object]:
        """Something that the service is asked to do by another way than chat."""
        rng, number = self.rng, task.number
        others = tuple(self.office.ids[one] for one in rng.sample(self.office.names, rng.choice((1, 1, 2))))
        demand = Demand(task=0, says="最多5折", field="discount", op="<=", value=f"{rng.randint(1, 60)}%")
        words = Demand(task=0, says="下不为例")
        node = rng.randint(0, max(len(course.nodes), 1))
        mode = rng.choice(list(ReturnMode))
        submitter = self._submitter(approval)
        do, by = rng.choice(
            (
                (lambda uow: deciding.approve(uow, approval, number, "行"), who),
                (lambda uow: deciding.approve(uow, approval, number, "行"), who),
                (lambda uow: deciding.approve(uow, approval, number, "行"), who),
                (lambda uow: deciding.reject(uow, approval, number, "不行"), who),
                (lambda uow: deciding.approve(uow, approval, number, demand=rng_choice(demand, words)), who),
                (lambda uow: deciding.transfer(uow, approval, others[0], number, "请看"), who),
                (lambda uow: deciding.delegate(uow, approval, others[0], number, "请看"), who),
                (lambda uow: deciding.sign_in(uow, approval, others, number), who),
                (lambda uow: deciding.sign_in(uow, approval, others, number, after=True), who),
                (lambda uow: deciding.sign_out(uow, approval, others[0]), who),
                (lambda uow: deciding.send_back(uow, approval, "补材料", task=number, node=node, mode=mode), who),
                (lambda uow: deciding.take_back(uow, approval, number), who),
                (lambda uow: deciding.take_back(uow, approval), who),
                (lambda uow: deciding.withdraw(uow, approval, "不要了"), submitter),
                (lambda uow: deciding.answer_wish(uow, approval, agrees=node % 2 == 0), who),
                (lambda uow: deciding.nudge(uow, approval), submitter),
                (lambda uow: deciding.copy_in(uow, approval, others), who),
                (lambda uow: deciding.remark(uow, approval, "说明"), who),
                (lambda uow: deciding.resubmit(uow, approval, "改好了"), submitter),
                (lambda uow: deciding.approve(uow, approval, comment="接受"), submitter),
            )
        )

        def rng_choice(*one: Demand) -> Demand:
            return one[node % len(one)]

        return lambda: self._done(by, do)

    def _done(self, who: str, deed: Callable[[UnitOfWork], object]) -> bool:
        """Do something as somebody, again after a lost race; say whether it was not refused."""
        member = self.world.member(who)
        for _ in range(50):
            try:
                with self.world.program.open_work(member) as uow:
                    deed(uow)
            except Refusal:
                return False
            except Conflict:
                continue
            return True
        raise AssertionError(f"{self._where()}: conflicts without end")

    # The end

    def _ends(self) -> None:
        """Let everybody who is asked answer, or nobody any more, until all has ended."""
        silent = self.rng.random() < 0.2
        for _ in range(400):
            running = self._running()
            if not running:
                return
            if silent:
                self._time_passes(24 * 30)
                self._looks()
                continue
            story = self.stories[self.rng.choice(running)]
            course = read_course(story.course)
            task = self.rng.choice([one for one in course.pending if not course.is_blocked(one)])
            who = self.office.name_of[task.member]
            approves = self.rng.random() < 0.85
            act = deciding.approve if approves else deciding.reject
            if not self._done(who, lambda uow: act(uow, story.approval, task.number, "行")):  # noqa: B023 - done at once
                if self.rng.random() < 0.5:
                    self._done(who, lambda uow: deciding.reject(uow, story.approval, task.number, "不接受"))  # noqa: B023
                else:
                    self._time_passes(24 * 61)  # nobody is left who could decide what is ahead, and time ends it
            self._meets_new_ones(story.subject)
            self._looks()
        raise AssertionError(f"{self._where()}: {self._running()} never end")

    # What must hold

    def _looks(self, *, also_at_what_has_ended: bool = False) -> None:
        with self.world.program.open_work(SYSTEM, reading=True) as uow:
            for story in self.stories.values():
                if story.runs or also_at_what_has_ended:
                    look_at(uow, story, self._where())
            for subject in {story.subject for story in self.stories.values()}:
                about = uow.approvals.about(Ref(SUBJECT, subject))
                assert sum(one.is_running for one in about) <= 1, f"{self._where()}: two approvals of one matter"
                assert {one.id for one in about if one.course.get("tasks")} <= self.stories.keys(), self._where()

    def _looks_at_cards(self) -> None:
        self.world.settles()
        with self.world.program.open_work(SYSTEM, reading=True) as uow:
            for story in self.stories.values():
                look_at_cards(uow, self.world, story, self.left, self._where())

    # Small things

    def _running(self) -> list[int]:
        with self.world.program.open_work(SYSTEM, reading=True) as uow:
            return [one.id for one in uow.approvals.find(self.stories) if one.is_running]

    def _submitter(self, approval: int) -> str:
        with self.world.program.open_work(SYSTEM, reading=True) as uow:
            return self.office.name_of[uow.approvals.get(approval).submitter_id]

    def _active(self) -> list[str]:
        with self.world.program.open_work(SYSTEM, reading=True) as uow:
            return [one.name for one in uow.members.everybody() if one.active and one.id in self.office.name_of]

    def _somebody(self) -> str:
        return self.rng.choice(self._active())

    def _where(self) -> str:
        return f"{self.world.program.engine.dialect.name} {self.world.platform} month {self.seed}"
