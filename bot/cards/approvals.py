"""Cards about approvals: what decides with one tap and ends in its final state, the lists, and what became of it."""

from collections.abc import Iterable

from bot.cards.card import Button, Card, Style
from core.calendar import WorkCalendar
from core.notices.approvals import ApprovalNews, ApprovalShown, MirrorTrouble, StepShown

SOURCE = "聊单 · 审批"
ENDED = {
    "approved": "已通过",
    "rejected": "没有通过",
    "withdrawn": "已撤回",
    "voided": "已作废",
    "expired": "已过期",
}
FILES_NAMED = 3
MARKS = {"passed": "✓", "active": "●", "rejected": "✕", "returned": "↩", "skipped": "–", "waiting": "○"}
ACTS = {
    "approve": ("同意", Style.PRIMARY),
    "reject": ("不同意", Style.DANGER),
    "conditional": ("最多…", Style.PLAIN),
    "transfer": ("转交", Style.PLAIN),
}
MORE = {
    "fill": "改内容",
    "add_sign": "加签",
    "return": "退回修改",
    "comment": "问一句",
    "cc": "抄送",
    "attach": "加附件",
    "batch": "看全部待批",
}
ANSWERS = {
    "accept": (("接受", "approval.accept", Style.PRIMARY), ("不接受", "approval.decline", Style.DANGER)),
    "answer": (("回复", "approval.answer", Style.PRIMARY),),
    "resubmit": (
        ("改好再提交", "approval.resubmit", Style.PRIMARY),
        ("补附件", "approval.attach", Style.PLAIN),
        ("撤回", "approval.withdraw", Style.PLAIN),
    ),
    "proxy": (("同意代批", "approval.proxy_accept", Style.PRIMARY), ("不方便", "approval.proxy_decline", Style.DANGER)),
    "consent": (("同意撤回", "approval.consent", Style.PRIMARY), ("不同意", "approval.dissent", Style.DANGER)),
    "nudge": (("催办", "approval.nudge", Style.PRIMARY),),
    "files": (("看附件", "approval.files", Style.PRIMARY),),
}


def approval_card(notice: ApprovalShown, cal: WorkCalendar) -> Card:
    """The card that decides. Once there is nothing to decide for its reader, it says how it stands."""
    asked = f"{notice.by} {cal.local(notice.asked_at):%m-%d %H:%M} 提交"
    due = (("最晚", f"{cal.local(notice.due_at):%m-%d %H:%M}"),) if notice.due_at and notice.task_id else ()
    lines = [notice.outcome, notice.why, *(step_line(step) for step in notice.path), *notice.said]
    return Card(
        title=notice.title,
        subtitle=asked,
        source=f"{SOURCE} · {notice.kind}",
        quote=notice.reason,
        fields=(*notice.facts, *_files(notice), *due, *notice.past),
        text="\n".join(line for line in lines if line),
        buttons=_acts(notice) if notice.task_id else (),
        settled="" if notice.task_id else ENDED.get(notice.state) or notice.own or "不用您处理了",
        private=True,
        repeats=True,
    )


def more_card(notice: ApprovalShown) -> Card:
    """What else may be done with an approval that waits."""
    buttons = tuple(
        Button(label=label, action=f"approval.{act}", values=_values(notice))
        for act, label in MORE.items()
        if act in notice.may
    )
    text = "也可以直接说：「先让财务看看」「打回去，让他补竞品报价」「抄送 刘洋」「问一下 毛利怎么这么低」"
    return Card(title=f"{notice.title}：还可以", source=SOURCE, text=text, buttons=buttons, private=True)


def answered_card(stands: ApprovalShown, how: str, *, tapped: bool) -> Card:
    """To whoever did something with an approval in words, or on a card that only asked for it."""
    lines = [stands.outcome, *(step_line(step) for step in stands.path)]
    undo = Button(label="收回", action="approval.take_back", values={"approval": str(stands.approval_id)})
    running = stands.state == "running"
    return Card(
        title=how,
        subtitle=stands.title,
        source=f"{SOURCE} · {stands.kind}",
        text="\n".join(line for line in lines if line),
        buttons=(undo,) if stands.own == "已同意" and running and not tapped else (),
        settled=how[:10] if tapped else "",
        private=True,
    )


def news_card(notice: ApprovalNews, _: WorkCalendar) -> Card:
    """One thing that happened to an approval."""
    values = {"approval": str(notice.approval_id)} | ({"number": str(notice.number)} if notice.number else {})
    return Card(
        title=notice.title,
        source=SOURCE,
        quote=notice.quote,
        fields=notice.facts,
        text=notice.text,
        buttons=tuple(
            Button(label=label, action=action, values=values, style=style)
            for label, action, style in ANSWERS.get(notice.asks, ())
        ),
        private=True,
    )


def mirror_trouble_card(notice: MirrorTrouble, _: WorkCalendar) -> Card:
    """What an administrator has to mend so that approvals stand in a platform's own approvals too."""
    return Card(
        title=f"{notice.platform}审批里建不了单",
        source=SOURCE,
        fields=(("模板", notice.template),),
        text=f"{notice.why}\n聊单里的审批照常进行；改好后没走完的会自动补上，改好前不再提醒",
    )


def step_line(step: StepShown) -> str:
    """Say one node in a line: 「● 会签：赵敏、陈静（1/2）」."""
    count = f"（{step.agreed}/{step.of}）" if step.of > 1 else ""
    people = "、".join(step.people)
    label = f"{step.label}：" if step.label and people else step.label
    return f"{MARKS.get(step.state, '○')} {label}{people}{count}"


def path_line(path: Iterable[StepShown]) -> str:
    """Say a whole path in one line, for lists."""
    return " → ".join(step_line(step) for step in path)


def _acts(notice: ApprovalShown) -> tuple[Button, ...]:
    shown = [
        Button(label=label, action=f"approval.{act}", values=_values(notice), style=style)
        for act, (label, style) in ACTS.items()
        if act in notice.may
    ]
    if notice.files:
        shown.append(Button(label=f"附件（{len(notice.files)}）", action="approval.files", values=_values(notice)))
    more = any(act in notice.may for act in MORE)
    return (*shown, Button(label="更多", action="approval.more", values=_values(notice))) if more else tuple(shown)


def _values(notice: ApprovalShown) -> dict[str, str]:
    return {"approval": str(notice.approval_id), "task": str(notice.task_id)}


def _files(notice: ApprovalShown) -> tuple[tuple[str, str], ...]:
    """Say how many files there are and what they are called, the newest first."""
    if not notice.files:
        return ()
    named = "、".join(reversed(notice.files[-FILES_NAMED:]))
    more = " 等" if len(notice.files) > FILES_NAMED else ""
    return (("附件", f"{len(notice.files)} 个：{named}{more}"),)
