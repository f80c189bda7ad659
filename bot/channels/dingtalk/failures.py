"""What the platform's error codes mean and what to do next; codes of its older API are numbers, of the newer one words.

https://open.dingtalk.com/document/orgapp/server-api-error-codes-1 and the error table of each API's page.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from core.errors import DeliveryFailed

Code = int | str

MENDING = timedelta(minutes=5)
"""How long what an administrator must mend is held before it is tried again."""
IP_PAUSE = timedelta(minutes=5)
IP_BLOCKED = 1111
REDIRECTED, SERVER_FAULT = 300, 500
"""The statuses between success and the platform's own trouble; what matters more is the code."""
NOT_SENT = "delivery.refused"
"""Our own code: the card exists, and the platform says in words of its own why it did not deliver it."""

_NUMBER = re.compile(r"-?\d{1,9}")
_SCOPE = re.compile(r"[\w.\-]{1,60}")
_REQUEST = re.compile(r"[\w\-]{1,64}")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_GATEWAY = 88  # the older API's gateway; what is meant stands in `sub_code`
_DENIED = "Forbidden.AccessDenied."
UNREACHABLE = "接收人不在应用可见范围、已离职，或机器人没有启用单聊"
_NO_SCOPE = "应用没有开通所需的权限，请在开发者后台申请并重新发布"
_LEFT = "成员不存在或已离职"
_FOREIGN_IP = "服务器出口 IP 不在应用的白名单内"
_WRONG_SECRET = "Client ID 或 Client Secret 不正确"  # noqa: S105 (what is said about one)
_WRONG_ROBOT = "robotCode 与应用不符"

STALE_TOKEN: frozenset[Code] = frozenset({"InvalidAuthentication", 401, 40001, 40014, 42001, 33001})
TOO_FAST: frozenset[Code] = frozenset(
    {
        f"{_DENIED}QpsLimitForAppkeyAndApi",
        f"{_DENIED}QpsLimitForSuitekeyAndOrgAndApi",
        f"{_DENIED}QpmLimitForAppkeyAndApi",
        f"{_DENIED}QpsLimitForApi",
        *(429, 90001, 90002, 90005, 90006, 90018),
    }
)
QUOTA: frozenset[Code] = frozenset({f"{_DENIED}ApiCountLimitForOrg", 90003, 90020})
BUSY: frozenset[Code] = frozenset({"system.error", "systemError", "system.busy", 500, 502, 503, 504, -1, 15, _GATEWAY})
ANSWER_LOST: frozenset[Code] = frozenset({"system.error", "systemError", 500, 502, 504, 15, _GATEWAY})
"""The platform's inside failed or took too long: the call may have had its effect all the same."""

SESSION_GONE: frozenset[Code] = frozenset({300001, "session.expired", "session.notExisted"})
NO_RECEIVER = "staffId.notExisted"
NOBODY: frozenset[Code] = frozenset({NO_RECEIVER, "robot.oto.notExist", "chatbotId.notAllow.sendOTO"})
GROUP_GONE: frozenset[Code] = frozenset(
    {
        "group.disbanded",
        "bot.stopped",
        "template.stopped",
        "openConversationId.notExisted",
        "invalid.openConversationId",
        "conversation.org.notMatch",
        *(400013, 400102, 400106),
    }
)
UNSAFE: frozenset[Code] = frozenset(
    {
        "contain.notAllowed.text",
        "contain.notAllowed.picture",
        "contain.notAllowed.content",
        "contain.unsafe.url",
        "param.contentUnsafe",
        *range(430101, 430105),
    }
)
KNOWN_CARD, NO_CARD = "param.cardAlreadyExist", "param.cardNotExist"
NO_TEMPLATE: frozenset[Code] = frozenset({"param.templateNotExist", "param.templateUnpublished"})


class _Verdict(NamedTuple):
    """What a code means; whether it passes, by itself or by an administrator; after how many seconds to try again."""

    meaning: str
    passes: bool = False
    pause: float | None = None


_TOO_FAST, _MENDED = "发送太快", MENDING.total_seconds()
_VERDICTS: dict[Code, _Verdict] = {
    **dict.fromkeys(STALE_TOKEN, _Verdict("access_token 无效", True, 60)),
    **dict.fromkeys(TOO_FAST, _Verdict("调用太频繁", True, 1)),
    **dict.fromkeys(QUOTA, _Verdict("企业本月的接口调用量已用完，请管理员到开发者后台购买，或等到下月", True)),
    **dict.fromkeys(BUSY, _Verdict("系统繁忙", True)),
    **dict.fromkeys(SESSION_GONE, _Verdict("会话回复地址已过期")),
    **dict.fromkeys(NOBODY, _Verdict(UNREACHABLE)),
    **dict.fromkeys(GROUP_GONE, _Verdict("群已解散，或机器人不在群里、已停用")),
    **dict.fromkeys(UNSAFE, _Verdict("内容没有通过钉钉的审核")),
    **dict.fromkeys(NO_TEMPLATE, _Verdict("卡片模板不存在、没有发布或不属于本应用，请检查 DINGTALK_CARD_TEMPLATE_ID")),
    KNOWN_CARD: _Verdict("卡片编号已存在"),
    NO_CARD: _Verdict("卡片不存在"),
    # Failures that pass.
    f"{_DENIED}QpmLimitForAppkeyAndApi": _Verdict("调用太频繁", True, 60),
    f"{_DENIED}QpsLimitForApi": _Verdict("平台繁忙", True, 4),
    90001: _Verdict("平台繁忙", True, 4),
    90002: _Verdict("平台繁忙", True, 4),
    130101: _Verdict(_TOO_FAST, True, 5),
    410100: _Verdict(_TOO_FAST, True, 60),
    "send.too.fast": _Verdict(_TOO_FAST, True, 5),
    "send.byToken.tooFast": _Verdict(_TOO_FAST, True, 5),
    "too.many.group": _Verdict(_TOO_FAST, True, 10),
    "too.many.people": _Verdict(_TOO_FAST, True, 10),
    # Faults that an administrator mends: what was to be said is held until then, and loses nothing.
    f"{_DENIED}AccessTokenPermissionDenied": _Verdict(_NO_SCOPE, True, _MENDED),
    f"{_DENIED}IpNotInWhiteList": _Verdict(_FOREIGN_IP, True, _MENDED),
    "invalidClientIdOrSecret": _Verdict(_WRONG_SECRET, True, _MENDED),
    "resource.not.found": _Verdict("机器人不在群里，或 robotCode 与应用不符", True, _MENDED),
    "unauthorized": _Verdict(_WRONG_ROBOT, True, _MENDED),
    "auth.error": _Verdict(_WRONG_ROBOT, True, _MENDED),
    "not.allowed.robotCode": _Verdict(_WRONG_ROBOT, True, _MENDED),
    "Missingbody": _Verdict("接口地址或代理改写了请求", True, _MENDED),
    "InvalidAction.NotFound": _Verdict("接口不存在，请检查 DINGTALK_API_BASE", True, _MENDED),
    40089: _Verdict(_WRONG_SECRET, True, _MENDED),
    40096: _Verdict(_WRONG_SECRET, True, _MENDED),
    50003: _Verdict("应用已停用", True, _MENDED),
    60011: _Verdict("应用没有调用这个接口的权限", True, _MENDED),
    60020: _Verdict(_FOREIGN_IP, True, _MENDED),
    70001: _Verdict("企业已解散", True, _MENDED),
    **dict.fromkeys((*range(300, 401), *range(402, 429)), _Verdict("接口地址不正确", True, _MENDED)),
    # Failures that stay until somebody does something.
    "orgAuthLevelNotEnough": _Verdict("企业认证等级不够，不能使用这个接口"),
    "processCodeError": _Verdict("审批模板不存在或停用了，请检查规则里写的模板"),
    "processInstanceInvalidParameter": _Verdict("审批单的内容不合要求，或审批单已经变了"),
    "formConverterError": _Verdict("填的内容与审批模板的控件不符，请检查模板"),
    "needAuth": _Verdict("应用没有用这个审批模板的权限，请在开发者后台开通审批流权限", True, _MENDED),
    "targetSelectApproverMissing": _Verdict("审批模板要求发起人自选审批人，请在模板里关掉"),
    "autoflowLikeTriggerRateLimited": _Verdict("审批单建得太频繁", True, 60),
    22: _Verdict("接口不存在"),
    33012: _Verdict(_LEFT),
    40003: _Verdict(_LEFT),
    40035: _Verdict("参数不正确"),
    40078: _Verdict("登录 code 无效或已使用"),
    40104: _Verdict("手机号不正确"),
    41001: _Verdict("缺少 access_token"),
    43002: _Verdict("请求方式不正确"),
    43004: _Verdict("请求的 Content-Type 不正确"),
    50002: _Verdict("成员不在应用可见范围内，请管理员扩大范围"),
    50004: _Verdict("部门不在应用可见范围内，请管理员扩大范围"),
    60003: _Verdict("部门不存在"),
    60111: _Verdict(_LEFT),
    60121: _Verdict(_LEFT),
    310000: _Verdict("机器人的安全设置拒绝了请求"),
    400002: _Verdict("参数不正确"),
    400101: _Verdict("机器人不存在"),
    400105: _Verdict("消息类型不受支持"),
}
_FAMILIES = {
    "invalidParameter.robotCode.downloadCode": _Verdict("文件的下载码已过期"),
    "invalidParameter.robotCode.": _Verdict(f"{_WRONG_ROBOT}，或机器人没有发布", True, _MENDED),
    "invalidParameter.": _Verdict("参数不正确"),
    "miss.param.": _Verdict("缺少参数"),
    "param.": _Verdict("卡片参数不正确"),
    _DENIED: _Verdict("访问被拒绝", True, _MENDED),
}
"""What codes that begin so mean; the first that fits."""
_UNKNOWN = _Verdict("未知错误")  # never a success, and trying again would not change it


def code_of(status: int, answer: Mapping[str, Any]) -> Code:
    """Return the code of a failure, 0 for a success. The status decides only where the code says nothing."""
    if answer.get("status") == IP_BLOCKED and "punish" in answer:
        return IP_BLOCKED
    errcode = _as_number(answer.get("errcode"))
    if errcode == _GATEWAY:
        sub_code = _as_number(answer.get("sub_code"))
        return sub_code or _GATEWAY
    if errcode:
        return errcode
    if status < REDIRECTED:
        return 0
    code = answer.get("code")
    if isinstance(code, str) and code and not code.isspace():
        known = _as_number(code) or code[:80]
        return status if status >= SERVER_FAULT and _verdict(known) is _UNKNOWN else known
    return status


def refused(api: str, code: Code, answer: Mapping[str, Any], *, delivers: bool) -> DeliveryFailed:
    """Say in our own words what the platform answered; of its text only scopes, our address and the request's id."""
    verdict = _verdict(code)
    details = [f"错误码 {code}"]
    details += [f"权限 {'、'.join(scopes)}"] if (scopes := list(_scopes(answer))) else []
    details += (
        [f"IP {found[0]}"] if verdict.meaning == _FOREIGN_IP and (found := _ADDRESS.search(_said(answer))) else []
    )
    request = str(answer.get("requestid") or answer.get("request_id") or "")
    details += [f"请求 {request}"] if _REQUEST.fullmatch(request) else []
    return DeliveryFailed(
        reason=f"钉钉 {api}：{verdict.meaning}（{'，'.join(details)}）",
        temporary=verdict.passes,
        unknown=delivers and code in ANSWER_LOST,
        retry_after=timedelta(seconds=verdict.pause) if verdict.pause else None,
        code=NO_RECEIVER if code in NOBODY else code,
    )


def mends(code: Code) -> bool:
    """Say whether an administrator mends it."""
    return _verdict(code).pause == _MENDED


def unreached(api: str) -> DeliveryFailed:
    """The request never left us."""
    return DeliveryFailed(reason=f"钉钉 {api}：连接不上", temporary=True)


def unanswered(api: str, what: str, *, delivers: bool) -> DeliveryFailed:
    """The request left us, no sound answer came. What `delivers` may have arrived; a read is just repeated."""
    return DeliveryFailed(reason=f"钉钉 {api}：{what}", temporary=True, unknown=delivers)


def misconfigured(api: str, what: str) -> DeliveryFailed:
    """Nothing but a changed setting helps; until then everything is held."""
    return DeliveryFailed(reason=f"钉钉 {api}：{what}", temporary=True, retry_after=MENDING)


def blocked(api: str) -> DeliveryFailed:
    """The platform's firewall answers in its stead: our address has called too often."""
    return DeliveryFailed(
        reason=f"钉钉 {api}：出口 IP 调用太频繁，被暂停 5 分钟", temporary=True, retry_after=IP_PAUSE, code=IP_BLOCKED
    )


def no_receiver(api: str) -> DeliveryFailed:
    """Nobody of that name can be reached."""
    return DeliveryFailed(reason=f"钉钉 {api}：{UNREACHABLE}", code=NO_RECEIVER)


def _verdict(code: Code) -> _Verdict:
    if code in _VERDICTS:
        return _VERDICTS[code]
    return next((known for begin, known in _FAMILIES.items() if str(code).startswith(begin)), _UNKNOWN)


def _as_number(code: Any) -> int:
    text = str(code)
    return int(text) if _NUMBER.fullmatch(text) else 0


def _said(answer: Mapping[str, Any]) -> str:
    return str(answer.get("message") or answer.get("errmsg") or "")


def _scopes(answer: Mapping[str, Any]) -> Iterator[str]:
    """Name the permissions that are missing; the spelling of their key varies."""
    detail = next((value for key, value in answer.items() if key.lower() == "accessdenieddetail"), None)
    listed = detail.get("requiredScopes") if isinstance(detail, dict) else None
    for scope in listed if isinstance(listed, list) else ():
        if isinstance(scope, str) and _SCOPE.fullmatch(scope):
            yield scope
