"""A platform's own approvals speak: something was done to an instance there."""

from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.services.approvals.mirroring import heard_of

router = Router()


@router.on(EventKind.APPROVAL)
def changed(ctx: Context) -> None:
    """Have the worker look at how the instance stands; what is not ours is left alone."""
    heard_of(ctx.uow, ctx.event.channel, str(ctx.event.fields.get("number") or ""))
