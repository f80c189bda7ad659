"""The platform's directory speaks: people leave, people are renamed."""

from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.services.members import rename_account, resign

router = Router()


@router.on(EventKind.DIRECTORY)
def changed(ctx: Context) -> None:
    """Close the access of whoever left at once; follow a renamed user id."""
    fields, channel = ctx.event.fields, ctx.event.channel
    user_id, change = str(fields.get("user_id") or ""), fields.get("change_type")
    if change == "delete_user":
        resign(ctx.uow, channel, user_id)
    if change == "update_user" and fields.get("new_user_id"):
        rename_account(ctx.uow, channel, user_id, str(fields["new_user_id"]))
