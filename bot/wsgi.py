"""The WSGI application for a production server: `granian --interface wsgi bot.wsgi:app`."""

import gc
from typing import TYPE_CHECKING, Any

from bot.app import Application
from bot.bootstrap import Program

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


LIMITS: dict[str, Any] = {
    "threads": 16,
    "ident": None,
    "connection_limit": 1000,
    "channel_timeout": 15,
    "max_request_body_size": 1024 * 1024,
}
"""How the built-in server guards itself: slow or silent connections cost no thread, and no body is kept on disk."""


def application(program: Program) -> "WSGIApplication":
    """Return callbacks, REST API, health and metrics as one application."""
    from web import create_app

    return Application(program.callbacks, program.keep, create_app(program.site))


def __getattr__(name: str) -> Any:
    """Build `app` when a server asks for it, so that importing this module does nothing."""
    if name != "app":
        raise AttributeError(name)
    from bot.bootstrap import build
    from bot.logs import set_up
    from bot.settings import Settings

    set_up()
    program = build(Settings())
    program.prepare()
    made = application(program)
    gc.freeze()  # what is there by now stays: the collector need not look at it again and again
    return made
