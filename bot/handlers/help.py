"""帮助, and the answers that close an open question."""

from bot.cards.card import Button, Card, Style
from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.model.member import LEADING, SELLING
from core.rules.permissions import may_create_leads

router = Router()


@router.command("help", "帮助", "菜单", "怎么用", "help", "?", "？", "功能", "你好", "您好")
@router.button("help")
def show(ctx: Context) -> Card:
    """帮助：看看可以怎么说"""
    return help_card(ctx)


@router.on(EventKind.VOICE)
@router.on(EventKind.VIDEO)
@router.on(EventKind.LOCATION)
@router.on(EventKind.LINK)
def attachment(_: Context) -> Card:
    """Say honestly that only words are read yet."""
    return Card(title="目前只能处理文字、文件和图片，这条没有记录。请用文字写一句，例如「跟进 客户名 聊了什么」")


@router.on(EventKind.UNREADABLE)
def withheld(ctx: Context) -> Card | None:
    """Say what became of a message that the platform did not hand over."""
    if ctx.event.fields.get("code"):
        why = "平台本月的消息额度可能用完了。请联系管理员，恢复后再发一次"
        return Card(title="平台没有把这条消息的内容交给聊单，什么都没有记录", text=why)
    return attachment(ctx)


@router.on(EventKind.TEXT)
def called(ctx: Context) -> Card:
    """Somebody called us by name and said nothing else."""
    return help_card(ctx)


@router.on(EventKind.ENTERED)
@router.on(EventKind.JOINED)
@router.on(EventKind.LEFT)
@router.on(EventKind.OTHER)
def quiet(_: Context) -> None:
    """Opening the app or leaving it needs no answer."""


def help_card(ctx: Context) -> Card:
    """What this person can do."""
    member = ctx.member
    sells, leads = member.is_any(SELLING), member.is_any(LEADING)
    lines = ["新线索 公司名 电话 来源 需求"] if may_create_leads(member) else []
    if sells:
        lines += [
            "跟进 客户 聊了什么，周三下午三点再联系",
            "客户 改到周五下午四点｜把今天没跟的都顺延到明天",
            "领取 编号｜领3个华东的线索｜退回 客户 原因",
            "客户 暂时没意向，半年后再说｜空号，作废｜转成客户",
            "看看 客户｜查一下 公司名｜上次跟谁聊到哪了",
            "今天干啥｜哪些快掉公海了｜我上周拜访了几家",
            "提醒我 半小时后 回电话｜给 客户 打标签 高意向",
            "报价单发我pdf｜发我一份方案模板｜有没有制造业的案例",
        ]
    if leads:
        lines += ["把 线索 给 同事｜今天大家跟了谁｜谁三天没跟客户了", "每晚 18:00 收部门日报"]
    buttons = (
        Button(label="今天", action="today.plan", style=Style.PRIMARY),
        Button(label="公海", action="pool.search"),
    )
    if not lines:
        return Card(title=f"{member.name}，您好", text="您的岗位目前不需要在这里操作，有通知会直接发给您")
    return Card(
        title=f"{member.name}，一句话就能记",
        subtitle="写错了发「撤销」，或者直接说「不对，是周四」",
        source="聊单 · 帮助",
        text="\n".join(lines),
        buttons=buttons if sells else (),
    )
