"""What the platform's error codes mean and what to do next.

https://developer.work.weixin.qq.com/document/path/90313
"""

import re
from datetime import timedelta

from core.errors import DeliveryFailed

STALE_TOKEN = frozenset({40001, 40014, 41001, 42001})  # a business call says so: fetch one token, repeat once
OUT_OF_REACH = frozenset({60140, *range(42014, 42021)})  # of an update: the response code or the card is gone
CARD_FAULTS = frozenset(range(42027, 42052))  # the card's layout was refused: say it in text
DUPLICATE_CARD = 42014
NO_RECEIVER = 81013
MEDIA_GONE = frozenset({40007})

UNREACHABLE = "不在应用可见范围或已离职"

_LATER: dict[int, tuple[str, float | None]] = {
    -1: ("系统繁忙", None),
    6000: ("数据版本冲突", None),
    40014: ("access_token 无效", 60),
    41001: ("缺少 access_token", 60),
    42001: ("access_token 已过期", 60),
    45009: ("接口调用超过频率限制", 60),
    45033: ("接口并发调用超过限制", 2),
    41063: ("群发结果尚未生成", 60),
    301057: ("审批内部错误", None),
}
"""Failures that pass: their meaning, and after how many seconds to try again where that is known."""

_LASTING = {
    40001: "应用 Secret 不正确",
    40003: "成员账号不正确",
    40004: "媒体文件类型不正确",
    40005: "文件类型不正确",
    40006: "文件大小不正确",
    40007: "素材编号无效或已过期",
    40008: "消息类型不正确",
    40009: "图片大小不正确",
    40011: "视频大小不正确",
    40013: "企业 ID 不正确",
    40016: "菜单按钮数不正确",
    40018: "菜单名称太长",
    40019: "菜单键太长",
    40023: "子菜单按钮数不正确",
    40029: "登录 code 无效",
    40031: "成员列表不正确",
    40032: "成员列表太长",
    40033: "请求里有 \\u 转义",
    40035: "参数不正确",
    40056: "应用编号不正确",
    40057: "回调地址校验未通过",
    40058: "参数不合要求",
    40063: "参数为空",
    40091: "应用 Secret 无效",
    41002: "缺少企业 ID",
    41004: "缺少应用 Secret",
    41006: "缺少素材编号",
    41016: "缺少标题",
    42003: "登录 code 已过期",
    42022: "登录 code 已使用",
    42014: "卡片编号不正确或重复",
    43012: "应用没有设置回调地址",
    44001: "文件是空的",
    44004: "消息内容是空的",
    45001: "文件太大",
    45002: "消息太长",
    45007: "语音太长",
    45008: "图文条数太多",
    45029: "结果太大，应按部门读取",
    45031: "应用 Secret 强度不够",
    46003: "没有菜单",
    46004: "成员不存在",
    48002: "应用没有调用这个接口的权限",
    48005: "接口已下线",
    48006: "应用长期未使用，接口权限已收回",
    48009: "新增 IP 不能再用通讯录同步接口",
    50001: "跳转域名不可信",
    50002: "成员不在权限范围内",
    50003: "应用已停用",
    50100: "分页游标无效",
    60003: "部门不存在",
    60011: "没有读取该成员或部门的权限，请管理员扩大应用可见范围",
    60020: "服务器 IP 不在企业可信 IP 名单内",
    60111: "成员不存在",
    60123: "部门编号无效",
    60140: "卡片更新码无效、已过期或已使用",
    81012: "没有接收人",
    81013: f"接收人{UNREACHABLE}",
    82001: "没有接收人",
    82004: "内容含有可能使客户端异常的字符",
    84014: "成员票据已过期",
    84015: "成员票据无效",
    85005: "域名归属未验证",
    301002: "应用编号与 Secret 不是同一个应用",
    301025: "审批模板不存在，或填的内容与模板不符，请检查模板 ID 和必填项",
    301055: "应用没有用审批接口的权限，请在管理后台「应用管理 → 审批 → API」里把应用加进可调用列表",
    701008: "成员没有接口许可",
}
"""Failures that stay until somebody does something."""

_HINT = re.compile(r"hint: ?\[(\d{1,40})\]")
_FROM_IP = re.compile(r"from ip: ?([0-9a-fA-F.:]{2,45})")


OUR_SETTINGS = frozenset({40001, 40013, 40056, 40091, 41002, 41004, 48002, 48006, 50003, 60020, 301002})
"""Faults that an administrator mends: what was to be said is held until then, and loses nothing."""
MENDING_S = 300.0


def refused(api: str, code: int, message: str) -> DeliveryFailed:
    """Say in our own words what the platform answered. Of its text only the hint and our address are kept."""
    if code in _LATER:
        meaning, pause = _LATER[code]
    elif code in CARD_FAULTS:
        meaning, pause = "卡片内容不合要求", None
    else:
        # An unknown code is never a success, and trying again would not change it.
        meaning, pause = _LASTING.get(code, "未知错误"), MENDING_S if code in OUR_SETTINGS else None
    hint, address = _HINT.search(message), _FROM_IP.search(message)
    details = [f"错误码 {code}"]
    details += [f"hint {hint[1]}"] if hint else []
    details += [f"IP {address[1].rstrip('.:')}"] if address and code == 60020 else []  # noqa: PLR2004 (the IP list)
    return DeliveryFailed(
        reason=f"企业微信 {api}：{meaning}（{'，'.join(details)}）",
        temporary=code in _LATER or code in OUR_SETTINGS,
        retry_after=timedelta(seconds=pause) if pause else None,
        code=code,
    )


def unreached(api: str) -> DeliveryFailed:
    """The request never left us."""
    return DeliveryFailed(reason=f"企业微信 {api}：连接不上", temporary=True)


def unanswered(api: str, what: str, *, delivers: bool) -> DeliveryFailed:
    """The request left us, no sound answer came. What `delivers` may have arrived; a read is just repeated."""
    return DeliveryFailed(reason=f"企业微信 {api}：{what}", temporary=True, unknown=delivers)


def misconfigured(api: str, what: str) -> DeliveryFailed:
    """Nothing but a changed setting helps; until then everything is held."""
    return DeliveryFailed(reason=f"企业微信 {api}：{what}", temporary=True, retry_after=timedelta(seconds=MENDING_S))
