"""POST /__emu/group, person, event, template, scopes, approve, form, code: what happens in the company."""

from typing import TYPE_CHECKING

from emulator.control import words
from emulator.dingtalk import events, stories
from emulator.dingtalk.control_input import Act, group, member, objects, people
from emulator.dingtalk.settings import Person, Template
from emulator.dingtalk.work.approvals import decide
from emulator.dingtalk.work.forms import KINDS, component
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

WAIT_S = 20.0


def change_group(platform: "Platform", body: Json) -> Json:
    """Make a group (name, members, robot), or change the one that `group` names: add, remove, disband, robot."""
    with platform.lock:
        found = group(platform, body)
        if found is None:
            made = platform.conversations.make(
                words(body, "name"), people(platform, body, "members"), robot=bool(body.get("robot", True))
            )
            platform.feed.restart()
            return made
        _change(platform, found, body)
        platform.conversations.save(found)
    platform.feed.restart()
    return found


def _change(platform: "Platform", found: Json, body: Json) -> None:
    """Change a group and push the events of it."""
    told = {"chatId": found["chatId"], "openConversationId": found["openConversationId"]}
    added, removed = people(platform, body, "add"), people(platform, body, "remove")
    if added:
        found["members"] = list(dict.fromkeys([*found["members"], *added]))
        events.emit(platform, "chat_add_member", {**told, "operator": found["owner"], "userId": added})
    if removed:
        found["members"] = [one for one in found["members"] if one not in removed]
        events.emit(platform, "chat_remove_member", {**told, "operator": found["owner"], "userId": removed})
    if "robot" in body:
        found["robot"] = bool(body["robot"])
    if body.get("disband"):
        found["disbanded"] = True
        events.emit(platform, "chat_disband", {**told, "operator": found["owner"]})


def person(platform: "Platform", body: Json) -> Json:
    """Let somebody join (userid, name, …), leave (`leave: true`), or change (`changes`); the event goes out."""
    known = platform.directory.find(words(body, "userid"))
    fields = {
        name: body[name] for name in ("userid", "name", "department", "role", "mobile", "manager") if name in body
    }
    if known is None:
        words(body, "name")
        stories.join(platform, Person(**fields))
    elif body.get("leave"):
        stories.leave(platform, known)
    else:
        _changed(platform, known, objects(body, "changes"))
    return {"people": [one.userid for one in platform.directory.people]}


def _changed(platform: "Platform", known: Person, changes: Json) -> None:
    if not changes:
        raise ValueError("changes are missing")
    before = {name: getattr(known, name, None) for name in changes}
    platform.directory.change(known, changes)
    diff = {"prev": before, "curr": changes, "userid": known.userid}
    events.about_users(platform, "user_modify_org", [known.userid], diffInfo=diff)
    platform.feed.restart()


def event(platform: "Platform", body: Json) -> Json:
    """Push an event that is spelled out: its type and inner fields."""
    push = events.emit(platform, words(body, "eventType"), objects(body, "data"))
    if body.get("wait"):
        push.done.wait(WAIT_S)
    return push.as_json()


def template(platform: "Platform", body: Json) -> Json:
    """Bring a card template into the tenant, or publish and unpublish one."""
    key = words(body, "id")
    known = platform.cards.templates.get(key)
    variables = body.get("variables", list(known.variables) if known else [])
    if not isinstance(variables, list) or not all(isinstance(one, str) for one in variables):
        raise ValueError("variables must be a list of names")
    published = body.get("published", known.published if known else True)
    name = str(body.get("name") or (known.name if known else "卡片"))
    platform.cards.templates[key] = Template(id=key, name=name, variables=tuple(variables), published=bool(published))
    return {"templates": [vars(one) for one in platform.cards.templates.values()]}


def scopes(platform: "Platform", body: Json) -> Json:
    """Take permissions away from the app: `denied` is the whole list."""
    denied = body.get("denied")
    if not isinstance(denied, list):
        raise ValueError("denied must be a list of permissions")
    platform.denied_scopes = frozenset(map(str, denied))
    return {"denied": sorted(platform.denied_scopes)}


def approve(platform: "Platform", body: Json) -> Json:
    """Let userid agree, refuse, redirect `to` somebody, comment on or terminate processInstanceId, with a remark."""
    who, action = member(platform, body), words(body, "action")
    remark, to = str(body.get("remark", "")), str(body.get("to", ""))
    with platform.lock:
        return decide(platform, words(body, "processInstanceId"), who.userid, action, remark, to)


def form(platform: "Platform", body: Json) -> Json:
    """Make or change an approval form: code, name, items (kind, label, required, options); or gone."""
    code = words(body, "code")
    with platform.lock:
        if body.get("gone"):
            platform.forms.pop(code, None)
            return {"gone": code}
        wanted = body.get("items")
        if not isinstance(wanted, list) or any(one.get("kind") not in KINDS for one in wanted):
            raise ValueError(f"items are objects with a kind: {', '.join(sorted(KINDS))}")
        items = [
            component(
                str(one["kind"]),
                str(one.get("label", "")),
                required=bool(one.get("required")),
                options=tuple(map(str, one.get("options") or ())),
                at=place,
            )
            for place, one in enumerate(wanted)
        ]
        platform.forms[code] = {"name": str(body.get("name", code)), "items": items}
        return platform.forms[code]


def code(platform: "Platform", body: Json) -> Json:
    """Give the code a page inside DingTalk gets for userid."""
    return {"code": platform.logins.code(member(platform, body).userid)}


ACTING: dict[str, Act] = {
    "group": change_group,
    "person": person,
    "event": event,
    "template": template,
    "scopes": scopes,
    "approve": approve,
    "form": form,
    "code": code,
}
