"""Handing customers over: started at once, done after a day of virtual time, unless the customer refuses."""

from datetime import timedelta
from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom import events
from emulator.wecom.api import Api, Call, post
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

TAKES = timedelta(hours=24)
AT_ONCE = 100
DONE, WAITING, REFUSED, NO_RECORD = 1, 2, 3, 5
MOST, WITHIN = 2, timedelta(days=90)


def transfer(platform: "Platform", call: Call) -> Json:
    """Start handing over the customers of a member who still works here."""
    giver, taker = _members(platform, call)
    if platform.directory.find(giver) is None:
        raise ApiError(60111)
    return _start(platform, call, giver, taker)


def transfer_resigned(platform: "Platform", call: Call) -> Json:
    """Start handing over the customers of a member who left; 40097 when they did not."""
    giver, taker = _members(platform, call)
    if giver.casefold() not in platform.directory.left:
        raise ApiError(40097)
    return _start(platform, call, giver, taker)


def result(platform: "Platform", call: Call) -> Json:
    """Tell how the transfers between two members stand."""
    settle(platform)
    giver, taker = call.words("handover_userid").casefold(), call.words("takeover_userid").casefold()
    found = [
        {"external_userid": one["external_userid"], "status": one["status"], "takeover_time": one["at"]}
        for one in platform.book.transfers.values()
        if (one["giver"].casefold(), one["taker"].casefold()) == (giver, taker)
    ]
    return {"customer": found, "next_cursor": ""}


def unassigned(platform: "Platform", _: Call) -> Json:
    """List the customers of members who left."""
    rows = [
        {
            "handover_userid": one["userid"],
            "external_userid": one["external_userid"],
            "dimission_time": platform.directory.left_at.get(one["userid"].casefold(), 0),
        }
        for one in platform.book.relations.values()
        if one["userid"].casefold() in platform.directory.left
    ]
    return {"info": rows, "is_last": True, "next_cursor": ""}


def settle(platform: "Platform") -> None:
    """Finish every transfer whose day is over, and send the events of it."""
    now = platform.clock.timestamp()
    for one in platform.book.transfers.values():
        if one["status"] == WAITING and one["due"] <= now:
            finish(platform, one, refused=bool(one.get("refuse")))


def finish(platform: "Platform", transfer: Json, *, refused: bool) -> None:
    """Complete one transfer: the relation moves and both are told, or transfer_fail goes out."""
    transfer |= {"status": REFUSED if refused else DONE, "at": platform.clock.timestamp()}
    platform.book.transfers.put(transfer["id"], transfer)
    external = transfer["external_userid"]
    if refused:
        _tell(platform, "transfer_fail", transfer["taker"], external, FailReason="customer_refused")
        return
    left = platform.book.relation(transfer["giver"], external)
    platform.book.part(transfer["giver"], external)
    platform.book.follow(transfer["taker"], external, add_way=202, state=left["state"])
    _tell(platform, "del_external_contact", transfer["giver"], external, Source="DELETE_BY_TRANSFER")
    _tell(platform, "add_external_contact", transfer["taker"], external)


def _members(platform: "Platform", call: Call) -> tuple[str, str]:
    giver, taker = call.words("handover_userid"), call.words("takeover_userid")
    if giver.casefold() == taker.casefold():
        raise ApiError(40130)
    person = platform.directory.find(taker)
    if person is None:
        raise ApiError(60111)
    return giver, person.userid


def _start(platform: "Platform", call: Call, giver: str, taker: str) -> Json:
    wanted = call.list_of("external_userid", AT_ONCE)
    answers = []
    for external in wanted:
        code = _obstacle(platform, giver, str(external))
        if code == 0:
            _begin(platform, giver, taker, str(external))
        answers.append({"external_userid": external, "errcode": code})
    return {"customer": answers}


def _obstacle(platform: "Platform", giver: str, external: str) -> int:
    """Return the code that keeps this customer from being handed over, or 0."""
    book = platform.book
    if external not in book.customers:
        return 40096
    if not any(one["external_userid"] == external for one in book.followed_by(giver)):
        return 40131
    past = [one for one in book.transfers.values() if one["external_userid"] == external]
    if any(one["status"] == WAITING for one in past):
        return 40129
    since = platform.clock.timestamp() - WITHIN.total_seconds()
    return 40128 if sum(1 for one in past if one["status"] == DONE and one["at"] > since) >= MOST else 0


def _begin(platform: "Platform", giver: str, taker: str, external: str) -> None:
    number = str(len(platform.book.transfers) + 1)
    due = platform.clock.timestamp() + TAKES.total_seconds()
    record = {"id": number, "giver": giver, "taker": taker, "external_userid": external}
    platform.book.transfers.put(number, {**record, "status": WAITING, "at": 0, "due": due})


def _tell(platform: "Platform", change: str, userid: str, external: str, **more: str) -> None:
    fields = {"Event": "change_external_contact", "ChangeType": change, "UserID": userid, "ExternalUserID": external}
    platform.callbacks.emit(events.spelled_out(platform, {**fields, **more}))


APIS: tuple[Api, ...] = (
    post("externalcontact/transfer_customer", transfer),
    post("externalcontact/transfer_result", result),
    post("externalcontact/resigned/transfer_customer", transfer_resigned),
    post("externalcontact/resigned/transfer_result", result),
    post("externalcontact/get_unassigned_list", unassigned),
)
