"""POST /__emu/customer, transfer, group, approve: what happens outside the chat."""

from typing import TYPE_CHECKING

from emulator.control import words
from emulator.store import Json
from emulator.wecom.approvals import decide
from emulator.wecom.control_input import Act, member
from emulator.wecom.customers.control import customer_added, customer_gone, group_created, transfer_refused

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def customer(platform: "Platform", body: Json) -> Json:
    """Add a customer to userid: name, corp_name, state, half, external_userid; or with gone: true end it."""
    userid = member(platform, body)
    with platform.lock:
        if body.get("gone"):
            by_member = body["gone"] == "by_member"
            return customer_gone(platform, userid, words(body, "external_userid"), by_member=by_member)
        return customer_added(platform, userid, body)


def transfer(platform: "Platform", body: Json) -> Json:
    """Let the customer refuse the transfer that waits."""
    with platform.lock:
        return transfer_refused(platform, words(body, "external_userid"))


def group(platform: "Platform", body: Json) -> Json:
    """Make a customer group: userid owns it, members and customers are in it."""
    with platform.lock:
        return group_created(platform, member(platform, body), body)


def approve(platform: "Platform", body: Json) -> Json:
    """Let userid agree, reject or withdraw sp_no, with a speech."""
    userid, action = member(platform, body), words(body, "action")
    with platform.lock:
        return decide(platform, words(body, "sp_no"), userid, action, str(body.get("speech", ""))).as_json()


ACTING: dict[str, Act] = {"customer": customer, "transfer": transfer, "group": group, "approve": approve}
