"""Cards about what somebody wants to be told by the clock, and when they want peace."""

from collections.abc import Sequence
from datetime import time

from bot.cards.card import Button, Card
from core.model.member import Member
from core.model.playbook import Playbook
from core.model.subscription import LAST_DAY, QuietRule, Rhythm, Subscription
from core.services.subscriptions import REPORTS, standard_hour

WEEKDAYS = "一二三四五六日"
NOON = 12


def subscribed_card(wanted: Subscription, called: str, undo: Button, *, guessed: bool = False) -> Card:
    """Say how a report comes from now on; where the evening was only guessed a button makes it the morning."""
    if wanted.off:
        again = "想再看时直接说它的名字" if wanted.report not in REPORTS else "想再看时发送「日报时间 晚上6点」"
        return Card(title=f"好的，不再给您发{called}", text=again, buttons=(undo,))
    text, buttons = "", [undo]
    if guessed:
        text = "没有说早上还是晚上，按晚上算"
        label = f"改成早上 {morning_of(wanted.at):%H:%M}"
        buttons.insert(0, Button(label=label, action="digest.earlier", values={"number": str(wanted.id)}))
    return Card(title=f"好的，{rhythm_words(wanted)} 发{called}", text=text, buttons=tuple(buttons))


def morning_of(at: time) -> time:
    """Return the same hour of the clock before noon."""
    return at.replace(hour=at.hour % NOON)


def quiet_card(rule: QuietRule, undo: Button) -> Card:
    """Say when somebody is left in peace from now on."""
    text = "这段时间的消息攒到结束后再发；您自己定的提醒照常。发送「关闭免打扰」恢复"
    return Card(title=f"好的，{quiet_words(rule)}不打扰您", text=text, buttons=(undo,))


def habits_card(
    wanted: Sequence[tuple[Subscription, str]], member: Member, playbook: Playbook, rule: QuietRule | None
) -> Card:
    """List every report that somebody may have, when it comes, and their peace."""
    own = {one.report: one for one, _ in wanted}
    lines = []
    for name, report in REPORTS.items():
        if not member.is_any(report.roles):
            continue
        mine = own.get(name)
        if mine is None:
            standard = Subscription(
                member_id=member.id,
                report=name,
                rhythm=report.rhythm,
                day=report.day,
                at=standard_hour(playbook, name),
                created_at=member.created_at,
                updated_at=member.created_at,
            )
            lines.append((report.called, f"{rhythm_words(standard)}（公司默认）"))
        else:
            lines.append((report.called, "不发" if mine.off else rhythm_words(mine)))
    lines += [(called, "不发" if one.off else rhythm_words(one)) for one, called in wanted if one.report not in REPORTS]
    lines.append(("免打扰", quiet_words(rule) if rule is not None else "没有开"))
    return Card(title="您的订阅", fields=tuple(lines), text="改时间就直接说，例如「日报改到晚上7点，周末别发」")


def rhythm_words(wanted: Subscription) -> str:
    """Say how often and when: 每个工作日 18:00, 每周一 09:00, 每月最后一个工作日 17:00."""
    hour = f"{wanted.at:%H:%M}"
    if wanted.rhythm == Rhythm.DAILY:
        return f"每天 {hour}"
    if wanted.rhythm == Rhythm.WEEKLY:
        return f"每周{WEEKDAYS[wanted.day - 1]} {hour}"
    if wanted.rhythm == Rhythm.MONTHLY:
        day = "最后一个工作日" if wanted.day == LAST_DAY else f" {wanted.day} 号"
        return f"每月{day} {hour}"
    return f"每个工作日 {hour}"


def quiet_words(rule: QuietRule) -> str:
    """Say when and with which exception: 21:00 到 08:00 和休息日（50万元以上的除外）."""
    days = "和休息日" if rule.days_off else ""
    above = f"（{rule.above}以上的除外）" if rule.above is not None else ""
    return f"{rule.begins:%H:%M} 到 {rule.ends:%H:%M} {days}{above}"
