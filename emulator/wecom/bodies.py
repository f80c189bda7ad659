"""The payload of each msgtype: what is refused, what is cut (§3.2)."""

import re
from collections.abc import Callable
from typing import Any

from emulator.store import Json
from emulator.wecom.card_rules import check_card
from emulator.wecom.card_text import on_screen
from emulator.wecom.errors import ApiError
from emulator.wecom.media import Media

TEXT_BYTES, MARKDOWN_BYTES, MARKDOWN_V2_BYTES = 2048, 2048, 4096
TITLE_BYTES, DESCRIPTION_BYTES, URL_BYTES = 128, 512, 2048
ARTICLES, CONTENT_ITEMS = 8, 10


def cut(text: str, most: int) -> str:
    """Shorten to at most `most` UTF-8 bytes, never inside a character."""
    return text.encode()[:most].decode(errors="ignore")


def read_body(msgtype: Any, message: Json, media: Media) -> Json:
    """Return the content as members will see it; ApiError says why it is refused."""
    read = _READERS.get(msgtype)
    if read is None:
        raise ApiError(40008)
    body = message.get(msgtype)
    if body is None:
        raise ApiError(41016 if msgtype == "template_card" else 40063, f"{msgtype} is missing")
    if not isinstance(body, dict):
        raise ApiError(40058, f"{msgtype} must be an object")
    return read(body, media)


def _words(body: Json, name: str, missing: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ApiError(missing)
    return value


def _link(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ApiError(41010)
    if not re.match(r"https?://", value):
        raise ApiError(45034)
    if len(value.encode()) > URL_BYTES:
        raise ApiError(40058, "url too long")
    return value


def _text(body: Json, _: Media) -> Json:
    return {"content": cut(_words(body, "content", 44004), TEXT_BYTES)}


def _markdown(body: Json, _: Media) -> Json:
    content = _words(body, "content", 44004)
    if len(content.encode()) > MARKDOWN_BYTES:
        raise ApiError(45002)
    return {"content": content}


def _file(kind: str) -> Callable[[Json, Media], Json]:
    def read(body: Json, media: Media) -> Json:
        if not body.get("media_id"):
            raise ApiError(41006)
        held = media.find(str(body["media_id"]))
        if held["type"] != kind:
            raise ApiError(40007, f"media_id is of type {held['type']}")
        shown = {"media_id": body["media_id"], "filename": held["filename"], "size": held["size"]}
        if kind == "video":
            shown["title"] = cut(str(body.get("title", "")), TITLE_BYTES)
            shown["description"] = cut(str(body.get("description", "")), DESCRIPTION_BYTES)
        return shown

    return read


def _textcard(body: Json, _: Media) -> Json:
    return {
        "title": cut(_words(body, "title", 41016), TITLE_BYTES),
        "description": cut(_words(body, "description", 41033), DESCRIPTION_BYTES),
        "url": _link(body.get("url")),
        "btntxt": str(body.get("btntxt") or "详情")[:4],
    }


def _articles(body: Json) -> list[Json]:
    articles = body.get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(40063, "articles is empty")
    if len(articles) > ARTICLES:
        raise ApiError(45008)
    if not all(isinstance(one, dict) for one in articles):
        raise ApiError(40058, "articles must be objects")
    return articles


def _news(body: Json, _: Media) -> Json:
    return {"articles": [_article(one) for one in _articles(body)]}


def _article(article: Json) -> Json:
    linked = article.get("appid") and article.get("pagepath")
    return {
        "title": cut(_words(article, "title", 41016), TITLE_BYTES),
        "description": cut(str(article.get("description") or ""), DESCRIPTION_BYTES),
        "url": article.get("url", "") if linked else _link(article.get("url")),
        "picurl": str(article.get("picurl") or ""),
    }


def _mpnews(body: Json, media: Media) -> Json:
    shown = []
    for one in _articles(body):
        title = cut(_words(one, "title", 41016), TITLE_BYTES)
        media.find(_words(one, "thumb_media_id", 41006))
        _words(one, "content", 44004)
        digest = cut(str(one.get("digest") or ""), DESCRIPTION_BYTES)
        shown.append({"title": title, "description": digest, "thumb_media_id": one["thumb_media_id"], "url": ""})
    return {"articles": shown}


def _miniprogram(body: Json, _: Media) -> Json:
    _words(body, "appid", 40058)
    items = body.get("content_item", [])
    if not isinstance(items, list) or len(items) > CONTENT_ITEMS:
        raise ApiError(90201)
    return {**body, "title": _words(body, "title", 41016), "content_item": items}


def _card(body: Json, _: Media) -> Json:
    check_card(body)
    return on_screen(body)


_READERS: dict[str, Callable[[Json, Media], Json]] = {
    "text": _text,
    "markdown": _markdown,
    "image": _file("image"),
    "voice": _file("voice"),
    "video": _file("video"),
    "file": _file("file"),
    "textcard": _textcard,
    "news": _news,
    "mpnews": _mpnews,
    "miniprogram_notice": _miniprogram,
    "template_card": _card,
}
