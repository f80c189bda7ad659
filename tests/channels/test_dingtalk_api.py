"""The request policy for both of DingTalk's APIs: what goes over the wire, and what becomes of every failure."""

import gc
import json
import logging
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.channels.dingtalk import api as policy
from bot.channels.dingtalk import failures
from bot.channels.dingtalk.client import DingTalkClient
from bot.channels.dingtalk.pace import BURST, RATE, Pace
from core.errors import DeliveryFailed

from .conftest import Shared, Stub
from .dingtalk_clients import ARRIVED, CLIENT, HELLO, HOOK, SECRET, TO_PEOPLE, a_client, failing, session

PAGE = (200, {"Content-Type": "text/html"}, b"<html>blocked</html>")
V1 = "Forbidden.AccessDenied."


@pytest.fixture
def client(stub: Stub, shared: Shared) -> Iterator[DingTalkClient]:
    stub.answers(TO_PEOPLE, ARRIVED)
    with a_client(stub, shared) as client:
        yield client


def sending(client: DingTalkClient) -> DeliveryFailed:
    return failing(lambda: client.send("user_li", HELLO, card_id="o1-a", again=False))


def refusal(code: str, status: int = 400, **more: object) -> tuple[int, dict[str, str], bytes]:
    body = {"code": code, "message": "所有文字都不该出现在我们的话里", "requestid": "req-7", **more}
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def test_the_newer_api_gets_raw_utf8_and_its_token_in_a_header(client: DingTalkClient, stub: Stub) -> None:
    client.send("user_li", HELLO, card_id="o1-a", again=False)
    token, sent = stub.calls
    assert (token.raw, sent.raw) == ("/v1.0/oauth2/accessToken", f"/v1.0/{TO_PEOPLE}")
    assert json.loads(token.body) == {"appKey": CLIENT, "appSecret": SECRET}
    assert sent.headers["x-acs-dingtalk-access-token"] == "token-1-of-the-stub"
    assert sent.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "客户😀".encode() in sent.body


def test_the_older_api_takes_the_same_token_in_its_query(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("topapi/v2/user/get", {"errcode": 0, "result": {"userid": "user_li"}})
    answer = client.api.oapi.post("/topapi/v2/user/get", {"userid": "user_li"})
    client.send("user_li", HELLO, card_id="o1-a", again=False)
    token, asked, _ = stub.calls
    assert answer["result"] == {"userid": "user_li"}
    assert (token.api, asked.query) == ("oauth2/accessToken", {"access_token": "token-1-of-the-stub"})
    assert json.loads(asked.body) == {"userid": "user_li"}
    stub.answers("get_jsapi_ticket", {"errcode": 0, "ticket": "t"})
    assert client.api.oapi.get("/get_jsapi_ticket")["ticket"] == "t"


def test_the_token_is_shared_and_ends_five_minutes_early(client: DingTalkClient, stub: Stub, shared: Shared) -> None:
    for number in range(2):
        client.send("user_li", HELLO, card_id=f"o{number}-a", again=False)
    assert stub.counted()["oauth2/accessToken"] == 1
    assert list(shared.lives.values()) == [timedelta(seconds=6900)]
    assert SECRET[:6] not in next(iter(shared.kept))


@pytest.mark.parametrize("answer", [refusal("InvalidAuthentication"), (401, {}, b"")])
def test_a_token_that_has_ended_is_renewed_once(client: DingTalkClient, stub: Stub, answer: object) -> None:
    stub.answers(TO_PEOPLE, answer, ARRIVED)
    assert client.send("user_li", HELLO, card_id="o1-a", again=False).platform_id == "pqk-1"
    assert stub.counted() == {"oauth2/accessToken": 2, TO_PEOPLE: 2}
    assert stub.calls[-1].headers["x-acs-dingtalk-access-token"] == "token-2-of-the-stub"


@pytest.mark.parametrize(
    "answer",
    [
        {"errcode": 40014, "errmsg": "x"},
        {"errcode": 42001, "errmsg": "x"},
        {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "errmsg": "ding talk error"},
    ],
)
def test_the_older_apis_ways_of_saying_so_are_understood(client: DingTalkClient, stub: Stub, answer: object) -> None:
    stub.answers("topapi/v2/user/get", answer, {"errcode": 0, "result": {}})
    client.api.oapi.post("/topapi/v2/user/get", {"userid": "user_li"})
    assert stub.counted() == {"oauth2/accessToken": 2, "topapi/v2/user/get": 2}


@pytest.mark.parametrize("old", [False, True])
def test_a_token_that_is_always_refused_is_an_error_after_one_renewal(
    client: DingTalkClient, stub: Stub, old: bool
) -> None:
    stub.answers(TO_PEOPLE, refusal("InvalidAuthentication"))
    stub.answers("topapi/v2/user/get", {"errcode": 88, "sub_code": "40014"})
    failure = failing(lambda: client.api.oapi.post("/topapi/v2/user/get", {})) if old else sending(client)
    assert (failure.temporary, failure.unknown) == (True, False)
    assert failure.code in ("InvalidAuthentication", 40014)
    assert len(stub.calls) == 4


def test_many_threads_fetch_one_token(client: DingTalkClient, stub: Stub) -> None:
    threads = [threading.Thread(target=client.api.token) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stub.counted() == {"oauth2/accessToken": 1}


def test_a_newer_token_of_another_process_is_used(
    client: DingTalkClient, stub: Stub, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.api.token()
    (name,) = shared.kept
    stub.answers(TO_PEOPLE, refusal("InvalidAuthentication"), ARRIVED)
    monkeypatch.setattr(shared, "drop", lambda name, token: shared.kept.update({name: "newer-of-the-stub"}))
    client.send("user_li", HELLO, card_id="o1-a", again=False)
    assert stub.counted()["oauth2/accessToken"] == 1
    assert shared.kept == {name: "newer-of-the-stub"}


def test_waiting_too_long_for_the_token_is_temporary(client: DingTalkClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.tokens.REFRESH_WAIT", timedelta(milliseconds=20))
    token = client.api._token
    with token._locks.hold(f"{token._name}:refresh", lives=timedelta(seconds=9), wait=timedelta(0)):
        assert sending(client).temporary


def test_a_refused_secret_is_a_setting_to_change_and_not_hammered(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("oauth2/accessToken", refusal("invalidClientIdOrSecret"))
    first, second = sending(client), sending(client)
    assert (first.temporary, first.retry_after, second.code) == (True, failures.MENDING, "invalidClientIdOrSecret")
    assert "Client Secret 不正确" in first.reason
    assert stub.counted() == {"oauth2/accessToken": 1}


@pytest.mark.parametrize("answer", [{"errcode": 0}, {"accessToken": ""}])
def test_a_token_answer_without_a_token_is_tried_later(client: DingTalkClient, stub: Stub, answer: object) -> None:
    stub.answers("oauth2/accessToken", answer)
    assert sending(client).temporary


@pytest.mark.parametrize(
    ("answer", "temporary", "unknown", "seconds"),
    [
        (refusal(f"{V1}QpsLimitForAppkeyAndApi", 403), True, False, 1),
        (refusal(f"{V1}QpmLimitForAppkeyAndApi", 403), True, False, 60),
        (refusal(f"{V1}QpsLimitForApi", 403), True, False, 4),
        (refusal("send.too.fast"), True, False, 5),
        (refusal("system.busy", 500), True, False, None),
        (refusal("system.error", 500), True, True, None),
        (refusal("ServiceUnavailable.Whatever", 503), True, False, None),
        (refusal("ServiceTimeout", 504), True, True, None),
        ((504, {}, b""), True, True, None),
        ((500, {}, b"<html>"), True, True, None),
        (refusal(f"{V1}AccessTokenPermissionDenied", 403), True, False, 300),
        (refusal(f"{V1}IpNotInWhiteList", 403), True, False, 300),
        (refusal(f"{V1}SomethingNew", 403), True, False, 300),
        (refusal("invalidParameter.robotCode.auth"), True, False, 300),
        (refusal("resource.not.found"), True, False, 300),
        ((404, {}, b""), True, False, 300),
        (refusal("invalidParameter.msgParam.tooLong"), False, False, None),
        (refusal("miss.param.title"), False, False, None),
        (refusal("staffId.notExisted"), False, False, None),
        (refusal("contain.notAllowed.text"), False, False, None),
        (refusal("neverHeardOf"), False, False, None),
    ],
)
def test_what_a_code_means_decides_whether_it_is_tried_again(
    client: DingTalkClient, stub: Stub, answer: object, temporary: bool, unknown: bool, seconds: int | None
) -> None:
    stub.answers(TO_PEOPLE, answer)
    failure = sending(client)
    pause = timedelta(seconds=seconds) if seconds else None
    assert (failure.temporary, failure.unknown, failure.retry_after) == (temporary, unknown, pause)
    assert "所有文字" not in failure.reason


@pytest.mark.parametrize(
    ("code", "temporary"), [(-1, True), (15, True), (90018, True), (60011, True), (60121, False), (50002, False)]
)
def test_the_older_apis_codes_are_judged_alike(client: DingTalkClient, stub: Stub, code: int, temporary: bool) -> None:
    stub.answers("topapi/v2/user/get", {"errcode": code, "errmsg": "x", "request_id": "req-8"})
    failure = failing(lambda: client.api.oapi.post("/topapi/v2/user/get", {}))
    assert (failure.code, failure.temporary) == (code, temporary)
    assert "req-8" in failure.reason


def test_what_is_missing_is_named_to_the_operator(client: DingTalkClient, stub: Stub) -> None:
    detail = {"requiredScopes": ["Card.Instance.Write", "<script>"]}
    stub.answers(TO_PEOPLE, refusal(f"{V1}AccessTokenPermissionDenied", 403, AccessDeniedDetail=detail))
    assert "权限 Card.Instance.Write，请求 req-7" in sending(client).reason
    body = {"errcode": 60020, "errmsg": "访问ip不在白名单之中,request ip=203.0.113.9"}
    stub.answers("topapi/v2/user/get", body)
    assert "IP 203.0.113.9" in failing(lambda: client.api.oapi.post("/topapi/v2/user/get", {})).reason


@pytest.mark.parametrize("answer", ["reset", "slow", b'{"processQueryKey": "pq', b"", b"[]", b"null"])
def test_a_lost_answer_to_a_message_is_unknown(client: DingTalkClient, stub: Stub, answer: object) -> None:
    stub.answers(TO_PEOPLE, (200, {}, answer) if isinstance(answer, bytes) else answer)
    failure = sending(client)
    assert (failure.temporary, failure.unknown) == (True, True)


def test_a_lost_answer_to_a_read_is_only_temporary(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("topapi/v2/user/get", "reset")
    failure = failing(lambda: client.api.oapi.post("/topapi/v2/user/get", {}))
    assert (failure.temporary, failure.unknown) == (True, False)


def test_nobody_listening_means_that_nothing_left_us(stub: Stub, shared: Shared) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = f"http://127.0.0.1:{server.getsockname()[1]}"
    with a_client(stub, shared, api_base=nobody) as client:
        shared.kept[client.api._token._name] = "token-1-of-the-stub"
        failure = sending(client)
    assert (failure.temporary, failure.unknown) == (True, False)


@pytest.mark.parametrize("base", ["", "nonsense", "ftp://x", "http://"])
def test_a_wrong_address_is_a_setting_to_change(stub: Stub, shared: Shared, base: str) -> None:
    with a_client(stub, shared, api_base=base) as client:
        failure = sending(client)
    assert (failure.temporary, failure.unknown) == (True, False)


@pytest.mark.parametrize("answer", [PAGE, {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}])
def test_a_blocked_address_pauses_everything_for_five_minutes(
    client: DingTalkClient, stub: Stub, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    stub.answers(TO_PEOPLE, answer)
    first, second = sending(client), sending(client)
    assert (first.code, first.retry_after) == (failures.IP_BLOCKED, timedelta(minutes=5))
    assert second.retry_after is not None
    assert timedelta(minutes=4) < second.retry_after < timedelta(minutes=5), "only what is left of them"
    assert failing(lambda: client.api.oapi.post("/topapi/v2/user/get", {})).code == failures.IP_BLOCKED
    assert stub.counted() == {"oauth2/accessToken": 1, TO_PEOPLE: 1}
    shut = dict(client.api._shut)
    client.api._shut.update({door: (until - 301, known) for door, (until, known) in shut.items()})
    stub.answers(TO_PEOPLE, ARRIVED)
    client.send("user_li", HELLO, card_id="o1-a", again=False)


def test_a_used_up_month_holds_messages_and_lets_free_calls_through(client: DingTalkClient, stub: Stub) -> None:
    stub.answers(TO_PEOPLE, refusal(f"{V1}ApiCountLimitForOrg", 403))
    first, second = sending(client), sending(client)
    assert (first.temporary, second.code) == (True, f"{V1}ApiCountLimitForOrg")
    assert first.retry_after == timedelta(days=4), "the eleven days of January that remain are asked about in between"
    assert "本月" in first.reason
    assert stub.counted()[TO_PEOPLE] == 1
    stub.answers("topapi/v2/user/get", {"errcode": 0})
    client.api.oapi.post("/topapi/v2/user/get", {})
    stub.answers(HOOK, {"errcode": 0})
    client.send("user_li", HELLO, card_id="o1-a", again=False, reply_to=session(stub))


@pytest.mark.parametrize(
    ("at", "hours"), [("2026-01-31 22:00", 2 + 1 / 60), ("2026-12-31 23:59", 2 / 60), ("2026-02-01 00:00", 96)]
)
def test_the_month_ends_in_china(client: DingTalkClient, at: str, hours: float) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=policy.BILLED_IN)
    client.api._now = lambda: moment
    assert client.api._month_ends() == timedelta(hours=hours)


def test_no_api_is_called_more_than_nineteen_times_a_second() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    sent: list[float] = []
    while now[0] < 10:
        wait = pace.delay("robot/x", 5)
        assert wait is not None
        now[0] += wait
        sent.append(now[0])
    busiest = max(sum(1 for other in sent if at <= other < at + 1) for at in sent)
    assert busiest <= RATE + BURST < 20
    assert len(sent) >= 10 * RATE, "and no slower than it may be"
    assert pace.delay("robot/other", 0) == 0, "each API has its own pace"


def test_when_the_platform_says_too_fast_we_slow_down_and_recover() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.delay("robot/x", 0) == 0
    pace.slower("robot/x")
    assert pace.delay("robot/x", 5) == pytest.approx(1.0)
    assert pace.delay("robot/x", 0.01) is None, "who would wait too long takes no place"
    now[0] = 60.0
    assert [pace.delay("robot/x", 0) for _ in range(4)] == [0, 0, 0, 0]
    assert pace.delay("robot/x", 1) == pytest.approx(1 / RATE)


def test_a_too_fast_answer_slows_that_api_down(client: DingTalkClient, stub: Stub) -> None:
    stub.answers(TO_PEOPLE, refusal(f"{V1}QpsLimitForAppkeyAndApi", 403))
    sending(client)
    assert client.api._pace._lanes[TO_PEOPLE].rate < RATE
    client.api._pace._lanes[TO_PEOPLE].tokens = -100
    failure = sending(client)
    assert (failure.temporary, "排队太长" in failure.reason) == (True, True)
    assert stub.counted()[TO_PEOPLE] == 1


def test_no_secret_reaches_a_log(client: DingTalkClient, stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    stub.answers(HOOK, {"errcode": 0})
    with caplog.at_level(logging.DEBUG):
        client.send("user_li", HELLO, card_id="o1-a", again=False)
        client.send("user_li", HELLO, card_id="o2-a", again=False, reply_to=session(stub))
        stub.answers("topapi/v2/user/get", {"errcode": 60121, "errmsg": "x"})
        failing(lambda: client.api.oapi.post("/topapi/v2/user/get", {"userid": "user_li"}))
        stub.answers(TO_PEOPLE, "reset")
        sending(client)
    assert "sendBySession" in caplog.text
    assert not any(secret in caplog.text for secret in (SECRET, "access_token=", "-of-the-stub", "5e55101"))
    assert SECRET not in repr(client) + repr(client.api) + repr(vars(policy.Call("GET", "https://x", "x")))


def test_environment_proxies_are_not_used(stub: Stub, shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    stub.answers(TO_PEOPLE, ARRIVED)
    with a_client(stub, shared) as client:
        client.send("user_li", HELLO, card_id="o1-a", again=False)


def test_connections_are_kept_and_given_back(client: DingTalkClient, stub: Stub) -> None:
    for number in range(8):
        client.send("user_li", HELLO, card_id=f"o{number}-a", again=False)
    client.close()
    gc.collect()
