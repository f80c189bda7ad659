"""The way an approval goes: a flow with its conditions judged becomes nodes in an order, once and for all.

What is ahead is found from what is done: nothing else is kept, so that a return or a withdrawn answer only changes the
states of nodes. A condition on what is not known does not hold, and the matter goes to the default branch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.model.approval import DONE, Course, Node
from core.model.playbook.approvals import DEEPEST, ApprovalsSection, Branch, Flow, Split, Step
from core.rules.conditions import ready
from core.rules.fields.catalogue import Facts

Plan = tuple[Any, ...]
Path = tuple[int, ...]


@dataclass(frozen=True)
class Choice:
    """A branch that was taken, and why: 金额 60万 > 50万 ✓."""

    step: str
    branch: str
    why: str


@dataclass(frozen=True)
class Way:
    """The nodes of a matter in their order, and the branches that led there."""

    plan: Plan
    nodes: tuple[Node, ...]
    choices: tuple[Choice, ...]


def expanded(flow: Flow, section: ApprovalsSection) -> Flow:
    """Return a flow with its sub-flows written out, so that it stands by itself whatever the playbook says later."""
    return flow.model_copy(update={"steps": _expanded(flow.steps, section, 0)})


def _expanded(steps: Sequence[Step], section: ApprovalsSection, depth: int) -> tuple[Step, ...]:
    return tuple(_step(step, section, depth) for step in steps)


def _step(step: Step, section: ApprovalsSection, depth: int) -> Step:
    if step.flow is not None:
        sub = section.called(step.flow) if depth < DEEPEST else None
        inner = _expanded(sub.steps, section, depth + 1) if sub is not None else ()
        timed = tuple(
            one.model_copy(update={"timeout": sub.timeout}) if sub and one.by and one.timeout is None else one
            for one in inner
        )
        only = Branch(name=step.flow, steps=timed)
        return step.model_copy(update={"flow": None, "split": Split.PARALLEL, "branches": (only,)})
    if step.branches:
        branches = tuple(
            branch.model_copy(update={"steps": _expanded(branch.steps, section, depth)}) for branch in step.branches
        )
        return step.model_copy(update={"branches": branches})
    return step


class _Layout:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.nodes: list[Node] = []
        self.choices: list[Choice] = []

    def sequence(self, steps: Sequence[Step], path: Path) -> Plan:
        return ("seq", *(item for place, step in enumerate(steps) for item in self._items(step, (*path, place))))

    def _items(self, step: Step, path: Path) -> Iterator[Any]:
        if step.by or (step.cc and not step.branches):
            self.nodes.append(Node(number=len(self.nodes) + 1, step=path, name=step.name))
            yield len(self.nodes)
            return
        taken = [(place, branch) for place, branch in enumerate(step.branches) if self._takes(step, branch)]
        if step.split is not Split.PARALLEL:
            fitting = [(place, branch) for place, branch in taken if branch.when is not None]
            default = [(place, branch) for place, branch in taken if branch.when is None]
            taken = (fitting if step.split is Split.INCLUSIVE else fitting[:1]) or default[:1]
        for _, branch in taken:
            self.choices.append(Choice(step.name, branch.name, self._why(branch)))
        ways = [self.sequence(branch.steps, (*path, place)) for place, branch in taken]
        ways = [way for way in ways if len(way) > 1]
        if len(ways) == 1:
            yield from ways[0][1:]
        elif ways:
            yield ("par", *ways)

    def _takes(self, step: Step, branch: Branch) -> bool:
        if step.split is Split.PARALLEL or branch.when is None:
            return True
        return ready(branch.when, self._facts.catalogue).holds(self._facts)

    def _why(self, branch: Branch) -> str:
        if branch.when is None:
            return "其他情况"
        return str(ready(branch.when, self._facts.catalogue).explain(self._facts))


def way_of(flow: Flow, facts: Facts) -> Way:
    """Judge every condition of an expanded flow once; return the nodes that come of it."""
    layout = _Layout(facts)
    plan = layout.sequence(flow.steps, ())
    return Way(plan, tuple(layout.nodes), tuple(layout.choices))


def step_at(flow: Flow, path: Path) -> Step:
    """Return the step that a node stands for: the path leads by step, branch, step and so on."""
    step = flow.steps[path[0]]
    for branch, place in zip(path[1::2], path[2::2], strict=True):
        step = step.branches[branch].steps[place]
    return step


def is_done(plan: Any, course: Course) -> bool:
    """Say whether everything in a part of the way has been passed."""
    if isinstance(plan, int):
        return course.node(plan).state in DONE
    return all(is_done(part, course) for part in plan[1:])


def ahead(plan: Any, course: Course) -> Iterator[int]:
    """Yield the nodes that must be asked now: the first unfinished of a sequence, those of every parallel part."""
    if isinstance(plan, int):
        if course.node(plan).state not in DONE:
            yield plan
    elif plan[0] == "par":
        for part in plan[1:]:
            yield from ahead(part, course)
    else:
        unfinished = next((part for part in plan[1:] if not is_done(part, course)), None)
        if unfinished is not None:
            yield from ahead(unfinished, course)


def numbers_in(plan: Any) -> Iterator[int]:
    if isinstance(plan, int):
        yield plan
    else:
        for part in plan[1:]:
            yield from numbers_in(part)


def after(plan: Any, number: int) -> frozenset[int]:
    """Return the nodes that come only once `number` has passed; what runs beside it is none of them."""
    if isinstance(plan, int):
        return frozenset()
    for place, part in enumerate(plan[1:], start=1):
        if number in numbers_in(part):
            later = plan[place + 1 :] if plan[0] == "seq" else ()
            return after(part, number) | frozenset(one for item in later for one in numbers_in(item))
    return frozenset()


def before(plan: Any, number: int) -> tuple[int, ...]:
    """Return the nodes that must have passed before `number`, in their order."""
    return tuple(one for one in numbers_in(plan) if number in after(plan, one))


def as_plan(kept: Any) -> Any:
    """Read a plan back from JSON, where tuples are lists."""
    return kept if isinstance(kept, int) else tuple(part if isinstance(part, str) else as_plan(part) for part in kept)


def facts_of_kind(catalogue: Any, now: Any, values: Mapping[str, Any], names: Mapping[str, str]) -> Facts:
    """Make the facts of a matter ready to be judged."""
    return Facts(None, catalogue, now, names=names, more=dict.fromkeys(catalogue.by_key) | dict(values))
