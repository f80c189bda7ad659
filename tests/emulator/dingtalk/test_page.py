"""The chat page in a real browser: talk, tap, click, a form, a group with its mentions, the way to the sibling."""

import json
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from emulator.clock import Clock
from emulator.dingtalk import Platform
from emulator.server import Server, serve

from .conftest import SALES, Api, Client, acknowledge, group_space, impatient, robot_space, settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.ui, pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")]
SIBLING = ("企业微信", "http://127.0.0.1:9/")
STAGE = {
    "name": "stage",
    "label": "阶段",
    "type": "SELECT",
    "required": True,
    "options": [{"value": "1", "text": "洽谈"}, {"value": "2", "text": "报价"}],
}
TAGS = {"name": "tags", "label": "标签", "type": "MULTI_SELECT", "options": [{"value": "a", "text": "重点"}]}


@pytest.fixture
def served(clock: Clock) -> Iterator[Server]:
    made = Platform(settings(siblings=(SIBLING,)), clock=clock)
    impatient(made)
    server = serve(made, "127.0.0.1", 0)
    yield server
    server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(served: Server, browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(8000)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.goto(served.url)
    yield opened
    opened.close()
    assert errors == []


def phone(page: Any, userid: str) -> Any:
    return page.locator(f'.phone[data-userid="{userid}"]')


def test_a_member_talks_and_sees_that_they_were_heard(page: Any, client: Client) -> None:
    mine = phone(page, "user_li")
    mine.wait_for()
    assert page.locator(".phone").count() == 3
    mine.locator(".hint", has_text="今天").click()
    mine.locator(".mine .bubble", has_text="今天").wait_for()
    mine.locator(".receipt", has_text="已读").wait_for()
    assert json.loads(client.wait_for(1)[0]["data"])["text"]["content"] == "今天"


def test_a_member_sends_a_picture_and_a_file(page: Any, client: Client) -> None:
    mine = phone(page, "user_li")
    picker = mine.locator("input[type=file]")
    picker.set_input_files({"name": "报价.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    mine.locator(".mine .file", has_text="报价.pdf").wait_for()
    picker.set_input_files({"name": "屏幕.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"})
    mine.locator(".mine .picture").wait_for()
    heard = sorted(json.loads(frame["data"])["msgtype"] for frame in client.wait_for(2))
    assert heard == ["file", "picture"]


def test_a_dtmd_button_writes_as_the_person(page: Any, calls: Api, client: Client) -> None:
    url = f"dtmd://dingtalkclient/sendMessage?content={quote('完成 #o18.1')}"
    calls.to_people(["user_li"], "sampleActionCard", title="跟进", text="### 跟进", singleTitle="完成", singleURL=url)
    phone(page, "user_li").locator(".action", has_text="完成").click()
    phone(page, "user_li").locator(".mine .bubble", has_text="完成 #o18.1").wait_for()
    assert json.loads(client.wait_for(1)[0]["data"])["text"]["content"] == "完成 #o18.1"


def test_a_card_is_filled_in_clicked_and_changes_for_everybody(page: Any, calls: Api, client: Client) -> None:
    answer = {"cardUpdateOptions": {"updateCardDataByKey": True}, "cardData": {"cardParamMap": {"settled": "已保存"}}}
    client.answer = lambda frame: acknowledge(frame, {"response": answer})
    data = {
        "title": "补全信息",
        "form": json.dumps({"fields": [STAGE, TAGS]}),
        "submit": json.dumps({"text": "保存", "key": "save", "style": "1"}),
        "buttons": json.dumps([{"text": "放弃", "key": "drop", "style": "3"}]),
    }
    calls.card("form-1", robot_space("user_li"), data)
    card = phone(page, "user_li").locator(".card.interactive")
    card.locator("button", has_text="保存").click()
    card.locator(".card-select.missing", has_text="阶段").wait_for()
    card.locator("select").select_option("2")
    card.locator(".chips input").check()
    card.locator("button", has_text="保存").click()
    card.locator(".card-done", has_text="已保存").wait_for()
    body = json.loads(client.wait_for(1)[0]["data"])
    params = json.loads(body["content"])["cardPrivateData"]["params"]
    assert params == {
        "key": "save",
        "form": {"stage": {"index": 1, "value": "2"}, "tags": {"index": [0], "value": ["a"]}},
    }


def test_a_failed_click_says_so(page: Any, calls: Api, client: Client, live: Platform) -> None:
    live.switches.card_answer_s = 0.1
    client.answer = lambda _: None
    calls.card("card-1", robot_space("user_li"), {"title": "x", "buttons": '[{"text":"完成","key":"done"}]'})
    phone(page, "user_li").locator(".card button", has_text="完成").click()
    phone(page, "user_li").locator(".card-failed").wait_for()


def test_a_group_hears_and_the_robot_only_when_mentioned(page: Any, calls: Api, client: Client, live: Platform) -> None:
    group = live.conversations.group(SALES)
    assert group is not None
    mine = phone(page, "user_li")
    mine.locator(".tabs button", has_text=SALES).click()
    box = mine.locator(".composer input[type=text]")
    box.fill("大家早")
    box.press("Enter")
    mine.locator(".mine .bubble", has_text="大家早").wait_for()
    mine.locator(".at-robot").click()
    box.press_sequentially("@王芳 看看 汇川")
    box.press("Enter")
    body = json.loads(client.wait_for(1)[0]["data"])
    assert (body["text"]["content"], body["atUsers"][1]["staffId"]) == (" 看看 汇川", "user_wang")
    private = {"user_wang": {"cardParamMap": {"text": "13812345678"}}}
    calls.card(
        "g-1", group_space(group["openConversationId"]), {"title": "汇川", "text": "138****5678"}, privateData=private
    )
    other = phone(page, "user_wang")
    other.locator(".tabs button", has_text=SALES).click()
    other.locator(".speaker", has_text="李雷").first.wait_for()
    other.locator(".card-text", has_text="13812345678").wait_for()
    mine.locator(".card-text", has_text="138****5678").wait_for()


def test_hostile_words_stay_words(page: Any, calls: Api) -> None:
    bad = "<img src=x onerror=window.hacked=1> [点我](javascript:window.hacked=1) **粗**"
    calls.to_people(["user_li"], "sampleMarkdown", title="x", text=bad)
    calls.to_people(["user_li"], content=bad)
    phone(page, "user_li").locator(".markdown strong", has_text="粗").wait_for()
    assert phone(page, "user_li").locator(".theirs .bubble img, .theirs a[href^=javascript]").count() == 0
    assert page.evaluate("window.hacked") is None


def test_on_a_small_screen_one_phone_is_shown_and_the_sibling_is_one_tap_away(page: Any, calls: Api) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".phone").nth(1).wait_for(state="detached")
    assert page.locator(".platforms a", has_text="企业微信").get_attribute("href") == SIBLING[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".platforms b").text_content() == "钉钉"


def test_reading_is_noticed(page: Any, calls: Api, live: Platform) -> None:
    read = threading.Event()
    live.feed.bump()
    key = calls.to_people(["user_li"])["processQueryKey"]
    phone(page, "user_li").locator(".theirs .bubble", has_text="你好").wait_for()
    version = live.feed.version
    for _ in range(50):
        if all(item["read"] for item in live.phones.of_message(key)):
            read.set()
            break
        version = live.feed.wait(version, 0.2)
    assert read.is_set()
