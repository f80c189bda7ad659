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
    Intent(
        name="traits.show",
        example="什么样的客户容易成交",
        cues=(
            r"(?:什么样|哪种|哪类|啥样|哪些类型|什么类型)(?:的)?(?:客户|单子?|商机|公司|行业)…(?:容易|好|更|最|能)(?:成交?|赢|签|做成|拿下|做大|出大单)",
            r"(?:高价值|优质|大|赢|成交)(?:的)?(?:客户|单子?|商机)(?:们)?…(?:特征|特点|共同点|共性|画像|规律|有什么共|长什么样)",
            r"^{看}?(?:Ⓣ的?)?(?:高价值特征|高价值客户特征|赢单特征|成交特征|客户画像|大单特征|大单画像)(?:分析|报告)?$",
            r"(?:赢单|大单|成交)(?:的)?(?:都)?(?:有)?(?:什么|哪些|啥)(?:共同点|特征|特点|规律|共性)",
        ),
        slots=("past_period", "member", "region", "industry"),
        writes=False,
        questions=True,
        rank=8,
    ),
    Intent(
        name="report.save",
        example="把这个存成 区域月报",
        cues=(
            r"^(?:把|将)?(?:这个|它|刚才的?|这张|这份|上面的?|刚看的?)?(?:报表|表|透视表?|结果|视图)?(?:给我)?(?:存成|保存成|保存为|存为|另存为|收藏为|收藏成|命名为|记成)(?:报表)?，?(?P<name>[^，。；！？\n]{1,30})$",
            r"^(?:存|保存|收藏)(?:一下)?(?:这个|这张|这份)?报表(?:叫|为|成)?，?(?P<name>[^，。；！？\n]{1,30})$",
            r"^(?:把|将)?(?:这个|它|刚才的?|这张|这份|上面的?)(?:报表|表|透视表?|结果)?(?:存|保存|收藏)(?:一下|下来|起来|好)*，?(?:叫|名字叫|名字是)(?P<name>[^，。；！？\n]{1,30})$",
            r"^(?:把|将)?(?:这个|它|刚才的?|这张|这份|上面的?)(?:报表|表|透视表?|结果)(?:存|保存|收藏)(?:一下|下来|起来|好)*$",
        ),
        slots=("report_name",),
        needs=("name",),
        rank=10,
    ),
    Intent(
        name="report.show",
        example="看报表 区域月报",
        cues=(r"^(?:{看}|打开)报表，?(?!的|背后|明细|有|列表)(?P<name>[^，。；！？\n]{1,30})$",),
        slots=("report_name",),
        needs=("name",),
        writes=False,
        questions=True,
        rank=10,
    ),
    Intent(
        name="report.list",
        example="我的报表",
        cues=(
            r"^{看}?(?:我|我们)?(?:的|存的|存过的|保存的|收藏的|自己的)*报表(?:列表|清单|有哪些|都有哪些)?$",
            r"^(?:我)?(?:都)?(?:存|保存|收藏)(?:了|过)(?:哪些|什么|几个)报表$",
            r"^(?:有哪些|都有哪些|哪些)(?:存好的|保存的|能看的|可以看的)?报表(?:可以看|能看)?$",
        ),
        writes=False,
        questions=True,
        rank=6,
    ),
    Intent(
        name="report.rename",
        example="报表改名 区域月报 改成 华东月报",
        cues=(
            r"^报表(?:改名|重命名)，?(?P<name>[^，。；！？\n]{1,30}?)，?(?:改成|改为|改叫|为|叫|成)，?(?P<to>[^，。；！？\n]{1,30})$",
            r"^(?:把|将)?报表，?(?P<name_2>[^，。；！？\n]{1,30}?)(?:改名|重命名|改叫)(?:为|成|叫)?，?(?P<to_2>[^，。；！？\n]{1,30})$",
        ),
        slots=("report_name",),
        needs=("name", "to"),
        rank=12,
    ),
    Intent(
        name="report.delete",
        example="删除报表 区域月报",
        cues=(
            r"^(?:把|将)?(?:删除|删掉|删了)(?:我的)?报表，?(?P<name>[^，。；！？\n]{1,30})$",
            r"^(?:把|将)报表，?(?P<name_2>[^，。；！？\n]{1,30}?)(?:删除|删掉|删了)$",
        ),
        slots=("report_name",),
        needs=("name",),
        rank=12,
    ),
    Intent(
        name="report.share",
        example="分享报表 区域月报 给 华东",
        cues=(
            r"^(?:把|将)?(?:分享|共享|公开|开放)报表，?(?P<name>[^，。；！？\n]{1,30}?)，?给，?(?P<whom>[^。；！？\n]{1,30})$",
            r"^(?:把|将)?报表，?(?P<name_2>[^，。；！？\n]{1,30}?)，?(?P<what>不再|取消|停止)?(?:分享|共享|公开|开放)给，?(?P<whom_2>[^。；！？\n]{1,30})$",
        ),
        slots=("report_name",),
        needs=("name", "whom"),
        rank=12,
    ),
    Intent(
        name="report.refine",
        example="报表换成上个月",
        cues=(r"^报表(?:换成|改成|换|按|只看|画成)[^，。；！？\n]{1,20}$",),
        slots=("refinement",),
        writes=False,
        questions=True,
        rank=10,
    ),
    Intent(
        name="report.deals",
        example="报表明细",
        cues=(r"^{看}?报表(?:的)?(?:明细|背后的?单子?|背后的?商机)$",),
        writes=False,
        questions=True,
        rank=10,
    ),
    Intent(
        name="report.export",
        example="报表导出excel",
        cues=(
            r"^(?:把|将)?(?:这个|这张|这份|刚才的?)?报表(?:给我)?(?:导出|导成|转成|生成|发我|下载|做成)(?:来|一下|成|为|给我)*(?:一?[份个张])?(?:excel|xlsx|表格|文件)?$",
        ),
        rank=12,
    ),
)
