"""Contacts: members and departments, read only (§6.1). Not counted in the month."""

import json
import re
from typing import TYPE_CHECKING

from emulator.dingtalk.api import Api, Call, oapi, v1
from emulator.dingtalk.directory import ROOT, ids, mobile_of
from emulator.dingtalk.errors import OapiError
from emulator.dingtalk.settings import Person
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

PAGE = 100


def user_get(platform: "Platform", call: Call) -> Json:
    """Return one member."""
    person = platform.directory.find(call.words("userid"))
    if person is None:
        raise OapiError(33012)
    return {"result": described(platform, person)}


def described(platform: "Platform", person: Person) -> Json:
    """Describe a member as oapi does."""
    dept_id = platform.directory.department(person)
    leads = any(one.manager == person.userid for one in platform.directory.people)
    shown: Json = {
        "userid": person.userid,
        "unionid": person.union,
        "name": person.name,
        "avatar": "",
        "mobile": mobile_of(person),
        "state_code": "86",
        "hide_mobile": False,
        "title": person.role,
        "job_number": "",
        "email": "",
        "work_place": "",
        "remark": "",
        "active": person.active,
        "admin": person.admin,
        "boss": False,
        "senior": False,
        "real_authed": True,
        "exclusive_account": False,
        "dept_id_list": [dept_id],
        "dept_order_list": [{"dept_id": dept_id, "order": 1}],
        "leader_in_dept": [{"dept_id": dept_id, "leader": leads}],
        "role_list": [],
        "extension": json.dumps({}),
    }
    return {**shown, "manager_userid": person.manager} if person.manager else shown


def by_mobile(platform: "Platform", call: Call) -> Json:
    """Return the userid that belongs to a number."""
    mobile = call.words("mobile")
    if not re.fullmatch(r"1\d{10}", mobile):
        raise OapiError(40104)
    person = platform.directory.by_mobile(mobile)
    if person is None:
        raise OapiError(60121)
    return {"result": {"userid": person.userid}}


def by_union(platform: "Platform", call: Call) -> Json:
    """Return the userid that belongs to a unionId."""
    person = platform.directory.by_union(call.words("unionid"))
    if person is None:
        raise OapiError(60121)
    return {"result": {"contact_type": 0, "userid": person.userid}}


def list_simple(platform: "Platform", call: Call) -> Json:
    """List ids and names of a department's members."""
    return _page(platform, call, lambda person: {"userid": person.userid, "name": person.name})


def list_full(platform: "Platform", call: Call) -> Json:
    """List a department's members in full."""
    return _page(platform, call, lambda person: described(platform, person))


def list_ids(platform: "Platform", call: Call) -> Json:
    """List the ids of a department's members."""
    return {"result": {"userid_list": ids(platform.directory.members(_department(platform, call)))}}


def _page(platform: "Platform", call: Call, show: object) -> Json:
    members = platform.directory.members(_department(platform, call))
    cursor, size = call.number("cursor", 0), max(1, call.number("size", PAGE, PAGE))
    shown = [show(person) for person in members[cursor : cursor + size]]  # type: ignore[operator]  # one of the lambdas above
    more = cursor + size < len(members)
    following = {"next_cursor": cursor + size} if more else {}
    return {"result": {"has_more": more, **following, "list": shown}}


def _department(platform: "Platform", call: Call) -> int:
    dept_id = call.number("dept_id", ROOT)
    if dept_id not in platform.directory.departments:
        raise OapiError(60003)
    return dept_id


def department_list(platform: "Platform", call: Call) -> Json:
    """List the departments directly below one."""
    below = platform.directory.below(_department(platform, call))
    return {
        "result": [
            {
                "dept_id": one["dept_id"],
                "name": one["name"],
                "parent_id": one["parent_id"],
                "create_dept_group": False,
                "auto_add_user": False,
            }
            for one in below
        ]
    }


def department_get(platform: "Platform", call: Call) -> Json:
    """Return one department."""
    one = platform.directory.departments[_department(platform, call)]
    members = platform.directory.members(one["dept_id"])
    managers = list(dict.fromkeys(person.manager for person in members if person.manager))
    shown = {name: one[name] for name in ("dept_id", "name", "parent_id")}
    return {"result": {**shown, "dept_manager_userid_list": managers, "member_count": len(members)}}


def search(platform: "Platform", call: Call) -> Json:
    """Find members by their name."""
    words = call.words("queryWord")
    exact = call.number("fullMatchField", 0) == 1
    found = [one for one in platform.directory.people if one.name == words or (not exact and words in one.name)]
    offset, size = call.number("offset", 0), max(1, call.number("size", 20, PAGE))
    shown = ids(found[offset : offset + size])
    return {"hasMore": offset + size < len(found), "totalCount": len(found), "list": shown}


APIS: tuple[Api, ...] = (
    oapi("topapi/v2/user/get", user_get, counted=False),
    oapi("topapi/v2/user/getbymobile", by_mobile, counted=False),
    oapi("topapi/user/getbyunionid", by_union, counted=False),
    oapi("topapi/user/listsimple", list_simple, counted=False),
    oapi("topapi/user/listid", list_ids, counted=False),
    oapi("topapi/v2/user/list", list_full, counted=False),
    oapi("topapi/v2/department/listsub", department_list, counted=False),
    oapi("topapi/v2/department/get", department_get, counted=False),
    v1("POST", "contact/users/search", search, counted=False),
)
