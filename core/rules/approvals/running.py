"""An approval as it moves: nodes are opened and decided, tasks given and closed, until it ends.

`Run` is a copy of a course that one act works on. A voice (seat) is given by a yes whose conditions are met and whose
signed-in colleagues agree; a node is decided by its voices as its mode says; what is decided opens what comes next.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.errors import NobodyToAsk
from core.model.approval import (
    DECIDING,
    DONE,
    REQUIRED,
    Answer,
    ApprovalState,
    Course,
    Node,
    NodeState,
    Origin,
    Seat,
    Task,
    TaskState,
)
from core.model.ids import MemberId
from core.model.playbook.approvals import Mode, Repeated, Step, Timeout
from core.rules.approvals.acting import CLOCK, Effect, Outcome, Setting, Told
from core.rules.approvals.ways import after, ahead, before, step_at

_VOICES = DECIDING | REQUIRED


class Run:
    """One act's copy of a course."""

    def __init__(self, course: Course, setting: Setting, by: MemberId) -> None:
        self.setting, self.by, self.now = setting, by, setting.now
        self._course = course
        self.nodes: dict[int, Node] = {node.number: node for node in course.nodes}
        self.tasks: dict[int, Task] = {task.number: task for task in course.tasks}
        self.plan, self.state = course.plan, course.state
        self.copied, self.demands, self.wish = list(course.copied), list(course.demands), course.wish
        self.files = list(course.files)
        self.effects: list[Effect] = []

    def outcome(self) -> Outcome:
        return Outcome(course=self.course(acts=self._course.acts + 1), effects=tuple(self.effects))

    def course(self, acts: int | None = None) -> Course:
        """Return the course as it is now."""
        return replace(
            self._course,
            state=self.state,
            plan=self.plan,
            nodes=tuple(self.nodes.values()),
            tasks=tuple(self.tasks.values()),
            copied=tuple(self.copied),
            demands=tuple(self.demands),
            wish=self.wish,
            files=tuple(self.files),
            acts=self._course.acts if acts is None else acts,
        )

    # What is told

    def tell(self, told: Told, to: Iterable[MemberId], **more: Any) -> None:
        readers = tuple(dict.fromkeys(one for one in to if one != CLOCK))
        if readers:
            self.effects.append(Effect(told=told, to=readers, by=self.by, **more))

    def copy(self, people: Iterable[MemberId]) -> tuple[MemberId, ...]:
        """Copy people in, each once in an approval; return who is new."""
        fresh = tuple(one for one in dict.fromkeys(people) if one not in self.copied and self._company.is_active(one))
        self.copied += fresh
        self.tell(Told.COPIED, fresh)
        return fresh

    # Tasks

    def change(self, task: Task, **values: Any) -> Task:
        self.tasks[task.number] = changed = replace(task, **values)
        return changed

    def answer(
        self, task: Task, state: TaskState, answer: Answer, comment: str = "", files: tuple[int, ...] = ()
    ) -> Task:
        """Take a task off its holder's list with what was said."""
        return self.change(
            task,
            state=state,
            answer=answer,
            comment=comment,
            files=files,
            answered_at=self.now,
            answered_by=self.by,
        )

    def close(self, tasks: Iterable[Task]) -> None:
        """Take tasks away from people who need not answer any more, and let them know."""
        for task in [task for task in tasks if task.is_pending]:
            self.change(task, state=TaskState.CANCELLED, answered_at=self.now)
            if task.member != self.by:
                self.tell(Told.CLOSED, [task.member], task=task.number)

    def give(self, node: Node, seat: int, member: MemberId, origin: Origin, **more: Any) -> Task:
        """Ask somebody; their time begins now, unless others are asked before them."""
        number = len(self.tasks) + 1
        task = Task(
            number=number,
            node=node.number,
            seat=seat,
            round=node.round,
            member=member,
            origin=origin,
            begun_at=self.now,
            due_at=self.due(node),
            **more,
        )
        self.tasks[number] = task
        self.tell_asked(task)
        return task

    def tell_asked(self, task: Task) -> None:
        """Tell whoever may answer a task: its holder, and who answers for them."""
        proxies = [one for one in self._company.proxies_of(task.member) if one != self.setting.asking.submitter]
        self.tell(Told.ASKED, [task.member, *proxies], task=task.number)

    def due(self, node: Node) -> Any:
        timeout = self.timeout_of(node)
        return self.setting.calendar.add(self.now, timeout.amount, timeout.clock) if timeout else None

    def timeout_of(self, node: Node) -> Timeout | None:
        step = self.step(node)
        return step.timeout or self.setting.flow.timeout

    def step(self, node: Node) -> Step:
        return step_at(self.setting.flow, node.step)

    @property
    def _company(self) -> Any:
        return self.setting.asking.company

    def in_node(self, number: int) -> list[Task]:
        """The tasks of a node's present round."""
        node = self.nodes[number]
        return [task for task in self.tasks.values() if task.node == number and task.round == node.round]

    # Voices and nodes

    def voice(self, node: Node, seat: int) -> Answer:
        """Return what a seat has said so far."""
        if node.seats[seat].free is not None or seat in node.kept:
            return Answer.YES
        own = [task for task in self.in_node(node.number) if task.seat == seat and task.origin in _VOICES]
        if any(task.answer is Answer.NO for task in own):
            return Answer.NO
        given = [task for task in own if task.answer is Answer.YES and task.origin in DECIDING]
        waits = any(task.is_pending and task.origin in REQUIRED for task in own)
        unmet = {demand.task for demand in self.demands if not demand.met}
        return Answer.YES if given and not waits and not any(task.number in unmet for task in given) else Answer.NONE

    def verdict(self, node: Node) -> Answer:
        """Return what the voices of a node come to."""
        said = [self.voice(node, seat) for seat in range(len(node.seats))]
        step = self.step(node)
        if step.mode is Mode.VOTE:
            return _counted(node.seats, said, step.over)
        if Answer.NO in said:
            return Answer.NO
        asked = [one for one, seat in zip(said, node.seats, strict=True) if seat.free is not Origin.OWN]
        if step.mode is Mode.ANY and asked:
            return Answer.YES if Answer.YES in asked else Answer.NONE
        return Answer.YES if all(one is Answer.YES for one in said) else Answer.NONE

    def settle(self, number: int, seat: int) -> None:
        """Draw the consequences of what was said for a seat of a node."""
        node = self.nodes[number]
        said = self.voice(node, seat)
        others = [task for task in self.in_node(number) if task.seat == seat]
        if any(task.answer is Answer.YES and task.origin in DECIDING for task in others):
            self.close(task for task in others if task.origin in DECIDING or task.origin is Origin.DELEGATE)
        if said is Answer.NO:
            self.close(others)
        verdict = self.verdict(node)
        if verdict is Answer.YES:
            self._pass(node)
            self.advance()
        elif verdict is Answer.NO:
            self.close(self.in_node(number))
            self.nodes[number] = replace(node, state=NodeState.REJECTED, ended_at=self.now)
            noes = [task.comment for task in self.in_node(number) if task.answer is Answer.NO]
            self.end(ApprovalState.REJECTED, noes[-1] if noes else "")
        elif said is Answer.YES:
            self._ask_next(node)

    def _pass(self, node: Node, state: NodeState = NodeState.PASSED) -> None:
        self.close(self.in_node(node.number))
        self.nodes[node.number] = replace(node, state=state, ended_at=self.now)

    def advance(self) -> None:
        """Open whatever may be opened; end when nothing is ahead."""
        while self.state is ApprovalState.RUNNING:
            if any(task.is_pending and task.origin is Origin.REVISE for task in self.tasks.values()):
                return
            course = self.course()
            numbers = list(ahead(self.plan, course))
            if not numbers:
                self.end(ApprovalState.APPROVED)
                return
            fresh = [one for one in numbers if self.nodes[one].state in (NodeState.WAITING, NodeState.RETURNED)]
            if not fresh:
                return
            for number in fresh:
                self._open(self.nodes[number])

    def _open(self, node: Node) -> None:
        step = self.step(node)
        self.copy(self.setting.asking.people(step.cc))
        node = replace(node, state=NodeState.ACTIVE, round=node.round + 1, begun_at=self.now, ended_at=None, asked=0)
        if not step.by:
            self._pass(node)
            return
        if not node.kept:
            node = replace(node, seats=self._seats(node, step))
        if not node.seats:
            raise NobodyToAsk(step.name)
        self.nodes[node.number] = node
        for place, seat in enumerate(node.seats):
            if seat.free is Origin.REPEATED and place not in node.kept:
                self._note_repeated(node, place, seat)
        if all(seat.free is Origin.OWN for seat in node.seats):
            self._pass(node, NodeState.SKIPPED)
        elif self.verdict(node) is Answer.YES:
            self._pass(node)
        else:
            self._ask_next(node)

    def _ask_next(self, node: Node) -> None:
        """Ask the seats that are due: one after the other in a sequence, else all."""
        one_by_one = self.step(node).mode is Mode.SEQUENCE
        asked = node.asked
        for place in range(node.asked, len(node.seats)):
            if one_by_one and any(self.voice(node, earlier) is not Answer.YES for earlier in range(place)):
                break
            asked = place + 1
            if self.voice(node, place) is Answer.NONE:
                for member in node.seats[place].people:
                    self.give(node, place, member, Origin.FLOW)
        self.nodes[node.number] = replace(node, asked=asked)

    def ask_again(self, number: int, seat: int) -> None:
        """Ask everybody of the seats that nobody is asked about any more, after an answer was taken back."""
        node = self.nodes[number]
        for place in range(node.asked):
            if place == seat or self.voice(node, place) is not Answer.NONE:
                continue
            if not any(task.is_pending and task.seat == place for task in self.in_node(number)):
                for member in node.seats[place].people:
                    self.give(node, place, member, Origin.FLOW)

    # The same person again

    def _seats(self, node: Node, step: Step) -> tuple[Seat, ...]:
        agreed = self._agreed(node)
        return tuple(
            replace(seat, free=Origin.REPEATED) if seat.free is None and not agreed.isdisjoint(seat.people) else seat
            for seat in self.setting.asking.seats(step)
        )

    def _agreed(self, node: Node) -> set[MemberId]:
        """Return who has agreed already, as far as that spares them this node."""
        rule = self.setting.flow.repeated
        if rule is Repeated.EVERY:
            return set()
        earlier = [one for one in before(self.plan, node.number) if self.nodes[one].state is NodeState.PASSED]
        earlier = [one for one in earlier if self.nodes[one].seats]
        if rule is Repeated.CONSECUTIVE:
            earlier = [one for one in earlier if after(self.plan, one).isdisjoint(earlier)]
        return {
            task.member
            for number in earlier
            for task in self.in_node(number)
            if task.origin in _VOICES and task.answer is Answer.YES and task.state is TaskState.APPROVED
        }

    def _note_repeated(self, node: Node, seat: int, whose: Seat) -> None:
        agreed = self._agreed(node)
        member = next((one for one in whose.people if one in agreed), whose.people[0])
        number = len(self.tasks) + 1
        self.tasks[number] = Task(
            number=number,
            node=node.number,
            seat=seat,
            round=node.round,
            member=member,
            origin=Origin.REPEATED,
            state=TaskState.APPROVED,
            answer=Answer.YES,
            begun_at=self.now,
            answered_at=self.now,
            answered_by=member,
            comment="前面已经同意",
        )

    # The end

    def reset(self, numbers: Iterable[int]) -> None:
        """Let nodes be asked once more, as if they never had been."""
        for number in numbers:
            self.close(self.in_node(number))
            self.nodes[number] = replace(
                self.nodes[number], state=NodeState.WAITING, seats=(), kept=(), asked=0, begun_at=None, ended_at=None
            )

    def end(self, state: ApprovalState, comment: str = "") -> None:
        """End it once: nobody is asked any more, and everybody who had to do with it is told."""
        self.state, self.wish = state, ()
        waiting = [task for task in self.tasks.values() if task.is_pending]
        for task in waiting:
            self.change(task, state=TaskState.CANCELLED, answered_at=self.now)
        for number, node in self.nodes.items():
            if node.state in (NodeState.ACTIVE, NodeState.RETURNED):
                self.nodes[number] = replace(node, state=NodeState.SKIPPED, ended_at=self.now)
        readers = [self.setting.asking.submitter, *self.copied]
        if state in (ApprovalState.APPROVED, ApprovalState.REJECTED):
            self.copy(self.setting.asking.people(self.setting.flow.cc))
        answered = [task.member for task in self.tasks.values() if task.answer is not Answer.NONE]
        asked = [task.member for task in waiting]
        self.tell(Told.ENDED, [*readers, *answered, *asked], state=state, comment=comment)


def _counted(seats: tuple[Seat, ...], said: list[Answer], over: float) -> Answer:
    """Count a vote: it passes above the threshold, and fails as soon as that is out of reach."""
    weights = [(seat.weight, one) for seat, one in zip(seats, said, strict=True) if seat.free is not Origin.OWN]
    total = sum(weight for weight, _ in weights)
    yes = sum(weight for weight, one in weights if one is Answer.YES)
    still = sum(weight for weight, one in weights if one is Answer.NONE)
    if yes > over * total:
        return Answer.YES
    return Answer.NO if yes + still <= over * total else Answer.NONE


def progress(course: Course, node: Node) -> tuple[int, int]:
    """Return how many voices of a node have agreed, and how many there are."""
    given = {
        task.seat
        for task in course.of_round(node)
        if task.answer is Answer.YES and task.origin in DECIDING | {Origin.REPEATED}
    }
    free = {place for place, seat in enumerate(node.seats) if seat.free is not None}
    return len(given | free | set(node.kept)), len(node.seats)


def is_over(node: Node) -> bool:
    return node.state in DONE or node.state is NodeState.REJECTED
