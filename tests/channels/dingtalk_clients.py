"""A DingTalk client against the scripted platform of `conftest.py`, and what its failures must keep to themselves."""

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.cards.card import Button, Card
from bot.channels.dingtalk.client import DingTalkClient
from core.errors import DeliveryFailed

from .conftest import Shared, Stub

CLIENT, SECRET = "dingdemoappkey0001", "s3cret-of-the-dingtalk-app-0123456789"
NOW = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
TEMPLATE = "00000000-demo-4000-8000-000000000001.schema"
GROUP = "cidDEMOgroup001=="
TO_PEOPLE, TO_GROUP, HOOK = "robot/oToMessages/batchSend", "robot/groupMessages/send", "robot/sendBySession"
CREATE, DELIVER, INSTANCES = "card/instances/createAndDeliver", "card/instances/deliver", "card/instances"
REGISTER = "card/callbacks/register"

HELLO = Card(title="客户😀 已记录")
TAPPED = Card(
    title="客户 华东机电",
    fields=(("电话", "13812345678"),),
    buttons=(Button(label="认领", action="claim", values={"lead_id": "1"}),),
)
ARRIVED = {"processQueryKey": "pqk-1", "invalidStaffIdList": [], "flowControlledStaffIdList": []}
DELIVERED = {"success": True, "result": {"deliverResults": [{"success": True, "carrierId": "pqk-card"}]}}


@contextmanager
def a_client(stub: Stub, shared: Shared, **changes: Any) -> Iterator[DingTalkClient]:
    told: dict[str, Any] = {
        "api_base": stub.url,
        "oapi_base": stub.url,
        "public_url": "https://crm.example.com",
        "tokens": shared,
        "locks": shared,
        "unseal": lambda sealed: sealed.removeprefix("sealed ") if sealed.startswith("sealed ") else None,
        "now": lambda: NOW,
        "stream_alive": lambda: True,
        "timeout": (1.0, 0.4),
    }
    client = DingTalkClient(CLIENT, SECRET, **{**told, **changes})
    try:
        yield client
    finally:
        client.close()


def session(stub: Stub, *, lives: timedelta = timedelta(hours=1), group: str = "") -> dict[str, str]:
    """Return what an event would say about answering it."""
    webhook = f"{stub.url}/robot/sendBySession?session=5e55101"
    alive = {"session": f"sealed {webhook}", "until": (NOW + lives).isoformat()}
    return {**alive, "group": group} if group else alive


def failing(call: Callable[[], Any]) -> DeliveryFailed:
    """Return how a call failed, after a look at everything that may be printed of it."""
    with pytest.raises(DeliveryFailed) as caught:
        call()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(caught.value)
    assert not any(secret in shown for secret in (SECRET, "access_token=", "-of-the-stub", "5e55101"))
    assert caught.value.__context__ is None or isinstance(caught.value.__context__, DeliveryFailed)
    return caught.value


def said(stub: Stub, api: str) -> list[dict[str, Any]]:
    """Return what was sent to `api`, the JSON inside opened."""
    bodies = stub.sent(api)
    return [{**body, "msgParam": json.loads(body["msgParam"])} if "msgParam" in body else body for body in bodies]
