"""WeCom and DingTalk in one process: one clock, one company, two phones each."""

from datetime import timedelta

from emulator import dingtalk, wecom
from emulator.clock import Clock

from .conftest import settings


def test_one_clock_moves_both_platforms(clock: Clock) -> None:
    first = wecom.Platform(settings(siblings=(("钉钉", "http://127.0.0.1:9/"),)), clock=clock)
    people = (dingtalk.Person(userid="xiaoli", name="李晓芸"),)
    given = dingtalk.Settings(corp_id="ding1", client_id="app", client_secret="s", people=people)
    second = dingtalk.Platform(given, clock=first.clock)
    one, other = first.app.test_client(), second.app.test_client()
    version = first.feed.version
    other.post("/__emu/clock", json={"advance_s": 3600})
    assert one.get("/__emu/clock").get_json() == other.get("/__emu/clock").get_json()
    assert first.clock.offset == timedelta(hours=1)
    assert first.feed.version > version
    kinds = [client.get("/__emu/feed").get_json()["app"] for client in (one, other)]
    assert [kind["kind"] for kind in kinds] == ["wecom", "dingtalk"]
    assert kinds[0]["siblings"] == [{"label": "钉钉", "url": "http://127.0.0.1:9/"}]
    for platform in (first, second):
        platform.stop()
