"""What DingTalk would push: bodies of messages, presses and reports, signed and sealed as it does."""

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

from dingtalk.crypto import DingTalkCrypto

from bot.channels.base import Request
from bot.channels.dingtalk.channel import DingTalk, connect
from bot.channels.dingtalk.crypto import card_secret, card_sign, robot_sign
from bot.channels.envelope import Keys

NOW = datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
STAMP = str(int(NOW.timestamp() * 1000))
CLIENT, SECRET, CORP = "dingdemoappkey0001", "s3cret-of-the-app", "ding00000000000000000000000000demo"
KEYS = Keys("mryue", "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7")
WEBHOOK = "https://oapi.dingtalk.com/robot/sendBySession?session=0123456789abcdef"
GROUP = "cidDEMOgroup001=="


class Mirror:
    """A seal that hides nothing from a reader of tests, and everything from a search."""

    def close(self, secret: str) -> str:
        return f"sealed({secret[::-1]})"

    def open(self, sealed: str) -> str:
        return sealed.removeprefix("sealed(").removesuffix(")")[::-1]


def channel(**changes: Any) -> DingTalk:
    """Join a channel that only receives in these tests."""
    told = {"corp_id": CORP, "keys": KEYS, "now": lambda: NOW, "seal": Mirror(), "tokens": None, "locks": None}
    return connect(client_id=CLIENT, client_secret=SECRET, public_url="https://crm.example.com", **{**told, **changes})


def a_message(**changes: Any) -> dict[str, Any]:
    """Return what one person writes to the robot alone; a change to None takes a field away."""
    body: dict[str, Any] = {
        "senderPlatform": "Win",
        "conversationId": "cidSINGLE01==",
        "chatbotCorpId": CORP,
        "chatbotUserId": "$:LWCP_v1:$botDemo",
        "msgId": "msgDEMO0001==",
        "senderNick": "李雷",
        "isAdmin": False,
        "senderStaffId": "user_Li",
        "senderUnionId": "uni_li",
        "senderCorpId": CORP,
        "senderId": "$:LWCP_v1:$userLi",
        "createAt": int(STAMP) - 877,
        "sessionWebhook": WEBHOOK,
        "sessionWebhookExpiredTime": int(STAMP) - 877 + 5_400_000,
        "conversationType": "1",
        "robotCode": CLIENT,
        "msgtype": "text",
        "text": {"content": "领取 L1"},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def in_group(**changes: Any) -> dict[str, Any]:
    """Return what somebody says to the robot in a group, naming a colleague."""
    told = {
        "conversationType": "2",
        "conversationId": GROUP,
        "openThreadId": GROUP,
        "conversationTitle": "华东销售群",
        "isInAtList": True,
        "atUsers": [
            {"dingtalkId": "$:LWCP_v1:$botDemo"},
            {"dingtalkId": "$:LWCP_v1:$wang", "staffId": "user_wang", "unionId": "uni_wang"},
        ],
        "text": {"content": " 分配 华东机电 "},
    }
    return a_message(**{**told, **changes})


def a_press(params: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return what a press of a button on one of our cards brings."""
    pressed = {"actionIds": ["btn"], "params": {"key": "lead.claim?lead=12"} if params is None else params}
    body: dict[str, Any] = {
        "type": "actionCallback",
        "outTrackId": "o7-6789abcd",
        "corpId": CORP,
        "userId": "user_Li",
        "userIdType": 1,
        "spaceType": "IM_ROBOT",
        "spaceId": "user_Li",
        "extension": "{}",
        "content": json.dumps({"cardPrivateData": pressed}, ensure_ascii=False),
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def posted(body: Any, headers: dict[str, str] | None = None, **args: str) -> Request:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Request(method="POST", args=args, headers=headers or {}, body=raw)


def to_robot(body: Any, stamp: str = STAMP, secret: str = SECRET) -> Request:
    return posted(body, {"timestamp": stamp, "sign": robot_sign(secret, stamp)})


def to_card(body: Any, stamp: str = STAMP) -> Request:
    headers = {
        "x-ddpaas-signature-timestamp": stamp,
        "x-ddpaas-signature": card_sign(card_secret(SECRET), stamp),
    }
    return posted(body, headers)


def to_event(report: Any, owner: str = CLIENT, stamp: str = STAMP, **renamed: str) -> Request:
    """Seal a report with dingtalk-sdk, as the platform would."""
    said = report if isinstance(report, str) else json.dumps(report, ensure_ascii=False)
    packet = DingTalkCrypto(KEYS.token, KEYS.aes_key, owner).encrypt_message(said, "WL4PK6yA", stamp)
    args = {"msg_signature": packet["msg_signature"], "timestamp": stamp, "nonce": "WL4PK6yA"}
    args = {renamed.get(name, name): value for name, value in args.items()}
    return posted({"encrypt": packet["encrypt"]}, **args)


def opened(answer: bytes) -> str:
    """Open a sealed answer with dingtalk-sdk, as the platform would."""
    told = json.loads(answer)
    assert set(told) == {"msg_signature", "timeStamp", "nonce", "encrypt"}
    assert b64decode(told["encrypt"], validate=True)
    crypto = DingTalkCrypto(KEYS.token, KEYS.aes_key, CLIENT)
    word: str = crypto.decrypt_message(told, told["msg_signature"], told["timeStamp"], told["nonce"])
    return word
