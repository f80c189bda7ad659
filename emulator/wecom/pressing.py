"""A member's finger on a card: what can be pressed, and the event it makes (§2.5)."""

from typing import TYPE_CHECKING, Any

from emulator.control import NotNow
from emulator.phones import GREYED, RECALLED
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def press(platform: "Platform", task_id: str, userid: str, key: str, selected: Json) -> Json:
    """Return the callback fields of pressing `key` on a member's copy; NotNow when it is not possible."""
    item = platform.phones.card(task_id, userid)
    if item is None or item["state"] == RECALLED:
        raise NotNow(f"{userid} 的手机上没有卡片 {task_id}")
    card = item["content"]
    if key in _menu_keys(card):
        return _event(platform, item, "template_card_menu_event", key)
    if item["state"] == GREYED or item.get("replace_text"):
        raise NotNow("卡片已置灰，不能再点")
    if key not in _button_keys(card):
        raise NotNow(f"卡片上没有按钮 {key}")
    fields = _event(platform, item, "template_card_event", key)
    answers = _answers(card, selected)
    if answers:
        chosen = [{"QuestionKey": name, "OptionIds": {"OptionId": ids}} for name, ids in answers.items()]
        fields["SelectedItems"] = {"SelectedItem": chosen}
    _remember(platform, item, answers)
    return fields


def _event(platform: "Platform", item: Json, event: str, key: str) -> Json:
    return {
        "ToUserName": platform.settings.corp_id,
        "FromUserName": item["userid"],
        "CreateTime": platform.clock.timestamp(),
        "MsgType": "event",
        "Event": event,
        "EventKey": key,
        "TaskId": item["task_id"],
        "CardType": item["content"]["card_type"],
        "ResponseCode": platform.codes.mint(item["task_id"]),
        "AgentID": platform.settings.agent_id,
    }


def _menu_keys(card: Json) -> list[str]:
    return [action["key"] for action in (card.get("action_menu") or {}).get("action_list", [])]


def _button_keys(card: Json) -> list[str]:
    buttons = [button["key"] for button in card.get("button_list", []) if button.get("type", 0) != 1]
    submit = card.get("submit_button")
    return buttons + ([submit["key"]] if submit else [])


def _questions(card: Json) -> list[Json]:
    """Return every selector of a card, each with what is chosen when nobody touches it."""
    found = [card["button_selection"]] if card.get("button_selection") else []
    found += card.get("select_list", [])
    questions = []
    for selector in found:
        ids = [option["id"] for option in selector["option_list"]]
        default = selector.get("selected_id")
        questions.append({**selector, "default": [default if default in ids else ids[0]], "single": True})
    box = card.get("checkbox")
    if box:
        ticked = [option["id"] for option in box["option_list"] if option.get("is_checked")]
        questions.append({**box, "default": ticked, "single": box.get("mode", 0) == 0})
    return questions


def _answers(card: Json, selected: Json) -> dict[str, list[str]]:
    """Check what was selected against what the card offers; the rest keeps its default."""
    questions = {question["question_key"]: question for question in _questions(card)}
    unknown = set(selected) - set(questions)
    if unknown:
        raise NotNow(f"卡片上没有选项组 {'、'.join(sorted(unknown))}")
    answers = {}
    for name, question in questions.items():
        if question.get("disable") and (name in selected or "submit_button" in card):
            raise NotNow(f"选项组 {name} 已停用")
        answers[name] = _chosen(question, selected.get(name))
    return answers


def _chosen(question: Json, wish: Any) -> list[str]:
    ids = [option["id"] for option in question["option_list"]]
    chosen = question["default"] if wish is None else [wish] if isinstance(wish, str) else list(wish)
    if not chosen:
        raise NotNow("请先选择")
    if any(one not in ids for one in chosen):
        raise NotNow(f"选项组 {question['question_key']} 只有 {'、'.join(ids)}")
    if question["single"] and len(chosen) > 1:
        raise NotNow(f"选项组 {question['question_key']} 只能选一项")
    return [str(one) for one in chosen]


def _remember(platform: "Platform", item: Json, answers: dict[str, list[str]]) -> None:
    """Keep the choice on the screen, as the phone does until the card is updated."""
    if answers:
        item["chosen"] = answers
        platform.phones.save(item)
