"""The WSGI app of one platform: both APIs on one address, the control routes and the chat page."""

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request

from emulator.dingtalk import basics, contacts, login, media, robot, webhooks, work
from emulator.dingtalk.api import OAPI, V1, Api
from emulator.dingtalk.cards import creating, updating
from emulator.dingtalk.control import control_routes
from emulator.dingtalk.gate import Gate
from emulator.dingtalk.pages import page_routes

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
APIS: tuple[Api, ...] = (
    *basics.APIS,
    *robot.APIS,
    *webhooks.APIS,
    *creating.APIS,
    *updating.APIS,
    *contacts.APIS,
    *media.APIS,
    *login.APIS,
    *work.APIS,
)


def create_app(platform: "Platform") -> Flask:
    """Put the routes of one platform together."""
    app = Flask("emulator.dingtalk", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for blueprint in (_api_routes(platform), control_routes(platform), page_routes(platform)):
        app.register_blueprint(blueprint)
    return app


def _api_routes(platform: "Platform") -> Blueprint:
    routes = Blueprint("api", __name__)
    gate = Gate(platform, APIS)

    @routes.route("/v1.0/<path:path>", methods=METHODS)
    def v1(path: str) -> Response:
        return gate.handle(V1, path, request)

    @routes.route("/<path:path>", methods=METHODS)
    def oapi(path: str) -> Response:
        return gate.handle(OAPI, path, request)

    return routes
