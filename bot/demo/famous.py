"""The customers everybody of the demo knows, all of them 张伟's."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.demo.doings import Chance, Days, Doings, Talk
from bot.demo.invention import TRADES, Firm, Trade
from core.model.followup import Method
from core.model.ids import AccountId, Ref
from core.services.leads import NewLead

HOLDER = "zhangwei"
NOTED = time(16, 20)
MAKING, TRADING, SOFTWARE, _ = TRADES


@dataclass(frozen=True)
class Famous:
    """One of them: the company, who else one knows there, what was talked about, and the deal. Days count back."""

    name: str
    short_name: str
    aliases: tuple[str, ...]
    grade: str
    region: str
    trade: Trade
    person: str
    title: str
    known_for: int
    talks: tuple[Talk, ...]
    chance: Chance | None = None
    colleagues: tuple[tuple[str, str], ...] = ()


def know_the_famous(doings: Doings) -> None:
    """Arrange how 张伟 came to his customers and where he stands with them."""
    for famous in _everybody(doings.days):
        firm = Firm(
            name=famous.name,
            brand=famous.short_name,
            region=famous.region,
            trade=famous.trade,
            person=famous.person,
            title=famous.title,
            phone=doings.invent.phone(),
        )

        def arrive(account_id: AccountId, famous: Famous = famous) -> None:
            for talk in famous.talks:
                doings.talks(HOLDER, Ref("account", account_id), talk)
            if famous.chance is not None:
                doings.works_on_deal(HOLDER, account_id, famous.chance)

        doings.brings_account(
            HOLDER,
            firm,
            doings.days.ago(famous.known_for, time(10, 20)),
            arrive,
            grade=famous.grade,
            aliases=famous.aliases,
            colleagues=famous.colleagues,
        )
    _find_dajiang(doings)


def _find_dajiang(doings: Doings) -> None:
    """A fresh A lead: its first contact is due within the hour, worktime permitting."""
    new = NewLead(
        name="大疆创新科技有限公司",
        contact_name="王工",
        contact_title="技术负责人",
        phone=doings.invent.phone(),
        source="展会",
        region="华南",
        industry="制造业",
        grade="A",
        need="云台产线要30台伺服电机，采购张经理和技术老刘、王工都在看方案",
    )
    doings.brings_lead(HOLDER, new, doings.days.now - timedelta(minutes=80))


def _everybody(days: Days) -> tuple[Famous, ...]:
    """Return them all, with instants that suit today."""

    def back(workdays: int, method: Method, text: str) -> Talk:
        return Talk(days.back(workdays, NOTED), method, text, ago=timedelta(minutes=35))

    def lastly(workdays: int, method: Method, text: str, ahead: int, wall: time) -> Talk:
        next_at = days.ahead(ahead, wall) if ahead >= 0 else days.back(-ahead, wall)
        return Talk(days.back(workdays, NOTED), method, text, next_at, ago=timedelta(minutes=20))

    def day(ahead: int) -> date:
        return days.today + timedelta(days=ahead)

    return (
        Famous(
            "华为技术有限公司", "华为", ("HW", "华为"), "A", "华南", SOFTWARE, "刘总", "采购总监", 210,
            (
                back(24, Method.VISIT, "拜访刘总和王工，服务器要40台，技术参数当面确认"),
                back(15, Method.EMAIL, "发了正式报价单，40台共40万，含三年质保"),
                back(6, Method.MEETING, "三方会议，技术评分我们第一，刘总说价格还是有点高"),
                lastly(2, Method.CALL, "刘总希望打九折，最终价给到就走合同", 0, time(15)),
            ),
            Chance("华为服务器采购", "商务谈判", 400_000, "机架服务器", day(-60), day(25)),
            (("王工", "技术专家"), ("陈敏", "采购专员")),
        ),
        Famous(
            "中兴通讯股份有限公司", "中兴", ("中兴", "ZTE"), "B", "华南", SOFTWARE, "李总", "副总经理", 180,
            (
                back(19, Method.VISIT, "到中兴拜访李总，机房扩容要服务器和年度运维，先做方案"),
                back(9, Method.CALL, "电话李总，方案看过了，卡在下半年预算没批"),
                lastly(4, Method.WECHAT, "李总说预算会上讨论，会后给我答复", -1, time(16)),
            ),
            Chance("中兴机房扩容", "需求确认", 260_000, "机架服务器", day(-40), day(60)),
            (("方工", "网络工程师"),),
        ),
        Famous(
            "比亚迪股份有限公司", "比亚迪", ("BYD",), "A", "华南", MAKING, "周工", "设备主管", 480,
            (
                back(30, Method.CALL, "回访周工，去年那批机器人运行稳定，今年产线还要扩"),
                lastly(11, Method.WECHAT, "周工发来二期车间平面图，先估节拍，再给初步方案", 4, time(10)),
            ),
            Chance("比亚迪焊装线机器人", "赢单", 1_180_000, "六轴机器人", day(-470), date(days.today.year - 1, 11, 20)),
        ),
        Famous(
            "上海宏达贸易有限公司", "宏达贸易", ("宏达",), "B", "华东", TRADING, "沈敏", "采购经理", 130,
            (
                back(12, Method.CALL, "沈经理要变频器50台和传感器一批，让报含税价"),
                lastly(5, Method.EMAIL, "报价单已发沈经理，9.5万含运费，等老板确认", 1, time(14)),
            ),
            Chance("宏达变频器年度采购", "方案报价", 95_000, "变频器", day(-20), day(20)),
        ),
        Famous(
            "上海宏大机电有限公司", "宏大机电", ("宏达", "宏大"), "C", "华东", MAKING, "何平", "总经理", 120,
            (
                back(16, Method.CALL, "何总说伺服电机先试两台，好用再批量"),
                lastly(7, Method.WECHAT, "样机已到货，何总安排上机测试", 2, time(9, 30)),
            ),
            colleagues=(("小何", "采购"),),
        ),
    )  # fmt: skip
