"""What follows an act: the subject's own effect, in the same transaction, and what everybody is told."""

from collections.abc import Iterable

from core.model.approval import ApprovalState
from core.ports import UnitOfWork
from core.rules.approvals.acting import Effect, Told
from core.services.approvals.customers import record_about
from core.services.approvals.keeping import Matter
from core.services.approvals.subjects import subject_of
from core.services.approvals.telling import tell_effects
from core.services.keeping import set_clocks


def carry_out(
    uow: UnitOfWork, matter: Matter, effects: Iterable[Effect], *, follows: bool = True, tells: bool = True
) -> None:
    """Do what an outcome entails. `follows` is false where the subject is submitted anew and must stay as it is."""
    told = list(effects)
    uow.flush()
    if follows and (not tells or any(effect.told is Told.ENDED for effect in told)):
        _follow(uow, matter)
    if any(effect.told in (Told.ASKED, Told.ENDED) for effect in told):
        _set_clock(uow, matter)
    if tells:
        tell_effects(uow, matter, told)


def _set_clock(uow: UnitOfWork, matter: Matter) -> None:
    """Let the customer's clock wait while it is asked about, and go on once it is decided."""
    record = record_about(uow, matter.approval)
    if record is not None and record.owner_id is not None:
        set_clocks(uow, record)


def _follow(uow: UnitOfWork, matter: Matter) -> None:
    subject = subject_of(matter.approval.kind)
    if matter.course.state is ApprovalState.APPROVED:
        subject.passed(uow, matter.approval)
    elif not matter.course.is_running:
        subject.refused(uow, matter.approval)
    uow.flush()
