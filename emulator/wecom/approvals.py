"""oa/*: approval applications, their nodes, and the sys_approval_change events of each step (§3.11, §2.7)."""

from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom import events
from emulator.wecom.api import Api, Call, post
from emulator.wecom.approval_forms import check_contents, check_summary, template_of
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.callbacks import Event
    from emulator.wecom.platform import Platform

CHINA = timezone(timedelta(hours=8))
APPROVAL_AGENT = 3010040
OPEN, PASSED, REJECTED, WITHDRAWN = 1, 2, 3, 4
MOVED = 4  # of one approver's part
APPLIED, AGREED, REFUSED, HANDED_ON, TAKEN_BACK, COMMENTED = 1, 2, 3, 4, 6, 10
ANY_ONE, EVERYBODY = 1, 2
WINDOW_S = 31 * 86400


def template(platform: "Platform", call: Call) -> Json:
    """Return what a template asks."""
    known = template_of(platform, call.words("template_id"))
    return {name: value for name, value in known.items() if name != "passes"}


def apply(platform: "Platform", call: Call) -> Json:
    """Hand in an application; its number grows, its first event (提单) goes out."""
    body = call.json
    known = template_of(platform, call.words("template_id"))
    creator = platform.directory.find(call.words("creator_userid"))
    if creator is None:
        raise ApiError(60111)
    contents = (body.get("apply_data") or {}).get("contents")
    check_contents(platform, known, contents)
    check_summary(body.get("summary_list") or [])
    day = platform.clock.now().astimezone(CHINA).strftime("%Y%m%d")
    record: Json = {
        "sp_no": f"{day}{platform.next_application():04d}",
        "sp_name": known["template_names"][0]["text"],
        "sp_status": OPEN,
        "template_id": body["template_id"],
        "apply_time": platform.clock.timestamp(),
        "applyer": {"userid": creator.userid, "partyid": str(platform.directory.department_of(creator))},
        "sp_record": [_node(platform, one) for one in _approvers(platform, body, passes=known["passes"])],
        "notifyer": [{"userid": str(one)} for one in body.get("notifyer") or []],
        "apply_data": {"contents": contents},
        "comments": [],
    }
    platform.applications.put(record["sp_no"], record)
    tell(platform, record, APPLIED)
    if not record["sp_record"]:
        record["sp_status"] = PASSED
        _kept(platform, record, AGREED)
    return {"sp_no": record["sp_no"]}


def detail(platform: "Platform", call: Call) -> Json:
    """Return an application with what was decided."""
    found: Json | None = platform.applications.get(call.words("sp_no"))
    if found is None:
        raise ApiError(301025, "unknown sp_no")
    return {"info": found}


def numbers(platform: "Platform", call: Call) -> Json:
    """List the numbers of a window of at most 31 days, filtered, in pages."""
    start, end = int(call.json.get("starttime") or 0), int(call.json.get("endtime") or 0)
    if not 0 <= end - start <= WINDOW_S:
        raise ApiError(301025, "the window is at most 31 days")
    found = [one for one in platform.applications.values() if start <= one["apply_time"] <= end]
    for wish in call.list_of("filters"):
        found = [one for one in found if _fits(one, str(wish.get("key")), str(wish.get("value")))]
    first, size = int(call.json.get("new_cursor") or 0), min(int(call.json.get("size") or 100), 100)
    page = [one["sp_no"] for one in found[first : first + size]]
    return {"sp_no_list": page, "new_next_cursor": str(first + size) if first + size < len(found) else ""}


def decide(platform: "Platform", sp_no: str, userid: str, action: str, speech: str, to: str = "") -> "Event":
    """Let somebody agree, reject, transfer, comment or (the applicant) withdraw; ValueError when it is not theirs."""
    record = platform.applications.get(sp_no)
    if record is None:
        raise ValueError(f"there is no {sp_no}")
    if action == "comment":
        return _comment(platform, record, userid, speech)
    if record["sp_status"] != OPEN:
        raise ValueError(f"{sp_no} is not open")
    if action == "withdraw":
        if record["applyer"]["userid"].casefold() != userid.casefold():
            raise ValueError("only the applicant withdraws")
        record["sp_status"] = WITHDRAWN
        return _kept(platform, record, TAKEN_BACK)
    if action not in ("agree", "reject", "transfer"):
        raise ValueError("action is agree, reject, transfer, comment or withdraw")
    mine = _open_part(record, userid)
    if action == "transfer":
        return _transfer(platform, record, mine, to, speech)
    status = PASSED if action == "agree" else REJECTED
    mine |= {"sp_status": status, "speech": speech, "sptime": platform.clock.timestamp()}
    _add_up(record)
    return _kept(platform, record, AGREED if action == "agree" else REFUSED)


def _transfer(platform: "Platform", record: Json, mine: Json, to: str, speech: str) -> "Event":
    """Hand somebody's part on: whoever has it now follows them."""
    if platform.directory.find(to) is None:
        raise ValueError(f"there is no {to}")
    mine |= {"sp_status": MOVED, "speech": speech, "sptime": platform.clock.timestamp()}
    node = next(one for one in record["sp_record"] if mine in one["details"])
    node["details"].insert(node["details"].index(mine) + 1, _part(to))
    return _kept(platform, record, HANDED_ON)


def _comment(platform: "Platform", record: Json, userid: str, words: str) -> "Event":
    """Let anybody who has to do with it write something beside it."""
    if not words.strip():
        raise ValueError("a comment has words")
    record["comments"].append(
        {
            "commentUserInfo": {"userid": userid},
            "commenttime": platform.clock.timestamp(),
            "commentcontent": words,
            "commentid": str(6750538708562308220 + len(record["comments"])),
            "media_id": [],
        }
    )
    return _kept(platform, record, COMMENTED)


def tell(platform: "Platform", record: Json, change: int) -> "Event":
    """Send sys_approval_change with the application as it stands."""
    nodes = [
        {
            "SpStatus": node["sp_status"],
            "ApproverAttr": node["approverattr"],
            "Details": [
                {
                    "Approver": {"UserId": one["approver"]["userid"]},
                    "Speech": one["speech"],
                    "SpStatus": one["sp_status"],
                    "SpTime": one["sptime"],
                }
                for one in node["details"]
            ],
        }
        for node in record["sp_record"]
    ]
    info = {
        "SpNo": int(record["sp_no"]),
        "SpNoStr": record["sp_no"],
        "SpName": record["sp_name"],
        "SpStatus": record["sp_status"],
        "TemplateId": record["template_id"],
        "ApplyTime": record["apply_time"],
        "Applyer": {"UserId": record["applyer"]["userid"], "Party": record["applyer"]["partyid"]},
        "SpRecord": nodes,
        "Notifyer": [{"UserId": one["userid"]} for one in record["notifyer"]],
        "Comments": [
            {
                "CommentUserInfo": {"UserId": one["commentUserInfo"]["userid"]},
                "CommentTime": one["commenttime"],
                "CommentContent": one["commentcontent"],
                "CommentId": one["commentid"],
            }
            for one in record["comments"]
        ],
        "StatuChangeEvent": change,
    }
    fields = {"Event": "sys_approval_change", "ApprovalInfo": info, "AgentID": APPROVAL_AGENT}
    return platform.callbacks.emit(events.spelled_out(platform, fields))


def _kept(platform: "Platform", record: Json, change: int) -> "Event":
    platform.applications.put(record["sp_no"], record)
    return tell(platform, record, change)


def _approvers(platform: "Platform", body: Json, *, passes: bool) -> list[Json]:
    """Return the nodes asked for, or with use_template_approver those of the template: one of the first member."""
    if body.get("use_template_approver") == 1 and passes:
        return []
    if body.get("use_template_approver") == 1:
        return [{"attr": ANY_ONE, "userid": [platform.directory.people[0].userid]}]
    nodes = body.get("approver")
    if not isinstance(nodes, list) or not nodes or not all(one.get("userid") for one in nodes):
        raise ApiError(301025, "approver is missing")
    return nodes


def _node(platform: "Platform", wish: Json) -> Json:
    for userid in wish["userid"]:
        if platform.directory.find(str(userid)) is None:
            raise ApiError(60111)
    details = [_part(str(one)) for one in wish["userid"]]
    return {"sp_status": OPEN, "approverattr": wish.get("attr", ANY_ONE), "details": details}


def _part(userid: str) -> Json:
    return {"approver": {"userid": userid}, "speech": "", "sp_status": OPEN, "sptime": 0, "media_id": []}


def _open_part(record: Json, userid: str) -> Json:
    """Return the open line of this approver in the node whose turn it is."""
    node = next(one for one in record["sp_record"] if one["sp_status"] == OPEN)
    for one in node["details"]:
        if one["approver"]["userid"].casefold() == userid.casefold() and one["sp_status"] == OPEN:
            found: Json = one
            return found
    raise ValueError(f"it is not {userid}'s turn")


def _add_up(record: Json) -> None:
    """Derive the nodes' and the application's status from what the approvers said."""
    for node in record["sp_record"]:
        said = [one["sp_status"] for one in node["details"] if one["sp_status"] != MOVED]
        enough = PASSED in said if node["approverattr"] == ANY_ONE else set(said) == {PASSED}
        node["sp_status"] = REJECTED if REJECTED in said else PASSED if enough else OPEN
    states = [node["sp_status"] for node in record["sp_record"]]
    record["sp_status"] = REJECTED if REJECTED in states else PASSED if set(states) == {PASSED} else OPEN


def _fits(record: Json, key: str, value: str) -> bool:
    """Say whether an application passes one filter; filters the emulator does not know let everything pass."""
    known = {"template_id": record["template_id"], "creator": record["applyer"]["userid"]}
    known["sp_status"] = str(record["sp_status"])
    return key not in known or bool(known[key] == value)


APIS: tuple[Api, ...] = (
    post("oa/gettemplatedetail", template),
    post("oa/applyevent", apply),
    post("oa/getapprovaldetail", detail),
    post("oa/getapprovalinfo", numbers),
)
