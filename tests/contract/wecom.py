"""WeCom as a side of the contract."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.bootstrap import Program
from bot.demo.platform import AES_KEY, AGENT_ID, CORP_ID, SECRET, TOKEN
from emulator.server import serve
from emulator.wecom import Person, Platform, Settings
from tests.contract.company import Shown, words_of
from tests.world import PEOPLE

FAULTS = {
    "twice": {"name": "dup_callback", "params": {"copies": 2}},
    "lost_answer": {"name": "answer_lost", "api": "message/send"},
    "busy": {"name": "busy", "api": "message/send"},
    "token": {"name": "token_expired"},
    "gone": {"name": "all_users_bad", "api": "message/send"},
}


class WeComSide:
    """The emulated WeCom: its control routes and its members' screens."""

    channel = "wecom"
    updates_in_place = drops_repeats = True
    forgeries = (
        "bad_signature",
        "wrong_receiveid",
        "bad_padding",
        "dtd_body",
        "huge_body",
        "deep_xml",
        "json_body",
        "stale_timestamp",
    )

    def opens(self, port: int, folder: Path) -> Mapping[str, Any]:
        people = tuple(
            Person(userid=user_id, name=name, department=department) for user_id, name, _, department, _ in PEOPLE
        )
        self._platform = Platform(
            Settings(
                corp_id=CORP_ID,
                agent_id=AGENT_ID,
                secret=SECRET,
                token=TOKEN,
                aes_key=AES_KEY,
                callback_url=f"http://127.0.0.1:{port}/callback/wecom",
                people=(*people, Person(userid="stranger", name="陌生人")),
            )
        )
        self._platform.switches.retry_pause_s = 0.01
        self._server = serve(self._platform, "127.0.0.1", 0)
        self._web = self._platform.app.test_client()
        return {
            "wecom_corp_id": CORP_ID,
            "wecom_agent_id": AGENT_ID,
            "wecom_secret": SECRET,
            "wecom_token": TOKEN,
            "wecom_aes_key": AES_KEY,
            "wecom_api_base": self._server.url,
        }

    def product_is_up(self, program: Program) -> None:
        assert self._control("callback")["ok"]

    def now(self) -> datetime:
        return self._platform.clock.now()

    def say(self, user_id: str, text: str) -> None:
        self._control("say", userid=user_id, text=text, wait=True)

    def tap(self, user_id: str, label: str) -> None:
        for item in reversed(self._items(user_id)):
            for button in _buttons(item):
                if button["text"] == label:
                    task, key = item["task_id"], button["key"]
                    self._control("click", task_id=task, userid=user_id, key=key, wait=True)
                    return
        raise AssertionError(f"{user_id} sees no button {label!r}")

    def screen(self, user_id: str) -> list[Shown]:
        return [
            Shown(words_of(item["content"]), tuple(button["text"] for button in _buttons(item)))
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
        self._control("fault", **FAULTS[name])

    def forged(self, name: str) -> int:
        before = self._deliveries()
        self._control("fault", name=name)
        self.say("zhangwei", "帮助")
        (status,) = {one["status"] for one in self._deliveries()[len(before) :] if one["outcome"] == "hostile"}
        return int(status)

    def calls(self, api: str) -> int:
        return len(self._web.get(f"/__emu/calls?api={api}").get_json()["calls"])

    def tokens(self) -> list[str]:
        query = {"corpid": CORP_ID, "corpsecret": SECRET}
        return [str(self._web.get("/cgi-bin/gettoken", query_string=query).get_json()["access_token"])]

    def passes(self, minutes: int) -> None:
        self._control("clock", advance_s=60 * minutes)

    def undelivered(self) -> int:
        return len(self._web.get("/__emu/dropped").get_json()["dropped"])

    def closes(self) -> None:
        self._server.close()

    def _items(self, user_id: str) -> list[dict[str, Any]]:
        return list(self._web.get(f"/__emu/outbox?userid={user_id}").get_json()["items"])

    def _deliveries(self) -> list[dict[str, Any]]:
        return list(self._web.get("/__emu/deliveries").get_json()["deliveries"])

    def _control(self, path: str, **body: Any) -> dict[str, Any]:
        response = self._web.post(f"/__emu/{path}", json=body)
        assert response.status_code == 200, response.text
        return dict(response.get_json())


def _buttons(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what can be pressed on an item; a greyed card has nothing left."""
    if item["msgtype"] != "template_card" or item["state"] == "greyed" or item.get("replace_text"):
        return []
    card = item["content"]
    return [*card.get("button_list", []), *(card.get("action_menu") or {}).get("action_list", [])]
