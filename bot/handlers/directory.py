"""The platform's directory speaks: people leave, people are renamed, everything else is read anew."""

from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.services.directory import SETTLES, order_sync
from core.services.members import leave, rename_account

router = Router()


@router.on(EventKind.DIRECTORY)
def changed(ctx: Context) -> None:
    """Close the access of whoever left at once; follow a renamed user id; have the worker read the rest."""
    fields, channel = ctx.event.fields, ctx.event.channel
    user_id, change = str(fields.get("user_id") or ""), fields.get("change_type")
    if change == "delete_user":
        leave(ctx.uow, channel, [user_id])
        return
    if change == "update_user" and fields.get("new_user_id"):
        rename_account(ctx.uow, channel, user_id, str(fields["new_user_id"]))
    order_sync(ctx.uow, channel, after=SETTLES)
