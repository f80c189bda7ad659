"""Our Card as the platform's JSON: one of five template cards, or text. Limits and their page are in `limits.py`.

A card never loses words: what has no place on it goes before it as a text message (after it, when it is an update).

    checklist                           vote_interaction
    several selects, or one alone       multiple_interaction
    buttons that call back              button_interaction, with one select if there is one
    a picture                           news_notice, its buttons in the corner menu
    anything else                       text_notice; without an address for its tap, text
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.cards.card import Button, Card, Checklist, Select
from bot.channels.wecom import limits
from bot.channels.wecom.parts import UNNAMED, Json, Page
from bot.channels.words import clean, one_line, split_text, web_address

_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_MARKS = str.maketrans({"<": "＜", "[": "［", "]": "］", "`": "｀", "*": "＊"})
_SUBMIT = Button(label="提交", action="submit")


@dataclass(frozen=True)
class Update:
    """What takes the place of a card on the screen, and the messages for the words it has no room for."""

    template_card: dict[str, Any]
    words: list[dict[str, Any]]


def render(card: Card, *, card_id: str, public_url: str, markdown: bool = False) -> list[dict[str, Any]]:
    """Return the messages that say `card`, in the order to send them: plain text first, then at most one card.

    `markdown` lets text use headings; members who read in WeChat cannot see such messages, so it is off unless chosen.
    A malformed `card_id` is a ValueError.
    """
    if not _TASK_ID.fullmatch(card_id):
        raise ValueError(f"卡片编号 {card_id!r} 不是企业微信可用的 task_id")
    page = Page(card.fresh(), public_url)
    template = None if page.card.is_plain else _template(page, settled="")
    if template is None:
        return _messages(_all_words(page.card), markdown)
    named = {"card_type": template.pop("card_type"), "task_id": card_id, **template}
    return [*_overflow(page, markdown), {"msgtype": "template_card", "template_card": named}]


def render_update(card: Card, *, public_url: str, markdown: bool = False) -> Update:
    """Return what `message/update_template_card` takes; `card.settled` stands greyed where the buttons were."""
    page = Page(replace(card, buttons=()) if card.settled else card, public_url)
    template = _template(page, settled=card.settled)
    if template is None:
        template = _buttons(page, (), settled=card.settled or "已更新")
    return Update(template, _overflow(page, markdown))


def in_words(card: Card) -> list[dict[str, Any]]:
    """Return the text messages that say `card` when the platform does not take it as a card."""
    return _messages(_all_words(card.fresh()), markdown=False)


def _template(page: Page, *, settled: str) -> Json | None:
    """Choose the type and lay the card out; None when only text will do. Whatever has no place is in `page.words`."""
    card = page.card
    selects = tuple(select for select in card.selects if select.options)
    buttons = card.buttons
    if card.checklist and card.checklist.options:
        return _vote(page, card.checklist, settled)
    usable = any(not button.url or web_address(button.url) for button in buttons)
    if len(selects) > 1 or (selects and not usable):
        return _multiple(page, settled)
    if card.submit:
        buttons = (card.submit, *buttons)
    links = [button for button in buttons if button.url]
    calls = [button for button in buttons if not button.url]
    if not (selects or settled) and page.link():
        if web_address(card.image_url) and len(calls) <= limits.MENU_ENTRIES and len(links) <= limits.JUMPS:
            return _news(page, calls, links)
        if not calls and len(links) <= limits.JUMPS:
            return _notice(page, links)
    if not (selects or settled or usable or card.submit):
        return None
    return _buttons(page, buttons, settled=settled)


def _notice(page: Page, links: list[Button]) -> Json:
    card, parts = page.card, page.head()
    if card.emphasis and len(card.emphasis[0]) <= limits.FIGURE and len(card.emphasis[1]) <= limits.CAPTION:
        parts["emphasis_content"] = {"title": one_line(card.emphasis[0]), "desc": one_line(card.emphasis[1])}
        page.words += [f"「{clean(card.quote)}」"] if card.quote else []
        parts |= page.fields(links=_picture(card))
    else:
        parts |= page.quote() | page.fields(_figure(card), _picture(card))
    parts |= page.jumps(links)
    parts |= _body(page)
    return {"card_type": "text_notice", **parts, "card_action": {"type": 1, "url": page.link()}}


def _news(page: Page, calls: list[Button], links: list[Button]) -> Json:
    card = page.card
    parts = page.head() | {"card_image": {"url": card.image_url, "aspect_ratio": 1.3}}
    parts |= page.quote() | page.fields(_figure(card)) | page.menu(calls) | page.jumps(links)
    if body := _body(page).get("sub_title_text"):
        first, _, rest = body.partition("\n")
        if len(first) > limits.VERTICAL_TITLE:
            first, rest = "说明", body
        parts["vertical_content_list"] = [{"title": first, **({"desc": rest} if rest else {})}]
    return {"card_type": "news_notice", **parts, "card_action": {"type": 1, "url": page.link()}}


def _buttons(page: Page, buttons: tuple[Button, ...], *, settled: str) -> Json:
    card = page.card
    parts = page.head() | page.quote() | page.fields(_figure(card), _picture(card))
    selects = [select for select in card.selects if select.options]
    if selects:
        parts["button_selection"] = page.select(selects[0], disable=bool(settled))
    if settled:
        # The list may not be empty; the platform shows `replace_text` instead of it.
        label = page.fit(settled, limits.REPLACEMENT) or UNNAMED
        parts |= {"button_list": [{"type": 0, "text": label, "style": 2, "key": "settled"}], "replace_text": label}
    else:
        parts |= page.buttons(buttons)
    parts |= _body(page)
    if address := web_address(card.link):
        parts["card_action"] = {"type": 1, "url": address}
    return {"card_type": "button_interaction", **parts}


def _vote(page: Page, checklist: Checklist, settled: str) -> Json:
    card = page.card
    parts = page.head()
    options = page.options(checklist.options, limits.CHECK_OPTIONS, limits.CHECK_OPTION, "选项")
    page.words += [_listed(select) for select in card.selects]
    parts["checkbox"] = {
        "question_key": checklist.key,
        "mode": int(checklist.many),
        "option_list": [{"id": option.id, "text": text, "is_checked": option.chosen} for option, text in options],
        **({"disable": True} if settled else {}),
    }
    submitted = _submitted(page, parts, settled)
    return {"card_type": "vote_interaction", **parts, **submitted}


def _multiple(page: Page, settled: str) -> Json:
    parts = page.head()
    selects = [select for select in page.card.selects if select.options]
    parts["select_list"] = [page.select(select, disable=bool(settled)) for select in selects[: limits.SELECTS]]
    page.words += [_listed(select) for select in selects[limits.SELECTS :]]
    submitted = _submitted(page, parts, settled)
    return {"card_type": "multiple_interaction", **parts, **submitted}


def _submitted(page: Page, head: Json, settled: str) -> Json:
    """Return the one button of votes and forms. They show no text, fields or links, so those all become words.

    One short line still has a place: below the title in `head`.
    """
    card = page.card
    buttons = list(card.buttons)
    submit = card.submit or (buttons.pop(0) if buttons and not buttons[0].url else _SUBMIT)
    text = page.fit(submit.label, limits.BUTTON, "按钮") or UNNAMED
    parts: Json = {"submit_button": {"text": text, "key": page.key(submit)}}
    if settled:
        parts["replace_text"] = page.fit(settled, limits.REPLACEMENT) or UNNAMED
    page.words += [f"{clean(caption)}：{clean(figure)}" for caption, figure in _figure(card)]
    page.words += [f"「{clean(card.quote)}」"] if card.quote else []
    page.words += [f"{clean(name)}：{clean(value)}" for name, value in card.fields]
    page.words += [clean(text) for text in (card.text, card.link, card.image_url) if text]
    for button in buttons:
        page.name(button)
    words = "\n".join(page.words)
    if words and not card.subtitle and "\n" not in words and len(words) <= limits.SUBTITLE:
        page.words.clear()
        head["main_title"]["desc"] = words
    return parts


def _body(page: Page) -> Json:
    """Return the text of a card. Too long, it stands whole in a message of its own and not a second time here."""
    if page.card.text:
        page.words.append(clean(page.card.text).strip())
    if page.card.link and not web_address(page.card.link):
        page.words.append(clean(page.card.link))
    if page.card.image_url and not web_address(page.card.image_url):
        page.words.append(clean(page.card.image_url))
    body = "\n".join(page.words)
    if not body or len(body) > limits.BODY:
        return {}
    page.words.clear()
    return {"sub_title_text": body}


def _listed(select: Select) -> str:
    return f"{clean(select.title)}：{'、'.join(clean(option.label) for option in select.options)}"


def _figure(card: Card) -> list[tuple[str, str]]:
    return [(card.emphasis[1], card.emphasis[0])] if card.emphasis else []


def _picture(card: Card) -> list[tuple[str, str]]:
    return [("图片", card.image_url)] if web_address(card.image_url) else []


def _overflow(page: Page, markdown: bool) -> list[Json]:
    title = one_line(page.card.title)
    words = [words for words in page.words if words != title]  # a clipped title is among them, in full
    return _messages("\n".join((title, *words)), markdown) if page.words else []


def _all_words(card: Card) -> str:
    """Say the whole card in words, with what `as_text` leaves to the buttons."""
    page = Page(card, "")
    page.words += [_listed(select) for select in card.selects]
    for button in card.buttons:
        page.name(button)
    return "\n".join(
        part for part in (clean(card.source), clean(card.as_text()), *page.words, clean(card.image_url)) if part
    )


def _messages(words: str, markdown: bool) -> list[Json]:
    if markdown:
        title, _, rest = words.strip().partition("\n")
        content = f"**{title.translate(_MARKS)}**\n" + "\n".join(_marked(line) for line in rest.split("\n"))
        if len(content.encode()) <= limits.MARKDOWN_BYTES:
            return [{"msgtype": "markdown", "markdown": {"content": content.strip()}}]
    parts = (part for part in split_text(words, limits.PART_BYTES) if part.strip())
    return [{"msgtype": "text", "text": {"content": part}} for part in parts]


def _marked(line: str) -> str:
    """Keep a line from being read as markup; full-width signs, because the platform knows no escape."""
    line = line.translate(_MARKS)
    return {">": "＞", "#": "＃"}.get(line[:1], line[:1]) + line[1:]
