"""Messages as the robot may send them: msgKey with msgParam, webhook bodies; each read into what a phone shows."""

import json
from collections.abc import Callable
from typing import Any

from emulator.dingtalk.errors import ApiError, OapiError
from emulator.store import Json

PARAM_BYTES = 15_000
WEBHOOK_BYTES = 20_000
NEEDED: dict[str, tuple[str, ...]] = {
    "sampleText": ("content",),
    "sampleMarkdown": ("title", "text"),
    "sampleImageMsg": ("photoURL",),
    "sampleLink": ("title", "text", "picUrl", "messageUrl"),
    "sampleActionCard": ("title", "text", "singleTitle", "singleURL"),
    **{
        f"sampleActionCard{count}": (
            "title", "text", *(f"action{what}{number}" for number in range(1, count + 1) for what in ("Title", "URL")),
        )
        for count in (2, 3, 4, 5)
    },
    "sampleActionCard6": ("title", "text", "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"),
    "sampleAudio": ("mediaId", "duration"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
    "sampleVideo": ("duration", "videoMediaId", "videoType", "picMediaId", "height", "width"),
}  # fmt: skip
OPTIONAL = {"picUrl", "picMediaId", "height", "width"}
FILE_TYPES = {"xlsx", "pdf", "zip", "rar", "doc", "docx"}


def read_param(key: Any, param: Any) -> tuple[str, Json]:
    """Return msgtype and content of a msgKey with its msgParam; ApiError says what is wrong."""
    if key not in NEEDED:
        raise ApiError("invalidParameter.msgKey.invalid", "无效的msgKey")
    if not isinstance(param, str):
        raise ApiError("invalidParameter.msgParam.invalid", "msgParam不是JSON字符串")
    if len(param.encode()) > PARAM_BYTES:
        raise ApiError("invalidParameter.msgParam.tooLong", "msgParam过长")
    try:
        given = json.loads(param)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ApiError("invalidParameter.msgParam.invalid", "msgParam不是字符串的JSON对象")
    for name in NEEDED[key]:
        if name not in OPTIONAL and not given.get(name):
            raise ApiError(f"miss.param.{name}", f"缺少参数 {name}")
    if key == "sampleFile" and given["fileType"] not in FILE_TYPES:
        raise ApiError("invalidParameter.msgParam.invalid", f"不支持的文件类型 {given['fileType']}")
    return _SHOWN[key](given)


def _text(given: Json) -> tuple[str, Json]:
    return "text", {"content": given["content"]}


def _markdown(given: Json) -> tuple[str, Json]:
    return "markdown", {"title": given["title"], "text": given["text"]}


def _link(given: Json) -> tuple[str, Json]:
    return "link", {name: str(given.get(name, "")) for name in ("title", "text", "picUrl", "messageUrl")}


def _single(given: Json) -> tuple[str, Json]:
    return _action_card(given, [(given["singleTitle"], given["singleURL"])], upright=True)


def _many(given: Json) -> tuple[str, Json]:
    pairs = [(given[f"actionTitle{n}"], given[f"actionURL{n}"]) for n in range(1, 6) if f"actionTitle{n}" in given]
    return _action_card(given, pairs, upright=True)


def _two(given: Json) -> tuple[str, Json]:
    return _action_card(given, [(given[f"buttonTitle{n}"], given[f"buttonUrl{n}"]) for n in (1, 2)], upright=False)


def _action_card(given: Json, pairs: list[tuple[str, str]], *, upright: bool) -> tuple[str, Json]:
    buttons = [{"title": title, "url": url} for title, url in pairs]
    return "actionCard", {"title": given["title"], "text": given["text"], "buttons": buttons, "upright": upright}


_SHOWN: dict[str, Callable[[Json], tuple[str, Json]]] = {
    "sampleText": _text,
    "sampleMarkdown": _markdown,
    "sampleImageMsg": lambda given: ("image", {"url": given["photoURL"]}),
    "sampleLink": _link,
    "sampleActionCard": _single,
    "sampleActionCard2": _many,
    "sampleActionCard3": _many,
    "sampleActionCard4": _many,
    "sampleActionCard5": _many,
    "sampleActionCard6": _two,
    "sampleAudio": lambda given: ("audio", {"media_id": given["mediaId"], "duration": given["duration"]}),
    "sampleFile": lambda given: ("file", {"media_id": given["mediaId"], "filename": given["fileName"]}),
    "sampleVideo": lambda given: ("video", {"media_id": given["videoMediaId"], "duration": given["duration"]}),
}


def read_webhook(body: Json, size: int = 0) -> tuple[str, Json] | None:
    """Return msgtype and content of a webhook body, None for an empty one; OapiError says what is wrong."""
    kind = body.get("msgtype")
    if kind == "empty":
        return None
    if kind not in _WEBHOOK:
        raise OapiError(400105)
    if size > WEBHOOK_BYTES:
        raise OapiError(460101, "消息过长")
    inner = body.get(kind)
    if not isinstance(inner, dict):
        raise OapiError(40035, f"{kind} is missing")
    msgtype, content = _WEBHOOK[kind](inner)
    at = body.get("at")
    if isinstance(at, dict):
        content["at"] = {name: at.get(name) for name in ("atUserIds", "atMobiles", "isAtAll") if at.get(name)}
    return msgtype, content


def _said(inner: Json, *names: str) -> list[str]:
    for name in names:
        if not isinstance(inner.get(name), str) or not inner[name]:
            raise OapiError(40035, f"{name} is missing")
    return [inner[name] for name in names]


def _webhook_text(inner: Json) -> tuple[str, Json]:
    return "text", {"content": _said(inner, "content")[0]}


def _webhook_markdown(inner: Json) -> tuple[str, Json]:
    title, text = _said(inner, "title", "text")
    return "markdown", {"title": title, "text": text}


def _webhook_link(inner: Json) -> tuple[str, Json]:
    _said(inner, "title", "text", "messageUrl")
    return _link(inner)


def _webhook_action_card(inner: Json) -> tuple[str, Json]:
    _said(inner, "title", "text")
    if "btns" not in inner:
        return _action_card(inner, [tuple(_said(inner, "singleTitle", "singleURL"))], upright=True)  # type: ignore[list-item]
    if not isinstance(inner["btns"], list) or not inner["btns"]:
        raise OapiError(40035, "btns is empty")
    pairs = [tuple(_said(one if isinstance(one, dict) else {}, "title", "actionURL")) for one in inner["btns"]]
    return _action_card(inner, pairs, upright=str(inner.get("btnOrientation", "0")) == "0")  # type: ignore[arg-type]


def _webhook_feed(inner: Json) -> tuple[str, Json]:
    links = inner.get("links")
    if not isinstance(links, list) or not links or not all(isinstance(one, dict) for one in links):
        raise OapiError(40035, "links is empty")
    for one in links:
        _said(one, "title", "messageURL")
    return "feedCard", {"links": [{name: str(one.get(name, "")) for name in FEED} for one in links]}


FEED = ("title", "messageURL", "picURL")
_WEBHOOK: dict[str, Callable[[Json], tuple[str, Json]]] = {
    "text": _webhook_text,
    "markdown": _webhook_markdown,
    "link": _webhook_link,
    "actionCard": _webhook_action_card,
    "feedCard": _webhook_feed,
}
