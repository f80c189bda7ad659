"""A company on the emulator, a client that calls its API, and a service that receives its callbacks."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from emulator import xml
from emulator.clock import Clock
from emulator.crypto import Crypto
from emulator.wecom import Person, Platform, Settings

CORP, AGENT, SECRET = "ww5a1b2c3d4e5f6071", 1000002, "app-secret"
TOKEN, AES_KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
PEOPLE = (
    Person(userid="xiaoli", name="李晓芸", department="销售部/华东", role="销售代表", hints=("今天", "公海")),
    Person(userid="LaoWang", name="王建国", department="销售部/华东", role="销售代表"),
    Person(userid="chenzong", name="陈立", department="销售部", role="销售经理"),
)


def settings(**changes: Any) -> Settings:
    """The company the tests use."""
    given: dict[str, Any] = {
        "corp_id": CORP,
        "agent_id": AGENT,
        "secret": SECRET,
        "contact_secret": "contact-secret",
        "token": TOKEN,
        "aes_key": AES_KEY,
        "callback_url": "http://127.0.0.1:9/callback",
        "people": PEOPLE,
    }
    return Settings(**{**given, **changes})


class Api:
    """Calls the platform as a service would, token included."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = client.get(f"/cgi-bin/gettoken?corpid={CORP}&corpsecret={SECRET}").get_json()["access_token"]

    def post(self, path: str, body: Any, **query: Any) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = {"access_token": self.token, **query}
        return self.client.post(f"/cgi-bin/{path}", data=raw, query_string=query).get_json()

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.client.get(f"/cgi-bin/{path}", query_string={"access_token": self.token, **query}).get_json()

    def send(self, msgtype: str, content: Any, touser: str = "xiaoli", **more: Any) -> dict[str, Any]:
        return self.post(
            "message/send", {"touser": touser, "msgtype": msgtype, "agentid": AGENT, msgtype: content, **more}
        )

    def control(self, path: str, body: Any = None) -> Any:
        url = f"/__emu/{path}"
        response = self.client.get(url) if body is None else self.client.post(url, json=body)
        return response.get_json()

    def screen(self, userid: str) -> list[dict[str, Any]]:
        return self.control(f"outbox?userid={userid}")["items"]


class Service:
    """A real HTTP receiver: keeps every request, answers what `answer` says."""

    def __init__(self) -> None:
        self.crypto = Crypto(TOKEN, AES_KEY, CORP)
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, bytes]] = lambda _: (200, b"")
        self.changed = threading.Condition()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                status, answer = service.take(self.command, query, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                with contextlib.suppress(OSError):  # the platform hung up long ago
                    self.wfile.write(answer)

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        ThreadingHTTPServer.request_queue_size = 128
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/callback"

    def take(self, method: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        request: dict[str, Any] = {"method": method, "query": query, "body": body}
        sealed = query.get("echostr") if method == "GET" else None
        try:
            sealed = sealed or xml.parse(body)["Encrypt"]
            parts = (query["msg_signature"], query["timestamp"], query["nonce"], sealed)
            request["plain"] = self.crypto.open(*parts).decode()
            request["event"] = xml.parse(request["plain"]) if method == "POST" else {}
        except Exception as error:
            request["refused"] = error
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()
        return (403, b"") if "refused" in request else self.answer(request)

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.requests) >= count, 5), f"only {len(self.requests)} came"
            return list(self.requests)

    def sealed(self, fields: dict[str, Any]) -> bytes:
        """Write a passive reply."""
        sealed = self.crypto.seal(xml.document(fields).encode())
        signature = self.crypto.sign("1760000000", "42", sealed)
        outer = {"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": 1760000000, "Nonce": "42"}
        return xml.document(outer).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def clock() -> Clock:
    """A clock that moves only when told."""
    start = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    return Clock(source=lambda: start)


@pytest.fixture
def platform(clock: Clock) -> Iterator[Platform]:
    """A company whose callbacks are not running."""
    made = Platform(settings(), clock=clock)
    yield made
    made.stop()


@pytest.fixture
def api(platform: Platform) -> Api:
    return Api(platform.app.test_client())


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.close()


@pytest.fixture
def live(service: Service, clock: Clock) -> Iterator[Platform]:
    """A company whose callbacks go to `service`."""
    made = Platform(settings(callback_url=service.url), clock=clock)
    made.switches.retry_pause_s = 0.01
    made.start()
    yield made
    made.stop()


@pytest.fixture
def calls(live: Platform) -> Api:
    """The API of the company with running callbacks."""
    return Api(live.app.test_client())


def button_card(task_id: str = "t-1", **changes: Any) -> dict[str, Any]:
    return {
        "card_type": "button_interaction",
        "task_id": task_id,
        "main_title": {"title": "确认录入？", "desc": "来自你的消息"},
        "button_selection": {
            "question_key": "stage",
            "title": "阶段",
            "option_list": [{"id": "talk", "text": "洽谈"}, {"id": "quote", "text": "报价"}],
            "selected_id": "talk",
        },
        "button_list": [{"text": "确认", "style": 1, "key": "ok"}, {"text": "取消", "style": 4, "key": "no"}],
        **changes,
    }
