"""Cards about colleagues and their accounts."""

from bot.cards.card import Button, Card, Style
from core.calendar import WorkCalendar
from core.model.link import Holdings
from core.model.member import CHANNELS, ChannelUser, Member
from core.notices import AccountLinked, AccountUnlinked, DirectoryDoubtful, LeaverLine, MembersLeft
from core.notices.people import NamesakeFound
from core.rules.links import LIVES
from core.services.linking import Issued, Linked, Wrong

SHOWN = 12


def code_card(issued: Issued) -> Card:
    """Hand out a code for the other chat."""
    where = "或".join(CHANNELS[channel] for channel in issued.where)
    return Card(
        title=f"绑定码：{issued.code}",
        text=f"{LIVES.seconds // 60} 分钟内到{where}里找到聊单，发送「绑定 {issued.code}」。只能用一次，不要告诉别人",
    )


def how_to_link_card() -> Card:
    """Tell somebody we do not know yet how to come in by an account that we know."""
    return Card(
        title="还差绑定码", text="请先在另一个平台的聊单里发送「绑定」，拿到 6 位数字，再到这里发送「绑定 123456」"
    )


def linked_card(linked: Linked) -> Card:
    """To the chat that said the code."""
    moved = _held(linked.moved)
    return Card(
        title=f"绑定好了：这里也是{linked.member.name}的聊单",
        text=(f"原来账号里的{moved}已经一并归到{linked.member.name}名下。\n" if moved else "")
        + "两边看到的客户和待办是一样的。回答总在您说话的地方，通知发到哪边：发送「通知方式」",
    )


def wrong_card(wrong: Wrong, calendar: WorkCalendar) -> Card:
    """A code that is none, or no longer."""
    if wrong.paused_until is not None:
        return Card(title=f"绑定码错了太多次，{calendar.local(wrong.paused_until):%H:%M} 以后再试。请重新领一个绑定码")
    return Card(title=f"绑定码不对或已过期，还可以试 {wrong.left} 次。请在另一个平台重新发送「绑定」领一个新的")


def merge_words(owner: Member, held: Holdings) -> str:
    """Say what would move, and ask."""
    return f"这个账号里有{_held(held)}，绑定后全部归到{owner.name}名下，原来的成员停用。确认合并吗？"


def unlinked_card(door: ChannelUser, member: Member, *, own: bool) -> Card:
    """To whoever took an account away."""
    whose = "" if own else f"{member.name}的"
    return Card(title=f"已解绑{whose}{CHANNELS[door.channel]}账号 {door.display_id}，那边不能再用聊单")


def channels_card(doors: list[ChannelUser], target: str, *, chosen: bool) -> Card:
    """Where notices go, and where they could go."""
    if len(doors) == 1:
        return Card(
            title=f"通知发到{CHANNELS[target]}",
            text="您只绑定了这一个平台。想在另一个平台也用，请发送「绑定」",
        )
    return Card(
        title=f"通知发到{CHANNELS[target]}" + ("" if chosen else "（没有指定，用先绑定的）"),
        text="回答总在您说话的地方，这里只管主动发的通知和到点的提醒；发不到时会改发另一边",
        buttons=tuple(
            Button(label=f"发到{CHANNELS[door.channel]}", action="notice.channel", values={"channel": door.channel})
            for door in doors
            if door.channel != target
        ),
    )


def linked_notice_card(notice: AccountLinked, calendar: WorkCalendar) -> Card:
    """To the other chat: an account has been joined to this one."""
    platform = CHANNELS[notice.channel]
    return Card(
        title=f"{platform}账号已和您绑定",
        subtitle=f"{notice.account}，{calendar.local(notice.at):%m-%d %H:%M}",
        source="聊单 · 账号",
        text=f"不是您本人操作？马上点「解绑」或发送「解绑 {platform}」，并告诉管理员",
        buttons=(
            Button(
                label=f"解绑{platform}",
                action="member.unlink",
                values={"channel": notice.channel},
                style=Style.DANGER,
            ),
        ),
    )


def unlinked_notice_card(notice: AccountUnlinked, calendar: WorkCalendar) -> Card:
    """To a chat that did not do it itself: an account is gone."""
    return Card(
        title=f"{CHANNELS[notice.channel]}账号已解绑",
        subtitle=f"{notice.account}，{calendar.local(notice.at):%m-%d %H:%M}",
        source="聊单 · 账号",
        text=f"操作人：{notice.by}。要重新绑定，请在还能用的那边发送「绑定」",
    )


def namesake_card(notice: NamesakeFound, _: WorkCalendar) -> Card:
    """To somebody who may have an account on the other platform too; whether it is theirs only they can say."""
    where = CHANNELS[notice.channel]
    return Card(
        title=f"{where}通讯录里也有一位{notice.name}",
        subtitle=notice.department,
        source="聊单 · 账号",
        text=f"是您本人的话，点「绑定」领一个绑定码，再到{where}的聊单里发送它，两边就是同一个人，客户和待办也在一起。"
        "不是您就不用管，两个账号各用各的",
        buttons=(Button(label="绑定", action="member.link", style=Style.PRIMARY),),
    )


def left_card(notice: MembersLeft, _: WorkCalendar) -> Card:
    """To administrators and managers: who left, and what waits to be handed over."""
    lines = []
    for one in notice.leavers[:SHOWN]:
        waits = _waits(one.customers, one.deals, one.plans)
        line = f"{one.name}（{one.department or '公司'}）：{waits or '名下没有客户'}"
        lines.append(line + (f"；{one.remaining}账号还在" if one.remaining else ""))
    if (more := len(notice.leavers) - SHOWN) > 0:
        lines.append(f"还有 {more} 人")
    only = notice.leavers[0] if len(notice.leavers) == 1 else None
    title = (
        f"{only.name} 已离开{CHANNELS[notice.channel]}"
        if only
        else f"{len(notice.leavers)} 人已离开{CHANNELS[notice.channel]}"
    )
    back = any(one.remaining for one in notice.leavers)
    lines.append("账号已停用，客户原样保留，等待交接" + ("。仍在公司的，发送「恢复成员 姓名」" if back else ""))
    return Card(
        title=title,
        source="聊单 · 成员",
        text="\n".join(lines),
        buttons=_leaver_buttons(only) if only else (),
    )


def _leaver_buttons(one: LeaverLine) -> tuple[Button, ...]:
    values = {"member": one.ref}
    hand_over = Button(label="交接客户", action="handover.begin", values=values, style=Style.PRIMARY)
    back = Button(label="仍在公司，恢复", action="member.restore", values=values)
    holds = one.customers or one.deals or one.plans
    return (*((hand_over,) if holds else ()), *((back,) if one.remaining else ()))


def doubtful_card(notice: DirectoryDoubtful, _: WorkCalendar) -> Card:
    """To administrators: the directory answered with too little to believe it."""
    return Card(
        title=f"{CHANNELS[notice.channel]}通讯录读得不全，没有停用任何人",
        source="聊单 · 成员",
        text=f"{notice.reason}\n请检查应用的可见范围（授权范围），"
        f"然后运行 liaodan members sync --platform {notice.channel}",
    )


def _held(held: Holdings) -> str:
    return _waits(held.customers, held.deals, held.plans)


def _waits(customers: int, deals: int, plans: int) -> str:
    counted = ((customers, "位客户"), (deals, "个商机"), (plans, "个计划"))
    return "、".join(f"{number} {what}" for number, what in counted if number)
