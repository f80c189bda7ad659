"""What is asked of leaders is decided once, by whoever may."""

from core.errors import NotAllowed
from core.model.request import Request, RequestState
from core.ports import UnitOfWork
from core.services.leaders import may_decide


def decide(uow: UnitOfWork, request: Request, state: RequestState, answer: str = "") -> None:
    """Settle a request; refuses with RequestSettled when somebody was first, with NotAllowed for whoever may not."""
    asker = uow.members.get(request.member_id)
    if not may_decide(uow, asker):
        raise NotAllowed(f"批{asker.name}的申请")
    uow.does(f"request.{state}")
    request.settle(state, uow.actor.id or None, uow.actor.name, uow.now, answer)
