"""/__emu/customer…: customers come, go, refuse to be handed over, gather in groups."""

import secrets
from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom import events
from emulator.wecom.customers.transfers import WAITING, finish
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.callbacks import Event
    from emulator.wecom.platform import Platform


def customer_added(platform: "Platform", userid: str, details: Json) -> Json:
    """Let a customer add a member (half: true, without being added back); the event carries the WelcomeCode."""
    external, code = platform.book.meet(userid, details)
    change = "add_half_external_contact" if details.get("half") else "add_external_contact"
    state = {"State": str(details["state"])} if details.get("state") else {}
    event = tell(platform, change, userid, external, {**state, "WelcomeCode": code})
    return {"external_userid": external, "welcome_code": code, **event.as_json()}


def customer_gone(platform: "Platform", userid: str, external: str, *, by_member: bool = False) -> Json:
    """End a relation: the customer deleted the member, or with `by_member` the other way round."""
    _known(platform, userid, external)
    platform.book.part(userid, external)
    change = "del_external_contact" if by_member else "del_follow_user"
    return tell(platform, change, userid, external, {}).as_json()


def transfer_refused(platform: "Platform", external: str) -> Json:
    """Let a customer refuse the transfer that waits for them."""
    waiting = [
        one
        for one in platform.book.transfers.values()
        if one["external_userid"] == external and one["status"] == WAITING
    ]
    if not waiting:
        raise ValueError(f"no transfer of {external} is waiting")
    finish(platform, waiting[-1], refused=True)
    return {"ok": True}


def group_created(platform: "Platform", owner: str, body: Json) -> Json:
    """Make a customer group; external members by their ids."""
    now, chat_id = platform.clock.timestamp(), "wr" + secrets.token_hex(15)
    insiders = [(owner, 1)] + [(str(one), 1) for one in body.get("members", [])]
    people = insiders + [(str(one), 2) for one in body.get("customers", [])]
    members = [
        {"userid": one, "type": kind, "join_time": now, "join_scene": 1, "name": _name(platform, one)}
        for one, kind in people
    ]
    group = {
        "chat_id": chat_id,
        "name": str(body.get("name", "客户群")),
        "owner": owner,
        "create_time": now,
        "notice": "",
        "member_list": members,
        "admin_list": [],
        "member_version": secrets.token_hex(16),
    }
    platform.book.groups.put(chat_id, group)
    fields = {"Event": "change_external_chat", "ChangeType": "create", "ChatId": chat_id}
    platform.callbacks.emit(events.spelled_out(platform, fields))
    return {"chat_id": chat_id}


def customer_deleted(platform: "Platform", params: Json) -> None:
    """As a fault: some customer, or the one named, deletes some member, or the one named."""
    for one in platform.book.relations.values():
        userid, external = str(params.get("userid") or ""), str(params.get("external_userid") or "")
        if userid.casefold() in ("", one["userid"].casefold()) and external in ("", one["external_userid"]):
            customer_gone(platform, one["userid"], one["external_userid"])
            return
    raise ValueError("there is no such customer relation")


def tell(platform: "Platform", change: str, userid: str, external: str, more: Json) -> "Event":
    """Send a change_external_contact event."""
    fields = {"Event": "change_external_contact", "ChangeType": change, "UserID": userid, "ExternalUserID": external}
    return platform.callbacks.emit(events.spelled_out(platform, {**fields, **more}))


def _known(platform: "Platform", userid: str, external: str) -> None:
    try:
        platform.book.relation(userid, external)
    except ApiError as error:
        raise ValueError(str(error)) from None


def _name(platform: "Platform", userid: str) -> str:
    person = platform.directory.find(userid)
    return person.name if person else str((platform.book.customers.get(userid) or {}).get("name", ""))
