"""Failures that are things happening in the company: somebody leaves, is renamed, a customer goes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom import events
from emulator.wecom.customers.control import customer_deleted
from emulator.wecom.settings import Person

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def user_left(platform: "Platform", params: Json) -> None:
    """Let a member leave: unknown to the API from now on, and change_contact delete_user goes out."""
    person = _who(platform, params)
    platform.directory.leave(person, platform.clock.timestamp())
    _tell(platform, {"Event": "change_contact", "ChangeType": "delete_user", "UserID": person.userid})


def user_renamed(platform: "Platform", params: Json) -> None:
    """Give a member a new userid, and say so with change_contact update_user."""
    person = _who(platform, params)
    new = str(params.get("new_userid") or f"{person.userid}.new")
    if platform.directory.find(new):
        raise ValueError(f"there is a member {new!r} already")
    platform.directory.rename(person, new)
    fields = {"ChangeType": "update_user", "UserID": person.userid, "NewUserID": new}
    _tell(platform, {"Event": "change_contact", **fields})


def _who(platform: "Platform", params: Json) -> Person:
    """Return the member `params` names, or the last one of the company."""
    userid = str(params.get("userid") or "")
    people = platform.directory.people
    person = platform.directory.find(userid) if userid else (people[-1] if people else None)
    if person is None:
        raise ValueError(f"there is no member {userid!r}")
    return person


def _tell(platform: "Platform", fields: Json) -> None:
    platform.callbacks.emit(events.spelled_out(platform, fields))
    platform.feed.restart()


STORIES: dict[str, Callable[["Platform", Json], None]] = {
    "user_left": user_left,
    "user_renamed": user_renamed,
    "customer_deleted": customer_deleted,
}
