"""An approval as platforms know one: levels of people, asked one level after the other.

A platform fixes who is asked when an instance is handed in. What runs beside each other here stands one after the other
there, whoever was signed in has a level of their own, and a vote is a level in which everybody is asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.model.approval import (
    DECIDING,
    DONE,
    REQUIRED,
    SUBMITTERS,
    Answer,
    Course,
    Node,
    NodeState,
    Origin,
    Task,
)
from core.model.ids import MemberId
from core.model.playbook.approvals import Mode, Repeated, Step
from core.rules.approvals.acting import Setting
from core.rules.approvals.running import is_over
from core.rules.approvals.ways import numbers_in, step_at

_BEFORE = frozenset({Origin.BEFORE, Origin.DELEGATE})


@dataclass(frozen=True, kw_only=True)
class Level:
    """Who is asked at one time, for a round of a node. `over`: the node is decided."""

    node: int
    round: int
    people: tuple[MemberId, ...]
    everybody: bool
    over: bool = False
    waits: bool = False
    """Nobody of the node has been asked yet; who will be is only expected."""


def levels_of(course: Course, setting: Setting) -> tuple[Level, ...]:
    """Return everybody who was, is and will be asked, in their order."""
    found: list[Level] = []
    for number in numbers_in(course.plan):
        node = course.node(number)
        step = step_at(setting.flow, node.step)
        if not step.by or (node.state is NodeState.SKIPPED and not course.of_round(node)):
            continue
        if node.state in (NodeState.WAITING, NodeState.RETURNED):
            found += _expected(node, step, setting, found)
        else:
            found += _asked(course, node, step)
    return tuple(level for level in found if level.people)


def says_the_same(kept: Sequence[Level], now: Sequence[Level]) -> bool:
    """Say whether what was handed in as `kept` still asks whom the approval asks `now`.

    What is decided need not be asked; of what is only expected no more is compared than that it comes.
    """
    over = {level.node for level in now if level.over}
    open_then = [level for level in kept if level.node not in over and not level.over]
    open_now = [level for level in now if not level.over]
    waiting = {level.node for level in open_now if level.waits}
    if {level.node for level in open_then} != {level.node for level in open_now}:
        return False
    return _shapes(open_then, waiting) == _shapes(open_now, waiting)


def _shapes(levels: Iterable[Level], but: set[int]) -> list[tuple[int, int, bool, frozenset[MemberId]]]:
    return [
        (one.node, one.round, one.everybody or len(one.people) == 1, frozenset(one.people))
        for one in levels
        if one.node not in but
    ]


def _expected(node: Node, step: Step, setting: Setting, earlier: Sequence[Level]) -> Iterator[Level]:
    """Say who will be asked at a node, as far as can be known; whoever has agreed before is spared by the rule."""
    rule, spared = setting.flow.repeated, set[MemberId]()
    if rule is not Repeated.EVERY and earlier:
        from_ = earlier if rule is Repeated.FIRST else [one for one in earlier if one.node == earlier[-1].node]
        spared = {one for level in from_ for one in level.people}
    seats = [
        seat.people
        for seat in setting.asking.seats(step)
        if seat.free is not Origin.OWN and spared.isdisjoint(seat.people)
    ]
    for level in _joined(seats, step.mode):
        yield replace(level, node=node.number, round=node.round + 1, waits=True)


def _asked(course: Course, node: Node, step: Step) -> Iterator[Level]:
    """Say who was asked at a node, or is: whoever has answered, and while it is open whoever still may."""
    over = is_over(node) or node.state in DONE
    tasks = [
        task
        for task in course.of_round(node)
        if task.origin not in (*SUBMITTERS, Origin.REPEATED)
        and (task.answer in (Answer.YES, Answer.NO) or (task.is_pending and not over))
    ]
    before, after = _members(tasks, _BEFORE), _members(tasks, {Origin.AFTER})
    main = _joined(_voices(node, tasks, over=over), Mode.ALL if over else step.mode)
    for level in (_everybody(before), *main, _everybody(after)):
        yield replace(level, node=node.number, round=node.round, over=over)


def _voices(node: Node, tasks: Sequence[Task], *, over: bool) -> Iterator[tuple[MemberId, ...]]:
    """Yield who gives each voice of a node: whoever was asked for it, else whoever will be."""
    for place, seat in enumerate(node.seats):
        asked = tuple(dict.fromkeys(task.member for task in tasks if task.seat == place and task.origin in DECIDING))
        if asked:
            yield asked
        elif not over and seat.free is None and place not in node.kept:
            yield seat.people


def _joined(voices: Iterable[tuple[MemberId, ...]], mode: Mode) -> list[Level]:
    """Make levels of voices: all at once where each is one person's, one by one where several may give one."""
    found = list(voices)
    if mode is Mode.ANY:
        return [_level((one for voice in found for one in voice), everybody=False)]
    if mode is Mode.SEQUENCE:
        return [_level(voice, everybody=False) for voice in found]
    alone = [voice[0] for voice in found if len(voice) == 1]
    shared = [_level(voice, everybody=False) for voice in found if len(voice) > 1]
    return [_everybody(alone), *shared]


def _everybody(people: Iterable[MemberId]) -> Level:
    return _level(people, everybody=True)


def _level(people: Iterable[MemberId], *, everybody: bool) -> Level:
    return Level(node=0, round=0, people=tuple(dict.fromkeys(people)), everybody=everybody)


def _members(tasks: Iterable[Task], origins: Iterable[Origin]) -> list[MemberId]:
    wanted = set(origins)
    return [task.member for task in tasks if task.origin in wanted]


def answer_of(course: Course, level: Level, member: MemberId) -> Task | None:
    """Return the task by which somebody's part of a level is decided, once its answer counts.

    A yes that depends on a condition counts when the condition is met.
    """
    unmet = {demand.task for demand in course.demands if not demand.met}
    answered = [
        task
        for task in course.tasks
        if (task.node, task.round, task.member) == (level.node, level.round, member)
        and task.answer in (Answer.YES, Answer.NO)
        and task.origin in (*DECIDING, *REQUIRED, Origin.DELEGATE)
        and task.number not in unmet
    ]
    return answered[-1] if answered else None
