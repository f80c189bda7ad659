"""What other programs call our stages, methods and roles, and spellings that we put right: tables, to be read as such."""

import unicodedata

STAGES = ("初步接洽", "需求确认", "方案报价", "商务谈判", "赢单", "输单")
WON, LOST = "赢单", "输单"

STAGE_NAMES: dict[str, str] = {
    "初步接洽": "初步接洽 接洽 初步沟通 初步接触 初访 初步意向 线索 新建 prospecting prospect new lead discovery appointmentscheduled",
    "需求确认": "需求确认 需求 需求分析 需求沟通 需求调研 意向 意向客户 跟进中 进行中 engaging engaged qualification qualified needsanalysis",
    "方案报价": "方案报价 报价 方案 方案制定 已报价 方案/报价 proposal quote quotation presentationscheduled valueproposition",
    "商务谈判": "商务谈判 谈判 商务 合同 合同谈判 合同审批 待签约 招投标 negotiation negotiating contract contractsent decisionmakerboughtin",
    "赢单": "赢单 成交 已成交 签约 已签约 签单 赢单/成交 已赢单 won closedwon win",
    "输单": "输单 丢单 已输单 流失 失败 战败 已关闭 无效 lost closedlost lose loss",
}
METHOD_NAMES: dict[str, str] = {
    "call": "电话 电话沟通 通话 打电话 call phone",
    "visit": "拜访 上门 上门拜访 面访 实地拜访 外出拜访 visit",
    "wechat": "微信 企业微信 企微 wechat wecom",
    "email": "邮件 电子邮件 邮箱 email mail",
    "meeting": "会议 开会 线上会议 视频会议 腾讯会议 meeting",
    "sms": "短信 sms",
    "demo": "演示 产品演示 demo",
}
ROLE_NAMES: dict[str, str] = {
    "rep": "销售 业务员 销售代表 销售员 员工 普通成员 sales",
    "manager": "主管 经理 销售经理 销售主管 部门主管 负责人",
    "director": "总监 销售总监",
    "finance": "财务",
    "legal": "法务",
    "marketing": "市场 市场部",
    "service": "客服 服务 售后",
    "admin": "管理员 系统管理员",
}
SPELLINGS: dict[str, str] = {
    "gtxpro": "GTX Pro",
    "technolgy": "technology",
    "philipines": "Philippines",
    "google": "Google",
    "wechat": "微信",
}
"""Other spellings of one thing, folded; the report says each time that one was put right."""


def fold(words: str) -> str:
    """Fold width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


def _names(table: dict[str, str]) -> dict[str, str]:
    return {fold(name): meaning for meaning, names in table.items() for name in (*names.split(), meaning)}


_STAGES, _METHODS, _ROLES = _names(STAGE_NAMES), _names(METHOD_NAMES), _names(ROLE_NAMES)


def stage_of(words: str) -> str | None:
    """Return our stage for another program's word."""
    return _STAGES.get(fold(words))


def method_of(words: str) -> str:
    """Return how people were in touch; `other` for anything unheard of."""
    return _METHODS.get(fold(words), "other")


def roles_of(words: str) -> str:
    """Return roles joined by `+`, Chinese names put into ours."""
    parts = (part for part in words.replace("，", "+").replace(",", "+").replace("、", "+").split("+") if part.strip())
    return "+".join(_ROLES.get(fold(part), part.strip()) for part in parts)


def spelled(words: str) -> str:
    """Return the right spelling of a product, place or trade."""
    return SPELLINGS.get(fold(words), words)
