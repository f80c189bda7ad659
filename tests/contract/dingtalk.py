"""DingTalk as sides of the contract: pushed over HTTP or fetched over Stream, with a card template or without."""

import json
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.bootstrap import Program
from bot.channels.dingtalk.channel import heartbeat
from emulator.dingtalk import Person, Platform, Settings
from emulator.dingtalk.settings import CRM_CARD
from emulator.server import serve
from tests.contract.company import Shown, words_of
from tests.world import PEOPLE

CLIENT_ID, CLIENT_SECRET = "dingdemoappkey0001", "demo-secret-that-opens-only-the-emulator"
TOKEN, AES_KEY = "liaodanDemo", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP_ID = "ding00000000000000000000000000demo"


class DingTalkSide:
    """The emulated DingTalk. Without a template buttons write for the person, and nothing changes in place."""

    channel = "dingtalk"

    def __init__(self, *, template: bool, stream: bool) -> None:
        self._template, self._stream = template, stream
        self.updates_in_place = self.drops_repeats = template
        self.forgeries = ("robot_sign_bad", "robot_sign_old", "event_sig_bad", "event_owner_bad", "event_garbage")
        if stream:
            self.forgeries = ()

    def opens(self, port: int, folder: Path) -> Mapping[str, Any]:
        people = tuple(
            Person(userid=user_id, name=name, department=department) for user_id, name, _, department, _ in PEOPLE
        )
        product = f"http://127.0.0.1:{port}/callback/dingtalk"
        mode = "stream" if self._stream else "http"
        self._platform = Platform(
            Settings(
                corp_id=CORP_ID,
                client_id=CLIENT_ID,
                client_secret=CLIENT_SECRET,
                token=TOKEN,
                aes_key=AES_KEY,
                robot_mode=mode,
                event_mode=mode,
                robot_url=f"{product}/robot",
                event_url=f"{product}/event",
                people=(*people, Person(userid="stranger", name="陌生人")),
            )
        )
        self._server = serve(self._platform, "127.0.0.1", 0)
        self._web = self._platform.app.test_client()
        return {
            "dingtalk_client_id": CLIENT_ID,
            "dingtalk_client_secret": CLIENT_SECRET,
            "dingtalk_corp_id": CORP_ID,
            "dingtalk_token": TOKEN,
            "dingtalk_aes_key": AES_KEY,
            "dingtalk_card_template_id": CRM_CARD.id if self._template else "",
            "dingtalk_api_base": self._server.url,
            "dingtalk_oapi_base": self._server.url,
        }

    def product_is_up(self, program: Program) -> None:
        self._connection = program.stream() if self._stream else None
        if self._connection is None:
            assert self._control("callback", event_url=self._platform.event_url)["event_url"]
            return
        self._connection.start()
        give_up = time.monotonic() + 15
        while not (self._connection.healthy and program.tokens.get(heartbeat(CLIENT_ID))):
            assert time.monotonic() < give_up, "the stream does not come up"
            time.sleep(0.02)

    def now(self) -> datetime:
        return self._platform.clock.now()

    def say(self, user_id: str, text: str) -> None:
        self._control("say", userid=user_id, text=text, wait=True)

    def tap(self, user_id: str, label: str) -> None:
        for item in reversed(self._items(user_id)):
            for button in _buttons(item):
                if button["label"] == label:
                    self._press(user_id, item, button)
                    return
        raise AssertionError(f"{user_id} sees no button {label!r}")

    def screen(self, user_id: str) -> list[Shown]:
        return [
            Shown(words_of(item["content"]), tuple(button["label"] for button in _buttons(item)))
            for item in self._items(user_id)
        ]

    def files(self, user_id: str) -> list[tuple[str, str, bytes]]:
        found = []
        for item in self._items(user_id):
            if item["msgtype"] in ("image", "file"):
                content = item["content"]
                response = self._web.get(f"/__emu/media/{quote(content.get('media_id') or content['url'], safe='')}")
                assert response.status_code == 200
                found.append((item["msgtype"], content.get("filename", ""), response.data))
        return found

    def fails(self, name: str) -> None:
        for order in self._orders(name):
            self._control("fault", **order)

    def _orders(self, name: str) -> list[dict[str, str]]:
        """Return what the emulator calls a failure, where our answers go: to the session, or out as cards."""
        sending = "card/instances/createAndDeliver" if self._template else "robot/sendBySession"
        if name == "gone":  # a card that cannot be delivered is tried as a message
            cards = [{"name": "card_space_fail"}] if self._template else []
            return [*cards, {"name": "invalid_users"}]
        called = {"twice": "dup_push", "lost_answer": "answer_lost", "busy": "http_500", "token": "expire_token"}
        return [{"name": called[name], **({"api": sending} if name in ("lost_answer", "busy") else {})}]

    def forged(self, name: str) -> int:
        before = len(self._deliveries())
        self._control("fault", name=name)
        if name.startswith("event_"):
            self._control("event", eventType="user_modify_org", data={"userId": ["zhangwei"]}, wait=True)
        else:
            self.say("zhangwei", "帮助")
        (status,) = {one["status"] for one in self._deliveries()[before:] if one["outcome"] == "hostile"}
        return int(status)

    def calls(self, api: str) -> int:
        return len(self._web.get(f"/__emu/calls?api={api}").get_json()["calls"])

    def tokens(self) -> list[str]:
        query = {"appkey": CLIENT_ID, "appsecret": CLIENT_SECRET}
        token = self._web.get("/gettoken", query_string=query).get_json()["access_token"]
        return [token, "sendBySession?session="]

    def passes(self, minutes: int) -> None:
        self._control("clock", advance_s=60 * minutes)

    def undelivered(self) -> int:
        return 0

    def closes(self) -> None:
        if self._connection is not None:
            self._connection.stop()
        self._server.close()

    def _press(self, user_id: str, item: dict[str, Any], button: dict[str, str]) -> None:
        if "key" in button:
            self._control("click", userid=user_id, outTrackId=item["outTrackId"], key=button["key"], wait=True)
        else:
            self._control("tap", userid=user_id, id=item["id"], url=button["url"], wait=True)

    def _items(self, user_id: str) -> list[dict[str, Any]]:
        return list(self._web.get(f"/__emu/outbox?userid={user_id}").get_json()["items"])

    def _deliveries(self) -> list[dict[str, Any]]:
        return list(self._web.get("/__emu/deliveries").get_json()["deliveries"])

    def _control(self, path: str, **body: Any) -> dict[str, Any]:
        response = self._web.post(f"/__emu/{path}", json=body, base_url=self._server.url)
        assert response.status_code == 200, response.text
        return dict(response.get_json())


def _buttons(item: dict[str, Any]) -> list[dict[str, str]]:
    """Return what can be pressed on an item: buttons of an interactive card, or links that write for the person."""
    content = item["content"]
    if item["msgtype"] == "card":
        shown = json.loads(content["data"].get("buttons") or "[]") if not content["data"].get("settled") else []
        return [{"label": one["text"], "key": one["key"]} for one in shown if one.get("key")]
    links = content.get("buttons", [])
    return [{"label": one["title"], "url": one["url"]} for one in links if one["url"].startswith("dtmd://")]
