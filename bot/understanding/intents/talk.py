"""Small talk and answers: courtesies, help, yes and no, numbers."""

from bot.understanding.acts import Outcome
from bot.understanding.intents.intent import Intent

INTENTS = (
    Intent(
        name="help",
        example="帮助",
        cues=(
            r"^(?:帮助|菜单|功能|使用说明|说明书|help|h|操作手册|指南|使用帮助|帮助文档|命令列表|指令)$",
            r"^(?:怎么|如何|咋)(?:用|使用|操作|玩|弄)(?:你|这个|聊单|系统|机器人)?$",
            r"^(?:你|聊单|机器人|这个)?(?:都)?(?:能|会|可以)(?:做|干|帮我?做)?(?:什么|啥|哪些)(?:事|活|功能|操作)?$",
            r"^(?:有|都有)(?:什么|啥|哪些)(?:功能|命令|指令|用法)$",
            r"^(?:你好|您好|hello|hi|在吗|在不在|在么)$",
            r"^(?:教我|教教我|告诉我)(?:怎么|如何)(?:用|使用|操作|记|录)",
            r"^(?:怎么|如何|咋)(?:记|录|新建|建|领|退|写|查|报)(?:跟进|线索|客户|商机|报价)$",
        ),
        writes=False,
    ),
    Intent(
        name="term.teach",
        example="教你个叫法 HW 就是 华为",
        cues=(
            r"^(?:教你(?:一?个)?(?:叫法|说法|词)|记住(?:一?个)?(?:叫法|说法|词)?)(?:：)?(?P<term>[^，。！？：]{1,12}?)(?:就是|就指|指的是|指|是|=|等于|代表)",
            r"^(?:以后|今后|从今往后|往后)?(?:说|叫|提到|我说|我们说)?(?P<term_said>[^，。！？：]{1,12}?)(?:就是指|就是|就指|指的就是|指的是|代表|=)(?=Ⓒ$)",
        ),
        slots=("term",),
        needs=("term", "meaning"),
        rank=4,
    ),
    Intent(
        name="term.forget",
        example="忘掉 HW",
        cues=(
            r"^(?:忘掉|忘记|忘了|删掉|取消)(?:叫法|说法)(?:：)?",
            r"^(?:忘掉|忘记|忘了)(?=[A-Za-zⒸ一-龥]{1,12}$)(?!密码|刚才|之前)",
        ),
        slots=("forgotten",),
        needs=("term",),
    ),
    Intent(
        name="confirm",
        example="确认",
        cues=(r"^(?:我)?(?:确认|确定)(?:提交|执行|无误|没问题|要|办理|以上)?$",),
        outcome=Outcome.DO,
        negates=True,
    ),
    Intent(
        name="choose",
        example="选 2",
        cues=(r"^(?:我)?选(?:择)?(?:第)?(?P<number>\d{1,2}|[一二两三四五六七八九十])(?:个|号|项|条)?$",),
        slots=("number",),
    ),
    Intent(
        name="cancel",
        example="算了",
        cues=(
            r"^(?:算了|取消|不用了|不了|没事了|先不(?:弄|记|建|做|办)了?|不(?:弄|记|建|做|办)了|别弄了|放弃|不确认|不提交|作罢|当我没说)$",
        ),
        negates=True,
    ),
)
