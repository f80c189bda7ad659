"""The WSGI app of one platform: the API, the login page, the control routes and the chat page."""

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request

from emulator.wecom import approvals, basics, contacts, customers, groups, menus, oauth, sending, updating, webhook
from emulator.wecom.api import Api
from emulator.wecom.control import control_routes
from emulator.wecom.gate import Gate
from emulator.wecom.pages import page_routes

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

APIS: tuple[Api, ...] = (
    *basics.APIS,
    *sending.APIS,
    *updating.APIS,
    *contacts.APIS,
    *menus.APIS,
    *oauth.APIS,
    *webhook.APIS,
    *customers.APIS,
    *approvals.APIS,
    *groups.APIS,
)


def create_app(platform: "Platform") -> Flask:
    """Put the routes of one platform together."""
    app = Flask("emulator.wecom", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for blueprint in (_api_routes(platform), control_routes(platform), page_routes(platform)):
        app.register_blueprint(blueprint)
    return app


def _api_routes(platform: "Platform") -> Blueprint:
    routes = Blueprint("api", __name__)
    gate = Gate(platform, APIS)

    @routes.route("/cgi-bin/<path:path>", methods=["GET", "POST"])
    def call(path: str) -> Response:
        return gate.handle(path, request)

    return routes
