"""Cards about deals: opened, moved, amended, won, lost, standing still, listed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.cards.card import Button, Card, Style
from bot.cards.leads import log_button, undo_button
from bot.cards.materials import send_buttons
from core.calendar import WorkCalendar
from core.model.customer import Account
from core.model.deal import Deal, StageStay
from core.model.ids import DealId, MemberId
from core.model.material import Material
from core.model.member import Member
from core.model.money import Money
from core.model.playbook import Need, Playbook, Stage
from core.notices import DealsClosed, DealsStale
from core.rules.stages import LABELS, last_touch
from core.services.deals import Moved

SOURCE = "聊单 · 商机"
LISTED = 8
MOST_BUTTONS = 6
DAY = timedelta(days=1)


def show_button(deal_ref: str, label: str = "看商机") -> Button:
    return Button(label=label, action="deal.show", values={"customer": deal_ref})


def opened_card(deal: Deal, account: Account, playbook: Playbook, cal: WorkCalendar, command: str) -> Card:
    """A deal was opened."""
    return Card(
        title=f"已建商机：{deal.name}",
        subtitle=f"{deal.ref} · {account.name}",
        source=SOURCE,
        fields=(("阶段", progress(deal, playbook)), *known(deal, cal)),
        text="" if deal.amount else "还没有金额，知道了可以说「金额改成36万」",
        buttons=(*_next_buttons(deal, playbook), undo_button(command)),
    )


def moved_card(
    deal: Deal,
    moved: Moved,
    playbook: Playbook,
    cal: WorkCalendar,
    command: str,
    materials: Sequence[Material] = (),
) -> Card:
    """A deal stands in another stage now, or waits for whoever must agree; `materials` are made for it."""
    if moved.waits:
        return Card(
            title=f"{deal.name} 推进到{deal.wanted_stage}：等审批",
            subtitle=str(deal.ref),
            source=SOURCE,
            fields=(("阶段", progress(deal, playbook)), *known(deal, cal)),
            text=f"进入{deal.wanted_stage}要审批，已提交，通过后自动推进。发送「我的审批到哪了」看进度",
        )
    skipped = f"跳过了{'、'.join(moved.skipped)}，要求都已满足" if moved.skipped else ""
    buttons, named = _next_buttons(deal, playbook), "、".join(one.title for one in materials)
    return Card(
        title=f"{deal.name}：{moved.before} → {deal.stage}",
        subtitle=str(deal.ref),
        source=SOURCE,
        fields=(("阶段", progress(deal, playbook)), *known(deal, cal)),
        text="\n".join((*([skipped] if skipped else []), *([f"这个阶段可以用：{named}"] if named else []))),
        buttons=(*buttons, *send_buttons(materials)[: MOST_BUTTONS - len(buttons) - 1], undo_button(command)),
    )


def amended_card(
    deal: Deal, before: tuple[Money | None, date | None], facts: tuple[tuple[str, str], ...], command: str
) -> Card:
    """What is known of a deal was changed; both values are shown."""
    amount, expected = before
    changed = list(facts)
    if amount != deal.amount:
        changed.append(("金额", f"{amount or '没有填'} → {deal.amount}"))
    if expected != deal.expected_close_on:
        changed.append(("预计签约", f"{expected or '没有填'} → {deal.expected_close_on}"))
    return Card(
        title=f"已改商机：{deal.name}",
        subtitle=f"{deal.ref} · {deal.stage}",
        source=SOURCE,
        fields=tuple(changed),
        text="" if changed else "和原来一样，没有变化",
        buttons=(show_button(str(deal.ref)), undo_button(command)),
    )


def won_card(deal: Deal, playbook: Playbook, cal: WorkCalendar, command: str) -> Card:
    """A deal was won."""
    return Card(
        title=f"🎉 赢单：{deal.name}",
        subtitle=str(deal.ref),
        source=SOURCE,
        emphasis=(str(deal.amount), "成交金额"),
        fields=(("赢在", deal.reason), ("签单日", f"{deal.closed_on}"), ("用时", lasted(deal, cal))),
        text=deal.note,
        buttons=(show_button(str(deal.ref)), undo_button(command)),
    )


def lost_card(deal: Deal, playbook: Playbook, cal: WorkCalendar, command: str) -> Card:
    """A deal was lost; it may be opened again for some time."""
    days = playbook.pipeline(deal.pipeline).reopen_within.days
    rival = (("输给", deal.competitor),) if deal.competitor else ()
    return Card(
        title=f"已登记输单：{deal.name}",
        subtitle=str(deal.ref),
        source=SOURCE,
        fields=(("原因", deal.reason), *rival, ("用时", lasted(deal, cal))),
        quote=deal.note,
        text=f"{days} 天内有转机可以「推进 {deal.ref} 阶段名」重新打开，编号不变",
        buttons=(show_button(str(deal.ref)), undo_button(command)),
    )


def deal_card(
    deal: Deal,
    account: Account | None,
    stays: Sequence[StageStay],
    following: Stage | None,
    missing: Sequence[Need],
    playbook: Playbook,
    cal: WorkCalendar,
    now: datetime,
) -> Card:
    """A deal as its holder sees it: where it stands, what the next stage lacks, how long each stage took."""
    lines = [_stay_line(stay, cal, now) for stay in stays]
    if following is not None:
        lacks = "、".join(LABELS[need] for need in missing)
        lines.insert(0, f"进入{following.name}还缺：{lacks}" if lacks else f"可以进入{following.name}了")
    ended = (("原因", deal.reason),) if deal.reason else ()
    if deal.wanted_stage:
        lines.insert(0, f"推进到{deal.wanted_stage}正在审批")
    return Card(
        title=deal.name,
        subtitle=" · ".join(part for part in (str(deal.ref), account.name if account else "") if part),
        source=SOURCE,
        fields=(("阶段", progress(deal, playbook)), *known(deal, cal), *ended),
        text="\n".join(lines),
        buttons=(*((log_button(str(account.ref)),) if account else ()), *_next_buttons(deal, playbook)),
    )


def deals_card(
    deals: Sequence[Deal],
    names: Mapping[MemberId, str],
    reader: Member,
    playbook: Playbook,
    parts: Mapping[DealId, int] | None = None,
    said: str = "",
) -> Card:
    """The open deals, by stage, with their sums; `parts` are the reader's percents of those that others hold.

    `said` tells by what they were narrowed down.
    """
    if not deals and said:
        return Card(title=f"没有符合「{said}」的进行中的商机", text="换个条件，或发送「我的商机」看全部")
    if not deals:
        return Card(title="没有进行中的商机", text="可以说「给华为建个商机 服务器采购 35万 6月底签」")
    stages = {stage.name: place for place, stage in enumerate(playbook.pipelines[0].stages)}
    ordered = sorted(deals, key=lambda deal: (-stages.get(deal.stage, -1), -(deal.amount.fen if deal.amount else 0)))
    parts = parts or {}
    held = [deal for deal in ordered if deal.id not in parts]
    sums: dict[str, list[Deal]] = {}
    for deal in held:
        sums.setdefault(deal.stage, []).append(deal)
    fields = tuple((stage, f"{len(some)} 个 · {_sum(some)}") for stage, some in sums.items())
    lines = [
        _list_line(deal, names, reader) + (f" 协作，我占 {parts[deal.id]}%" if deal.id in parts else "")
        for deal in ordered[:LISTED]
    ]
    more = [f"还有 {len(deals) - LISTED} 个"] if len(deals) > LISTED else []
    return Card(
        title=f"进行中的商机 {len(held)} 个" + (f"，协作 {len(parts)} 个" if parts else ""),
        subtitle=f"只看 {said}" if said else "",
        source=SOURCE,
        emphasis=(str(_sum(held)), "金额合计，不含协作" if parts else "金额合计"),
        fields=fields,
        text="\n".join([*lines, *more]),
        buttons=tuple(show_button(str(deal.ref), f"看 {deal.ref}") for deal in ordered[:3]),
    )


def stale_list_card(
    deals: Sequence[Deal], names: Mapping[MemberId, str], reader: Member, now: datetime, where: str = "停滞"
) -> Card:
    """Deals that nobody has touched for too long, the longest first; `where` says which were asked for."""
    if not deals:
        return Card(title=f"没有{where}的商机", text="每个进行中的商机都在时限内有人更新")
    lines = []
    for deal in deals[:LISTED]:
        since = last_touch(deal) or deal.created_at
        lines.append(f"{_list_line(deal, names, reader)}，{days_between(since, now)} 天没动")
    more = [f"还有 {len(deals) - LISTED} 个"] if len(deals) > LISTED else []
    return Card(
        title=f"{where}的商机 {len(deals)} 个",
        source=SOURCE,
        text="\n".join([*lines, *more]),
        buttons=tuple(show_button(str(deal.ref), f"看 {deal.ref}") for deal in deals[:3]),
    )


def stale_card(notice: DealsStale, cal: WorkCalendar) -> Card:
    """To the holder: nobody has done anything for these deals."""
    if len(notice.deals) == 1:
        [deal] = notice.deals
        return Card(
            title=f"跟进待办：{deal.name}",
            subtitle=f"{deal.ref} · {deal.stage}，{cal.local(deal.at):%m-%d %H:%M} 之后没有人更新",
            source=SOURCE,
            text="记一次跟进、改金额或推进阶段都算更新；没戏了请登记输单",
            buttons=(
                *((log_button(deal.account.replace("account:", "A")),) if deal.account else ()),
                show_button(deal.ref),
                Button(label="输单", action="deal.lose", values={"customer": deal.ref}, style=Style.DANGER),
            ),
        )
    lines = [f"{deal.name}（{deal.stage}），{cal.local(deal.at):%m-%d} 之后没动" for deal in notice.deals[:LISTED]]
    more = [f"还有 {len(notice.deals) - LISTED} 个"] if len(notice.deals) > LISTED else []
    return Card(
        title=f"跟进待办：{len(notice.deals)} 个商机没有动",
        source=SOURCE,
        text="\n".join([*lines, *more]),
        buttons=tuple(show_button(deal.ref, f"看 {deal.ref}") for deal in notice.deals[:4]),
    )


def closed_card(notice: DealsClosed, cal: WorkCalendar) -> Card:
    """To the holder: the clock has lost these deals."""
    lines = [f"{deal.name}（{deal.stage}），{cal.local(deal.at):%m-%d} 之后没动" for deal in notice.deals[:LISTED]]
    more = [f"还有 {len(notice.deals) - LISTED} 个"] if len(notice.deals) > LISTED else []
    return Card(
        title=f"{len(notice.deals)} 个商机太久没人更新，已按输单关闭",
        source=SOURCE,
        text="\n".join([*lines, *more, "还在谈的请说「客户名 推进到 阶段名」重新打开，编号和历史都在"]),
        buttons=tuple(show_button(deal.ref, f"看 {deal.ref}") for deal in notice.deals[:4]),
    )


def progress(deal: Deal, playbook: Playbook) -> str:
    """Show how far a deal is: 方案报价 ●●●○."""
    stages = playbook.pipeline(deal.pipeline).open_stages
    place = next((n for n, stage in enumerate(stages) if stage.name == deal.stage), None)
    if place is None:
        return deal.stage
    return f"{deal.stage} {'●' * (place + 1)}{'○' * (len(stages) - place - 1)}"


def known(deal: Deal, cal: WorkCalendar) -> tuple[tuple[str, str], ...]:
    """What is known of a deal."""
    known = (
        ("金额", str(deal.amount or "")),
        ("预计签约", str(deal.expected_close_on or "") if deal.is_open else ""),
        ("需求", deal.need or deal.product),
        ("预算", str(deal.budget or "")),
        ("决策人", deal.decision_maker),
        ("竞争对手", deal.competitor),
    )
    return tuple((label, value) for label, value in known if value)


def lasted(deal: Deal, cal: WorkCalendar) -> str:
    """How many days a deal took from its beginning to its end."""
    begun = deal.begun_on or cal.local(deal.created_at).date()
    return f"{max((deal.closed_on - begun).days, 0)} 天" if deal.closed_on is not None else ""


def days_between(since: datetime, until: datetime) -> int:
    """How many whole days have passed."""
    return max((until - since) // DAY, 0)


def _sum(deals: Sequence[Deal]) -> Money:
    return Money(sum(deal.amount.fen for deal in deals if deal.amount))


def _next_buttons(deal: Deal, playbook: Playbook) -> tuple[Button, ...]:
    if not deal.is_open:
        return ()
    stages = playbook.pipeline(deal.pipeline).open_stages
    place = next((n for n, stage in enumerate(stages) if stage.name == deal.stage), len(stages) - 1)
    about = {"customer": str(deal.ref)}
    forward = (
        (Button(label=f"推进到{stages[place + 1].name}", action="deal.forward", values=about, style=Style.PRIMARY),)
        if place + 1 < len(stages)
        else (Button(label="赢单", action="deal.win", values=about, style=Style.PRIMARY),)
    )
    return (*forward, Button(label="输单", action="deal.lose", values=about, style=Style.DANGER))


def _list_line(deal: Deal, names: Mapping[MemberId, str], reader: Member) -> str:
    amount = f" {deal.amount}" if deal.amount else ""
    holder = names.get(deal.owner_id, "") if deal.owner_id is not None and deal.owner_id != reader.id else ""
    return f"{deal.ref} {deal.name}（{deal.stage}{amount}）{f' {holder}' if holder else ''}"


def _stay_line(stay: StageStay, cal: WorkCalendar, now: datetime) -> str:
    days = days_between(stay.entered_at, stay.left_at or now)
    why = f"（{stay.reason}）" if stay.reason else ""
    return f"{cal.local(stay.entered_at):%m-%d} {stay.stage} {days} 天{why}"
