"""POST /__emu/customer, transfer, group, approve, template: what happens outside the chat."""

from typing import TYPE_CHECKING

from emulator.control import words
from emulator.store import Json
from emulator.wecom.approval_forms import KINDS, control, form
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
    """Let userid agree, reject, transfer `to` somebody, comment or withdraw sp_no, with a speech."""
    userid, action = member(platform, body), words(body, "action")
    speech, to = str(body.get("speech", "")), str(body.get("to", ""))
    with platform.lock:
        return decide(platform, words(body, "sp_no"), userid, action, speech, to).as_json()


def template(platform: "Platform", body: Json) -> Json:
    """Make or change an approval template: id, name, controls (kind, title, required, options), passes; or gone."""
    number = words(body, "id")
    with platform.lock:
        if body.get("gone"):
            platform.templates.pop(number, None)
            return {"gone": number}
        wanted = body.get("controls")
        if not isinstance(wanted, list) or any(one.get("kind") not in KINDS for one in wanted):
            raise ValueError(f"controls are objects with a kind: {', '.join(sorted(KINDS))}")
        controls = [
            control(
                str(one["kind"]),
                f"{one['kind']}-{place}",
                str(one.get("title", "")),
                required=int(bool(one.get("required"))),
                options=tuple(map(str, one.get("options") or ())),
            )
            for place, one in enumerate(wanted, 1)
        ]
        platform.templates[number] = form(str(body.get("name", number)), *controls, passes=bool(body.get("passes")))
        return platform.templates[number]


ACTING: dict[str, Act] = {
    "customer": customer,
    "transfer": transfer,
    "group": group,
    "approve": approve,
    "template": template,
}
