"""externalcontact/list, get, batch/get_by_user, remark."""

from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom.api import Api, Call, get, post
from emulator.wecom.customers.tags import tag_names
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

PAGE = 100
REMARK, DESCRIPTION, COMPANY = 20, 150, 20  # characters


def follow_users(platform: "Platform", _: Call) -> Json:
    """List the members who may have customers: everybody visible."""
    return {"follow_user": [one.userid for one in platform.directory.people]}


def listed(platform: "Platform", call: Call) -> Json:
    """List a member's customers; none at all is 84061, as the platform has it."""
    userid = call.args.get("userid", "")
    if platform.directory.find(userid) is None:
        raise ApiError(60111)
    found = platform.book.followed_by(userid)
    if not found:
        raise ApiError(84061)
    return {"external_userid": [one["external_userid"] for one in found]}


def detail(platform: "Platform", call: Call) -> Json:
    """Return a customer with all who follow them."""
    external = call.args.get("external_userid", "")
    if external not in platform.book.customers:
        raise ApiError(40096)
    followers = [_follower(platform, one) for one in platform.book.followers(external)]
    if not followers:
        raise ApiError(84061)
    customer = {**platform.book.customers.get(external), "external_profile": {"external_attr": []}}
    return {"external_contact": customer, "follow_user": followers, "next_cursor": ""}


def batch(platform: "Platform", call: Call) -> Json:
    """Page through the customers of some members; tags as ids only."""
    users = [str(one) for one in call.list_of("userid_list", PAGE)]
    if not users:
        raise ApiError(40063, "userid_list is missing")
    if any(platform.directory.find(one) is None for one in users):
        raise ApiError(60111)
    rows = [one for userid in users for one in platform.book.followed_by(userid)]
    start, limit = int(call.json.get("cursor") or 0), min(int(call.json.get("limit") or 50), PAGE)
    page = rows[start : start + limit]
    found = [
        {"external_contact": platform.book.customers.get(one["external_userid"]), "follow_info": _brief(one)}
        for one in page
    ]
    return {"external_contact_list": found, "next_cursor": str(start + limit) if start + limit < len(rows) else ""}


def remark(platform: "Platform", call: Call) -> Json:
    """Change what a member noted about a customer; absent fields stay, [""] clears the numbers."""
    relation = platform.book.relation(call.words("userid"), call.words("external_userid"))
    widths = {"remark": ("remark", REMARK), "description": ("description", DESCRIPTION)}
    widths["remark_company"] = ("remark_corp_name", COMPANY)
    for given, (kept, width) in widths.items():
        if given in call.json:
            relation[kept] = str(call.json[given])[:width]
    if "remark_mobiles" in call.json:
        relation["remark_mobiles"] = [one for one in call.list_of("remark_mobiles", 5) if one]
    platform.book.keep(relation)
    return {}


def _follower(platform: "Platform", relation: Json) -> Json:
    shown = {name: value for name, value in relation.items() if name != "external_userid"}
    return {**shown, "tags": tag_names(platform.book, relation["tags"])}


def _brief(relation: Json) -> Json:
    shown = {name: value for name, value in relation.items() if name not in ("external_userid", "tags")}
    return {**shown, "tag_id": relation["tags"]}


APIS: tuple[Api, ...] = (
    get("externalcontact/get_follow_user_list", follow_users, holders=("app",)),
    get("externalcontact/list", listed, holders=("app",)),
    get("externalcontact/get", detail, holders=("app",)),
    post("externalcontact/batch/get_by_user", batch),
    post("externalcontact/remark", remark),
)
