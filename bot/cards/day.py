"""Cards of the day: the plan, the digest, and what operators are told."""

from collections.abc import Sequence
from datetime import date

from bot.cards.card import Button, Card, Style
from bot.cards.labels import with_verb
from core.calendar import WorkCalendar
from core.model.member import CHANNELS
from core.notices import CalendarPredicted, DailyPlan, EventSetAside, ManagerDigest, TodoLine, UsageHigh
from core.rules.today import Todo
from core.services.digest_lists import Listed
from core.services.reports.table import money

WEEKDAYS = "一二三四五六日"
SHOWN, MOST_BUTTONS, LINES = 4, 6, 10
USED = {"calls": "接口调用", "pushes": "消息与事件推送"}
RUN_OUT = {
    "calls": "用完后提醒和卡片发不出去，会保留到下月再发；大家发来消息时的文字回复不受影响。"
    "请到钉钉开发者后台购买接口调用量，或减少提醒。买了以后请改 DINGTALK_MONTHLY_CALLS",
    "pushes": "用完后平台不再把消息推给聊单，大家发来的话收不到。"
    "请到钉钉开发者后台购买 Webhook 与 Stream 调用量，买了以后请改 DINGTALK_MONTHLY_EVENTS",
}


def plan_of_day(when: str, todos: tuple[TodoLine, ...], more: int, held: int) -> Card:
    """What to do today, ranked; the first ones have a button, `more` are not listed."""
    if not todos:
        return Card(
            title="今天没有到期的跟进", text=f"手上 {held} 条线索。发送「公海」看看有没有合适的新线索", private=True
        )
    title = f"{when}{len(todos) + more} 件事" + (f"，先做这 {len(todos)} 件" if more else "")
    lines = [f"{number}. {todo.name}：{todo.reason}" for number, todo in enumerate(todos, 1)]
    buttons = tuple(
        Button(
            label=with_verb("跟进", todo.name),
            action="followup.log",
            values={"customer": todo.ref},
            style=Style.PRIMARY if number == 0 else Style.PLAIN,
        )
        for number, todo in enumerate([t for t in todos if t.ref][:SHOWN])
    )
    buttons += (Button(label=f"全部 {len(todos) + more} 件", action="today.all"),) if more else ()
    buttons += (Button(label="手上线索", action="digest.list", values={"measure": "held"}),) if held else ()
    return Card(
        title=title,
        subtitle=f"手上 {held} 条线索",
        source="聊单 · 今天",
        text="\n".join(lines),
        buttons=buttons,
        private=True,
    )


def agreed_card(name: str, first: date, last: date, todos: Sequence[Todo]) -> Card:
    """What is agreed for another day, or for several; `name` is whose it is, empty for the reader."""
    days = f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}"
    if not todos:
        return Card(
            title=f"{name}{days} 没有约定的事", text="要约下次联系，可以说「周三下午三点拜访 客户名」", private=True
        )
    lines = [f"{number}. {todo.name}：{todo.reason}" for number, todo in enumerate(todos[:LINES], 1)]
    more = [f"还有 {len(todos) - LINES} 件"] if len(todos) > LINES else []
    return Card(
        title=f"{name}{days} 有 {len(todos)} 件事", source="聊单 · 计划", text="\n".join([*lines, *more]), private=True
    )


def daily_plan_card(notice: DailyPlan, _: WorkCalendar) -> Card:
    """The morning plan."""
    weekday = WEEKDAYS[notice.day.weekday()]
    return plan_of_day(f"{notice.day:%m-%d} 周{weekday}，今天 ", notice.todos, notice.more, notice.held)


def digest_card(notice: ManagerDigest, cal: WorkCalendar) -> Card:
    """A department's day."""
    people = [f"{rep.name}：跟进 {rep.followups}，新线索 {rep.new_leads}，手上 {rep.held}" for rep in notice.reps[:12]]
    if notice.won_month or notice.target:
        reached = f"，目标 {money(notice.target)}，达成 {notice.won_month / notice.target:.0%}" if notice.target else ""
        people.append(f"今日赢单 {money(notice.won_today)}，本月 {money(notice.won_month)}{reached}")
    if notice.silent:
        people.append(f"今天没有跟进：{'、'.join(notice.silent)}")
    if notice.promises_kept or notice.promises_broken:
        who = f"（{'，'.join(notice.broke)}）" if notice.broke else ""
        people.append(f"承诺：做到 {notice.promises_kept} 条，没做到 {notice.promises_broken} 条{who}")
    people += [f"{line.name} {cal.local(line.at):%m-%d %H:%M} 回收" for line in notice.leaving]
    people += [f"今天回收：{'、'.join(notice.lost)}"] if notice.lost else []
    people += [f"本周分到：{'，'.join(notice.received)}"] if notice.received else []
    people += [f"超上限：{line}" for line in notice.crowded]
    return Card(
        title=f"{notice.department} {notice.day:%m-%d} 日报",
        subtitle=f"跟进 {notice.followups} 次，新线索 {notice.new_leads} 条，回收 {notice.recycled} 条",
        source="聊单 · 日报",
        emphasis=(str(notice.followups), "今日有效跟进"),
        text="\n".join(people),
        buttons=_lists(notice),
    )


def _lists(notice: ManagerDigest) -> tuple[Button, ...]:
    """Return what opens the lists behind the figures; where they are many the last button shows the rest."""
    lists = digest_buttons(notice.day)
    counts = {
        "followups": notice.followups, "leads": notice.new_leads, "recycled": notice.recycled,
        "won_today": notice.won_today, "won_month": notice.won_month, "silent": len(notice.silent),
        "promises": notice.promises_kept + notice.promises_broken, "target": notice.target,
    }  # fmt: skip
    shown = [button for what, button in lists.items() if counts[what]]
    if len(shown) <= MOST_BUTTONS:
        return tuple(shown)
    return (
        *shown[: MOST_BUTTONS - 1],
        Button(label="更多清单", action="digest.more", values={"from": f"{notice.day}"}),
    )


def digest_buttons(day: date) -> dict[str, Button]:
    """Return what opens the list behind each figure of a day's digest."""
    today, month = {"from": f"{day}", "to": f"{day}"}, {"from": f"{day:%Y-%m}-01", "to": f"{day}"}
    lists = {
        what: Button(label=label, action="digest.list", values={"measure": what, **today})
        for what, label in (
            ("followups", "看跟进"), ("leads", "看新线索"), ("recycled", "看回收"), ("silent", "看没跟进"),
            ("promises", "看承诺"),
        )
    }  # fmt: skip
    won = {
        what: Button(label=label, action="pivot.drill", values={"measure": "赢单金额", **days})
        for what, label, days in (("won_today", "看今日赢单", today), ("won_month", "看赢单", month))
    }
    target = {"target": Button(label="看目标", action="targets.show", values=month)}
    return {**{key: lists[key] for key in ("followups", "leads", "recycled")}, **won, **lists, **target}


def more_card(day: date) -> Card:
    """Every list behind a day's figures that had no room on the digest."""
    buttons = tuple(digest_buttons(day).values())[MOST_BUTTONS - 2 :]
    return Card(title=f"{day:%m-%d} 日报的其他清单", source="聊单 · 日报", buttons=buttons, private=True)


def listed_card(found: Listed, offset: int, again: dict[str, str], *, action: str = "digest.list") -> Card:
    """A list behind a figure, ten lines at a time."""
    page = found.lines[offset : offset + LINES]
    if not page:
        return Card(title=f"{found.title}：共 0 条", source="聊单 · 日报", text="现在已经没有了", private=True)
    opens = dict.fromkeys((ref, name) for ref, name, _ in page if ref)
    buttons = [
        Button(label=with_verb("看", name), action="account.show", values={"customer": ref}) for ref, name in opens
    ][:SHOWN]
    shown_to = offset + len(page)
    if shown_to < len(found.lines):
        buttons.append(Button(label="下一页", action=action, values={**again, "offset": str(shown_to)}))
    lines = [
        f"{number}. {name}{f'：{said}' if said else ''}" for number, (_, name, said) in enumerate(page, offset + 1)
    ]
    return Card(
        title=f"{found.title}：共 {len(found.lines)} 条",
        source="聊单 · 日报",
        text="\n".join(lines),
        buttons=tuple(buttons),
        private=True,
    )


def set_aside_card(notice: EventSetAside, _: WorkCalendar) -> Card:
    """To the operator: an event needs a look."""
    return Card(
        title=f"一条消息处理失败，已搁置（编号 {notice.event_id}）",
        subtitle=f"来自 {notice.who}",
        source="聊单 · 运维",
        quote=notice.said,
        text=f"原因：{notice.error}\n修好后运行 liaodan events retry {notice.event_id}",
    )


def predicted_card(notice: CalendarPredicted, _: WorkCalendar) -> Card:
    """Next year's days off are not official yet."""
    return Card(
        title=f"{notice.year} 年放假安排尚未确认",
        text="目前按预测计算时限。国务院公布后，请用 liaodan calendar set 登记放假与调休",
        buttons=(Button(label="帮助", action="help", style=Style.PLAIN),),
    )


def usage_card(notice: UsageHigh, _: WorkCalendar) -> Card:
    """To the operator: a month's budget runs out."""
    platform, what = CHANNELS.get(notice.channel, notice.channel), USED[notice.what]
    return Card(
        title=f"{platform}本月{what}已用 {notice.used / notice.allowed:.0%}",
        subtitle=f"{notice.month:%Y-%m} 已用 {notice.used}，共 {notice.allowed}",
        source="聊单 · 运维",
        text=f"{RUN_OUT[notice.what]}\n随时查看：liaodan usage",
    )
