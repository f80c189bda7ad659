"""The matter goes back: to a node that has passed, to the submitter, or an answer to whoever gave it."""

from collections.abc import Mapping
from dataclasses import replace

from core.errors import ActRefused, NotYourTask
from core.model.approval import DECIDING, REQUIRED, Answer, NodeState, Origin, ReturnMode, Task, TaskState
from core.model.playbook.approvals import Mode
from core.rules.approvals.acting import Act, Told
from core.rules.approvals.judging import comment_of, may_answer, name_of, open_task, require_running
from core.rules.approvals.running import Run
from core.rules.approvals.ways import Plan, Way, after, before, numbers_in


def send_back(run: Run, act: Act) -> None:
    """Let an earlier node, or the submitter, do it again; then all in order, or straight back to who sent it."""
    task = open_task(run, act)
    comment = comment_of(act, "退回要写原因，对方才知道补什么。请发送「打回去 原因」，例如「打回去 补竞品报价」")
    if task.origin not in DECIDING:
        raise ActRefused("这一步不能退回。请直接说同意或不同意和理由")
    target, node = act.node, run.nodes[task.node]
    possible = [one for one in before(run.plan, node.number) if _is_asked(run, one)]
    if target and target not in possible:
        names = "、".join(run.nodes[one].name for one in possible)
        raise ActRefused(f"只能退回到前面审过的步骤（{names}）或提交人" if names else "前面没有步骤，只能退回提交人")
    run.answer(task, TaskState.CANCELLED, Answer.RETURN, comment, act.files)
    if act.mode is ReturnMode.STRAIGHT:
        kept = tuple(s for s in range(len(node.seats)) if s != task.seat and run.voice(node, s) is Answer.YES)
        run.close(run.in_node(node.number))
        run.nodes[node.number] = replace(run.nodes[node.number], state=NodeState.RETURNED, kept=kept)
    else:
        reset = after(run.plan, target) if target else frozenset(run.nodes)
        run.reset(sorted(one for one in reset | {node.number} if run.nodes[one].state is not NodeState.WAITING))
        run.nodes[node.number] = replace(run.nodes[node.number], state=NodeState.RETURNED)
    if target:
        run.reset([target])
        run.advance()
        readers = [run.setting.asking.submitter]
    else:
        submitter = run.setting.asking.submitter
        run.give(run.nodes[node.number], task.seat, submitter, Origin.REVISE, parent=task.number)
        readers = [submitter]
    run.tell(Told.RETURNED, readers, task=task.number, comment=comment)


def _is_asked(run: Run, number: int) -> bool:
    return run.nodes[number].state is NodeState.PASSED and bool(run.nodes[number].seats)


def resubmit(run: Run, act: Act) -> None:
    """The submitter has mended what came back to them; where facts changed, the way is the changed facts'."""
    task = open_task(run, act)
    if task.origin is not Origin.REVISE:
        raise NotYourTask
    run.answer(task, TaskState.APPROVED, Answer.YES, comment_of(act), act.files)
    if act.way is not None:
        go_another_way(run, act.way)
    run.advance()


def go_another_way(run: Run, way: Way) -> None:
    """Go on as changed facts want it: nodes that both ways have keep what was decided there, in their order."""
    going = frozenset(numbers_in(run.plan))
    known = [one for one in run.nodes.values() if one.number in going]
    numbers: dict[int, int] = {}
    for node in way.nodes:
        step = run.step(node)
        match = next((one for one in known if one.name == node.name and run.step(one).by == step.by), None)
        if match is not None:
            known.remove(match)
            numbers[node.number] = match.number
        else:
            numbers[node.number] = len(run.nodes) + 1
            run.nodes[numbers[node.number]] = replace(node, number=numbers[node.number])
    for node in known:  # not on the new way
        run.close(run.in_node(node.number))
        if node.state in (NodeState.ACTIVE, NodeState.RETURNED, NodeState.WAITING):
            run.nodes[node.number] = replace(node, state=NodeState.SKIPPED, ended_at=run.now)
    run.plan = _renumbered(way.plan, numbers)
    run.advance()


def _renumbered(plan: Plan, numbers: Mapping[int, int]) -> Plan:
    return tuple(
        numbers[part] if isinstance(part, int) else part if isinstance(part, str) else _renumbered(part, numbers)
        for part in plan
    )


def take_back(run: Run, act: Act) -> None:
    """Give an approver their own yes back, as long as nobody has answered because of it."""
    require_running(run)
    task = run.tasks.get(act.task)
    if task is None or act.by not in (task.answered_by, task.member) or not may_answer(task, act.by, run.setting):
        raise NotYourTask
    node = run.nodes[task.node]
    is_settled = node.state not in (NodeState.ACTIVE, NodeState.PASSED) or task.round != node.round
    if task.answer is not Answer.YES or task.origin not in DECIDING | REQUIRED or is_settled:
        raise ActRefused("只能拿回您同意过、还在这一步的审批。发送「待我审批的」看看现在的情况")
    later = after(run.plan, node.number)
    dependent = [
        one
        for one in run.tasks.values()
        if (one.is_answered or one.answer is Answer.RETURN)
        and one.number != task.number
        and _depends(run, one, task, later)
    ]
    if dependent:
        raise ActRefused(f"{name_of(run, dependent[0].member)}已经处理了下一步，拿不回来。要改请联系他驳回或退回")
    run.reset(sorted(one for one in later if run.nodes[one].state is not NodeState.WAITING))
    run.change(task, answer=Answer.TAKEN_BACK, state=TaskState.CANCELLED)
    run.demands = [one for one in run.demands if one.task != task.number]
    run.close(
        one
        for one in run.in_node(node.number)
        if one.seat == task.seat and one.parent == task.number and one.origin in (Origin.AFTER, Origin.OFFER)
    )
    kept = node.asked
    if run.step(node).mode is Mode.SEQUENCE:
        run.close(one for one in run.in_node(node.number) if one.seat > task.seat)
        kept = task.seat + 1
    run.nodes[node.number] = node = replace(node, state=NodeState.ACTIVE, ended_at=None, asked=kept)
    run.give(
        node,
        task.seat,
        task.member,
        task.origin if task.origin in REQUIRED else Origin.FINAL,
        parent=task.number,
        blocks=task.blocks,
        moved=task.moved,
    )
    run.ask_again(node.number, task.seat)
    run.tell(Told.TAKEN_BACK, [run.setting.asking.submitter], task=task.number, comment=act.comment)


def _depends(run: Run, one: Task, task: Task, later: frozenset[int]) -> bool:
    """Say whether an answer followed from another: in a later node, or later in the same voice or sequence."""
    if one.node in later:
        return one.round == run.nodes[one.node].round
    if one.node != task.node or one.round != task.round:
        return False
    if run.step(run.nodes[task.node]).mode is Mode.SEQUENCE and one.seat > task.seat:
        return True
    return one.seat == task.seat and (one.parent == task.number or one.number == task.blocks)
