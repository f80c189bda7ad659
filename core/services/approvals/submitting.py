"""A matter is submitted: who would be asked, who is asked, and what a change of it does while it waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import ActRefused, UnderApproval
from core.model.approval import SUBMITTERS, Approval, Course, Origin
from core.model.ids import MemberId, Ref
from core.model.playbook.approvals import Flow, Step, WhileRunning
from core.ports import UnitOfWork
from core.rules.approvals.acting import Act, Deed, Outcome
from core.rules.approvals.acts import begin, perform
from core.rules.approvals.kinds import KINDS
from core.rules.approvals.people import Asking, Company
from core.rules.approvals.ways import Choice, Way, expanded, step_at, way_of
from core.services.approvals.carrying import carried
from core.services.approvals.effects import carry_out
from core.services.approvals.keeping import (
    Matter,
    amount_in,
    company_of,
    course_as_json,
    digest_of,
    facts_as_json,
    judged,
    keep,
    matter_of,
    read_course,
    setting_of,
)
from core.services.approvals.subjects import subject_of

Chosen = Mapping[str, tuple[MemberId, ...]]
NOBODY: Chosen = {}


@dataclass(frozen=True)
class Asked:
    """One node of a way that is only looked at: who would be asked there, by which mode."""

    name: str
    mode: str
    voices: tuple[tuple[MemberId, ...], ...]
    copied: tuple[MemberId, ...]


@dataclass(frozen=True)
class Preview:
    """Who would be asked, in which order, and why this way."""

    flow: str
    asks: tuple[Asked, ...]
    choices: tuple[Choice, ...]

    @property
    def asks_nobody(self) -> bool:
        return not any(ask.voices for ask in self.asks)


def preview(
    uow: UnitOfWork, kind: str, facts: Mapping[str, Any], submitter: MemberId | None = None, chosen: Chosen = NOBODY
) -> Preview | None:
    """Say who would be asked about a matter with these facts; None when nothing of its kind is approved here."""
    flow = uow.playbook.approvals.flow(kind)
    if flow is None:
        return None
    whole, company = expanded(flow, uow.playbook.approvals), company_of(uow)
    return preview_of(uow, kind, whole, facts_as_json(facts), submitter or uow.actor.id, company, chosen)


def preview_of(
    uow: UnitOfWork,
    kind: str,
    flow: Flow,
    facts: Mapping[str, Any],
    submitter: MemberId,
    company: Company,
    chosen: Chosen = NOBODY,
) -> Preview:
    """Say who would be asked by an expanded flow about kept facts."""
    way = way_of(flow, judged(uow, kind, facts, submitter, company))
    asking = Asking(company, flow, submitter, facts, chosen)
    asks = []
    for node in way.nodes:
        step = step_at(flow, node.step)
        voices = tuple(seat.people for seat in asking.seats(step) if seat.free is not Origin.OWN) if step.by else ()
        asks.append(Asked(node.name, str(step.mode), voices, asking.people(step.cc)))
    return Preview(flow.name, tuple(asks), way.choices)


def to_choose(uow: UnitOfWork, kind: str, facts: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps whose approvers the submitter picks, for whoever asks them before submitting."""
    flow = uow.playbook.approvals.flow(kind)
    if flow is None:
        return ()
    whole, company = expanded(flow, uow.playbook.approvals), company_of(uow)
    way = way_of(whole, judged(uow, kind, facts_as_json(facts), uow.actor.id, company))
    steps = (step_at(whole, node.step) for node in way.nodes)
    return tuple(step for step in steps if any(source.choice is not None for source in step.by))


def submit(
    uow: UnitOfWork,
    kind: str,
    subject: Ref,
    *,
    title: str,
    reason: str = "",
    chosen: Chosen = NOBODY,
    submitter: MemberId | None = None,
) -> Approval | None:
    """Ask whoever must agree. None: nobody must, and the effect has happened at once.

    Raises UnderApproval when it is asked already, NobodyToAsk when a step finds nobody; nothing is submitted then.
    """
    running = [one for one in uow.approvals.running_on(subject) if one.kind == kind]
    if running:
        raise UnderApproval(running[0].title, str(running[0].ref))
    return _begin(uow, kind, subject, title, reason, chosen, submitter or uow.actor.id, None)


def _begin(
    uow: UnitOfWork,
    kind: str,
    subject: Ref,
    title: str,
    reason: str,
    chosen: Chosen,
    submitter: MemberId,
    replaces: Approval | None,
) -> Approval | None:
    section = uow.playbook.approvals
    flow = expanded(section.flow(kind) or Flow(name=KINDS[kind].label, kind=kind), section)
    facts = facts_as_json(subject_of(kind).facts(uow, subject))
    company = company_of(uow)
    way = way_of(flow, judged(uow, kind, facts, submitter, company))
    _require_chosen(flow, way, chosen)
    approval = Approval(
        kind=kind,
        subject_kind=subject.kind,
        subject_id=subject.id,
        title=title[:200],
        reason=reason[:500],
        submitter_id=submitter,
        flow=flow.model_dump(mode="json", by_alias=True),
        flow_version=_version(uow),
        facts=facts,
        digest=digest_of(facts),
        amount=amount_in(kind, facts),
        course=course_as_json(Course()),
        replaces=replaces.id if replaces is not None else None,
        begun_at=uow.now,
    )
    asking = Asking(company, flow, submitter, facts, chosen)
    setting = setting_of(uow, approval.title, flow, asking, approval.amount)
    outcome = begin(way, chosen, setting)
    asked = bool(outcome.course.tasks)
    uow.approvals.add(approval)
    if replaces is not None:
        files = carried(uow, read_course(replaces.course), approval.ref)
        outcome = replace(outcome, course=replace(outcome.course, files=files))
    matter = Matter(approval, Course(), setting)
    why = [[choice.step, choice.branch, choice.why] for choice in way.choices]
    keep(uow, matter, outcome.course, "approval.submit", {"deed": Deed.SUBMIT, "by": uow.actor.id, "why": why})
    carry_out(uow, Matter(approval, outcome.course, setting), outcome.effects, tells=asked)
    return approval if asked else None


def _require_chosen(flow: Flow, way: Way, chosen: Chosen) -> None:
    for node in way.nodes:
        step = step_at(flow, node.step)
        if any(source.choice is not None for source in step.by) and not chosen.get(step.name):
            raise ActRefused(f"「{step.name}」的审批人要您来选，请写上给谁批，例如「给赵敏批」")


def _version(uow: UnitOfWork) -> int:
    newest = uow.versions.newest()
    return newest.number if newest is not None else 0


def pending_on(uow: UnitOfWork, ref: Ref) -> Approval | None:
    """Return the approval under which something is now."""
    running = uow.approvals.running_on(ref)
    return running[-1] if running else None


def changed(uow: UnitOfWork, ref: Ref) -> list[Approval]:
    """Look whether a change of a subject changes what people are asked about; return the approvals begun anew.

    One that is voided begins again by today's flow, and everybody is told. Raises UnderApproval where the flow locks
    its subject, so that the change does not happen. What came back to the submitter may be mended freely.
    """
    uow.flush()
    fresh = []
    for one in uow.approvals.running_on(ref):
        approval = uow.approvals.get(one.id, lock=True)
        if not approval.is_running:
            continue
        matter = matter_of(uow, approval)
        facts = facts_as_json(subject_of(approval.kind).facts(uow, ref))
        if digest_of(facts) == approval.digest or is_with_submitter(matter.course):
            continue
        if matter.setting.flow.running is WhileRunning.LOCK:
            raise UnderApproval(approval.title, str(approval.ref))
        again = restart(uow, matter, "内容有改动，原来的审批作废，重新开始")
        fresh += [again] if again is not None else []
    return fresh


def is_with_submitter(course: Course) -> bool:
    """Say whether the submitter is to mend the matter, or to accept a condition, so that it may change."""
    return any(task.origin in SUBMITTERS for task in course.pending)


def restart(uow: UnitOfWork, matter: Matter, why: str) -> Approval | None:
    """Void an approval and submit its matter as it is now; None when nobody needs to be asked any more."""
    approval = matter.approval
    outcome = perform(matter.course, Act(deed=Deed.VOID, by=uow.actor.id, comment=why), matter.setting)
    close(uow, matter, outcome, Deed.VOID, why)
    uow.flush()
    named = getattr(subject_of(approval.kind), "named", None)
    title, reason = named(uow, approval.subject) if named is not None else (approval.title, "")
    return _begin(
        uow,
        approval.kind,
        approval.subject,
        title,
        reason or approval.reason,
        dict(matter.course.chosen),
        approval.submitter_id,
        approval,
    )


def drop(uow: UnitOfWork, ref: Ref, kinds: Iterable[str], why: str) -> None:
    """Void what is asked about a subject that nobody needs to be asked about any more; the subject stays as it is."""
    for one in uow.approvals.running_on(ref):
        if one.kind in set(kinds):
            matter = matter_of(uow, uow.approvals.get(one.id, lock=True))
            outcome = perform(matter.course, Act(deed=Deed.VOID, by=uow.actor.id, comment=why), matter.setting)
            close(uow, matter, outcome, Deed.VOID, why)


def close(uow: UnitOfWork, matter: Matter, outcome: Outcome, deed: Deed, comment: str) -> None:
    """Keep an end that leaves the subject alone, since it is submitted anew."""
    said = {"deed": deed, "by": uow.actor.id, "comment": comment}
    keep(uow, matter, outcome.course, f"approval.{deed}", said)
    carry_out(uow, Matter(matter.approval, outcome.course, matter.setting), outcome.effects, follows=False)
