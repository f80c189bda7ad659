"""Invented companies, people, phones and notes for the demo: plausible, and nobody's."""

from dataclasses import dataclass
from itertools import product
from random import Random

from core.model.followup import Method

CITIES = {
    "华东": ("上海", "苏州", "无锡", "常州", "南通", "杭州", "宁波", "嘉兴", "绍兴", "合肥", "青岛", "厦门"),
    "华南": ("深圳", "广州", "东莞", "佛山", "珠海", "中山", "惠州", "南宁"),
}
FIRST, SECOND = "锐恒盛诚睿拓凯朗鼎骏卓禾晟旭铭翊霖澜岳屹", "昇泽驰峰腾维基力航辰越朋瀚畅"
"""A brand is one of each; two companies never share one, so their core names differ."""


@dataclass(frozen=True)
class Trade:
    """A kind of company: what it calls itself, what it buys, and what a piece of that costs in yuan."""

    industry: str
    words: tuple[str, ...]
    buys: tuple[tuple[str, str, int], ...]


TRADES = (
    Trade(
        "制造业",
        ("精密机械", "机电设备", "自动化设备", "模具制造", "汽车零部件"),
        (
            ("伺服电机", "台", 3200),
            ("六轴机器人", "台", 98000),
            ("工控一体机", "台", 6800),
            ("视觉检测模组", "套", 26000),
        ),
    ),
    Trade(
        "贸易",
        ("贸易", "进出口", "供应链管理", "工业品商贸"),
        (("变频器", "台", 1900), ("传感器", "只", 260), ("电缆附件", "批", 42000), ("低压开关柜", "台", 15500)),
    ),
    Trade(
        "软件",
        ("软件", "信息技术", "数据服务", "智能科技"),
        (("边缘网关", "台", 2700), ("机架服务器", "台", 38000), ("数据采集授权", "点", 900), ("驻场运维", "套", 65000)),
    ),
    Trade(
        "新能源",
        ("新能源", "储能设备", "电气"),
        (("储能变流器", "台", 47000), ("电池模组线", "条", 580000), ("温控机组", "套", 21000)),
    ),
)
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹"
GIVEN = (
    "建国",
    "晓燕",
    "志强",
    "丽萍",
    "文博",
    "海燕",
    "俊杰",
    "雪梅",
    "国栋",
    "思远",
    "佳慧",
    "永康",
    "子涵",
    "立新",
    "春华",
)
TITLES = ("采购经理", "采购主管", "总经理", "生产经理", "设备部长", "技术总监", "IT经理", "项目经理")
PHONES = tuple(f"{head}0000" for head in ("137", "138", "139", "150", "158", "186", "188", "199"))
"""Numbers with four zeros in the middle: valid to every reader, and plainly made up."""

SOURCES = ("展会", "官网", "百度", "转介绍", "公众号", "电话来访", "1688")
OPENINGS = {
    Method.CALL: ("电话联系{person}，", "给{person}打了电话，", "{person}回电，"),
    Method.WECHAT: ("微信和{person}聊了几句，", "微信发了{what}的资料，{person}回复，"),
    Method.VISIT: (
        "上门拜访{person}，看了现场，",
        "去{brand}工厂见了{person}，",
        "到对方公司拜访，{person}和技术都在，",
    ),
    Method.EMAIL: ("发邮件给{person}，附了{what}报价单，", "邮件回复{person}的技术问题，"),
    Method.DEMO: ("给{person}团队演示了{what}，", "远程演示{what}，{person}参加，"),
    Method.MEETING: ("和{person}开了线上会，", "三方会议，{person}和财务都在，"),
}
BODIES = (
    "{what}要{count}{unit}，预算{amount}左右",
    "{what}的规格确认了，{count}{unit}起订，{obstacle}",
    "方案基本认可，卡在{obstacle}",
    "{obstacle}，其他没问题",
    "报价{amount}对方能接受，{obstacle}",
    "目前用的是别家的{what}，合同下季度到期，愿意比一比",
    "要{count}{unit}{what}的样机试用，试完再谈量",
    "让我们重新报一版{what}，目标价压到{amount}以内",
)
OBSTACLES = (
    "价格比同行高了一截",
    "老板出差还没签字",
    "交期希望提前两周",
    "质保要从一年改成两年",
    "付款方式想改成月结60天",
    "技术部还要评估接口",
    "预算要等季度会批",
    "竞品也在送样",
    "要先看同行业案例",
)
ENDINGS = (
    "",
    "",
    "，资料已发",
    "，下次带技术一起去",
    "，答应本周给答复",
    "，报价单明天发",
    "，让我月底再问",
    "，约了再碰一次",
)
METHODS = (Method.CALL, Method.CALL, Method.CALL, Method.WECHAT, Method.WECHAT, Method.VISIT, Method.EMAIL)
METHODS_LATE = (*METHODS, Method.DEMO, Method.MEETING)
QUANTITIES = (2, 3, 5, 8, 10, 12, 20, 30, 50, 60, 80, 100, 120, 200)
LEAST, MOST, WAN = 8_000, 1_200_000, 10_000


@dataclass(frozen=True)
class Firm:
    """A company with the person one talks to there."""

    name: str
    brand: str
    region: str
    trade: Trade
    person: str
    title: str
    phone: str

    @property
    def caller(self) -> str:
        """What a rep calls the person: 王经理."""
        if self.person.endswith(("总", "工")):  # 李总 is one already
            return self.person
        return self.person[0] + ("总" if self.title.startswith("总") else self.title[-2:])


class Inventor:
    """Invents, always the same for the same seed."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._brands = ["".join(pair) for pair in product(FIRST, SECOND)]
        rng.shuffle(self._brands)
        self._numbers = rng.sample([f"{head}{tail:04d}" for head in PHONES for tail in range(1000, 9999)], 2000)

    def firm(self, region: str) -> Firm:
        """Return a company nobody has met before."""
        trade, brand = self.rng.choice(TRADES), self._brands.pop()
        city, word, form = self.rng.choice(CITIES[region]), self.rng.choice(trade.words), self.rng.choice(FORMS)
        return Firm(
            name=f"{city}{brand}{word}{form}",
            brand=brand,
            region=region,
            trade=trade,
            person=self.rng.choice(SURNAMES) + self.rng.choice(GIVEN),
            title=self.rng.choice(TITLES),
            phone=self.phone(),
        )

    def phone(self) -> str:
        """Return a number that nobody else here has."""
        return self._numbers.pop()

    def need(self, trade: Trade) -> str:
        """Say what somebody asked for: 要60台伺服电机."""
        what, unit, price = self.rng.choice(trade.buys)
        return f"要{self.many(price)}{unit}{what}"

    def method(self, *, late: bool = False) -> Method:
        """Choose how one was in touch; demonstrations and meetings come later."""
        return self.rng.choice(METHODS_LATE if late else METHODS)

    def note(self, firm: Firm, method: Method) -> str:
        """Write what a rep notes after talking to somebody."""
        what, unit, price = self.rng.choice(firm.trade.buys)
        count = self.many(price)
        text = self.rng.choice(OPENINGS[method]) + self.rng.choice(BODIES) + self.rng.choice(ENDINGS)
        return text.format(
            person=firm.caller,
            brand=firm.brand,
            what=what,
            unit=unit,
            count=count,
            amount=yuan(count * price),
            obstacle=self.rng.choice(OBSTACLES),
        )

    def many(self, price: int) -> int:
        """Choose how many of that price somebody buys: a round number, worth a talk and within a company's means."""
        return self.rng.choice([few for few in QUANTITIES if LEAST <= few * price <= MOST] or [1])


def yuan(amount: int) -> str:
    """Write an amount as people say it: 38.4万."""
    return f"{amount / WAN:.1f}".removesuffix(".0") + "万" if amount >= WAN else f"{amount}元"
