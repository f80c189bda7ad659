"""Fields of records: changed by their name, asked for by their values."""

from bot.understanding.intents.intent import Intent

INTENTS = (
    Intent(
        name="field.set",
        example="华为 行业改成 通信设备",
        cues=(
            r"^(?:(?:改|填|补)(?:资料|字段|信息)(?:：|，)?)?(?:把|将|给)?{客}(?:这[个家条]|那[个家条])?(?:客户|线索|商机)?(?:的|，)?Ⓗ[^，。；！？\n]{0,80}$",
            r"^(?:把|将)?(?:他们?|她们?|它)?(?:的)?Ⓗ(?:从…)?(?:{改}|设为|设成|设置为|填成|填上|填|补成|补上|补充为|定为|记为)[^，。；！？\n]{0,80}$",
        ),
        slots=("field_change",),
        needs=("customer", "value"),
        rank=8,
        beside_talk=True,
    ),
    Intent(
        name="record.list",
        example="行业是机械的线索",
        cues=(
            r"^(?:按条件)?(?:{看}|找|找出|找找|筛|筛选|筛出)?(?:一下|我的|所有|全部|那些|哪些)*Ⓗ[^。？！\n]{0,60}?(?:线索|客户|商机|联系人|单子)(?:有哪些|有谁|有几[个条家]|列表|清单|都有谁|呢)?$",
        ),
        slots=("filter",),
        needs=("words",),
        writes=False,
        questions=True,
        rank=8,
    ),
)
