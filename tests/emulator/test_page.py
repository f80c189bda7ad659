"""The chat page in a real browser: type, see a card, press it, watch it grey, move the clock."""

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from emulator.server import Server, serve
from emulator.wecom import Platform

from .conftest import AGENT, Api, Service, button_card

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.ui, pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")]
BAD_WORDS = '第一行\n<img src=x onerror=window.hacked=1> <a href="javascript:window.hacked=1">点我</a>'


@pytest.fixture
def shown(live: Platform) -> Iterator[Server]:
    made = serve(live, "127.0.0.1", 0)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(shown: Server, browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(8000)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.goto(shown.url)
    yield opened
    opened.close()
    assert errors == []


def answer_with_a_card(api: Api, service: Service) -> None:
    """Answer words with a card, and a press on it by greying the button."""

    def later(event: dict[str, Any]) -> None:
        if event["MsgType"] == "text":
            api.send("template_card", button_card(f"t-{event['MsgId']}"))
            return
        body = {"userids": ["xiaoli"], "agentid": AGENT, "response_code": event["ResponseCode"]}
        api.post("message/update_template_card", {**body, "button": {"replace_name": "已确认"}})

    def act(request: dict[str, Any]) -> tuple[int, bytes]:
        thread = threading.Thread(target=later, args=(request["event"],))
        workers.append(thread)
        thread.start()
        return 200, b""

    workers: list[threading.Thread] = []
    service.answer = act


def test_a_member_talks_presses_and_the_clock_moves(page: Any, calls: Api, service: Service) -> None:
    answer_with_a_card(calls, service)
    phone = page.locator('.phone[data-userid="xiaoli"]')
    phone.wait_for()
    assert page.locator(".phone").count() == 3
    phone.locator(".composer input[type=text]").fill("今天")
    phone.locator(".composer input[type=text]").press("Enter")
    phone.locator(".mine .bubble", has_text="今天").wait_for()
    phone.locator(".card h3", has_text="确认录入？").wait_for()
    phone.locator(".card select").select_option("quote")
    phone.locator(".card button[data-key=ok]").click()
    phone.locator(".card-done", has_text="已确认").wait_for()
    assert phone.locator(".card-button").count() == 0
    event = service.requests[-1]["event"]
    assert event["SelectedItems"]["SelectedItem"]["OptionIds"]["OptionId"] == "quote"
    assert page.locator(".clock-hm").text_content() == "09:00"
    page.get_by_role("button", name="次日 08:30").click()
    page.locator(".clock-hm", has_text="08:30").wait_for()
    assert "11月24日 星期二" in page.locator(".clock-date").text_content()


def test_a_tapped_phrase_is_said_and_hostile_words_stay_words(page: Any, calls: Api, service: Service) -> None:
    phone = page.locator('.phone[data-userid="xiaoli"]')
    phone.locator(".hint", has_text="公海").click()
    phone.locator(".mine .bubble", has_text="公海").wait_for()
    calls.send("text", {"content": BAD_WORDS})
    calls.send(
        "markdown", {"content": "# 标题\n**粗** [看](javascript:window.hacked=1) <script>window.hacked=1</script>"}
    )
    phone.locator(".markdown strong", has_text="粗").wait_for()
    assert phone.locator(".theirs .bubble img, .theirs script").count() == 0
    assert phone.locator(".theirs a[href^=javascript]").count() == 0
    assert page.evaluate("window.hacked") is None


def test_failures_are_switched_on_and_traffic_is_shown(page: Any, calls: Api, service: Service, live: Platform) -> None:
    page.get_by_role("button", name="故障").click()
    page.locator(".fault", has_text="drop").locator("input").first.wait_for()
    page.locator(".fault", has=page.locator("code", has_text="busy")).locator("input").click()
    page.locator(".openers .count", has_text="1").wait_for()
    assert live.faults.active()[0]["name"] == "busy"
    page.locator(".drawer.open .drawer-close").click()
    service.answer = lambda _: (503, b"")
    calls.control("say", {"userid": "xiaoli", "text": "在吗"})
    page.locator(".phone[data-userid=xiaoli] .note", has_text="回调失败 503").wait_for()
    page.get_by_role("button", name="原始流量").click()
    page.locator(".entry.delivery em.bad").first.wait_for()
    assert "在吗" in "".join(page.locator(".entry.delivery pre").all_text_contents())
