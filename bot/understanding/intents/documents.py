"""Documents and the library of materials."""

from bot.understanding.intents.intent import Intent

_WHAT = r"(?:介绍|简介|画册|手册|彩页|案例|方案|建议书|模板|范本|成功故事|客户故事|宣传册?)"

INTENTS = (
    Intent(
        name="contract.send",
        example="合同发我 华为",
        cues=(
            r"^合同…(?:{发}|下载|导出|打印|生成)(?:一份|一下|个|张)?(?:给|到)?我",
            r"(?:{发}|下载|导出|打印|要|来)(?:我)?(?:一份|一下|个|下|给我)?(?:{客}的?|上次的?|那[份个]|最新的?)*合同(?:pdf|的pdf|文件|给我|过来|$)",
            r"合同(?:的)?(?:pdf|电子版)",
            r"把…合同…{发}(?:给|到|我|过)",
            r"^{客}(?:的)?合同{发}(?:一份|一下)?(?:给|到)?我",
        ),
        slots=("customer",),
        needs=("customer",),
        rank=4,
        writes=False,
    ),
    Intent(
        name="material.find",
        example="发我一份 方案模板",
        cues=(
            rf"^(?:帮我|请)?(?:{{发}}|找|来|要|给)(?:给)?(?:我)?(?:一?[份个张套本])(?:[^，。；！？\n]{{0,24}}{_WHAT}[^，。；！？\n]{{0,8}})$",
            rf"^(?:咱们?|我们|公司)?(?:有没有|有无|有)(?:[^，。；！？\n]{{0,24}}{_WHAT})(?:可以|能)?(?:{{发}}我|用|参考)?(?:吗|么|呢)?$",
            rf"^(?:[^，。；！？\n]{{0,24}}{_WHAT})(?:{{发}})(?:一?[份个下])?(?:给|到)?我(?:一?[份个下])?$",
            rf"^(?:帮我|请)?(?:{{发}})(?:给)?我(?:[^，。；！？\n]{{0,24}}{_WHAT})$",
            r"^(?:{发})我一份 ?(?:(?!.*(?:报价|合同|日报|周报|清单|名单|线索))[^，。；！？\n]{1,24})$",
        ),
        slots=("text",),
        needs=("text",),
        rank=3,
        questions=True,
        writes=False,
    ),
    Intent(
        name="material.list",
        example="资料库",
        cues=(
            r"^(?:{看}|打开)?(?:一下|公司的?|我们的?)?(?:资料库|素材库|销售资料|标准资料)(?:里)?(?:有(?:哪些|什么|啥))?(?:资料|东西)?$",
            r"^(?:有)?(?:哪些|什么)(?:销售)?资料(?:可以用|能用|可以发)?$",
        ),
        rank=3,
        questions=True,
        writes=False,
    ),
    Intent(
        name="material.change",
        example="资料设置 E1 阶段 方案报价",
        cues=(r"^资料(?:设置|修改|说明)(?:：| )?(?:[^\n]{1,200})$",),
        slots=("text",),
        needs=("text",),
        rank=9,
        swallows=True,
    ),
    Intent(
        name="template.show",
        example="看模板",
        cues=(
            r"^{看}?(?:一下)?(?:公司的?|我们的?|现在的?|文档|pdf|报价单?|合同)*模板(?:是什么样|长什么样|有哪些|列表|第几版)?$",
        ),
        rank=2,
        questions=True,
        writes=False,
    ),
)
