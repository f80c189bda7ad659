"""user/*, department/*, agent/get: the address book as the app sees it (§3.7, §3.9)."""

import hashlib
from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom.api import APP, CONTACTS, Api, Call, get, post
from emulator.wecom.errors import ApiError
from emulator.wecom.settings import Person

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def mobile_of(person: Person) -> str:
    """Return the number the emulator gives a member: fixed by the userid, in a range nobody has."""
    return f"1380000{int(hashlib.sha256(person.userid.casefold().encode()).hexdigest(), 16) % 10000:04d}"


def describe(platform: "Platform", person: Person) -> Json:
    """Return a member as user/get does: without mobile, mail and avatar, unless the switch says otherwise."""
    department = platform.directory.department_of(person)
    described: Json = {
        "userid": person.userid,
        "name": person.name,
        "department": [department],
        "order": [0],
        "position": person.role,
        "is_leader_in_dept": [0],
        "direct_leader": [],
        "telephone": "",
        "alias": "",
        "status": 1,
        "open_userid": "",
        "main_department": department,
        "extattr": {"attrs": []},
        "external_position": "",
    }
    if platform.switches.sensitive_fields:
        described |= {"mobile": mobile_of(person), "gender": "0", "email": f"{person.userid}@example.com", "avatar": ""}
    return described


def user_get(platform: "Platform", call: Call) -> Json:
    """Return one member."""
    userid = call.args.get("userid", "")
    person = platform.directory.find(userid)
    if person is None:
        raise ApiError(60111 if userid else 40063)
    return describe(platform, person)


def user_simplelist(platform: "Platform", call: Call) -> Json:
    """List a department's direct members by name."""
    return {
        "userlist": [
            {"userid": one["userid"], "name": one["name"], "department": one["department"], "open_userid": ""}
            for one in _members(platform, call)
        ]
    }


def user_list(platform: "Platform", call: Call) -> Json:
    """List a department's direct members in full."""
    return {"userlist": _members(platform, call)}


def user_list_id(platform: "Platform", call: Call) -> Json:
    """Page through all userids with their departments; for the contact secret only."""
    people, limit = platform.directory.people, int(call.json.get("limit") or 10000)
    start = int(call.json.get("cursor") or 0)
    page = people[start : start + limit]
    rows = [{"userid": one.userid, "department": platform.directory.department_of(one)} for one in page]
    more = start + limit < len(people)
    return {"next_cursor": str(start + limit) if more else "", "dept_user": rows}


def user_getuserid(platform: "Platform", call: Call) -> Json:
    """Find a member by mobile number."""
    mobile = call.words("mobile")
    found = next((one for one in platform.directory.people if mobile_of(one) == mobile), None)
    if found is None:
        raise ApiError(46004)
    return {"userid": found.userid}


def department_list(platform: "Platform", call: Call) -> Json:
    """List a department and all below it."""
    return {
        "department": [
            {"id": one.id, "name": one.name, "name_en": "", "department_leader": [], "parentid": one.parent, "order": 0}
            for one in platform.directory.below(_department(platform, call))
        ]
    }


def department_simplelist(platform: "Platform", call: Call) -> Json:
    """List a department and all below it, ids only."""
    found = platform.directory.below(_department(platform, call))
    return {"department_id": [{"id": one.id, "parentid": one.parent, "order": 0} for one in found]}


def agent_get(platform: "Platform", call: Call) -> Json:
    """Return the app's settings: visible members, trusted domain."""
    agent_id = call.number("agentid")
    if agent_id != platform.settings.agent_id:
        raise ApiError(301002)
    return {
        "agentid": agent_id,
        "name": platform.settings.app_name,
        "square_logo_url": "",
        "description": "",
        "allow_userinfos": {"user": [{"userid": one.userid} for one in platform.directory.people]},
        "allow_partys": {"partyid": [1]},
        "allow_tags": {"tagid": []},
        "close": 0,
        "redirect_domain": platform.redirect_domain,
        "report_location_flag": 0,
        "isreportenter": 1,
        "home_url": "",
        "customized_publish_status": 1,
    }


def _department(platform: "Platform", call: Call) -> int:
    department = call.number("id", 1)
    if not platform.directory.below(department):
        raise ApiError(60003)
    return department


def _members(platform: "Platform", call: Call) -> list[Json]:
    department = call.number("department_id")
    if not platform.directory.below(department):
        raise ApiError(60003)
    return [describe(platform, one) for one in platform.directory.members(department, deep=False)]


APIS: tuple[Api, ...] = (
    get("user/get", user_get),
    get("user/simplelist", user_simplelist),
    get("user/list", user_list),
    post("user/list_id", user_list_id, holders=(CONTACTS,)),
    post("user/getuserid", user_getuserid, holders=(APP, CONTACTS)),
    get("department/list", department_list),
    get("department/simplelist", department_simplelist),
    get("agent/get", agent_get, holders=(APP,)),
)
