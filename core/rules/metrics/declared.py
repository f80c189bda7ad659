"""Every figure of the business by its name: what is counted, of which records, at which instant, and by what it is cut.

A report, a card, a pivot, the command line and a digest all ask for these, so no two places disagree. Columns are named
`table.column`; storage turns them into questions, and the rights of the asker go into each of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from core.model.contract import BINDING
from core.rules.metrics.periods import Unit


class Kind(StrEnum):
    """What a figure is, and so how it is written."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"
    FACTOR = "factor"


@dataclass(frozen=True)
class Base:
    """Something that can be added up: records of a subject, or one of their columns, as of the days of `at`.

    `only` are the values that a record must have to count. `between` counts the days from one column to another.
    """

    key: str
    subject: str
    at: str = ""
    sums: str = ""
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    between: tuple[str, str] | None = None


@dataclass(frozen=True)
class Measure:
    """What people ask for: the sum of bases, or their ratio to the sum of others."""

    key: str
    label: str
    kind: Kind
    of: tuple[Base, ...]
    per: tuple[Base, ...] = ()
    aliases: tuple[str, ...] = ()
    scale: float = 1.0

    @property
    def bases(self) -> tuple[Base, ...]:
        return self.of + self.per

    @property
    def has_time(self) -> bool:
        """Whether it is counted over days, and not as things stand now."""
        return all(base.at for base in self.bases)

    def figure(self, totals: Mapping[str, float]) -> float | None:
        """Return the figure from what its bases add up to; None where there is nothing to relate it to."""
        total = sum(totals.get(base.key, 0) for base in self.of)
        if not self.per:
            return total * self.scale
        related = sum(totals.get(base.key, 0) for base in self.per)
        return total * self.scale / related if related else None


@dataclass(frozen=True)
class Dimension:
    """By what figures are cut: a column of each subject, or a unit of time."""

    key: str
    label: str
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    aliases: tuple[str, ...] = ()
    unit: Unit | None = None

    def fits(self, base: Base) -> bool:
        """Say whether a base can be cut by it."""
        return bool(base.at) if self.unit is not None else base.subject in self.columns


_WON: Final = (("deals.outcome", ("won",)),)
_LOST: Final = (("deals.outcome", ("lost",)),)
_OPEN: Final = (("deals.outcome", ("open",)),)

WON: Final = Base("won", "deal", "deals.closed_on", only=_WON)
WON_AMOUNT: Final = Base("won_amount", "deal", "deals.closed_on", "deals.amount", only=_WON)
"""Won money; where colleagues share a deal each has their part of it."""
WON_WHOLE: Final = Base("won_whole", "deal", "deals.closed_on", "deals.amount", only=_WON)
"""Won money by who holds the deal, whoever shares it."""
LOST: Final = Base("lost", "deal", "deals.closed_on", only=_LOST)
LOST_AMOUNT: Final = Base("lost_amount", "deal", "deals.closed_on", "deals.amount", only=_LOST)
OPENED: Final = Base("opened", "deal", "deals.begun_on")
OPENED_AMOUNT: Final = Base("opened_amount", "deal", "deals.begun_on", "deals.amount")
STANDING: Final = Base("standing", "deal", only=_OPEN)
STANDING_AMOUNT: Final = Base("standing_amount", "deal", "", "deals.amount", only=_OPEN)
CYCLE: Final = Base("cycle", "deal", "deals.closed_on", only=_WON, between=("deals.begun_on", "deals.closed_on"))
LEADS: Final = Base("leads", "lead", "leads.created_at")
CONVERTED: Final = Base("converted", "lead", "leads.created_at", only=(("leads.state", ("converted",)),))
ACCOUNTS: Final = Base("accounts", "account", "accounts.created_at")
TALKS: Final = Base("talks", "followup", "followups.at", only=(("followups.valid", ("1",)),))


def talks_by(key: str, *methods: str) -> Base:
    """Return the follow-ups that were done in one of these ways."""
    return Base(key, "followup", "followups.at", only=(*TALKS.only, ("followups.method", methods)))


ORDERED: Final = Base("ordered", "order", "orders.ordered_on")
ORDERED_AMOUNT: Final = Base("ordered_amount", "order_line", "orders.ordered_on", "order_lines.amount")
RECEIVED: Final = Base("received", "assignment", "assignments.begun_at")
LET_GO: Final = Base("let_go", "assignment", "assignments.ended_at")
BEGUN_WON: Final = Base("begun_won", "deal", "deals.begun_on", "deals.amount", only=_WON)
"""What the deals that were begun in some days have brought since."""
KEPT_LEADS: Final = Base(
    "kept_leads", "lead", "leads.assigned_at", only=(("leads.state", ("assigned", "working", "nurture", "invalid")),)
)
"""Leads that somebody got and that have not become customers."""
VISITS: Final = talks_by("visits", "visit")
_SIGNED: Final = (("contracts.state", tuple(sorted(BINDING))),)
CONTRACTS: Final = Base("contracts", "contract", "contracts.signed_on", only=_SIGNED)
CONTRACT_AMOUNT: Final = Base("contract_amount", "contract", "contracts.signed_on", "contracts.amount", only=_SIGNED)
RECEIPTS: Final = Base("receipts", "payment", "payments.paid_on", "payments.amount")
"""What was received in some days; what was given back counts against it."""
MONEY: Final = frozenset({"contract", "payment"})
"""Subjects whose figures are money of customers: finance sees all of them."""
HOLDER: Final = "holder"
"""As a column of money: whoever looks after the customer now, else whose contract it is."""
ENTERED: Final = Base("entered", "passage", "passages.entered_on")
ADVANCED: Final = Base("advanced", "passage", "passages.entered_on", "passages.advanced")
LOST_HERE: Final = Base("lost_here", "passage", "passages.entered_on", "passages.lost")
STILL_HERE: Final = Base("still_here", "passage", "passages.entered_on", "passages.open")
LEFT: Final = Base("left", "passage", "passages.entered_on", "passages.left")
STOOD: Final = Base("stood", "passage", "passages.entered_on", "passages.seconds")
WENT_ON: Final = Base("went_on", "passage", "passages.entered_on", "passages.went_on")
GAVE_UP: Final = Base("gave_up", "passage", "passages.entered_on", "passages.gave_up")
"""What became of deals that were seen to stand in a stage; those that passed it unseen say nothing of it."""
PASSAGES: Final = (ENTERED, ADVANCED, LOST_HERE, STILL_HERE, LEFT, STOOD)

MEASURES: Final = (
    Measure("won_amount", "赢单金额", Kind.MONEY, (WON_AMOUNT,),
            aliases=("业绩", "签单金额", "成交金额", "销售额", "签约金额", "签约额", "签单额",
                     "成交额", "收入")),
    Measure("won", "赢单数", Kind.COUNT, (WON,), aliases=("签单数", "成交数", "成交单数", "赢单", "签单", "成交")),
    Measure("lost", "输单数", Kind.COUNT, (LOST,), aliases=("丢单数", "输单", "丢单")),
    Measure("lost_amount", "输单金额", Kind.MONEY, (LOST_AMOUNT,), aliases=("丢单金额",)),
    Measure("win_rate", "赢率", Kind.SHARE, (WON,), (WON, LOST), aliases=("胜率", "赢单率", "成交率")),
    Measure("average", "平均单价", Kind.MONEY, (WON_WHOLE,), (WON,),
            aliases=("客单价", "平均金额", "单均", "平均赢单金额")),
    Measure("cycle", "平均成交天数", Kind.DAYS, (CYCLE,), (WON,), aliases=("成交周期", "销售周期", "成交天数")),
    Measure("opened", "新增商机数", Kind.COUNT, (OPENED,), aliases=("新商机", "新增商机", "商机数")),
    Measure("opened_amount", "新增商机金额", Kind.MONEY, (OPENED_AMOUNT,)),
    Measure("standing", "在手商机数", Kind.COUNT, (STANDING,), aliases=("在手商机", "进行中商机", "在跟商机")),
    Measure("standing_amount", "在手金额", Kind.MONEY, (STANDING_AMOUNT,),
            aliases=("商机金额", "在手商机金额", "管道金额")),
    Measure("leads", "新增线索", Kind.COUNT, (LEADS,), aliases=("线索数", "新线索", "线索")),
    Measure("converted", "转化线索", Kind.COUNT, (CONVERTED,), aliases=("转客户数",)),
    Measure("lead_rate", "线索转化率", Kind.SHARE, (CONVERTED,), (LEADS,)),
    Measure("accounts", "新增客户", Kind.COUNT, (ACCOUNTS,), aliases=("新客户", "客户数")),
    Measure("talks", "跟进次数", Kind.COUNT, (TALKS,), aliases=("跟进数", "跟进量", "跟进")),
    Measure("visits", "拜访次数", Kind.COUNT, (VISITS,), aliases=("拜访数", "拜访量", "拜访")),
    Measure("calls", "电话次数", Kind.COUNT, (talks_by("calls", "call"),), aliases=("电话数", "电话量", "电话")),
    Measure("mails", "邮件次数", Kind.COUNT, (talks_by("mails", "email"),), aliases=("邮件数", "邮件")),
    Measure("chats", "微信次数", Kind.COUNT, (talks_by("chats", "wechat"),), aliases=("微信数", "微信")),
    Measure("ordered_amount", "订单金额", Kind.MONEY, (ORDERED_AMOUNT,),
            aliases=("下单金额", "订货金额", "产品销售额", "产品销售", "订单额")),
    Measure("ordered", "订单数", Kind.COUNT, (ORDERED,), aliases=("订单量", "下单数", "订单")),
    Measure("received", "到手线索", Kind.COUNT, (RECEIVED,), aliases=("领到线索", "分到线索")),
    Measure("receipts", "回款金额", Kind.MONEY, (RECEIPTS,), aliases=("回款", "回款额", "到账金额", "到账", "收款")),
    Measure("contract_amount", "合同金额", Kind.MONEY, (CONTRACT_AMOUNT,), aliases=("合同额", "签订金额")),
    Measure("contracts", "签订合同数", Kind.COUNT, (CONTRACTS,), aliases=("合同数", "签订合同", "合同份数")),
    Measure("entered", "进入数", Kind.COUNT, (ENTERED,)),
    Measure("lost_here", "阶段流失数", Kind.COUNT, (LOST_HERE,)),
    Measure("conversion", "转化率", Kind.SHARE, (ADVANCED,), (ENTERED,), aliases=("阶段转化率",)),
    Measure("dwell", "平均停留天数", Kind.DAYS, (STOOD,), (LEFT,), aliases=("停留天数", "停留"), scale=1 / 86400),
)  # fmt: skip

_CUSTOMER: Final = ("deal", "account", "order", "order_line")
_ORDERS: Final = ("order", "order_line")


def _of_account(column: str) -> dict[str, str]:
    """Return where a customer's attribute is found; passages keep theirs, as the customer is now."""
    own = {"lead": f"leads.{column}", "passage": f"passages.{column}"}
    return dict.fromkeys((*_CUSTOMER, *sorted(MONEY)), f"accounts.{column}") | own


DIMENSIONS: Final = (
    Dimension("member", "负责人", {
        "deal": "deals.owner_id", "passage": "passages.owner_id", "lead": "leads.owner_id",
        "account": "accounts.owner_id", "followup": "followups.author_id", "assignment": "assignments.member_id",
        **dict.fromkeys(_ORDERS, "orders.owner_id"), **dict.fromkeys(sorted(MONEY), HOLDER),
    }, ("销售", "人", "同事", "业务员", "员工", "每个人", "每人")),
    Dimension("department", "部门",
              dict.fromkeys(
                  ("deal", "passage", "lead", "account", "followup", "assignment", *_ORDERS, *sorted(MONEY)),
                  "members.department"),
              ("团队", "组", "小组")),
    Dimension("stage", "阶段", {"deal": "deals.stage", "passage": "passages.stage"}, ("商机阶段",)),
    Dimension("product", "产品", {
        "deal": "deals.product", "passage": "passages.product", "order_line": "order_lines.product",
    }, ("产品线", "商品")),
    Dimension("category", "产品类别", {"order_line": "products.category"}, ("品类", "类别")),
    Dimension("region", "地区", _of_account("region"), ("区域", "省份", "省", "城市", "大区")),
    Dimension("source", "来源", _of_account("source"), ("渠道",)),
    Dimension("grade", "等级", _of_account("grade"), ("级别", "客户等级")),
    Dimension("industry", "行业", _of_account("industry"), ()),
    Dimension("reason", "原因", {"deal": "deals.reason", "passage": "passages.reason"},
              ("输单原因", "赢单原因", "丢单原因")),
    Dimension("competitor", "竞争对手", {"deal": "deals.competitor"}, ("对手", "友商")),
    Dimension("customer", "客户", {
        "deal": "deals.account_id", "passage": "deals.account_id", **dict.fromkeys(_ORDERS, "orders.account_id"),
        "payment": "payments.account_id", "contract": "contracts.account_id",
    }, ("公司",)),
    Dimension("pipeline", "商机类型", {"deal": "deals.pipeline", "passage": "passages.pipeline"}),
    Dimension("method", "方式", {"followup": "followups.method"}, ("跟进方式",)),
    Dimension("came_by", "到手方式", {"assignment": "assignments.begun_by"}),
    Dimension("went_by", "离手方式", {"assignment": "assignments.ended_by"}),
    Dimension("day", "日", unit=Unit.DAY, aliases=("天", "日期", "每天")),
    Dimension("week", "周", unit=Unit.WEEK, aliases=("每周", "星期")),
    Dimension("month", "月", unit=Unit.MONTH, aliases=("月份", "每月", "每个月")),
    Dimension("quarter", "季度", unit=Unit.QUARTER, aliases=("季", "每季度")),
    Dimension("year", "年", unit=Unit.YEAR, aliases=("年份", "每年", "年度")),
    Dimension("fiscal", "财年", unit=Unit.FISCAL, aliases=("财政年度",)),
)  # fmt: skip


def custom_dimension(key: str, label: str, aliases: tuple[str, ...], subject: str) -> Dimension:
    """Return the dimension of a field that the company has made."""
    columns = {subject: f"{subject}s.custom.{key}"}
    if subject == "account":
        columns |= dict.fromkeys(("deal", "passage", *MONEY), f"accounts.custom.{key}")
    if subject == "deal":
        columns["passage"] = f"deals.custom.{key}"
    return Dimension(f"{subject}.{key}", label, columns, aliases)


def dimension(key: str) -> Dimension:
    """Return the declared dimension of a key."""
    return next(one for one in DIMENSIONS if one.key == key)


def find_measure(words: str) -> Measure | None:
    """Return the measure of this key, label or alias."""
    return next((one for one in MEASURES if words in (one.key, one.label, *one.aliases)), None)


def find_dimension(words: str, more: Iterable[Dimension] = ()) -> Dimension | None:
    """Return the dimension of this key, label or alias; the declared ones before the company's own."""
    return next((one for one in (*DIMENSIONS, *more) if words in (one.key, one.label, *one.aliases)), None)


def nearest(words: str, known: Iterable[Measure | Dimension]) -> str:
    """Return the label that is most like what was said; empty when none is."""
    by_word = {word: one.label for one in known for word in (one.key, one.label, *one.aliases)}
    near = get_close_matches(words, by_word, n=1, cutoff=0.4)
    return by_word[near[0]] if near else ""
