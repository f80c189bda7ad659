"""Load: prepared HTTP requests over keep-alive connections, by wrk, or by threads where wrk is missing."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Answered:
    """What came of a run: answers of status 200, others, and the seconds it took."""

    good: int
    bad: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.good / self.seconds


def post(path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """Return an HTTP request as bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {"Content-Type": "text/xml"}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def fire(requests: Sequence[bytes], port: int, seconds: float, connections: int) -> Answered:
    """Send `requests` in order for some seconds over so many connections; start again when they run out."""
    if shutil.which("wrk") is None or seconds < 1:
        return _threads(requests, port, seconds, connections)
    with tempfile.NamedTemporaryFile(prefix="liaodan-bench-") as file:
        for request in requests:
            file.write(f"{len(request):08}".encode() + request)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "10s", "-s", str(SCRIPT)]
        ended = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/", file.name],
            check=True,
            capture_output=True,
            text=True,
            preexec_fn=_elsewhere,
        )
    said = json.loads(ended.stdout.strip().splitlines()[-1])
    bad = said["refused"] + said["broken"]
    return Answered(said["requests"] - said["refused"], bad, said["microseconds"] / 1e6)


def _elsewhere() -> None:
    """Leave the first core to the server."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[1:] or cores)


def _threads(requests: Sequence[bytes], port: int, seconds: float, connections: int) -> Answered:
    acknowledged: list[bytes] = []
    begun = time.perf_counter()
    bad = send_all(requests, port, connections, acknowledged.append, until=begun + seconds)
    return Answered(len(acknowledged), bad, time.perf_counter() - begun)


def send_all(
    requests: Sequence[bytes],
    port: int,
    connections: int,
    acknowledged: Callable[[bytes], object],
    until: float | None = None,
) -> int:
    """Send each request once, naming those that were answered with 200; return how many were answered otherwise.

    A connection that breaks ends its share: nothing is sent twice.
    """
    refused: list[bytes] = []

    def share(mine: Sequence[bytes]) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                for request in mine:
                    if until is not None and time.perf_counter() > until:
                        return
                    connection.sendall(request)
                    (acknowledged if _answer(connection) == 200 else refused.append)(request)
        except OSError:
            return

    threads = [Thread(target=share, args=(requests[n::connections],)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


def _answer(connection: socket.socket) -> int:
    """Read one answer to its end; return its status."""
    got = b""
    while b"\r\n\r\n" not in got:
        if not (more := connection.recv(65536)):
            raise ConnectionResetError
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        if not (more := connection.recv(65536)):
            raise ConnectionResetError
        body += more
    return int(head.split(b" ", 2)[1])
