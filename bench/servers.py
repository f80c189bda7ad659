"""The contenders behind one HTTP server: each function makes a WSGI application (`granian --factory`)."""

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SLACK_SECRET = "bench-secret-of-nobody"
SLOW_FSYNC_S = 0.002


def bare() -> "WSGIApplication":
    """Flask that answers `ok` and reads nothing."""
    from flask import Flask

    app = Flask("bare")
    app.add_url_rule("/callback/wecom", "callback", lambda: "ok", methods=["POST"])
    return app


def reading() -> "WSGIApplication":
    """Flask that reads the body it is sent."""
    from flask import Flask, request

    app = Flask("reading")
    app.add_url_rule("/callback/wecom", "callback", lambda: str(len(request.get_data())), methods=["POST"])
    return app


def bolt() -> "WSGIApplication":
    """slack-bolt under Flask as its documentation has it: signature and dispatch, nothing kept."""
    from flask import Flask, request
    from slack_bolt import App
    from slack_bolt.adapter.flask import SlackRequestHandler
    from slack_bolt.authorization import AuthorizeResult

    slack = App(
        signing_secret=SLACK_SECRET,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U0"),
        token_verification_enabled=False,
    )

    @slack.event("message")
    def heard(event: dict[str, Any]) -> None:
        """Do nothing with what was said."""

    handler = SlackRequestHandler(slack)
    app = Flask("bolt")
    app.add_url_rule("/callback/wecom", "callback", lambda: handler.handle(request), methods=["POST"])
    return app


def ours() -> "WSGIApplication":
    """The product, from the environment's settings."""
    from bot import wsgi

    return wsgi.app  # type: ignore[no-any-return]


def ours_on_a_slow_disk() -> "WSGIApplication":
    """The product on a disk that takes two milliseconds longer for every commit, whoever asks for it."""
    import sqlite3

    from sqlalchemy import Engine, event

    class Slow(sqlite3.Connection):
        def commit(self) -> None:
            time.sleep(SLOW_FSYNC_S)
            super().commit()

    def connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
        parameters["factory"] = Slow

    event.listen(Engine, "do_connect", connect)
    return ours()


def bare_process(port: int, database: str) -> None:
    """Flask, SQLAlchemy and APScheduler in one process, and nothing else: the floor of start-up and memory."""
    import waitress
    from apscheduler.schedulers.background import BackgroundScheduler
    from flask import Flask
    from sqlalchemy import create_engine, text

    engine = create_engine(database)
    scheduler = BackgroundScheduler()
    scheduler.add_job(int, "interval", seconds=60)
    scheduler.start()
    app = Flask("bare")

    def health() -> str:
        with engine.connect() as connection:
            return str(connection.scalar(text("select 'ok'")))

    app.add_url_rule("/healthz", "health", health)
    waitress.serve(app, host="127.0.0.1", port=port, threads=16, _quiet=True)


if __name__ == "__main__":
    import sys

    bare_process(int(sys.argv[1]), sys.argv[2])
