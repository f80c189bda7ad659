"""What is wrong with approval flows, said where it is written: before anybody waits for somebody who is never asked."""

from collections import Counter
from collections.abc import Iterator, Sequence

from core.model.member import Role
from core.model.playbook import Playbook
from core.model.playbook.approvals import DEEPEST, ApprovalsSection, Flow, Overdue, Source, Split, Step, Timeout
from core.rules.approvals.kinds import KINDS, catalogue_of_kind
from core.rules.condition_checks import Flaw, Path, condition_flaws

_PEOPLE = frozenset({"member", "members"})


def approval_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield flows that are alike, name what is not there, never end, or pass by themselves too easily."""
    section = playbook.approvals
    names = Counter(flow.name for flow in section.flows)
    kinds = Counter(flow.kind for flow in section.flows if flow.kind)
    for number, flow in enumerate(section.flows):
        path: Path = ("approvals", "flows", number)
        if names[flow.name] > 1:
            yield Flaw((*path, "name"), f"有两个流程都叫「{flow.name}」，请改一个名字")
        if flow.kind and flow.kind not in KINDS:
            yield Flaw((*path, "kind"), f"没有「{flow.kind}」这种审批，可以写：{'、'.join(KINDS)}")
            continue
        if kinds[flow.kind] > 1:
            yield Flaw((*path, "kind"), f"「{flow.kind}」有两个流程，请合成一个，用 branches 分开")
        circle = _circle(flow, section, ())
        if circle:
            yield Flaw((*path, "steps"), f"子流程绕回了自己：{' → '.join(circle)}，永远走不完，请去掉其中一处")
        yield from _timeout_flaws(flow.timeout, flow, section, (*path, "timeout"))
        yield from _source_flaws(flow.cc, flow, (*path, "cc"))
        yield from _step_flaws(flow.steps, flow, section, (*path, "steps"), 1)
    yield from _mirror_flaws(section)


def _mirror_flaws(section: ApprovalsSection) -> Iterator[Flaw]:
    """A mirror names kinds that there are, and is not always passed over for an earlier one."""
    for number, mirror in enumerate(section.mirrors):
        for place, kind in enumerate(mirror.kinds):
            if kind not in KINDS:
                path: Path = ("approvals", "mirrors", number, "kinds", place)
                yield Flaw(path, f"没有「{kind}」这种审批，可以写：{'、'.join(KINDS)}")
        earlier = [one for one in section.mirrors[:number] if one.channel == mirror.channel]
        kinds = mirror.kinds or tuple(KINDS)
        if all(any(one.takes(kind) for one in earlier) for kind in kinds):
            yield Flaw(
                ("approvals", "mirrors", number, "kinds"),
                f"前面的同一平台已经包括这几种审批，「{mirror.name}」永远用不上。请去掉它，或把前面的 kinds 写窄",
            )


def _step_flaws(steps: Sequence[Step], flow: Flow, section: ApprovalsSection, path: Path, depth: int) -> Iterator[Flaw]:
    if depth > DEEPEST:
        yield Flaw(path, f"分支最多套 {DEEPEST} 层，请拆成子流程")
        return
    names = Counter(step.name for step in steps)
    for number, step in enumerate(steps):
        here = (*path, number)
        if names[step.name] > 1:
            yield Flaw((*here, "name"), f"有两步都叫「{step.name}」，请改一个名字，记录里才分得清")
        if step.flow is not None and section.called(step.flow) is None:
            known = "、".join(one.name for one in section.flows if one.name != flow.name)
            yield Flaw((*here, "flow"), f"没有流程「{step.flow}」，可以写：{known}")
        if step.over >= 1:
            yield Flaw((*here, "over"), "票数要超过 over 才通过，写 100% 就永远通不过，请写小一些，例如 50%")
        yield from _timeout_flaws(step.timeout, flow, section, (*here, "timeout"))
        yield from _source_flaws(step.by, flow, (*here, "by"))
        yield from _source_flaws(step.cc, flow, (*here, "cc"))
        yield from _branch_flaws(step, flow, section, here, depth)


def _branch_flaws(step: Step, flow: Flow, section: ApprovalsSection, path: Path, depth: int) -> Iterator[Flaw]:
    defaults = [place for place, branch in enumerate(step.branches) if branch.when is None]
    if step.branches and step.split is not Split.PARALLEL:
        if not defaults:
            yield Flaw((*path, "branches"), f"「{step.name}」要有一个不写 when 的分支：都不符合、或没填时走哪里")
        elif defaults != [len(step.branches) - 1]:
            yield Flaw((*path, "branches", defaults[0]), "不写 when 的分支只能有一个，放在最后")
    for place, branch in enumerate(step.branches):
        here = (*path, "branches", place)
        if branch.when is not None and step.split is Split.PARALLEL:
            yield Flaw((*here, "when"), "并行的分支都要走，不写 when；要看条件就用 split: inclusive")
        elif branch.when is not None and flow.kind:
            yield from condition_flaws(branch.when, catalogue_of_kind(flow.kind), (*here, "when"))
        yield from _step_flaws(branch.steps, flow, section, (*here, "steps"), depth + 1)


def _source_flaws(sources: Sequence[Source], flow: Flow, path: Path) -> Iterator[Flaw]:
    for number, source in enumerate(sources):
        for name in ("role", "until"):
            role = getattr(source, name)
            if role is not None and role not in set(Role):
                yield Flaw((*path, number, name), f"没有角色「{role}」，可以写：{'、'.join(Role)}")
        if source.until is not None and source.superiors is None:
            yield Flaw((*path, number, "until"), "until 要和 superiors 一起写：逐级上级到哪个角色为止")
        if source.field is None or not flow.kind:
            continue
        catalogue = catalogue_of_kind(flow.kind)
        known = catalogue.find(source.field)
        if known is None:
            yield Flaw((*path, number, "field"), catalogue.no_such_field(source.field))
        elif known.type.key not in _PEOPLE:
            yield Flaw((*path, number, "field"), f"「{known.label}」不是人员字段，不能当审批人")


def _timeout_flaws(timeout: Timeout | None, flow: Flow, section: ApprovalsSection, path: Path) -> Iterator[Flaw]:
    """A matter may pass by itself only where it has an amount, and up to the company's limit at most."""
    if timeout is None or timeout.then is not Overdue.PASS:
        return
    if flow.kind and not KINDS[flow.kind].amount:
        yield Flaw((*path, "then"), f"{KINDS[flow.kind].label}没有金额，不能超时自动通过，请改成 superior 或 reject")
    elif timeout.up_to is not None and timeout.up_to > section.auto_pass_limit:
        limit = section.auto_pass_limit
        yield Flaw((*path, "up_to"), f"金额超过 {limit} 元不能自动通过（auto_pass_limit），请写 {limit} 以内")


def _circle(flow: Flow, section: ApprovalsSection, seen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sub-flows that lead back to themselves."""
    if flow.name in seen:
        return (*seen, flow.name)
    for name in _used(flow.steps):
        sub = section.called(name)
        if sub is not None and (found := _circle(sub, section, (*seen, flow.name))):
            return found
    return ()


def _used(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if step.flow is not None:
            yield step.flow
        for branch in step.branches:
            yield from _used(branch.steps)
