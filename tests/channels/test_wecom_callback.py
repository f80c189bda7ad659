"""The callback edge: what is genuine is read, everything else gets one and the same answer."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from wechatpy.work.crypto import WeChatCrypto

from bot.channels.base import REFUSED, Request
from bot.channels.wecom.callback import LARGEST_BODY, WeComCallback
from bot.channels.wecom.nodes import Malformed, read_nodes
from bot.event import EventKind

from .conftest import AGENT, CORP, KEYS, NOW, OLD_KEYS

Seal = Callable[..., Request]

TEXT = (
    f"<xml><ToUserName>{CORP}</ToUserName><FromUserName><![CDATA[ZhangSan]]></FromUserName>"
    "<CreateTime>1760000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[认领 1]]></Content>"
    "<MsgId>7459035031717794886</MsgId><AgentID>1000002</AgentID></xml>"
)


def refused(callback: WeComCallback, request: Request) -> bool:
    return callback.read(request) is REFUSED


def test_a_message_becomes_one_event(callback: WeComCallback, seal: Seal) -> None:
    reading = callback.read(seal(TEXT))
    assert (reading.status, reading.body) == (200, b"")
    (event,) = reading.events
    assert (event.kind, event.text, event.key) == (EventKind.TEXT, "认领 1", "7459035031717794886")
    assert (event.user_id, event.display_id, event.at) == ("zhangsan", "ZhangSan", NOW)


def test_the_address_check_is_answered_with_the_word_alone(callback: WeComCallback, seal: Seal) -> None:
    posted = seal("1616140317555161061")
    sealed = posted.body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    for echostr in (sealed, sealed.replace("+", " ")):
        reading = callback.read(Request(method="GET", args={**posted.args, "echostr": echostr}, headers={}, body=b""))
        assert (reading.status, reading.body, reading.events) == (200, b"1616140317555161061", ())
    for args in ({}, {"echostr": sealed}, {**posted.args, "echostr": ""}, {**posted.args, "echostr": sealed[:-4]}):
        assert refused(callback, Request(method="GET", args=args, headers={}, body=b""))


def test_both_key_pairs_are_accepted_while_they_are_rotated(callback: WeComCallback, seal: Seal) -> None:
    assert callback.read(seal(TEXT, keys=OLD_KEYS)).events
    assert refused(WeComCallback(CORP, AGENT, [KEYS], lambda: NOW), seal(TEXT, keys=OLD_KEYS))


@pytest.mark.parametrize("seconds", [-601, 601, -86400, 86400])
def test_stale_and_future_packets_are_refused(callback: WeComCallback, seal: Seal, seconds: int) -> None:
    at = int(NOW.timestamp())
    assert refused(callback, seal(TEXT, timestamp=str(at + seconds)))
    assert callback.read(seal(TEXT, timestamp=str(at + (600 if seconds > 0 else -600)))).events
    strict = WeComCallback(CORP, AGENT, [KEYS], lambda: NOW, freshness=timedelta(minutes=5))
    assert refused(strict, seal(TEXT, timestamp=str(at + 301)))


@pytest.mark.parametrize(
    "timestamp",
    [
        "",
        "176000000",
        "17600000000",
        "176000000²",
        "١٧٦٠٠٠٠٠٠٠",
        "+760000000",
        "1760000000 ",
        " 760000000",
        "176000000\n",
    ],
)
def test_a_timestamp_is_ten_plain_digits(callback: WeComCallback, seal: Seal, timestamp: str) -> None:
    assert refused(callback, seal(TEXT, timestamp=timestamp))


@pytest.mark.parametrize("nonce", ["", "n" * 65])
def test_a_nonce_has_1_to_64_characters(callback: WeComCallback, seal: Seal, nonce: str) -> None:
    assert refused(callback, seal(TEXT, nonce=nonce))


def test_a_replay_under_shifted_borders_is_the_same_event(callback: WeComCallback, seal: Seal) -> None:
    genuine = seal(TEXT.replace("<MsgId>7459035031717794886</MsgId>", ""), nonce="1760000001760000000")
    (event,) = callback.read(genuine).events
    stamp, nonce = genuine.args["timestamp"], genuine.args["nonce"]
    accepted = 0
    joined = "".join(sorted((stamp, nonce)))
    for border in range(len(joined) + 1):
        for pair in ((joined[:border], joined[border:]), (joined[border:], joined[:border])):
            shifted = replace(genuine, args={**genuine.args, "timestamp": pair[0], "nonce": pair[1]})
            reading = callback.read(shifted)
            assert [one.key for one in reading.events] in ([], [event.key])
            accepted += len(reading.events)
    assert accepted >= 1


def test_characters_moved_from_the_ciphertext_to_the_nonce_do_not_open(callback: WeComCallback, seal: Seal) -> None:
    genuine = seal(TEXT, nonce="0")
    sealed = genuine.body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    for moved in range(1, 64):
        args = {**genuine.args, "nonce": genuine.args["nonce"] + sealed[:moved]}
        assert refused(
            callback, replace(genuine, args=args, body=f"<xml><Encrypt>{sealed[moved:]}</Encrypt></xml>".encode())
        )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"{}",
        b"\xff\xfe<\x00x\x00",
        b"<xml></xml>",
        b"<xml><Encrypt></Encrypt></xml>",
        b"<xml><Encrypt><a>x</a></Encrypt></xml>",
        b"<other><Encrypt>QUJD</Encrypt></other>",
        b"<xml><Encrypt>QUJD</Encrypt></xml><xml/>",
        b"<xml>" * 2000 + b"</xml>" * 2000,
        b"<xml>" * 12000,
        b"<xml>" + b"<a/>" * 12000 + b"</xml>",
    ],
)
def test_a_body_that_is_no_envelope_is_refused_quickly(callback: WeComCallback, seal: Seal, body: bytes) -> None:
    begun = time.perf_counter()
    assert refused(callback, replace(seal(TEXT), body=body))
    assert time.perf_counter() - begun < 1


def test_other_methods_and_huge_bodies_are_refused(callback: WeComCallback, seal: Seal) -> None:
    genuine = seal(TEXT)
    assert refused(callback, replace(genuine, method="PUT"))
    assert refused(callback, replace(genuine, body=genuine.body.replace(b"</xml>", b" " * LARGEST_BODY + b"</xml>")))
    assert callback.read(replace(genuine, body=genuine.body.replace(b"</xml>", b" " * 50_000 + b"</xml>"))).events


@pytest.mark.parametrize(
    "hostile",
    [
        ("<xml>", "<!DOCTYPE xml><xml>"),
        ("<xml>", '<!DOCTYPE xml [<!ENTITY a "b">]><xml>'),
        ("<xml>", '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x"><xml>'),
        ("<xml>", '<xml a="b">'),
        ("<xml>", '<xml xmlns="urn:x">'),
        ("<xml>", "<xml><Encrypt>QUJD</Encrypt>"),
        ("<xml>", "<xml>words"),
        ("<xml>", "<xml><!-- words -->"),
        ("<xml>", "<xml><?php words ?>"),
        ("<xml>", "<xml>&undefined;"),
        ("<xml>", "<x:xml>"),
    ],
)
def test_an_envelope_with_anything_unusual_is_refused(
    callback: WeComCallback, seal: Seal, hostile: tuple[str, str]
) -> None:
    genuine = seal(TEXT)
    assert callback.read(genuine).events
    assert refused(callback, replace(genuine, body=genuine.body.replace(hostile[0].encode(), hostile[1].encode(), 1)))
    assert refused(
        callback, seal(TEXT.replace(*hostile, 1).replace("<Encrypt>QUJD</Encrypt>", "<MsgType>text</MsgType>"))
    )


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE xml><xml><a>x</a></xml>",
        '<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
        '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>',
        '<!DOCTYPE xml [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]><xml><a>x</a></xml>',
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x"><xml><a>x</a></xml>',
        '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml>&b;</xml>',
        "<xml>&a;</xml>",
    ],
)
def test_what_defusedxml_refuses_we_refuse(document: str) -> None:
    with pytest.raises((DefusedXmlException, ParseError)):
        fromstring(document, forbid_dtd=True)
    with pytest.raises(Malformed):
        read_nodes(document.encode())
    with pytest.raises(Malformed):
        read_nodes(document.encode("utf-16"))


@pytest.mark.parametrize(
    "change",
    [
        ("<MsgId>", "<FromUserName>lisi</FromUserName><MsgId>"),
        ("<![CDATA[ZhangSan]]>", "<b>ZhangSan</b>"),
        ("<![CDATA[ZhangSan]]>", "Zhang<b/>San"),
        ("<![CDATA[ZhangSan]]>", "Zhang<!-- -->San"),
        ("<![CDATA[ZhangSan]]>", "z" * 129),
        (CORP, "wwOTHERCORP0000001"),
        ("<AgentID>1000002</AgentID>", "<AgentID>1000003</AgentID>"),
        ("<AgentID>1000002</AgentID>", "<AgentID>3010040</AgentID>"),
        ("<MsgId>", "<MsgId>1</MsgId><MsgId>"),
        ("<MsgType>", "<MsgType>event</MsgType><MsgType>"),
        ("<Content>", "<Content>放弃 1</Content><Content>"),
        ("</xml>", ""),
        ("<Content>", "<Content>" + "<a>" * 3000 + "</a>" * 3000),
    ],
)
def test_a_signed_message_that_says_a_thing_twice_or_to_others_is_refused(
    callback: WeComCallback, seal: Seal, change: tuple[str, str]
) -> None:
    assert refused(callback, seal(TEXT.replace(*change, 1)))


@pytest.mark.parametrize("bytes_", [b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\x00", b"\x0b", b"\xf5\x80\x80\x80"])
def test_text_that_is_not_utf8_or_not_xml_is_refused(callback: WeComCallback, seal: Seal, bytes_: bytes) -> None:
    assert refused(callback, seal(TEXT.encode().replace("认领".encode(), bytes_)))
    declared = b'<?xml version="1.0" encoding="latin-1"?>' + TEXT.encode().replace("认领".encode(), bytes_)
    assert refused(callback, seal(declared))


def test_a_person_may_write_about_doctypes(callback: WeComCallback, seal: Seal) -> None:
    said = "<!DOCTYPE html> <!ENTITY 😀 &amp; ]] >"
    assert callback.read(seal(TEXT.replace("认领 1", said))).events[0].text == said


def test_another_receive_id_is_refused(callback: WeComCallback, seal: Seal) -> None:
    assert refused(callback, seal(TEXT, receive_id="wwOTHERCORP0000001"))
    assert refused(callback, seal(TEXT, receive_id=""))


def test_thousands_of_mutations_are_neither_accepted_nor_raise(callback: WeComCallback, seal: Seal) -> None:
    dice = random.Random(20251009)
    genuine = seal(TEXT)
    body = genuine.body
    start = body.index(b"<Encrypt><![CDATA[") + 18
    end = body.index(b"]]></Encrypt>")
    for _ in range(6000):
        args = dict(genuine.args)
        mutated = bytearray(body)
        match dice.randrange(6):
            case 0:
                mutated[dice.randrange(start, end)] ^= 1 << dice.randrange(8)
            case 1:
                del mutated[dice.randrange(start, len(mutated)) :]
            case 2:
                name = dice.choice(list(args))
                value = list(args[name])
                value[dice.randrange(len(value))] = chr(dice.choice([0, 48, 57, 97, 0x660, 0xE9, 0xD800, 0x1F600]))
                if "".join(value) == args[name]:
                    continue
                args[name] = "".join(value)
            case 3:
                one, other = dice.sample(list(args), 2)
                args[one], args[other] = args[other], args[one]
                if {args["timestamp"], args["nonce"]} == {genuine.args["timestamp"], genuine.args["nonce"]}:
                    continue
            case 4:
                del args[dice.choice(list(args))]
            case 5:
                cut = dice.randrange(start, end)
                mutated[cut:cut] = dice.randbytes(dice.randrange(1, 20))
        assert refused(callback, replace(genuine, args=args, body=bytes(mutated)))


def test_thousands_of_strange_messages_under_a_good_signature_do_not_raise(
    callback: WeComCallback, seal: Seal, samples: list[str]
) -> None:
    dice = random.Random(3)
    for _ in range(3000):
        message = bytearray(dice.choice(samples).encode())
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(message))
            match dice.randrange(3):
                case 0:
                    message[at] = dice.randrange(256)
                case 1:
                    del message[at : at + dice.randrange(1, 30)]
                case 2:
                    message[at:at] = dice.choice([b"<", b"</a>", b"<Item>", b"&#0;", b"<FromUserName>x</FromUserName>"])
        assert callback.read(seal(bytes(message))).status in (200, 403)


def test_wechatpy_as_the_platform_is_understood(callback: WeComCallback) -> None:
    oracle = WeChatCrypto(KEYS.token, KEYS.aes_key, CORP)
    stamp = str(int(NOW.timestamp()))
    body = oracle.encrypt_message(TEXT, "n1", stamp)
    signature = body.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
    args: dict[str, Any] = {"msg_signature": signature, "timestamp": stamp, "nonce": "n1"}
    (event,) = callback.read(Request(method="POST", args=args, headers={}, body=body.encode())).events
    assert event.text == "认领 1"
