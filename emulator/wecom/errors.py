"""What the API answers when it refuses: code, the text WeCom uses for it, and the hint support asks for."""

import secrets
from typing import Any

from emulator.store import Json

TEXTS = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid userid",
    40004: "invalid media type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40023: "invalid sub button size",
    40029: "invalid code",
    40032: "invalid user list size",
    40033: "invalid charset, \\u escapes are not allowed",
    40050: "chatid not exist",
    40056: "invalid agentid",
    40057: "invalid callback url, or the url check failed",
    40058: "invalid request parameter",
    40063: "some parameters are empty",
    40068: "invalid tagid",
    40071: "tag name has already exist",
    40096: "invalid external_userid",
    40097: "handover user is not resigned",
    40129: "customer transfer in progress",
    40130: "handover and takeover user are the same",
    40131: "not follow user of this customer",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "corpsecret missing",
    41006: "media_id missing",
    41008: "missing code",
    41010: "missing url",
    41011: "missing agentid",
    41016: "missing title",
    41033: "missing description",
    41041: "contact way user size over limit",
    41048: "no customer to send",
    41050: "welcome code invalid or expired",
    41051: "already chatted with the customer",
    41063: "group message is being created, try again later",
    41064: "too many attachments",
    41065: "invalid attachment type",
    42001: "access_token expired",
    42003: "code expired",
    42014: "invalid task_id",
    42016: "task_id not exist",
    42022: "code has been used",
    42027: "template_card missing keyname",
    42028: "template_card invalid url",
    42029: "template_card invalid media_id",
    42030: "template_card missing appid",
    42031: "template_card invalid card_type",
    42033: "template_card missing title",
    42035: "template_card invalid horizontal_content_list size",
    42036: "template_card invalid vertical_content_list",
    42037: "template_card invalid option_list",
    42038: "template_card invalid button text",
    42039: "template_card invalid button key",
    42040: "template_card invalid option id",
    42041: "template_card invalid option text",
    42042: "template_card invalid jump_list",
    42043: "template_card invalid question_key",
    42044: "template_card missing card_image url",
    42045: "template_card invalid card_action",
    42046: "template_card invalid submit_button key",
    42047: "template_card invalid select_list",
    42049: "template_card invalid submit_button text",
    42050: "template_card invalid userid in horizontal_content_list",
    42051: "template_card invalid or duplicate action key",
    42052: "message can not be recalled after 24 hours",
    43001: "require GET method",
    43002: "require POST method",
    43012: "app needs a callback url",
    44001: "empty media data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "api freq out of limit",
    45033: "api concurrent out of limit",
    45034: "url without http or https",
    46003: "menu no exist",
    46004: "userid not found",
    48002: "api forbidden",
    50001: "redirect_url domain not match",
    60003: "department not found",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60140: "response_code invalid or expired",
    81013: "user & party & tag all invalid",
    82001: "all of touser, toparty and totag are empty",
    82002: "too many parties",
    82003: "too many tags",
    84015: "invalid user_ticket",
    84014: "user_ticket expired",
    84061: "not external contact",
    86001: "invalid chatid",
    86003: "chatid not exist",
    86004: "invalid chat name",
    86006: "invalid chat member count",
    86207: "chat owner is not a member",
    86215: "chatid existed",
    86216: "chat member not exist",
    90201: "content_item size out of limit",
    93000: "invalid webhook url",
    301002: "not allow operate another agent with this accesstoken",
    301025: "approval parameters do not fit the template",
    301055: "no approval auth",
    301057: "approval internal error",
}


class ApiError(Exception):
    """A refusal: one of the platform's codes; `note` goes before the hint, `fields` beside the code."""

    def __init__(self, code: int, note: str = "", **fields: Any) -> None:
        super().__init__(f"{code} {TEXTS.get(code, '')} {note}".strip())
        self.code = code
        self.note = note
        self.fields = fields


def error_body(error: ApiError, remote_ip: str) -> Json:
    """Write the refusal in the form of real ones: text, hint, caller's IP, where to read more."""
    text = TEXTS.get(error.code, "unknown error")
    if error.note:
        text = f"{text}. {error.note}"
    hint = f"[{secrets.randbelow(10**24):024d}]"
    more = f"https://open.work.weixin.qq.com/devtool/query?e={error.code}"
    return {
        **error.fields,
        "errcode": error.code,
        "errmsg": f"{text}, hint: {hint}, from ip: {remote_ip}, more info at {more}",
    }
