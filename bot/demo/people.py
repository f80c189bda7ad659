"""The people of the demo company."""

from dataclasses import dataclass

from core.services.members import Enrolment


@dataclass(frozen=True)
class Colleague:
    """One phone on the chat page, with phrases to tap."""

    user_id: str
    name: str
    roles: str
    department: str
    manager: str
    caption: str
    hints: tuple[str, ...] = ()

    @property
    def mobile(self) -> str:
        """The number by which two platforms know the same person; it belongs to nobody."""
        return f"1990000{PEOPLE.index(self):04}"

    def enrolment(self, channel: str) -> Enrolment:
        """Say who they are to one platform."""
        return Enrolment(
            channel=channel,
            user_id=self.user_id,
            name=self.name,
            phone=self.mobile,
            roles=self.roles,
            department=self.department,
        )


REP = (
    "新线索 苏州汇川 13812345678 官网来的 要100台伺服",
    "跟进 汇川 电话聊了报价，下周三下午三点再联系",
    "看看 华为",
    "我这个月还差多少",
    "我答应了谁什么",
    "中兴 需求调研",
    "撤销",
)

PEOPLE = (
    Colleague("zhangwei", "张伟", "rep", "销售部/华东", "wangqiang", "销售代表 · 华东", REP),
    Colleague(
        "lina", "李娜", "rep", "销售部/华南", "zhaomin", "销售代表 · 华南", ("今天", "公海", "查一下 苏州汇川", "帮助")
    ),
    Colleague(
        "wangqiang",
        "王强",
        "manager",
        "销售部/华东",
        "zhaomin",
        "销售经理 · 华东",
        ("待我审批的", "本季度漏斗", "排行榜", "按产品看本季度赢单金额"),
    ),
    Colleague("chenchen", "陈晨", "rep", "销售部/华东", "wangqiang", "新销售 · 华东", ("今天", "公海", "帮助")),
    Colleague(
        "zhaomin",
        "赵敏",
        "director",
        "销售部",
        "sunyiming",
        "销售总监",
        ("待我审批的", "审批耗时", "本月预测", "按部门和月统计今年的赢单金额"),
    ),
    Colleague("chenjing", "陈静", "finance", "财务部", "", "财务", ("待我审批的", "帮助")),
    Colleague("liuyang", "刘洋", "legal", "法务部", "", "法务", ("帮助",)),
    Colleague("sunyiming", "孙一鸣", "vp", "销售部", "", "副总裁", ("帮助",)),
    Colleague(
        "zhouting", "周婷", "marketing", "市场部", "", "市场", ("新线索 宁波舜宇 13900000001 展会 镜头模组", "帮助")
    ),
    Colleague("wuhao", "吴昊", "admin", "信息部", "", "管理员", ("帮助",)),
)
