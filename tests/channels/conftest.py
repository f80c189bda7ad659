"""A platform that answers what a test tells it to, and the sealed callbacks that WeCom would send."""

import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.base import Request
from bot.channels.envelope import Envelope, Keys
from bot.channels.wecom.callback import WeComCallback
from bot.channels.wecom.client import WeComClient

HERE = Path(__file__).parent
NOW = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)  # second 1760000000, that of the samples
CORP, AGENT, SECRET = "ww5a1b2c3d4e5f6071", 1000002, "s3cret-of-the-app-0123456789abcdefghijklmnop"
KEYS = Keys("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
OLD_KEYS = Keys("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR")


@pytest.fixture(scope="session")
def vectors() -> list[SimpleNamespace]:
    """The official and generated packets of the protocol reference."""
    return [SimpleNamespace(**one) for one in json.loads((HERE / "wecom_vectors.json").read_text("utf-8"))]


@pytest.fixture(scope="session")
def samples() -> list[str]:
    """One decrypted callback a line, every documented kind."""
    return (HERE / "wecom_samples.xml").read_text("utf-8").splitlines()


@pytest.fixture
def seal() -> Callable[..., Request]:
    """Build the POST the platform would send for a decrypted message."""

    def sealed(message: str | bytes, keys: Keys = KEYS, receive_id: str = CORP, **args: str) -> Request:
        args = {"timestamp": str(int(NOW.timestamp())), "nonce": "1372623149", **args}
        plain = message.encode() if isinstance(message, str) else message
        text, signature = Envelope(receive_id, [keys]).seal(plain, args["timestamp"], args["nonce"])
        body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{text}]]></Encrypt></xml>"
        return Request(method="POST", args={"msg_signature": signature, **args}, headers={}, body=body.encode())

    return sealed


@pytest.fixture
def callback() -> WeComCallback:
    return WeComCallback(CORP, AGENT, [KEYS, OLD_KEYS], lambda: NOW)


class Shared:
    """Tokens and locks of several processes, in this one."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.lives: dict[str, timedelta] = {}
        self._locks: dict[str, threading.Lock] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, token: str, lives: timedelta) -> None:
        self.kept[name], self.lives[name] = token, lives

    def drop(self, name: str, token: str) -> None:
        if self.kept.get(name) == token:
            del self.kept[name]

    def hold(self, name: str, *, lives: timedelta, wait: timedelta) -> "_Hold":
        return _Hold(self._locks.setdefault(name, threading.Lock()), wait)


class _Hold:
    def __init__(self, lock: threading.Lock, wait: timedelta) -> None:
        self._lock, self._wait, self.acquired = lock, wait, False

    def __enter__(self) -> "_Hold":
        self.acquired = self._lock.acquire(timeout=self._wait.total_seconds())
        return self

    def __exit__(self, *exc: object) -> None:
        if self.acquired:
            self._lock.release()


class Stub:
    """A platform whose next answers are scripted: a dict, bytes with headers, or what happens to the connection."""

    def __init__(self) -> None:
        self.calls: list[SimpleNamespace] = []
        self.scripts: dict[str, deque[Any]] = {}
        self.tokens = iter(f"token-{number}-of-the-stub" for number in range(1, 10_000))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answers(self, api: str, *answers: Any) -> None:
        """Script the next answers of `api`; the last one is repeated."""
        self.scripts[api] = deque(answers)

    def counted(self) -> Counter[str]:
        return Counter(call.api for call in self.calls)

    def sent(self, api: str = "message/send") -> list[dict[str, Any]]:
        return [json.loads(call.body) for call in self.calls if call.api == api]

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, call: SimpleNamespace) -> Any:
        self.calls.append(call)
        script = self.scripts.get(call.api)
        if script:
            return script.popleft() if len(script) > 1 else script[0]
        if call.api == "gettoken":
            return {"errcode": 0, "errmsg": "ok", "access_token": next(self.tokens), "expires_in": 7200}
        if call.api == "oauth2/accessToken":
            return {"accessToken": next(self.tokens), "expireIn": 7200}
        return {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.calls)}"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet an answer

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = {name: values[0] for name, values in parse_qs(address.query).items()}
                api = address.path.removeprefix("/cgi-bin/").removeprefix("/v1.0/").removeprefix("/")
                call = SimpleNamespace(
                    method=self.command, api=api, query=query, body=body, headers=dict(self.headers), raw=self.path
                )
                answer = stub.answer(call)
                if answer == "reset":
                    self.close_connection = True
                    self.connection.shutdown(2)
                    return
                if answer == "slow":
                    stub.released.wait(3)
                    self.close_connection = True
                    return
                self._write(answer)

            do_POST = do_PUT = do_GET

            def _write(self, answer: Any) -> None:
                status, headers, body = 200, {"Content-Type": "application/json; charset=UTF-8"}, answer
                if isinstance(answer, tuple):
                    status, headers, body = answer
                if isinstance(body, Mapping):
                    body = json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def stub() -> Iterator[Stub]:
    stub = Stub()
    yield stub
    stub.close()


@pytest.fixture
def shared() -> Shared:
    return Shared()


@pytest.fixture
def client(stub: Stub, shared: Shared) -> Iterator[WeComClient]:
    client = WeComClient(
        CORP,
        AGENT,
        SECRET,
        base_url=stub.url,
        public_url="https://crm.example.com",
        tokens=shared,
        locks=shared,
        timeout=(1.0, 0.4),
    )
    yield client
    client.close()
