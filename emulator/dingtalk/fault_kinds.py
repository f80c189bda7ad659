"""The failures DingTalk can be asked to play (§10.3), with the words the chat page shows for them."""

from datetime import timedelta

from emulator.faults import FaultKind

API, NETWORK, SENDING, STREAM, PUSH, HOSTILE, ODD, STORY = (
    "接口", "网络", "发送", "Stream", "推送", "恶意输入", "异常消息", "业务",
)  # fmt: skip


def kind(name: str, group: str, label: str, count: int | None = 1, **params: object) -> FaultKind:
    """Shorten the list below: keywords are the parameters with their defaults."""
    return FaultKind(name=name, group=group, label=label, count=count, params=params)


FAULT_KINDS = (
    kind("expire_token", API, "令牌失效 InvalidAuthentication"),
    kind("stubborn_token", API, "令牌一直失效", None),
    kind("qps_limit", API, "应用 QPS 超限"),
    kind("global_limit", API, "接口总 QPS 超限"),
    kind("month_quota", API, "本月额度用完", None),
    FaultKind(name="ip_block", group=API, label="IP 被封 5 分钟", count=None, lasts=timedelta(minutes=5),
              params={"html": False}),
    kind("permission_denied", API, "缺少权限"),
    kind("slow_api", NETWORK, "接口变慢 3 秒", None, seconds=3.0),
    kind("hang", NETWORK, "接口不应答", 1, seconds=30.0),
    kind("http_504", NETWORK, "网关超时 504", 1, processed=False),
    kind("http_500", NETWORK, "系统异常 500", 1, processed=False),
    kind("reset", NETWORK, "连接被断开", 1, processed=False),
    kind("answer_lost", NETWORK, "已处理但应答丢失"),
    kind("http_502", NETWORK, "网关 502", 1, processed=False),
    kind("html_body", NETWORK, "返回网页而非 JSON", 1, processed=False),
    kind("truncated_json", NETWORK, "JSON 截断"),
    kind("empty_body", NETWORK, "应答为空"),
    kind("invalid_users", SENDING, "接收人无效", 1, users=[]),
    kind("flow_control", SENDING, "接收人被限流", 1, users=[]),
    kind("group_disbanded", SENDING, "群已解散"),
    kind("bot_stopped", SENDING, "机器人已停用"),
    kind("not_in_group", SENDING, "机器人不在群中"),
    kind("content_unsafe", SENDING, "内容不合规"),
    kind("card_space_fail", SENDING, "卡片有一处没投到"),
    kind("template_unpublished", SENDING, "卡片模板未发布", None),
    kind("webhook_expired", SENDING, "会话 webhook 过期 300001"),
    kind("webhook_too_fast", SENDING, "会话 webhook 过快 130101"),
    kind("custom_robot_too_fast", SENDING, "自定义机器人过快 410100"),
    kind("custom_robot_refused", SENDING, "自定义机器人验签失败 310000"),
    kind("open_400", STREAM, "建连被拒 400"),
    kind("open_503", STREAM, "建连失败 503"),
    kind("ticket_expired", STREAM, "票据已过期"),
    kind("ticket_reused", STREAM, "票据已用过"),
    kind("disconnect", STREAM, "服务端要求断开", 1, reason="connection is expired"),
    kind("stall", STREAM, "连接假死"),
    kind("drop_abrupt", STREAM, "连接突然断开", 1, code=1006),
    kind("bad_frame", STREAM, "坏帧"),
    kind("unknown_system_topic", STREAM, "未知系统主题"),
    kind("unknown_callback_topic", STREAM, "未知回调主题"),
    kind("numeric_time", STREAM, "帧头时间是数字"),
    kind("dup_push", PUSH, "重复推送", 1, copies=2),
    kind("reorder_push", PUSH, "乱序推送"),
    kind("delayed_push", PUSH, "延迟推送", 1, ms=3000),
    kind("drop_push", PUSH, "推送丢失"),
    kind("card_timeout", PUSH, "卡片回调超时"),
    kind("card_double_click", PUSH, "连点两下"),
    kind("robot_sign_bad", HOSTILE, "机器人签名错误"),
    kind("robot_sign_old", HOSTILE, "61 分钟前的签名"),
    kind("event_sig_bad", HOSTILE, "事件签名错误"),
    kind("event_owner_bad", HOSTILE, "事件不属于本应用"),
    kind("event_garbage", HOSTILE, "事件密文损坏"),
    kind("event_param_name", ODD, "只带 signature 参数"),
    kind("card_callback_value_key", ODD, "卡片回调用 value 字段"),
    kind("card_callback_content_object", ODD, "卡片回调内容是对象"),
    kind("rename", ODD, "字段换写法"),
    kind("staff_id_empty", ODD, "没有 senderStaffId"),
    kind("external_user", ODD, "外部人员发言"),
    kind("msgtype_unknown", ODD, "未知消息类型"),
    kind("quote_message", ODD, "引用旧消息"),
    kind("richtext_repeat_mention", ODD, "富文本重复 @"),
    kind("user_left", STORY, "成员离职", 1, userid=""),
    FaultKind(name="user_joined", group=STORY, label="成员入职", params={"userid": "", "name": ""}),
)  # fmt: skip
