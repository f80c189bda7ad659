"""The company's customer tags: groups of them, and putting them on customers."""

import secrets
from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom.api import Api, Call, post
from emulator.wecom.customers.book import Book
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def tag_names(book: Book, ids: list[str]) -> list[Json]:
    """Return tags as externalcontact/get shows them."""
    found = []
    for group in book.tag_groups.values():
        for tag in group["tag"]:
            if tag["id"] in ids:
                found.append(
                    {"group_name": group["group_name"], "tag_name": tag["name"], "tag_id": tag["id"], "type": 1}
                )
    return found


def listed(platform: "Platform", call: Call) -> Json:
    """Return the groups asked for by tag or group id, or all."""
    tags, groups = set(call.list_of("tag_id")), set(call.list_of("group_id"))
    found = []
    for group in platform.book.tag_groups.values():
        chosen = [one for one in group["tag"] if not tags or one["id"] in tags or group["group_id"] in groups]
        if (group["group_id"] in groups) or (not groups and (chosen or not tags)):
            found.append({**group, "tag": chosen})
    return {"tag_group": found}


def add(platform: "Platform", call: Call) -> Json:
    """Add tags to a group, by id or name, making the group when it is new; 40071 when a name is taken."""
    book, now = platform.book, platform.clock.timestamp()
    wanted = call.list_of("tag", 100)
    if not wanted or not all(isinstance(one, dict) and one.get("name") for one in wanted):
        raise ApiError(40063, "tag is missing")
    group = _group(book, call.json) or {
        "group_id": "et" + secrets.token_hex(15),
        "group_name": call.words("group_name"),
        "create_time": now,
        "order": int(call.json.get("order") or 0),
        "deleted": False,
        "tag": [],
    }
    names = [one["name"] for one in (*group["tag"], *wanted)]
    if len(set(names)) < len(names):
        raise ApiError(40071)
    added = [
        {
            "id": "et" + secrets.token_hex(15),
            "name": one["name"],
            "create_time": now,
            "order": int(one.get("order") or 0),
            "deleted": False,
        }
        for one in wanted
    ]
    book.tag_groups.put(group["group_id"], {**group, "tag": [*group["tag"], *added]})
    return {"tag_group": {**group, "tag": added}}


def edit(platform: "Platform", call: Call) -> Json:
    """Rename a tag or a group."""
    wanted = call.words("id")
    for group in platform.book.tag_groups.values():
        parts = [group] if group["group_id"] == wanted else [one for one in group["tag"] if one["id"] == wanted]
        for part in parts:
            name = "group_name" if part is group else "name"
            part[name] = str(call.json.get("name") or part[name])
            part["order"] = int(call.json.get("order", part["order"]))
            platform.book.tag_groups.put(group["group_id"], group)
            return {}
    raise ApiError(40068)


def delete(platform: "Platform", call: Call) -> Json:
    """Delete tags and groups; customers lose them."""
    tags, groups = set(call.list_of("tag_id")), set(call.list_of("group_id"))
    book = platform.book
    for group in book.tag_groups.values():
        if group["group_id"] in groups:
            tags |= {one["id"] for one in group["tag"]}
        left = [one for one in group["tag"] if one["id"] not in tags]
        if group["group_id"] in groups or not left:
            book.tag_groups.drop(group["group_id"])
        else:
            book.tag_groups.put(group["group_id"], {**group, "tag": left})
    for relation in book.relations.values():
        relation["tags"] = [one for one in relation["tags"] if one not in tags]
        book.keep(relation)
    return {}


def mark(platform: "Platform", call: Call) -> Json:
    """Put tags on one relation and take others off; 40068 for an unknown tag."""
    relation = platform.book.relation(call.words("userid"), call.words("external_userid"))
    adding, removing = call.list_of("add_tag"), call.list_of("remove_tag")
    known = {one["id"] for group in platform.book.tag_groups.values() for one in group["tag"]}
    if not set(adding) | set(removing) <= known:
        raise ApiError(40068)
    kept = [one for one in relation["tags"] if one not in removing]
    relation["tags"] = kept + [one for one in adding if one not in kept]
    platform.book.keep(relation)
    return {}


def _group(book: Book, wish: Json) -> Json | None:
    groups: list[Json] = list(book.tag_groups.values())
    by_id = [one for one in groups if one["group_id"] == wish.get("group_id")]
    if wish.get("group_id") and not by_id:
        raise ApiError(40068)
    by_name = [one for one in groups if one["group_name"] == wish.get("group_name")]
    return next(iter(by_id or by_name), None)


APIS: tuple[Api, ...] = (
    post("externalcontact/get_corp_tag_list", listed),
    post("externalcontact/add_corp_tag", add),
    post("externalcontact/edit_corp_tag", edit),
    post("externalcontact/del_corp_tag", delete),
    post("externalcontact/mark_tag", mark),
)
