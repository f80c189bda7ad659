"""message/update_template_card: grey the buttons or replace the card, for the members one names (page 94945)."""

from typing import TYPE_CHECKING, Any

from emulator.phones import GREYED, RECALLED, REPLACED
from emulator.store import Json
from emulator.wecom.api import Api, Call, post
from emulator.wecom.card_rules import ANSWERING, check_card
from emulator.wecom.card_text import on_screen
from emulator.wecom.errors import ApiError
from emulator.wecom.receivers import resolve
from emulator.wecom.sending import check_agent

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def update_template_card(platform: "Platform", call: Call) -> Json:
    """Change the listed members' copies; everybody else's stays as it is."""
    check_agent(platform, call.json)
    task_id = _task(platform, call)
    button, card = call.json.get("button"), call.json.get("template_card")
    if (button is None) == (card is None):
        raise ApiError(40058, "give either button or template_card")
    _check(platform, task_id, button, card)
    lists = [[str(one) for one in call.list_of(name)] for name in ("userids", "partyids", "tagids")]
    audience = resolve(platform.directory, ["@all"] if call.json.get("atall") else lists[0], lists[1], lists[2])
    platform.codes.spend(call.words("response_code"))
    out_of_reach = list(audience.bad_users)
    for person in audience.people:
        if not change_card(platform, task_id, person.userid, button, card):
            out_of_reach.append(person.userid)
    named = {userid.casefold() for userid in lists[0]}
    return {"invaliduser": [userid.lower() for userid in out_of_reach if userid.casefold() in named]}


def change_card(platform: "Platform", task_id: str, userid: str, button: Json | None, card: Json | None) -> bool:
    """Grey or replace one member's copy; False when there is none on the screen."""
    item = platform.phones.card(task_id, userid)
    if item is None or item["state"] == RECALLED:
        return False
    if card is not None:
        item["content"] = {**on_screen(card), "task_id": task_id}
        item["state"] = REPLACED
        item["replace_text"] = str(card.get("replace_text") or "")
    else:
        item["state"] = GREYED
        item["replace_text"] = str((button or {}).get("replace_name") or "")
    platform.phones.save(item)
    return True


def _task(platform: "Platform", call: Call) -> str:
    code = call.words("response_code")
    for fault in ("response_code_reuse", "response_code_expired"):
        if platform.faults.take(fault, call.api):
            raise ApiError(60140)
    return platform.codes.look(code)


def _check(platform: "Platform", task_id: str, button: Any, card: Any) -> None:
    """Refuse a faulty card, and greying a card that never had buttons (40058)."""
    if card is not None:
        check_card(card, updating=True)
        return
    if platform.codes.original_type(task_id) not in ANSWERING:
        raise ApiError(40058, "only button, vote and multiple cards have a button to replace")
    if not isinstance(button, dict) or not button.get("replace_name"):
        raise ApiError(40063, "replace_name is missing")


APIS: tuple[Api, ...] = (post("message/update_template_card", update_template_card),)
