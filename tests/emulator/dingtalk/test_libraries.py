"""The vendor's own libraries work against the emulator, unmodified."""

import json
import subprocess
import sys
from typing import Any

import pytest

from emulator.dingtalk import Platform
from emulator.server import Server

from .conftest import CLIENT, CORP, SECRET, Api, robot_space

BOT = """
import asyncio, logging, sys
import dingtalk_stream
from dingtalk_stream import AckMessage, CallbackHandler, ChatbotHandler, ChatbotMessage

class Words(ChatbotHandler):
    async def process(self, callback):
        message = ChatbotMessage.from_dict(callback.data)
        self.reply_text(f"{message.sender_staff_id}:{message.text.content.strip()}", message)
        return AckMessage.STATUS_OK, "OK"

class Clicks(CallbackHandler):
    async def process(self, callback):
        params = dingtalk_stream.CardCallbackMessage.from_dict(callback.data).content["cardPrivateData"]["params"]
        options = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
        data = {"cardParamMap": {"settled": params["key"]}}
        return AckMessage.STATUS_OK, {"cardUpdateOptions": options, "cardData": data}

logger = logging.getLogger("bot")
client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential(sys.argv[1], sys.argv[2]), logger)
client.register_callback_handler(ChatbotMessage.TOPIC, Words())
client.register_callback_handler(CallbackHandler.TOPIC_CARD_CALLBACK, Clicks())
asyncio.run(client.start())
"""


@pytest.fixture
def bot(served: Server, live: Platform) -> Any:
    """dingtalk-stream in a process of its own, which knows nothing but the address."""
    environment = {"DINGTALK_OPENAPI_ENDPOINT": served.url, "PATH": "/usr/bin:/bin"}
    live.switches.robot_ack_s = 10
    version = live.feed.version
    with subprocess.Popen([sys.executable, "-c", BOT, CLIENT, SECRET], env=environment) as process:
        for _ in range(200):
            if live.stream.connections():
                break
            version = live.feed.wait(version, 0.2)
        yield process
        process.kill()


def test_the_stream_library_hears_answers_and_is_clicked(bot: Any, calls: Api) -> None:
    assert calls.control("say", {"userid": "user_li", "text": "你好", "wait": True})["outcome"] == "delivered"
    assert calls.screen("user_li")[-1]["content"]["content"] == "user_li:你好"
    calls.card("card-1", robot_space("user_li"))
    clicked = calls.control("click", {"userid": "user_li", "outTrackId": "card-1", "key": "done", "wait": True})
    assert clicked["outcome"] == "delivered"
    assert calls.screen("user_li")[-1]["content"]["data"] == {
        "title": "跟进提醒",
        "text": "三天未跟进",
        "settled": "done",
    }
    assert calls.control("protocol")["errors"] == []


def test_the_older_library_gets_a_token_and_a_member(served: Server) -> None:
    from dingtalk import AppKeyClient

    client = AppKeyClient(CORP, CLIENT, SECRET, timeout=5, auto_retry=False)
    client.API_BASE_URL = f"{served.url}/"
    found = client.post("/topapi/v2/user/get", {"userid": "user_wang"})
    assert found["result"]["name"] == "王芳"
    assert json.loads(found["result"]["extension"]) == {}
