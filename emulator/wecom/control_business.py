"""/__emu/customer, /__emu/group, /__emu/transfer, /__emu/approve: what happens outside the chat."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from emulator.wecom.approvals import decide
from emulator.wecom.control_input import json_body, member, words
from emulator.wecom.customers.control import customer_added, customer_gone, group_created, transfer_refused

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def add_business_routes(routes: Blueprint, platform: "Platform") -> None:
    """Add the routes to the control blueprint, which answers their errors."""

    @routes.post("/customer")
    def customer() -> Response:
        """Add a customer to userid: name, corp_name, state, half, external_userid; or with gone: true end it."""
        body = json_body()
        userid = member(platform, body)
        with platform.lock:
            if body.get("gone"):
                by_member = body["gone"] == "by_member"
                return jsonify(customer_gone(platform, userid, words(body, "external_userid"), by_member=by_member))
            return jsonify(customer_added(platform, userid, body))

    @routes.post("/transfer")
    def transfer() -> Response:
        """Let the customer refuse the transfer that waits."""
        with platform.lock:
            return jsonify(transfer_refused(platform, words(json_body(), "external_userid")))

    @routes.post("/group")
    def group() -> Response:
        """Make a customer group: userid owns it, members and customers are in it."""
        body = json_body()
        with platform.lock:
            return jsonify(group_created(platform, member(platform, body), body))

    @routes.post("/approve")
    def approve() -> Response:
        """Let userid agree, reject or withdraw sp_no, with a speech."""
        body = json_body()
        userid, action = member(platform, body), words(body, "action")
        with platform.lock:
            event = decide(platform, words(body, "sp_no"), userid, action, str(body.get("speech", "")))
        return jsonify(event.as_json())

    @routes.get("/greetings")
    def greetings() -> Response:
        """List the welcome messages that were sent."""
        return jsonify({"greetings": platform.greetings.since()})
