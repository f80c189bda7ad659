"""Faults of the line between service and platform: slow, cut, or answered by somebody else."""

import contextlib
import socket
from typing import Any

from flask import Request, Response

from emulator.faults import FaultBox

BEFORE = ("reset", "http_502", "html_body")
PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"


class NetworkFault(Exception):
    """The call never reached the platform; `response` is what comes back instead."""

    def __init__(self, response: Response) -> None:
        super().__init__("network fault")
        self.response = response


def before(faults: FaultBox, api: str, request: Request) -> None:
    """Slow the call down, or lose it before it is processed (unless the order says processed: true)."""
    slow = faults.take("slow_api", api)
    if slow:
        faults.wait(float(slow.params["seconds"]))
    hang = faults.take("hang", api)
    if hang:
        faults.wait(float(hang.params["seconds"]))
        request.environ["emulator.lost"] = True
        raise NetworkFault(_broken("reset", request))
    for name in BEFORE:
        fault = faults.take(name, api)
        if fault is None:
            continue
        if fault.params["processed"]:
            request.environ["emulator.spoil"] = name
        else:
            request.environ["emulator.lost"] = True
            raise NetworkFault(_broken(name, request))


def spoil(faults: FaultBox, api: str, request: Request, response: Response) -> Response:
    """Lose or damage the answer of a call that was processed; one that was lost before stays as it is."""
    if request.environ.get("emulator.lost"):
        return response
    marked = request.environ.get("emulator.spoil")
    if marked:
        return _broken(marked, request)
    if faults.take("answer_lost", api):
        return _broken("reset", request)
    if faults.take("empty_body", api):
        return Response("", mimetype="application/json")
    if faults.take("truncated_json", api):
        whole = response.get_data()
        return Response(whole[: len(whole) // 2], mimetype="application/json")
    return response


def _broken(name: str, request: Request) -> Response:
    if name == "http_502":
        return Response(PAGE.format("502 Bad Gateway"), status=502, mimetype="text/html")
    if name == "html_body":
        return Response(PAGE.format("Sign in to the network"), mimetype="text/html")
    _hang_up(request.environ)
    return Response("", status=502)


def _hang_up(environ: dict[str, Any]) -> None:
    """Close the caller's connection without an answer; only waitress lets us reach it, a test client gets a 502."""
    asked = environ.get("waitress.client_disconnected")
    channel = getattr(asked, "__self__", None)
    if channel is not None:
        with contextlib.suppress(OSError):
            channel.socket.shutdown(socket.SHUT_RDWR)
