"""The painter: lays a chart out as an ECharts option and has it drawn in a process of its own."""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from connectors.charts.options import layout
from core.errors.files import PaintFailed
from core.model.chart import Chart

PATIENCE = 20.0
"""Seconds in which a picture is there, the start of the process included; then it is ended."""
LARGEST_PNG = 8 * 2**20


@dataclass
class EChartsPainter:
    """See `core.ports.Painter`. Pictures are drawn one after the other; safe to share between threads.

    The process starts with the first picture, ends when nobody asks for ten minutes, and is started anew when it died.
    """

    patience: float = PATIENCE
    _child: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def paint(self, chart: Chart) -> bytes:
        """Return the chart as PNG; PaintFailed when it cannot be drawn."""
        width, height, option = layout(chart)
        request = json.dumps({"option": option, "width": width, "height": height}, ensure_ascii=False) + "\n"
        with self._lock:
            if self._child is not None and self._child.poll() is not None:
                self._end()
            try:
                return self._ask(request.encode())
            except (OSError, EOFError, TimeoutError) as trouble:
                self._end()
                raise PaintFailed(f"绘图进程没有应答（{type(trouble).__name__}）") from None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, request: bytes) -> bytes:
        child = self._child = self._child or _start()
        if child.stdin is None or child.stdout is None:
            raise OSError
        until = time.monotonic() + self.patience
        child.stdin.write(request)
        child.stdin.flush()
        head = _read(child.stdout.fileno(), until, stop=b"\n")
        length, _, begun = head.partition(b"\n")
        size = int(length)
        if abs(size) > LARGEST_PNG:
            raise EOFError
        content = begun + _read(child.stdout.fileno(), until, need=abs(size) - len(begun))
        if size <= 0:
            raise PaintFailed(content.decode("utf-8", "replace"))
        return content

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.wait()


def _start() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "connectors.charts.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        bufsize=0,
    )


def _read(pipe: int, until: float, *, stop: bytes = b"", need: int = 0) -> bytes:
    """Read until `stop` was seen, or `need` bytes are there; TimeoutError and EOFError say that it will not be."""
    content = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while (stop and stop not in content) or len(content) < need:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            piece = os.read(pipe, 1 << 16)
            if not piece:
                raise EOFError
            content += piece
    return bytes(content)
