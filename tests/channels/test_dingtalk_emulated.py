"""The sending half against the emulated platform, which shares no code with it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from bot.cards.card import Button, Card
from bot.channels.dingtalk import failures
from bot.channels.dingtalk.client import DingTalkClient
from core.errors import CardOutOfReach, DeliveryFailed
from emulator.dingtalk import Group, Person, Platform, Settings
from emulator.server import Server, serve

from .conftest import Shared
from .sample_cards import CARDS

CLIENT, SECRET, SALES = "dingdemoappkey0001", "demo-client-secret", "华东销售群"
TEMPLATE = "7c3f3b52-6c0e-4a35-9d52-2f0c1b6a9e10.schema"
LEAD = Card(
    title="新线索 杭州某某科技",
    fields=(("电话", "13812345678"),),
    buttons=(Button(label="认领", action="claim", values={"lead_id": "7"}), Button(label="稍后", action="later")),
)


class Company:
    """The platform, what its members' phones show, and a client of ours."""

    def __init__(self, shared: Shared) -> None:
        people = (Person(userid="user_li", name="李雷"), Person(userid="user_wang", name="王芳"))
        groups = (Group(name=SALES, members=("user_li", "user_wang")),)
        settings = Settings(
            corp_id="ding9f50b15bccd16741", client_id=CLIENT, client_secret=SECRET, people=people, groups=groups
        )
        self.platform = Platform(settings)
        self.server: Server = serve(self.platform, port=0)
        self._web = self.platform.app.test_client()
        self._shared = shared
        self.client = self.a_client()
        self.plain = self.a_client(template_id="")
        (group,) = self._web.get("/__emu/groups").get_json()["groups"]
        self.group: str = group["openConversationId"]

    def a_client(self, template_id: str = TEMPLATE) -> DingTalkClient:
        return DingTalkClient(
            CLIENT,
            SECRET,
            template_id=template_id,
            api_base=self.server.url,
            oapi_base=self.server.url,
            public_url="https://crm.example.com",
            tokens=self._shared,
            locks=self._shared,
            unseal=lambda sealed: sealed,
            now=self.platform.clock.now,
            stream_alive=lambda: True,
            timeout=(1.0, 1.0),
        )

    def control(self, path: str, **body: Any) -> dict[str, Any]:
        response = self._web.post(f"/__emu/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.get_json()

    def fault(self, name: str, **how: Any) -> None:
        self.control("fault", name=name, **how)

    def screen(self, userid: str = "user_li") -> list[dict[str, Any]]:
        return self._web.get(f"/__emu/outbox?userid={userid}").get_json()["items"]

    def said(self, userid: str = "user_li") -> list[str]:
        items = self._web.get(f"/__emu/outbox?userid={userid}&all=1").get_json()["items"]
        return [item["content"]["content"] for item in items if item["from"] == "member"]

    def session(self, group: str = "") -> dict[str, str]:
        """Return what our receiving half would know about answering what somebody said just now."""
        clock = self.platform.clock.now()
        place = group or self.platform.conversations.single("user_li")
        opened = self.platform.sessions.open(place, "user_li", 90, clock)
        webhook = f"{self.server.url}/robot/sendBySession?session={opened['session']}"
        alive = {"session": webhook, "until": (clock + timedelta(minutes=90)).isoformat()}
        return {**alive, "group": group} if group else alive

    def calls(self) -> int:
        """Return how many API calls the platform has counted this month."""
        return int(self._web.get("/__emu/usage").get_json()["calls"])

    def close(self) -> None:
        self.client.close()
        self.plain.close()
        self.server.close()


@pytest.fixture
def company(shared: Shared) -> Iterator[Company]:
    company = Company(shared)
    yield company
    company.close()


def failing(company: Company, card: Card = LEAD, *, client: DingTalkClient | None = None) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        (client or company.client).send("user_li", card, card_id="o1-a", again=False)
    return caught.value


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("way", ["template", "api", "session", "group"])
def test_the_platform_takes_every_kind_of_card(company: Company, name: str, way: str) -> None:
    company.control("switches", card_value_bytes=1024)
    client = company.client if way == "template" else company.plain
    where = {"session": company.session(), "group": {"group": company.group}}.get(way, {})
    receipt = client.send("user_li", CARDS[name], card_id="o12-6a3", again=False, reply_to=where)
    assert len(company.screen()) == receipt.parts
    assert CARDS[name].title in json.dumps(company.screen(), ensure_ascii=False)
    assert company.calls() == receipt.calls


def test_a_card_shows_its_variables_and_changes_for_everybody(company: Company) -> None:
    receipt = company.client.send("user_li", LEAD, card_id="o12-6a3", again=False)
    (card,) = company.screen()
    assert (card["outTrackId"], receipt.response_code, receipt.platform_id) == ("o12-6a3", "o12-6a3", card["msgid"])
    assert json.loads(card["content"]["data"]["buttons"])[0]["key"] == "claim?lead_id=7"
    assert company.platform.cards.get("o12-6a3")["undeclared"] == []
    company.client.update("user_li", replace(LEAD, settled="已由李雷认领"), response_code="o12-6a3")
    (card,) = company.screen()
    assert (card["content"]["data"]["settled"], card["content"]["data"]["buttons"]) == ("已由李雷认领", "[]")


def test_in_a_group_one_sees_the_number_and_the_others_do_not(company: Company) -> None:
    company.client.send("user_li", LEAD, card_id="o12-6a3", again=False, reply_to={"group": company.group})
    assert "13812345678" in str(company.screen("user_li")[0]["content"])
    assert "13812345678" not in str(company.screen("user_wang")[0]["content"])
    settled, place = replace(LEAD, settled="已由王芳认领"), {"group": company.group, "viewers": "user_li"}
    company.client.update("user_wang", settled, response_code="o12-6a3", reply_to=place)
    for userid in ("user_li", "user_wang"):
        assert company.screen(userid)[0]["content"]["data"]["settled"] == "已由王芳认领"
    assert "13812345678" in str(company.screen("user_wang")[0]["content"]), "whoever took the lead sees its number"
    assert "13812345678" not in str(company.screen("user_li")[0]["content"]), "what was the asker's alone is outdated"


def test_a_button_without_a_template_says_its_line(company: Company) -> None:
    company.plain.send("user_li", LEAD, card_id="o12-6a3", again=False, reply_to=company.session())
    (message,) = company.screen()
    first = message["content"]["buttons"][0]["url"]
    company.control("tap", userid="user_li", id=message["id"], url=first)
    assert company.said() == ["认领 #o12-6a3.1"]
    assert unquote(first).endswith("认领 #o12-6a3.1")
    assert company.calls() == 0


def test_an_ended_session_gives_way_to_the_api(company: Company) -> None:
    company.fault("webhook_expired")
    receipt = company.plain.send("user_li", LEAD, card_id="o12-6a3", again=False, reply_to=company.session())
    assert (receipt.calls, len(company.screen())) == (1, 1)


@pytest.mark.parametrize("style", ["plain", "gateway", "alternate"])
def test_an_ended_token_is_renewed_once(company: Company, style: str) -> None:
    company.control("switches", token_error=style)
    company.client.send("user_li", LEAD, card_id="o1-a", again=False)
    company.fault("expire_token")
    company.client.send("user_li", LEAD, card_id="o2-a", again=False)
    company.fault("expire_token")
    assert company.client.api.oapi.post("/topapi/v2/user/get", {"userid": "user_li"})["result"]["name"] == "李雷"


def test_a_stubborn_token_stops_after_one_replay(company: Company) -> None:
    company.fault("stubborn_token")
    assert failing(company).temporary
    assert len([call for call in company.platform.calls.since(0) if "createAndDeliver" in str(call)]) <= 2


@pytest.mark.parametrize(
    ("fault", "temporary", "unknown"),
    [
        ("qps_limit", True, False),
        ("global_limit", True, False),
        ("month_quota", True, False),
        ("ip_block", True, False),
        ("permission_denied", True, False),
        ("http_504", True, True),
        ("http_500", True, True),
        ("http_502", True, True),
        ("reset", True, True),
        ("answer_lost", True, True),
        ("html_body", True, False),
        ("truncated_json", True, True),
        ("empty_body", True, True),
        ("hang", True, True),
        ("content_unsafe", False, False),
        ("bot_stopped", False, False),
    ],
)
def test_every_fault_of_a_message_is_judged(company: Company, fault: str, temporary: bool, unknown: bool) -> None:
    company.client.api.token()
    company.fault(fault)
    failure = failing(company, client=company.plain)
    assert (failure.temporary, failure.unknown) == (temporary, unknown), failure.reason


@pytest.mark.parametrize("fault", ["answer_lost", "truncated_json", "reset", "hang"])
def test_a_card_whose_answer_was_lost_is_on_the_screen_once(company: Company, fault: str) -> None:
    company.client.api.token()
    company.fault(fault)
    failure = failing(company)
    assert failure.temporary
    company.client.send("user_li", LEAD, card_id="o1-a", again=failure.unknown)
    assert len(company.screen()) == 1


@pytest.mark.parametrize("fault", ["template_unpublished", "card_space_fail", "permission_denied"])
def test_a_card_that_cannot_be_is_said_in_messages(company: Company, fault: str) -> None:
    company.fault(fault)
    receipt = company.client.send("user_li", LEAD, card_id="o1-a", again=False)
    (message,) = company.screen()
    assert (receipt.response_code, message["content"]["buttons"][0]["title"]) == ("", "认领")


def test_whoever_is_not_there_is_told_apart(company: Company) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        company.plain.send("user_gone", LEAD, card_id="o1-a", again=False)
    assert caught.value.code == failures.NO_RECEIVER
    with pytest.raises(DeliveryFailed) as caught:
        company.client.send("user_gone", LEAD, card_id="o2-a", again=False)
    assert caught.value.code == failures.NO_RECEIVER
    company.fault("flow_control", params={"users": ["user_li"]})
    assert failing(company, client=company.plain).temporary


def test_an_answer_into_a_group_without_the_robot_reaches_the_person(company: Company) -> None:
    company.fault("group_disbanded")
    company.plain.send("user_li", LEAD, card_id="o1-a", again=False, reply_to={"group": company.group})
    assert [item["group"] for item in company.screen()] == [""]
    assert company.screen("user_wang") == []


def test_a_card_nobody_knows_is_out_of_reach(company: Company) -> None:
    with pytest.raises(CardOutOfReach):
        company.client.update("user_li", LEAD, response_code="o99-a")


def test_files_go_out_and_messages_come_back(company: Company) -> None:
    receipt = company.client.send_file("user_li", "报价单.pdf", b"%PDF-1.7")
    (item,) = company.screen()
    assert item["content"]["filename"] == "报价单.pdf"
    assert company.client.recall(receipt.platform_id)
    assert company.screen() == []


def test_thirty_messages_at_once_stay_below_the_limit(company: Company) -> None:
    for number in range(30):
        company.plain.send("user_li", LEAD, card_id=f"o{number}-a", again=False)
    assert len(company.screen()) == 30
