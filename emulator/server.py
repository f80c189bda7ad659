"""Serve an emulated platform over HTTP from a background thread."""

import threading
from contextlib import suppress
from typing import Protocol

from flask import Flask
from waitress.server import create_server

THREADS = 32  # each open chat page holds one of them while it waits for news


class Served(Protocol):
    """What a platform must have to be served."""

    app: Flask

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Server:
    """A running emulator; `close` gives back port, threads and platform."""

    def __init__(self, platform: Served, host: str, port: int) -> None:
        self.platform = platform
        self._server = create_server(
            platform.app, host=host, port=port, threads=THREADS, ident="nginx", max_request_body_size=64 * 2**20
        )
        self.host = host
        self.port = int(self._server.effective_port)
        self._thread = threading.Thread(target=self._server.run, name="emulator-http", daemon=True)
        platform.start()
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the platform answers, without a closing slash."""
        return f"http://{self.host}:{self.port}"

    def join(self, timeout_s: float | None = None) -> None:
        """Wait until the server ends."""
        self._thread.join(timeout_s)

    def close(self) -> None:
        """Stop answering and free the port; a second call does nothing."""
        if not self._thread.is_alive():
            return
        self.platform.stop()
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
        # The loop may be at its end already, and its trigger with it.
        with suppress(OSError):
            self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(5)

    def _close_all(self) -> None:
        """Close every connection and the port; runs in the server's own thread, between two requests."""
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()


def serve(platform: Served, host: str = "127.0.0.1", port: int = 8100) -> Server:
    """Start serving and return at once; port 0 takes any free one."""
    return Server(platform, host, port)
