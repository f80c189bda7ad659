"""The failures WeCom can be asked to play (§8.4), with the words the chat page shows for them."""

from datetime import timedelta

from emulator.faults import FaultKind

API, NETWORK, DELIVERY, HOSTILE, ODD, STORY = "接口", "网络", "回调", "恶意输入", "异常事件", "业务"


def kind(name: str, group: str, label: str, count: int | None = 1, **params: object) -> FaultKind:
    """Shorten the list below: keywords are the parameters with their defaults."""
    return FaultKind(name=name, group=group, label=label, count=count, params=params)


FAULT_KINDS = (
    kind("token_expired", API, "令牌过期 42001"),
    kind("token_invalid", API, "令牌失效 40014"),
    kind("token_flap", API, "令牌一直失效 40014", None),
    FaultKind(name="freq_minute", group=API, label="频率超限一分钟 45009", count=None, lasts=timedelta(minutes=1)),
    FaultKind(name="freq_hour", group=API, label="频率超限一小时 45009", count=None, lasts=timedelta(hours=1)),
    kind("concurrency", API, "并发超限 45033", None, in_flight=1),
    kind("busy", API, "系统繁忙 -1"),
    kind("ip_denied", API, "IP 不在白名单 60020", None),
    kind("partial_users", API, "部分接收人无效", 1, users=[]),
    kind("all_users_bad", API, "接收人全部无效 81013"),
    kind("silent_drop", API, "答 0 但不送达"),
    kind("response_code_reuse", API, "卡片更新码已用过 60140"),
    kind("response_code_expired", API, "卡片更新码过期 60140"),
    kind("media_expired", API, "素材过期 40007"),
    kind("welcome_late", API, "欢迎语超时 41050"),
    kind("slow_api", NETWORK, "接口变慢 3 秒", None, seconds=3.0),
    kind("reset", NETWORK, "连接被断开", 1, processed=False),
    kind("answer_lost", NETWORK, "已处理但应答丢失"),
    kind("http_502", NETWORK, "网关 502", 1, processed=False),
    kind("html_body", NETWORK, "返回网页而非 JSON", 1, processed=False),
    kind("truncated_json", NETWORK, "JSON 截断"),
    kind("dup_callback", DELIVERY, "重复投递", 1, copies=3),
    kind("reorder", DELIVERY, "乱序投递"),
    kind("delay", DELIVERY, "延迟 5 分钟投递", 1, minutes=5),
    kind("drop", DELIVERY, "回调丢失"),
    kind("bad_signature", HOSTILE, "签名错误"),
    kind("wrong_receiveid", HOSTILE, "企业不符"),
    kind("bad_padding", HOSTILE, "填充错误"),
    kind("dtd_body", HOSTILE, "带 DTD 的 XML"),
    kind("huge_body", HOSTILE, "超大请求体", 1, bytes=2 * 2**20),
    kind("deep_xml", HOSTILE, "超深 XML", 1, depth=20000),
    kind("json_body", HOSTILE, "JSON 请求体"),
    kind("stale_timestamp", HOSTILE, "一天前的时间戳"),
    kind("replayed", HOSTILE, "原样重放"),
    kind("unknown_event", ODD, "未知事件"),
    kind("missing_fields", ODD, "缺字段的事件"),
    kind("case_changed_userid", ODD, "用户名大小写变化"),
    kind("two_piclists", ODD, "两个 PicList"),
    kind("double_click", STORY, "连点两下"),
    kind("two_people_click", STORY, "两人同时点"),
    kind("user_left", STORY, "成员离职", 1, userid=""),
    kind("user_renamed", STORY, "成员改名", 1, userid="", new_userid=""),
    kind("customer_deleted", STORY, "客户删除成员", 1, userid="", external_userid=""),
)
