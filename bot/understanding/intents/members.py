"""One person on two platforms: linking accounts, and where notices go."""

from bot.understanding.intents.intent import Intent

INTENTS = (
    Intent(
        name="member.link",
        example="绑定",
        cues=(r"^(?:绑定|关联)(?:账号|钉钉|企业微信|企微)?(?:码|：)?(?=\d|$|[^，。！？解]{1,20}$)",),
        slots=("code",),
        rank=6,
    ),
    Intent(
        name="member.unlink",
        example="解绑 钉钉",
        cues=(r"^(?:解绑|解除绑定|取消绑定|取消关联)(?:[^，。！？]{0,16}$)?",),
        slots=("account",),
        rank=8,
    ),
    Intent(
        name="notice.channel",
        example="通知发到钉钉",
        cues=(
            r"^(?:我的)?(?:通知|消息|提醒)(?:方式|都?发到|都?发在|都?改到|都?推到|改成发到)(?:[^，。！？]{0,16}$)?",
            r"^(?:把)?(?:通知|消息)(?:都|全)?(?:发|改|推)(?:到|在)(?:企业微信|企微|钉钉|微信)",
        ),
        slots=("channel",),
        rank=8,
    ),
    Intent(
        name="member.restore",
        example="恢复成员 李娜",
        cues=(r"^恢复成员(?:[^，。！？]{0,16}$)?",),
        slots=("restored",),
        rank=8,
    ),
)
