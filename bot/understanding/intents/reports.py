"""What people ask of figures, and what they tell them: pivots, costs of campaigns, how sure a deal is."""

from bot.understanding.acts import Outcome
from bot.understanding.intents.intent import Intent

_FIGURE = r"(?:Ⓖ|赢单|签单|成交|业绩|销售额|签约|收入|金额|输单|丢单|赢率|胜率|客单价|单价|周期|商机|线索|新客户|跟进|拜访|电话|微信|邮件|转化率|停留|次数|单数|新增|回款|收款|到账|合同)"

INTENTS = (
    Intent(
        name="pivot.show",
        example="按地区看本月赢单金额",
        cues=(
            rf"^(?:{{看}}|帮我)?按(?:照)?(?P<by>[^，。；！？\n]{{1,14}}?)(?:来)?(?:看看?|统计|汇总|分析|拆分?|列出?|算|对比|分组)(?:一下)?[^，。；！？\n]{{0,18}}?{_FIGURE}[^，。；！？\n]{{0,8}}$",
            rf"^[^，。；！？\n]{{0,10}}{_FIGURE}[^，。；！？\n]{{0,6}}，?按(?:照)?(?P<by>[^，。；！？\n]{{1,12}}?)(?:来)?(?:看看?|统计|汇总|分析|拆分?|列出?|算|对比|分组)(?:一下)?$",
            rf"^{{看}}?(?:各个?|每个|分|不同)(?P<by>地区|区域|产品|来源|渠道|行业|等级|部门|团队|小组|阶段|月|月份|季度|周)的?[^，。；！？\n]{{0,12}}?{_FIGURE}[^，。；！？\n]{{0,8}}$",
            r"^(?:数据)?透视(?:表)?(?P<by>[^，。；！？\n]{1,24})$",
        ),
        slots=("pivot", "past_period"),
        needs=("by",),
        writes=False,
        questions=True,
        rank=9,
    ),
    Intent(
        name="campaign.cost",
        example="登记花费 展会 5万",
        cues=(
            r"^(?:登记|记录?|录入?)(?:一?下|一笔)?(?:活动|市场|推广|投放|展会|广告)?(?:的)?(?:花费|费用|成本|投入|开销)…",
            r"^(?:Ⓞ|[^，。；！？\n]{0,8}(?:展会|车展|广告|投放|推广|活动|直播|地推))(?:这次|一共|总共|共)?花(?:费)?(?:了)?Ⓐ$",
        ),
        slots=("campaign", "amount", "at"),
        needs=("source", "amount"),
        rank=8,
    ),
    Intent(
        name="forecast.mark",
        example="华为 预测标为承诺",
        cues=(
            r"^(?:把)?Ⓒ…?(?:预测)?(?:标为|标成|标记为|归为|算|列为|放到|放进|改为|改成|是)(?P<what>承诺|力争|进行中|不计入)(?:类|单|里)?$",
            r"^预测(?:标记|标为|标成|归为)\s?(?P<what>承诺|力争|进行中|不计入)\s?Ⓒ$",
            r"^预测(?:标记|标为|标成|归为)\s?Ⓒ\s?(?P<what>承诺|力争|进行中|不计入)$",
        ),
        slots=("customer", "category"),
        needs=("customer", "what"),
        rank=9,
    ),
    Intent(
        name="forecast.call",
        example="张伟本月预测调到50万",
        cues=(
            r"^(?:把)?Ⓜ的?(?:Ⓣ的?)?(?:业绩)?预测(?:数|值|额)?(?:调到|调成|调为|调整为|改到|改成|改为|按|定为|算|报)Ⓐ",
            r"^(?:调整|修改|改)(?:一下)?(?:Ⓣ的?)?(?:业绩)?预测\s?(?:Ⓣ的?)?Ⓜ…Ⓐ",
        ),
        slots=("member", "amount", "period", "called_reason"),
        needs=("member", "amount"),
        outcome=Outcome.CONFIRM,
        rank=9,
    ),
)
