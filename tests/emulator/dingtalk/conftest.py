"""A company on the DingTalk emulator, a client of its APIs, and a service that receives pushes over HTTP or Stream."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from emulator.clock import Clock
from emulator.crypto import Crypto
from emulator.dingtalk import CustomRobot, Group, Person, Platform, Settings
from emulator.dingtalk.http_way import robot_sign
from emulator.server import Server, serve

CORP, CLIENT, SECRET, AGENT = "ding9f50b15bccd16741", "dingdemoappkey0001", "demo-client-secret", 123456
TOKEN, AES_KEY = "mryue", "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7"
SALES = "华东销售群"
TEMPLATE = "7c3f3b52-6c0e-4a35-9d52-2f0c1b6a9e10.schema"
ROBOT_TOPIC, CARD_TOPIC = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"
PEOPLE = (
    Person(userid="user_li", name="李雷", department="销售部/华东", role="销售代表", hints=("今天", "公海")),
    Person(userid="User_Li", name="李磊", department="销售部/华东", role="同名不同人"),
    Person(
        userid="user_wang", name="王芳", department="销售部", role="销售经理", manager="user_li", mobile="13800000000"
    ),
    Person(userid="user_new", name="赵新", department="市场部", active=False),
)


def settings(**changes: Any) -> Settings:
    """The company the tests use."""
    given: dict[str, Any] = {
        "corp_id": CORP,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "agent_id": AGENT,
        "token": TOKEN,
        "aes_key": AES_KEY,
        "people": PEOPLE,
        "groups": (
            Group(name=SALES, members=("user_li", "user_wang")),
            Group(name="闲聊", members=("user_li",), robot=False),
        ),
        "custom_robots": (
            CustomRobot(token="tok", group=SALES, secret="SECret"),
            CustomRobot(token="free", group=SALES),
        ),
    }
    return Settings(**{**given, **changes})


class Api:
    """Calls the platform as a service would, token included."""

    def __init__(self, client: FlaskClient, base: str = "http://localhost") -> None:
        self.client = client
        self.base = base
        self.renew()

    def renew(self) -> None:
        body = {"appKey": CLIENT, "appSecret": SECRET}
        self.token = self.call("POST", "/v1.0/oauth2/accessToken", json=body).get_json()["accessToken"]

    def call(self, method: str, path: str, **how: Any) -> Any:
        return self.client.open(path, method=method, base_url=self.base, **how)

    def raw(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        headers = {"x-acs-dingtalk-access-token": self.token, "Accept": "application/json"}
        return self.call(method, f"/v1.0/{path}", json=body, headers=headers, query_string=query)

    def v1(self, method: str, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        return self.raw(method, path, body, **query).get_json()

    def oapi(self, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        query = {"access_token": self.token, **query}
        return self.call("POST", f"/{path}", json=body or {}, query_string=query).get_json()

    def to_people(self, users: list[str], key: str = "sampleText", **param: str) -> dict[str, Any]:
        given = json.dumps(param or {"content": "你好"}, ensure_ascii=False)
        body = {"robotCode": CLIENT, "userIds": users, "msgKey": key, "msgParam": given}
        return self.v1("POST", "robot/oToMessages/batchSend", body)

    def to_group(self, conversation: str, content: str = "大家好") -> dict[str, Any]:
        body = {"openConversationId": conversation, "robotCode": CLIENT, "msgKey": "sampleText"}
        return self.v1("POST", "robot/groupMessages/send", {**body, "msgParam": json.dumps({"content": content})})

    def card(self, track_id: str, spaces: str, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        body = {
            "cardTemplateId": TEMPLATE,
            "outTrackId": track_id,
            "callbackType": "STREAM",
            "cardData": {"cardParamMap": data or {"title": "跟进提醒", "text": "三天未跟进"}},
            "openSpaceId": spaces,
            "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": CLIENT},
            "imGroupOpenDeliverModel": {"robotCode": CLIENT},
            **more,
        }
        return self.v1("POST", "card/instances/createAndDeliver", body)

    def control(self, path: str, body: Any = None) -> Any:
        url = f"/__emu/{path}"
        response = self.call("GET", url) if body is None else self.call("POST", url, json=body)
        return response.get_json()

    def fault(self, name: str, /, **wish: Any) -> None:
        answer = self.control("fault", {"name": name, **wish})
        assert "faults" in answer, answer

    def screen(self, userid: str, group: str | None = None) -> list[dict[str, Any]]:
        chosen = "" if group is None else f"&group={quote(group)}"
        return self.control(f"outbox?userid={userid}{chosen}")["items"]

    def open(self, topics: list[dict[str, str]] | None = None, **changes: Any) -> Any:
        subscriptions = topics or [
            {"type": "EVENT", "topic": "*"},
            {"type": "CALLBACK", "topic": ROBOT_TOPIC},
            {"type": "CALLBACK", "topic": CARD_TOPIC},
        ]
        body = {"clientId": CLIENT, "clientSecret": SECRET, "subscriptions": subscriptions, **changes}
        return self.call("POST", "/v1.0/gateway/connections/open", json=body, headers={"Accept": "application/json"})


def robot_space(userid: str) -> str:
    return f"dtv1.card//IM_ROBOT.{userid}"


def group_space(conversation: str) -> str:
    return f"dtv1.card//IM_GROUP.{conversation}"


class Client:
    """A Stream client of one's own: keeps every frame, answers what `answer` says (None: nothing)."""

    def __init__(self, api: Api, topics: list[dict[str, str]] | None = None) -> None:
        opened = api.open(topics).get_json()
        self.frames: list[dict[str, Any]] = []
        self.garbage: list[str] = []
        self.answer: Callable[[dict[str, Any]], Any] = acknowledge
        self.changed = threading.Condition()
        self.closed = threading.Event()
        self._stack = contextlib.ExitStack()
        address = f"{opened['endpoint']}?ticket={opened['ticket']}"
        self.line = self._stack.enter_context(connect(address, proxy=None))
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        try:
            for raw in self.line:
                self._take(str(raw))
        except (ConnectionClosed, OSError):
            pass
        finally:
            self.closed.set()

    def _take(self, raw: str) -> None:
        try:
            frame = json.loads(raw)
        except ValueError:
            frame = None
        if frame is not None:
            answer = self.answer(frame)
            if answer is not None:
                self.line.send(json.dumps(answer))
        with self.changed:
            if frame is None:
                self.garbage.append(raw)
            else:
                self.frames.append(frame)
            self.changed.notify_all()

    def wait_for(self, count: int, kind: str = "CALLBACK") -> list[dict[str, Any]]:
        """Wait for so many frames of a kind."""
        with self.changed:
            enough = lambda: len([one for one in self.frames if one["type"] == kind]) >= count  # noqa: E731
            assert self.changed.wait_for(enough, 5), self.frames
            return [one for one in self.frames if one["type"] == kind]

    def close(self) -> None:
        self._stack.close()
        self._thread.join(5)


def acknowledge(frame: dict[str, Any], data: Any = None, code: int = 200) -> dict[str, Any]:
    """Answer a frame as the protocol wants it."""
    said = data
    if said is None:
        said = {"SYSTEM": json.loads(frame["data"]), "EVENT": {"status": "SUCCESS"}}.get(
            frame["type"], {"response": None}
        )
    headers = {"messageId": frame["headers"]["messageId"], "contentType": "application/json"}
    return {"code": code, "headers": headers, "message": "OK", "data": json.dumps(said)}


class Service:
    """A real HTTP receiver: checks what it gets as a product must, answers what `answer` says."""

    def __init__(self) -> None:
        self.crypto = Crypto(TOKEN, AES_KEY, CLIENT)
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, bytes]] = self.well
        self.changed = threading.Condition()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer = service.take(self.path, dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                with contextlib.suppress(OSError):  # the platform hung up long ago
                    self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        address = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        request: dict[str, Any] = {"path": address.path, "query": query, "headers": headers, "body": body}
        try:
            if address.path == "/robot":
                assert headers["sign"] == robot_sign(SECRET, headers["timestamp"])
                request["fields"] = json.loads(body)
            elif address.path == "/events":
                signature = query.get("msg_signature") or query["signature"]
                sealed = json.loads(body)["encrypt"]
                plain = self.crypto.open(signature, query["timestamp"], query["nonce"], sealed)
                request["fields"] = json.loads(plain)
            else:
                request["fields"] = json.loads(body)
        except Exception as error:
            request["refused"] = error
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()
        return (403, b"") if "refused" in request else self.answer(request)

    def well(self, request: dict[str, Any]) -> tuple[int, bytes]:
        """Answer as the platform wants it."""
        return (200, self.sealed("success")) if request["path"] == "/events" else (200, b"{}")

    def sealed(self, words: str) -> bytes:
        """Encrypt an answer to an event."""
        encrypt = self.crypto.seal(words.encode())
        signature = self.crypto.sign("1767225600123", "Ab12Cd34", encrypt)
        answer = {"msg_signature": signature, "timeStamp": "1767225600123", "nonce": "Ab12Cd34", "encrypt": encrypt}
        return json.dumps(answer).encode()

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.requests) >= count, 5), f"only {len(self.requests)} came"
            return list(self.requests)

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
    """A company whose pushes are not running."""
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
def served(service: Service, clock: Clock) -> Iterator[Server]:
    """The company on real ports: Stream open, HTTP going to `service`."""
    addresses = {"robot_url": f"{service.url}/robot", "event_url": f"{service.url}/events"}
    made = Platform(settings(**addresses), clock=clock)
    impatient(made)
    server = serve(made, "127.0.0.1", 0)
    yield server
    server.close()


def impatient(platform: Platform) -> None:
    """Let the platform wait as little as a test can."""
    switches = platform.switches
    switches.robot_ack_s = switches.event_stream_ack_s = 0.5
    switches.event_first_retry_s = switches.event_second_retry_s = 0.02
    switches.robot_http_pause_s, switches.disconnect_grace_s = 0.02, 0.2
    switches.qps_per_api = 0


@pytest.fixture
def live(served: Server) -> Platform:
    return served.platform  # type: ignore[return-value]  # it is the one `served` made


@pytest.fixture
def calls(served: Server, live: Platform) -> Api:
    """The APIs of the company on real ports."""
    return Api(live.app.test_client(), served.url)


@pytest.fixture
def client(calls: Api) -> Iterator[Client]:
    """A Stream client that acknowledges everything."""
    made = Client(calls)
    yield made
    made.close()
