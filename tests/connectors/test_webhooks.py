"""Word to another system: signed so that its own library believes it, tried again, and never twice anew."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.channels.webhook import WebhookOutlet
from connectors.webhooks import Webhook, secret_key, signature
from core.errors import DeliveryFailed
from core.services.webhooks import publish
from tests.world import World

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver(ThreadingHTTPServer):
    """Another system: it answers with `statuses`, one after the other, then 200, and keeps what it was told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses: list[int] = []
        self.told: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(receiver: Receiver) -> Iterator[Webhook]:
    made = Webhook(receiver.url, SECRET)
    yield made
    made.close()


def is_genuine(headers: dict[str, str], body: bytes) -> bool:
    """Check a message as its receiver does, without our code."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")


def test_the_signature_is_that_of_the_published_vector() -> None:
    body = b'{"test": 2432232314}'
    known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret_key(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body) == known


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_???"])
def test_a_secret_that_is_none_is_refused_at_the_start(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_"):
        Webhook("http://127.0.0.1:1/", secret)


def test_an_event_arrives_signed_over_its_bytes(hook: Webhook, receiver: Receiver) -> None:
    hook.post("o7-1", '{"客户":"华东机电"}'.encode())
    headers, body = receiver.told[0]
    assert json.loads(body) == {"客户": "华东机电"}
    assert headers["webhook-id"] == "o7-1"
    assert is_genuine(headers, body)
    assert not is_genuine(headers, body + b" ")


@pytest.mark.parametrize(("status", "temporary"), [(500, True), (429, True), (404, True), (302, True), (410, False)])
def test_what_was_not_taken_is_tried_again_unless_the_receiver_is_gone(
    hook: Webhook, receiver: Receiver, status: int, *, temporary: bool
) -> None:
    receiver.statuses = [status]
    with pytest.raises(DeliveryFailed) as failed:
        hook.post("o1-1", b"{}")
    assert failed.value.temporary is temporary
    assert len(receiver.told) == 1  # a redirect is not followed


def test_nobody_listening_is_a_failure_that_passes() -> None:
    hook = Webhook("http://127.0.0.1:9/", SECRET)
    with pytest.raises(DeliveryFailed) as failed:
        hook.post("o1-1", b"{}")
    assert failed.value.temporary


def test_what_a_transaction_publishes_leaves_with_its_commit_and_again_under_the_same_id(
    hook: Webhook, receiver: Receiver
) -> None:
    world = World()
    world.program.__dict__["operated"] = {"webhook": True}
    world.channels["webhook"] = WebhookOutlet(hook)  # type: ignore[assignment]  # a real outlet among recorders
    receiver.statuses = [503]
    with suppress(KeyError), world.work() as uow:
        publish(uow, "approval.approved", {"approval": 1})
        raise KeyError
    with world.work() as uow:
        publish(uow, "approval.approved", {"approval": 2})
    world.delivers()
    assert len(receiver.told) == 1
    with world.work() as uow:
        uow.outbox.waiting_at("webhook", "events", world.program.messenger.clock())
        waiting = uow.outbox.lease(("webhook", "events"), world.now.replace(year=2100), world.now, 5)
        for message in waiting:
            message.not_before = message.leased_until = None
    world.delivers()
    ids = [headers["webhook-id"] for headers, _ in receiver.told]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert json.loads(receiver.told[1][1])["data"] == {"approval": 2}
    assert all(is_genuine(headers, body) for headers, body in receiver.told)
    world.close()


def test_without_an_address_nothing_is_kept_for_anybody(world: World) -> None:
    with world.work() as uow:
        publish(uow, "approval.approved", {"approval": 1})
    with world.work() as uow:
        assert uow.outbox.lease(("webhook", "events"), world.now, world.now, 5) == []
