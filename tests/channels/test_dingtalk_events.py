"""What each push of DingTalk becomes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.dingtalk.bodies import Malformed, read_object
from bot.channels.dingtalk.events import message_of
from bot.channels.dingtalk.subscription import Report, events_of, pushed
from bot.channels.dingtalk.taps import Clicks, tap_of
from bot.event import Event, EventKind

from .dingtalk_pushes import CLIENT, CORP, GROUP, NOW, STAMP, WEBHOOK, Mirror, a_message, a_press, channel, in_group

ROBOT = channel().robot


def said(**changes: Any) -> Event:
    return message_of(a_message(**changes), ROBOT, NOW)


def said_in_group(**changes: Any) -> Event:
    return message_of(in_group(**changes), ROBOT, NOW)


def test_a_text_brings_who_what_when_and_the_right_to_answer() -> None:
    event = said()
    assert (event.channel, event.kind, event.text) == ("dingtalk", EventKind.TEXT, "领取 L1")
    assert (event.user_id, event.display_id, event.fields["nick"]) == ("user_Li", "user_Li", "李雷")
    assert event.at == NOW - timedelta(milliseconds=877)
    assert event.key == f"{CLIENT}:msgDEMO0001=="
    until = event.at + timedelta(minutes=90)
    assert event.reply_to == {"session": Mirror().close(WEBHOOK), "until": until.isoformat()}
    assert event.group == ""
    assert Event.from_json(event.as_json()) == event


def test_a_message_has_one_key_however_often_and_by_whichever_way_it_comes() -> None:
    first = said(robotCode=None, sessionWebhook=None)
    assert first.key == said().key == said_in_group().key
    assert said(msgId="msgDEMO0002==").key != first.key
    long = said(msgId="m" * 200)
    assert len(long.key) == 64
    assert long.key == said(msgId="m" * 200, text={"content": "changed"}).key
    nameless = said(msgId=None)
    assert len(nameless.key) <= 80 + len(CLIENT)
    assert nameless.key == said(msgId=None).key != said(msgId=None, text={"content": "x"}).key


def test_every_key_fits_its_column() -> None:
    scene = channel(robot_code="r" * 70).robot
    for number in (None, "1", "m" * 30):
        assert len(message_of(a_message(msgId=number, robotCode=None), scene, NOW).key) <= 80
    report = Report("user_leave_org", "e" * 90, CORP, None, {"userId": ["u" * 64]})
    assert all(len(event.key) <= 80 for event in events_of(report, ROBOT, NOW))


def test_in_a_group_the_answer_goes_there_and_the_mentioned_are_known() -> None:
    event = said_in_group()
    assert (event.text, event.group) == ("分配 华东机电", GROUP)
    assert event.fields["at_users"] == [{"user_id": "user_wang"}]
    assert event.fields["is_in_at_list"] is True
    assert event.fields["group_name"] == "华东销售群"
    assert set(event.reply_to) == {"group", "session", "until"}
    with pytest.raises(Malformed):
        said_in_group(conversationId=None)


def test_times_are_taken_as_numbers_and_as_texts_and_never_from_the_far_future() -> None:
    assert said(createAt=STAMP).at == said(createAt=int(STAMP)).at == NOW
    for nonsense in (None, "", "soon", -5, 0, "²", int(STAMP) * 1000, 10**30):
        assert said(createAt=nonsense).at == NOW
    until = datetime.fromisoformat(said(sessionWebhookExpiredTime="x", createAt=STAMP).reply_to["until"])
    assert until == NOW + timedelta(minutes=90)


@pytest.mark.parametrize(
    "webhook",
    [
        None,
        "",
        "https://oapi.dingtalk.com/robot/send?access_token=x",
        "https://oapi.dingtalk.com/robot/sendBySession",
        "https://oapi.dingtalk.com/robot/sendBySession?session=a b",
        "https://oapi.dingtalk.com/robot/sendBySession?session=a\nHost: x",
        "ftp://oapi.dingtalk.com/robot/sendBySession?session=a",
        "file:///etc/passwd",
    ],
)
def test_a_webhook_that_is_none_gives_no_right_to_answer(webhook: str | None) -> None:
    assert said(sessionWebhook=webhook).reply_to == {}


@pytest.mark.parametrize(
    "webhook",
    [
        "http://127.0.0.1:6379/robot/sendBySession?session=a1",
        "https://oapi.dingtalk.com.evil.example/robot/sendBySession?session=a1",
        "https://oapi.dingtalk.com@evil.example/x/robot/sendBySession?session=a1",
    ],
)
def test_a_session_is_answered_at_the_address_the_operator_set_whatever_a_push_says(webhook: str) -> None:
    answered_at = Mirror().open(said(sessionWebhook=webhook).reply_to["session"])
    assert answered_at == "https://oapi.dingtalk.com/robot/sendBySession?session=a1"


def test_the_secret_of_a_session_stands_nowhere_in_the_event() -> None:
    assert "sendBySession" not in json.dumps(said_in_group().as_json())


def test_somebody_without_a_staff_id_is_a_stranger_who_can_be_answered() -> None:
    for stranger in (said(senderStaffId=None), said(senderStaffId=""), said(senderCorpId="dinganothercorp")):
        assert stranger.user_id.startswith("$:")
        assert len(stranger.user_id) <= 64
        assert stranger.display_id == ""
        assert stranger.kind is EventKind.TEXT
        assert "session" in stranger.reply_to
    assert said(senderStaffId="").user_id == said(senderStaffId=None).user_id
    assert said(senderStaffId="", senderId="$:LWCP_v1:$other").user_id != said(senderStaffId="").user_id
    with pytest.raises(Malformed):
        said(senderStaffId="$:LWCP_v1:$userLi")
    with pytest.raises(Malformed):
        said(senderStaffId="x" * 65)
    with pytest.raises(Malformed):
        said(senderStaffId=None, senderId=None, conversationId=None)


def test_what_was_spoken_is_its_transcript() -> None:
    event = said(
        msgtype="audio",
        text=None,
        content={"duration": 4000, "downloadCode": "dc1", "recognition": " 跟进 华东机电 电话聊了需求 "},
    )
    assert (event.kind, event.text) == (EventKind.VOICE, "跟进 华东机电 电话聊了需求")
    assert (event.fields["download_code"], event.fields["duration"]) == ("dc1", "4000")
    assert said(msgtype="audio", text=None, content={"downloadCode": "dc1"}).text == ""


def test_files_and_pictures_keep_what_fetches_them() -> None:
    picture = said(msgtype="picture", text=None, content={"downloadCode": "d1", "pictureDownloadCode": "p1"})
    assert (picture.kind, picture.fields["download_code"]) == (EventKind.IMAGE, "d1")
    video = said(msgtype="video", text=None, content={"duration": "5", "videoType": "mp4", "downloadCode": "d2"})
    assert (video.kind, video.fields["format"], video.fields["duration"]) == (EventKind.VIDEO, "mp4", "5")
    file = said(msgtype="file", text=None, content={"downloadCode": "d3", "fileName": "合同.pdf", "fileId": "f"})
    assert (file.kind, file.fields["file_name"], file.fields["file_id"]) == (EventKind.FILE, "合同.pdf", "f")
    assert said(msgtype="file", text=None, content=json.dumps({"fileName": "a"})).fields["file_name"] == "a"


def test_rich_text_is_its_words_without_the_mention_that_called_us() -> None:
    parts = [
        {"text": "@聊单 "},
        {"text": "新线索 华东机电"},
        {"type": "picture", "downloadCode": "d1"},
        {"text": "\n备注"},
    ]
    event = said_in_group(msgtype="richText", text=None, content={"richText": parts})
    assert (event.kind, event.text) == (EventKind.TEXT, "新线索 华东机电\n备注")
    assert event.fields["pictures"] == ["d1"]
    alone = said(msgtype="richText", text=None, content={"richText": parts[:2]})
    assert alone.text == "@聊单 新线索 华东机电"
    pictures = said(msgtype="richText", text=None, content={"richText": parts[2:3]})
    assert (pictures.kind, pictures.fields["download_code"]) == (EventKind.IMAGE, "d1")
    for strange in (None, [], "x", [None, 3, {"text": None}]):
        assert said(msgtype="richText", text=None, content={"richText": strange}).text == ""


def test_kinds_nobody_knows_are_kept_for_an_honest_answer() -> None:
    event = said(msgtype="unknownMsgType", text=None, content={"unknownMsgType": "暂不支持"})
    assert (event.kind, event.fields["notice"]) == (EventKind.UNREADABLE, "暂不支持")
    assert said(msgtype="hologram", text=None).kind is EventKind.UNREADABLE
    assert said(msgtype=None, text=None).kind is EventKind.UNREADABLE


@pytest.mark.parametrize("names", [("errCode", "errMsg"), ("errorCode", "errorMessage")])
def test_a_message_withheld_for_the_months_quota_is_no_empty_text(names: tuple[str, str]) -> None:
    event = said(text=None, **{names[0]: 20001, names[1]: "受调用量超量影响"})
    assert (event.kind, event.text) == (EventKind.UNREADABLE, "")
    assert (event.fields["code"], event.fields["notice"]) == ("20001", "受调用量超量影响")


def test_an_answer_says_what_it_answers() -> None:
    quote = {"isReplyMsg": True, "content": "完成", "repliedMsg": {"msgId": "m0", "content": {"text": "跟进提醒"}}}
    event = said(text=quote, originalMsgId="m0", originalProcessQueryKey="pqk1")
    assert event.fields["quote"] == {"message": "m0", "ours": "pqk1", "text": "跟进提醒"}
    older = said(quoteMessage={"msgId": "m1", "text": {"text": "旧的"}})
    assert older.fields["quote"] == {"message": "m1", "ours": "", "text": "旧的"}
    assert said(originalProcessQueryKey="pqk1").fields["quote"]["ours"] == "pqk1"
    assert "quote" not in said().fields


# ── presses ──


def pressed(body: dict[str, Any], clicks: Clicks | None = None, after: float = 0) -> Event:
    return tap_of(body, ROBOT, clicks or Clicks(), NOW + timedelta(seconds=after))


def test_a_press_brings_action_values_and_the_card() -> None:
    tap = pressed(a_press())
    assert (tap.kind, tap.action, tap.values) == (EventKind.TAP, "lead.claim", {"lead": "12"})
    assert (tap.card, tap.response_code, tap.user_id) == ("o7-6789abcd", "o7-6789abcd", "user_Li")
    assert (tap.reply_to, tap.text) == ({}, "")
    assert Event.from_json(tap.as_json()) == tap


@pytest.mark.parametrize("space", [GROUP, f"dtv1.card//IM_GROUP.{GROUP}"])
def test_a_press_in_a_group_is_answered_there(space: str) -> None:
    assert pressed(a_press(spaceType="IM_GROUP", spaceId=space)).group == GROUP
    assert pressed(a_press(spaceType=None, spaceId=None)).group == ""


@pytest.mark.parametrize("place", ["content", "value"])
@pytest.mark.parametrize("shape", [json.dumps, lambda inner: inner], ids=["text", "object"])
@pytest.mark.parametrize("wrap", [lambda inner: {"cardPrivateData": inner}, lambda inner: inner], ids=["deep", "flat"])
def test_a_press_is_found_wherever_its_age_puts_it(place: str, shape: Any, wrap: Any) -> None:
    inner = {"actionIds": ["b"], "params": {"key": "today.plan"}}
    body = a_press(**{"content": None, place: shape(wrap(inner))})
    assert pressed(body).action == "today.plan"


def test_what_a_form_was_filled_with_is_chosen() -> None:
    filled = {
        "stage": {"index": 0, "value": "won"},
        "tags": {"index": [0, 2], "value": ["t1", "t3"]},
        "note": "对方要看样品",
        "sure": True,
        "boxes": [1, 3],
        "count": 2,
        "empty": "",
        "odd": None,
    }
    expected = {
        "stage": ["won"],
        "tags": ["t1", "t3"],
        "note": ["对方要看样品"],
        "sure": ["true"],
        "boxes": ["1", "3"],
        "count": ["2"],
    }
    key = "deal.move?deal=4"
    assert pressed(a_press({"key": key, "form": filled, "current_form": {"fields": []}})).selected == expected
    assert pressed(a_press({"key": key, "form": json.dumps(filled)})).selected == expected
    assert pressed(a_press({"key": key, **filled})).selected == expected


def test_a_card_that_is_not_ours_is_kept_and_does_nothing() -> None:
    for params in ({}, {"action": "done"}, {"key": 3}, {"key": "删除 全部"}, {"key": "x?a=%ff"}):
        event = pressed(a_press(params))
        assert (event.kind, event.action, event.fields["card"]) == (EventKind.OTHER, "", "o7-6789abcd")


@pytest.mark.parametrize(
    "changes",
    [
        {"outTrackId": None},
        {"userId": None},
        {"userId": "u" * 65},
        {"userIdType": 2},
        {"corpId": "another"},
        {"content": "{"},
        {"content": [1]},
        {"userId": ["a"]},
    ],
)
def test_a_press_without_card_or_person_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        pressed(a_press(**changes))


def test_what_repeats_a_click_is_the_same_click() -> None:
    clicks = Clicks()
    keys = [pressed(a_press(), clicks, after).key for after in (0.0, 0.3, 2.4, 4.9)]
    assert len(set(keys)) == 1
    assert len(keys[0]) <= 80


def test_a_later_click_is_its_own() -> None:
    clicks = Clicks()
    keys = [pressed(a_press(), clicks, after).key for after in (0, 5, 10.5, 16, 3600)]
    assert len(set(keys)) == 5


def test_a_click_after_another_on_the_same_card_is_its_own() -> None:
    clicks = Clicks()
    done, undo = a_press({"key": "plan.done?plan=1"}), a_press({"key": "undo"})
    keys = [pressed(body, clicks, after).key for after, body in enumerate((done, undo, done, undo))]
    assert len(set(keys)) == 4


def test_different_people_buttons_cards_and_answers_are_different_clicks() -> None:
    clicks = Clicks()
    presses = [
        a_press(),
        a_press(userId="user_Wang"),
        a_press(outTrackId="o8-6789abcd"),
        a_press({"key": "lead.claim?lead=13"}),
        a_press({"key": "lead.claim?lead=13", "note": "x"}),
    ]
    assert len({pressed(press, clicks).key for press in presses}) == len(presses)


def test_two_processes_agree_on_a_click_within_their_step() -> None:
    assert pressed(a_press()).key == pressed(a_press(), after=1).key


def test_clicks_are_forgotten_before_they_fill_the_memory() -> None:
    clicks = Clicks()
    for number in range(10_000):
        clicks.key(str(number), "press", NOW)
    assert len(clicks._last) == 4096


# ── reports ──

INNER = {"timeStamp": STAMP, "userId": ["user_New", "user_Old"]}
SHAPES = {
    "pushed": pushed({"EventType": "user_leave_org", "CorpId": CORP, "eventId": "e1", **INNER}),
    "legacy": pushed({"EventType": "user_leave_org", "TimeStamp": STAMP, "UserId": INNER["userId"], "CorpId": CORP}),
    "stream": Report("user_leave_org", "e1", CORP, STAMP, INNER),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_whoever_leaves_is_one_event_each_in_every_shape(shape: str) -> None:
    events = events_of(SHAPES[shape], ROBOT, NOW + timedelta(minutes=1))
    assert [(e.kind, e.fields["change_type"], e.fields["user_id"]) for e in events] == [
        (EventKind.DIRECTORY, "delete_user", "user_New"),
        (EventKind.DIRECTORY, "delete_user", "user_Old"),
    ]
    assert {event.user_id for event in events} == {""}
    assert {event.at for event in events} == {NOW}
    assert len({event.key for event in events}) == 2
    assert [e.key for e in events] == [e.key for e in events_of(SHAPES[shape], ROBOT, NOW)]


@pytest.mark.parametrize(
    ("name", "inner", "change", "told"),
    [
        ("user_add_org", {"userId": ["u1"]}, "create_user", {"user_id": "u1"}),
        ("user_modify_org", {"USERID": "u1", "diffInfo": {"prev": 1}}, "update_user", {"diff_info": {"prev": 1}}),
        ("user_active_org", {"userid": ["u1", "u1"]}, "update_user", {"user_id": "u1"}),
        ("USER_LEAVE_ORG", {"userId": ["u1"]}, "delete_user", {"user_id": "u1"}),
        ("org_dept_create", {"deptId": [7]}, "create_party", {"id": "7"}),
        ("org_dept_modify", {"deptId": ["7"]}, "update_party", {"id": "7"}),
        ("org_dept_remove", {"deptId": 7}, "delete_party", {"id": "7"}),
    ],
)
def test_the_directory_speaks_as_wecoms_does(name: str, inner: dict[str, Any], change: str, told: Any) -> None:
    (event,) = events_of(Report(name, "e1", CORP, STAMP, inner), ROBOT, NOW)
    assert event.kind is EventKind.DIRECTORY
    assert event.fields["change_type"] == change
    assert told.items() <= event.fields.items()


def test_a_report_that_names_nobody_is_no_event() -> None:
    for inner in ({}, {"userId": []}, {"userId": None}, {"userId": ["", None, {}, "$:LWCP_v1:$x", "u" * 65]}):
        assert events_of(Report("user_leave_org", "e1", CORP, STAMP, inner), ROBOT, NOW) == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bpms_task_change", "finish"), ("bpms_instance_change", "finish"), ("bpms_instance_change", "terminate")],
)
def test_what_was_done_to_an_approval_says_which_one_and_nothing_of_how_it_stands(name: str, kind: str) -> None:
    inner = {"ProcessInstanceId": "p1", "processCode": "PROC-1", "type": kind, "result": "agree", "staffId": "user_Li"}
    (event,) = events_of(Report(name, "e1", CORP, STAMP, inner), ROBOT, NOW)
    assert (event.kind, event.user_id) == (EventKind.APPROVAL, "")
    assert event.fields == {"number": "p1", "template": "PROC-1"}


@pytest.mark.parametrize(("name", "kind"), [("bpms_task_change", "start"), ("bpms_instance_change", "start")])
def test_an_approval_that_somebody_is_only_asked_about_costs_no_look(name: str, kind: str) -> None:
    inner = {"processInstanceId": "p1", "processCode": "PROC-1", "type": kind}
    assert events_of(Report(name, "e1", CORP, STAMP, inner), ROBOT, NOW) == ()


def test_other_reports_are_kept_as_they_are() -> None:
    inner = {"calendarEventId": "c1", "changeType": "created"}
    (event,) = events_of(Report("calendar_event_change", "e1", CORP, STAMP, inner), ROBOT, NOW)
    assert (event.kind, event.fields) == (EventKind.OTHER, {"event": "calendar_event_change", **inner})
    wrapped = pushed({"corp_id": CORP, "biz_id": "b1", "biz_type": 107, "biz_data": json.dumps({"syncAction": "x"})})
    (event,) = events_of(wrapped, ROBOT, NOW)
    assert (event.kind, event.fields) == (EventKind.OTHER, {"event": "biz_107", "syncAction": "x"})


def test_reports_that_differ_have_different_keys_whatever_they_are_numbered_by() -> None:
    one = {"EventType": "user_leave_org", "CorpId": CORP, "BizId": STAMP, "userId": ["u1"]}
    others = [
        {**one, "userId": ["u2"]},
        {**one, "EventType": "user_add_org"},
        {**one, "BizId": "2"},
        {**one, "BizId": None, "TimeStamp": STAMP},
        {**one, "BizId": None, "TimeStamp": "1"},
    ]
    keys = [event.key for report in (one, *others) for event in events_of(pushed(report), ROBOT, NOW)]
    assert len(set(keys)) == 6
    again = {"corpid": CORP, "EVENTTYPE": "user_leave_org", "bizid": STAMP, "userId": ["u1"]}
    assert events_of(pushed(again), ROBOT, NOW)[0].key == keys[0]


def test_a_report_that_says_a_thing_twice_or_nothing_is_malformed() -> None:
    for body in ({}, {"EventType": ""}, {"EventType": "user_add_org", "eventtype": "user_leave_org"}):
        with pytest.raises(Malformed):
            pushed(body)
    with pytest.raises(Malformed):
        events_of(Report("user_leave_org", "e", CORP, STAMP, {"userId": ["a"], "UserId": ["b"]}), ROBOT, NOW)
    with pytest.raises(Malformed):
        events_of(Report("user_leave_org", "e", "another", STAMP, INNER), ROBOT, NOW)


def test_json_is_read_without_trust() -> None:
    assert read_object('{"a":"\\ud83d\\ude00\\u0000\\ud800"}') == {"a": "😀��"}
    for odd in ("", "[]", "1", "{", '{"a":NaN}', '{"a":1e999}', "[" * 100_000):
        with pytest.raises(Malformed):
            read_object(odd)


def test_instants_are_utc() -> None:
    assert said().at.tzinfo is UTC
