"""What each callback becomes."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Request
from bot.channels.keys import read_key, write_key
from bot.channels.wecom.callback import WeComCallback
from bot.event import Event, EventKind

from .conftest import CORP, NOW

Seal = Callable[..., Request]
K = EventKind
LIFE = [K.JOINED, K.LEFT, K.ENTERED, K.OTHER, K.OTHER, K.OTHER]
MENU = [K.MENU] + [K.OTHER] * 7
KINDS = [K.TEXT, K.IMAGE, K.VOICE, K.VIDEO, K.LOCATION, K.LINK, *LIFE, *MENU]
KINDS += [K.DIRECTORY] * 7 + [K.OTHER, K.TAP, K.TAP, K.OTHER] + [K.OTHER] * 16
KINDS[43] = K.APPROVAL


@pytest.fixture
def read(callback: WeComCallback, seal: Seal) -> Callable[[str], Event]:
    def event(message: str) -> Event:
        (only,) = callback.read(seal(message)).events
        return only

    return event


def a_message(**nodes: str) -> str:
    told = {"ToUserName": CORP, "FromUserName": "zhangsan", "CreateTime": "1760000000", **nodes}
    return f"<xml>{''.join(f'<{name}>{text}</{name}>' for name, text in told.items())}</xml>"


def test_every_documented_callback_becomes_an_event_of_its_kind(
    read: Callable[[str], Event], samples: list[str]
) -> None:
    events = [read(sample) for sample in samples]
    assert [event.kind for event in events] == KINDS
    assert len({event.key for event in events if len(event.key) > 20}) == sum(len(event.key) > 20 for event in events)
    assert {event.user_id for event in events} == {"zhangsan", ""}
    assert {event.channel for event in events} == {"wecom"}
    assert [Event.from_json(event.as_json()) for event in events] == events


def test_every_sample_survives_the_loss_of_any_node(read: Callable[[str], Event], samples: list[str]) -> None:
    for sample in samples:
        for node in set(re.findall(r"<(\w+)>(?:<!\[CDATA\[.*?\]\]>|[^<]*)</\1>", sample)):
            read(re.sub(rf"<{node}>(?:<!\[CDATA\[.*?\]\]>|[^<]*)</{node}>", "", sample))
            read(re.sub(rf"<{node}>(?:<!\[CDATA\[.*?\]\]>|[^<]*)</{node}>", f"<{node}></{node}>", sample))


def test_media_keep_what_fetches_them(read: Callable[[str], Event], samples: list[str]) -> None:
    image, voice, video, location, link = (read(sample).fields for sample in samples[1:6])
    assert image["media_id"] == "1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0"
    assert (voice["media_id"], voice["format"]) == ("1G6nrLmr5EC3MMb_voice", "amr")
    assert video["thumb_media_id"] == "1G6nrLmr5EC3MMb_thumb"
    assert location == {"latitude": "30.274085", "longitude": "120.155070", "scale": "16", "label": "杭州市西湖区"}
    assert (link["title"], link["url"]) == ("标题", "https://example.com/a?b=1&c=2")
    file = read(a_message(MsgType="file", MediaId="m1", FileName="合同.pdf"))
    assert (file.kind, file.fields) == (K.FILE, {"media_id": "m1", "file_name": "合同.pdf"})


def test_a_pressed_button_brings_action_values_card_and_choices(
    read: Callable[[str], Event], samples: list[str]
) -> None:
    tap = read(samples[28].replace("[confirm]", "[approve?approval_id=42&note=%E5%A5%BD+%26+%E5%BF%AB]"))
    assert (tap.action, tap.values, tap.text) == ("approve", {"approval_id": "42", "note": "好 & 快"}, "")
    assert (tap.card, tap.response_code) == ("deal-42@1760000000", "vxR7PzS5OS2axDF9MdgGaZ1atXhzsSUzfjwwwESILfY")
    assert tap.selected == {"stage": ["won"], "tags": ["t1", "t2"]}
    entry = read(samples[29])
    assert (entry.kind, entry.action, entry.values, entry.card) == (K.TAP, "mute", {}, "deal-42@1760000000")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "?",
        "a b",
        "认领",
        "a?b",
        "a?b=1&b=2",
        "a?b=%FF",
        "a?b=%ED%A0%80",
        "a?b=%00",
        "a?" + "&".join(f"k{n}=1" for n in range(40)),
        "{}",
        "a?x=1&=2&",
        "x" * 65,
    ],
)
def test_a_key_that_is_not_ours_is_a_tap_with_its_raw_text(read: Callable[[str], Event], key: str) -> None:
    escaped = key.replace("&", "&amp;")
    tap = read(a_message(MsgType="event", Event="template_card_event", EventKey=escaped))
    assert (tap.kind, tap.action, tap.values, tap.text) == (K.TAP, "", {}, key)


@pytest.mark.parametrize(
    "items",
    [
        "<SelectedItem><QuestionKey>a</QuestionKey></SelectedItem><SelectedItem><QuestionKey>a</QuestionKey></SelectedItem>",
        "<SelectedItem><QuestionKey><b>a</b></QuestionKey></SelectedItem>",
        "<SelectedItem><QuestionKey>a</QuestionKey><OptionIds><OptionId><b>x</b></OptionId></OptionIds></SelectedItem>",
        "words",
        "</SelectedItems><SelectedItems>",
    ],
)
def test_choices_said_twice_or_in_pieces_are_refused(callback: WeComCallback, seal: Seal, items: str) -> None:
    message = a_message(MsgType="event", Event="template_card_event", EventKey="a", SelectedItems=items)
    assert callback.read(seal(message)).status == 403


def test_menu_words_and_event_names_in_any_case(read: Callable[[str], Event]) -> None:
    menu = read(a_message(MsgType="event", Event="CLICK", EventKey="今天"))
    assert (menu.kind, menu.text) == (K.MENU, "今天")
    assert read(a_message(MsgType="Event", Event="SubScribe")).kind is K.JOINED


def test_the_directory_says_who_changed(read: Callable[[str], Event], samples: list[str]) -> None:
    created, renamed, left = (read(sample) for sample in samples[20:23])
    assert created.fields["change_type"] == "create_user"
    assert created.fields["department"] == ["1", "2"]
    assert created.fields["direct_leader"] == ["zhangsan"]
    assert created.user_id == ""
    shouted = read(samples[21].replace("[lisi", "[LiSi"))
    for event in (renamed, shouted):
        assert (event.fields["user_id"], event.fields["new_user_id"]) == ("lisi", "lisi2")
    assert left.fields == {"change_type": "delete_user", "user_id": "lisi"}


def test_lists_are_lists_even_with_one_entry(read: Callable[[str], Event], samples: list[str]) -> None:
    one, two = (read(samples[index]).fields["SendPicsInfo"]["PicList"] for index in (17, 18))
    assert [pictures["item"] for pictures in one] == [[{"PicMd5Sum": "1b5f7c23b5bf75682a53e7b6d163e185"}]]
    assert [pictures["item"][0]["PicMd5Sum"] for pictures in two] == ["a", "b"]
    approval = read(samples[43].replace("sys_approval_change", "an_unknown_change")).fields["ApprovalInfo"]
    assert [detail["Approver"]["UserId"] for detail in approval["SpRecord"][0]["Details"]] == ["lisi", "wangwu"]
    assert read(samples[39]).fields["MemChangeList"]["Item"] == ["wmA", "zhangsan"]


def test_an_approval_of_the_platform_says_which_one_and_nothing_of_how_it_stands(
    read: Callable[[str], Event], samples: list[str]
) -> None:
    event = read(samples[43])
    assert (event.kind, event.user_id) == (K.APPROVAL, "")
    assert event.fields == {"number": "202510090001", "template": "C4NyFZG4u4aFe5HQzEVCJYSSVrVK8rokifSiPLXHi"}
    longer = samples[43].replace("</SpNo>", "</SpNo><SpNoStr>202510090001234567890</SpNoStr>")
    assert read(longer).fields["number"] == "202510090001234567890"


def test_unknown_kinds_are_kept(read: Callable[[str], Event]) -> None:
    event = read(a_message(MsgType="hologram", Beam="<Strength>3</Strength>", X="1</X><X>2"))
    assert (event.kind, event.user_id) == (K.OTHER, "zhangsan")
    assert event.fields == {"MsgType": "hologram", "Beam": {"Strength": "3"}, "X": ["1", "2"]}
    assert read("<xml><MsgType/></xml>").kind is K.OTHER


def test_ids_are_folded_but_never_merged(read: Callable[[str], Event]) -> None:
    assert read(a_message(FromUserName="ZhangSan", MsgType="text")).user_id == "zhangsan"
    kelvin = read(a_message(FromUserName="\u212aate", MsgType="text"))
    assert kelvin.user_id == "\u212aate"


@pytest.mark.parametrize("said", ["", "soon", "-1", "0", "١٧٦٠٠٠٠٠٠٠", "1_760_000_000", "99999999999", "9" * 30, "1e9"])
def test_a_nonsense_time_is_now(read: Callable[[str], Event], said: str) -> None:
    assert read(a_message(CreateTime=said, MsgType="text")).at == NOW


def test_a_sound_time_is_utc(read: Callable[[str], Event]) -> None:
    at = read(a_message(CreateTime="1409659813", MsgType="text")).at
    assert at == datetime(2014, 9, 2, 12, 10, 13, tzinfo=UTC)


@pytest.mark.parametrize("number", ["", "0", "00", "-5", "abc", "1" * 21, "٣"])
def test_without_a_message_number_the_words_are_the_key(read: Callable[[str], Event], number: str) -> None:
    first = read(a_message(MsgType="text", MsgId=number, Content="甲"))
    again = read(a_message(MsgType="text", MsgId=number, Content="甲"))
    other = read(a_message(MsgType="text", MsgId=number, Content="乙"))
    assert len(first.key) == 64
    assert first.key == again.key != other.key


def test_events_of_one_second_and_sender_stay_apart(read: Callable[[str], Event], samples: list[str]) -> None:
    dice = random.Random(1)
    names = {f"wm{dice.randbytes(15).hex()}" for _ in range(50)}
    changed = [samples[31].replace("wmAJ2GCAAAXtWyujaWJHDDGi0mAAAA", name) for name in names]
    assert len({read(message).key for message in changed}) == 50


@pytest.mark.parametrize(
    ("agent", "sender", "status"),
    [
        ("", "zhangsan", 200),
        ("1000002", "zhangsan", 200),
        ("1000003", "zhangsan", 403),
        ("1000003", "sys", 403),
        ("3010040", "zhangsan", 403),
        ("3010040", "sys", 200),
        ("2000004", "", 200),
        ("x", "sys", 403),
    ],
)
def test_other_apps_are_refused_and_system_apps_never_speak_as_a_person(
    callback: WeComCallback, seal: Seal, agent: str, sender: str, status: int
) -> None:
    message = a_message(FromUserName=sender, MsgType="event", Event="sys_approval_change", AgentID=agent)
    assert callback.read(seal(message)).status == status


safe = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)


@settings(deadline=None)
@given(
    action=st.from_regex(r"[a-z][a-z_]{0,20}", fullmatch=True),
    values=st.dictionaries(safe.filter(bool), safe, max_size=5),
)
def test_what_a_button_carries_comes_back(action: str, values: dict[str, str]) -> None:
    key = write_key(action, values)
    assert len(key) <= 1024
    assert read_key(key) == (action, values)


@pytest.mark.parametrize(("action", "values"), [("", {}), ("a b", {}), ("a", {"k": "x" * 1100}), ("a", {"k": "\x00"})])
def test_a_button_that_could_not_come_back_is_not_made(action: str, values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="按钮"):
        write_key(action, values)
