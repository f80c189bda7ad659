"""A language model that is asked, and one that misbehaves: it hangs, lies, floods, redirects and gives orders."""

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from connectors.model import ChatModel
from core.errors import ModelFailed

Act = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """Answers every request as `act` says, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.act: Act = says('{"acts": []}')
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone; that is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), asked))
        self.server.act(self)

    def log_message(self, *_: object) -> None:
        pass


def answers(body: bytes, status: int = 200, **headers: str) -> Act:
    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return act


def says(words: object) -> Act:
    return answers(json.dumps({"choices": [{"message": {"content": words}}]}).encode())


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_it_is_asked_for_json_with_the_key_and_its_words_come_back(server: Server) -> None:
    server.act = says('{"acts": [1]}')
    assert ChatModel(server.base, "m", "k").complete("规矩", "说的话") == '{"acts": [1]}'
    [(path, headers, asked)] = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer k"
    assert asked["model"] == "m"
    assert asked["response_format"] == {"type": "json_object"}
    assert [message["content"] for message in asked["messages"]] == ["规矩", "说的话"]


def test_without_a_key_none_is_sent(server: Server) -> None:
    ChatModel(server.base, "m").complete("规矩", "说的话")
    assert "Authorization" not in server.asked[0][1]


@pytest.mark.parametrize(
    "act",
    [
        answers(b"", 500),
        answers(b"", 401),
        answers(b"not json"),
        answers(b"[]"),
        answers(b'{"choices": []}'),
        answers(b'{"choices": [{"message": {}}]}'),
        says(None),
        says({"acts": []}),
        answers(b"[" * 60_000),
        answers(b" " * (64 * 1024 + 1)),
    ],
    ids=["500", "401", "garbage", "list", "no choices", "no words", "null", "object", "deep", "huge"],
)
def test_an_answer_that_is_none_is_a_failure_in_words_that_quote_nothing(server: Server, act: Act) -> None:
    server.act = act
    with pytest.raises(ModelFailed) as failed:
        ChatModel(server.base, "m", "secret-key").complete("规矩", "客户的话")
    assert "secret-key" not in failed.value.reason
    assert "客户的话" not in failed.value.reason


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.act = answers(b"", 307, Location=f"{server.base}/elsewhere")
    with pytest.raises(ModelFailed, match="307"):
        ChatModel(server.base, "m").complete("规矩", "说的话")
    assert len(server.asked) == 1


def drips(handler: BaseHTTPRequestHandler) -> None:
    """Send a header that never ends, a letter at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(200):
        time.sleep(0.05)
        handler.wfile.write(b"x")
        handler.wfile.flush()


def hangs(_: BaseHTTPRequestHandler) -> None:
    time.sleep(5)


@pytest.mark.parametrize("act", [drips, hangs], ids=["drips", "hangs"])
def test_a_model_that_never_ends_is_left(server: Server, act: Act) -> None:
    server.act = act
    with pytest.raises(ModelFailed, match="no answer in time"):
        ChatModel(server.base, "m", seconds=0.3).complete("规矩", "说的话")


def test_where_nobody_listens_there_is_no_answer() -> None:
    with pytest.raises(ModelFailed):
        ChatModel("http://127.0.0.1:9/v1", "m").complete("规矩", "说的话")
