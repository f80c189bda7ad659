"""Cards about books that change hands: what would happen, what a receiver is given, what was lost."""

from collections.abc import Sequence

from bot.cards.card import Button, Card, Style
from bot.cards.leads import undo_button
from core.calendar import WorkCalendar
from core.model.handover import Handover, Split
from core.model.member import Member
from core.notices.handover import BookHandedOver, BriefLine, HandoverSettled, HandoverTakenBack, ReceiptMissing
from core.rules.capacity import plainly
from core.rules.handover import Fate
from core.services.handover import SPLITS, Draft, Parcel
from core.services.losses import Loss

SOURCE = "聊单 · 交接"
GROUPS, STAYS, RISKS, NAMED = 10, 5, 5, 6


def draft_card(draft: Draft, when: str) -> Card:
    """Show who would get what, and what may be lost by it."""
    order = draft.order
    fields = [("分法", SPLITS[order.by])] if len(order.receivers) > 1 else []
    fields += [(parcel.receiver.name, _parcel(parcel)) for parcel in draft.parcels]
    text = _groups(draft) if len(draft.parcels) > 1 or order.by is not Split.EVENLY else []
    if draft.stays:
        text.append(f"留在{order.leaver.name}名下 {len(draft.stays)} 家：{_names([one.name for one in draft.stays])}")
    if draft.risky:
        text.append(f"有流失风险 {len(draft.risky)} 家，请接手人先联系：")
        text += [f"· {one.line.name}（{'、'.join(one.line.risks)}）" for one in draft.risky[:RISKS]]
    text.append("阶段、跟进记录、计划和时限都原样保留")
    if when:
        text.append(when)
    to = "、".join(parcel.receiver.name for parcel in draft.parcels)
    return Card(
        title=f"{order.leaver.name}的 {draft.customers} 位客户交接给{to}",
        source=SOURCE,
        fields=tuple(fields),
        text="\n".join(text),
        buttons=(Button(label="确认交接"),),
        private=True,
    )


def handed_over_card(leaver: Member, done: Sequence[tuple[Handover, str]], command: str) -> Card:
    """A book has changed hands."""
    return Card(
        title=f"{leaver.name}的 {sum(one.customers for one, _ in done)} 位客户已交接",
        source=SOURCE,
        fields=tuple((name, _counted(one.leads, one.accounts, one.deals, one.plans)) for one, name in done),
        text="已各发一条汇总给接手人，等他们点「收到」",
        buttons=(undo_button(command),),
    )


def in_background_card(draft: Draft) -> Card:
    """A large book is handed over by the worker."""
    return Card(
        title=f"正在交接{draft.order.leaver.name}的 {draft.customers} 位客户",
        source=SOURCE,
        text="客户比较多，在后台一次办完，好了告诉您。办完之前一切照旧",
    )


def settled_card(notice: HandoverSettled, _: WorkCalendar) -> Card:
    """To who ordered it: a large book has changed hands, or could not."""
    if notice.trouble:
        return Card(title=f"{notice.leaver}的客户没有交接，一切照旧", source=SOURCE, text=notice.trouble)
    return Card(
        title=f"{notice.leaver}的 {notice.customers} 位客户已交接给{'、'.join(notice.receivers)}",
        source=SOURCE,
        text="已各发一条汇总给接手人，等他们点「收到」",
        buttons=(undo_button(notice.command),),
    )


def book_card(notice: BookHandedOver, cal: WorkCalendar) -> Card:
    """To a receiver: everything that was handed over, in one message."""
    shown = [_brief(number, line, cal) for number, line in enumerate(notice.lines, 1)]
    more = notice.leads + notice.accounts - len(notice.lines)
    if more > 0:
        shown.append(f"还有 {more} 位，发送「交接清单」查看")
    counts = [_counted(notice.leads, notice.accounts, notice.deals, notice.plans)]
    counts += [f"{notice.promises} 条承诺"] if notice.promises else []
    return Card(
        title=f"{notice.leaver}的 {notice.leads + notice.accounts} 位客户交接给您了",
        subtitle="、".join(counts) + (f"；{notice.risky} 位有流失风险" if notice.risky else ""),
        source=SOURCE,
        text="\n".join([*shown, f"{notice.by}安排的，请在 {cal.local(notice.confirm_by):%m-%d %H:%M} 前点「收到」"]),
        buttons=(
            Button(
                label="收到",
                action="handover.receive",
                values={"handover": str(notice.handover_id)},
                style=Style.PRIMARY,
            ),
            Button(label="交接清单", action="handover.show", values={"handover": str(notice.handover_id)}),
        ),
    )


def received_card(handover: Handover, leaver: str) -> Card:
    """A receiver has said 收到."""
    return Card(
        title=f"好的，{leaver}交接的 {handover.customers} 位客户已确认收到",
        source=SOURCE,
        text="发送「交接清单」逐个查看承诺和计划，发送「今天」看看先联系谁",
        settled="已收到",
    )


def list_card(
    handover: Handover, leaver: str, lines: Sequence[BriefLine], first: int, total: int, cal: WorkCalendar
) -> Card:
    """A page of what was handed over, each customer with its promises and plans."""
    last = first + len(lines)
    following = {"handover": str(handover.id), "after": str(last)}
    pages = (Button(label="下一页", action="handover.show", values=following),) if last < total else ()
    return Card(
        title=f"{leaver}交接给您的 {total} 位客户" + (f"（{first + 1}–{last}）" if total > len(lines) else ""),
        subtitle=f"{cal.local(handover.created_at):%m-%d} 交接",
        source=SOURCE,
        text="\n".join(_brief(number, line, cal) for number, line in enumerate(lines, first + 1)),
        buttons=pages,
        private=True,
    )


def receipt_missing_card(notice: ReceiptMissing, cal: WorkCalendar) -> Card:
    """To whoever leads: a receiver has not confirmed."""
    return Card(
        title=f"{notice.receiver}还没确认收到{notice.leaver}的 {notice.customers} 位客户",
        subtitle=f"{cal.local(notice.handed_at):%m-%d %H:%M} 交接",
        source=SOURCE,
        text=f"请提醒{notice.receiver}发送「交接清单」看一遍，再发送「交接收到」",
    )


def taken_back_card(notice: HandoverTakenBack, _: WorkCalendar) -> Card:
    """To a receiver: the hand-over was undone."""
    return Card(
        title=f"{notice.leaver}的 {notice.customers} 位客户不交接给您了",
        source=SOURCE,
        text="这次交接已撤销，客户、商机和计划都回到原来的负责人名下",
    )


def begin_card(leaver: Member, people: Sequence[Member]) -> Card:
    """Say how a hand-over is ordered, and offer the colleagues who may take all of it."""
    first, about = "和".join(one.name for one in people[:2]) or "李娜和陈晨", {"member": str(leaver.ref)}
    return Card(
        title=f"{leaver.name}的客户交接给谁？",
        source=SOURCE,
        text=f"直接说，例如：\n· {leaver.name}的客户交接给{first}，按行业分\n"
        f"· 也可以按地区分、按等级分、平均分\n· 个别客户另给一位：除了某某公司给某某",
        buttons=tuple(
            Button(label=f"全给{one.name}", action="handover.begin", values={**about, "words": one.name})
            for one in people[:4]
        ),
    )


def loss_card(loss: Loss, within_days: int, cal: WorkCalendar) -> Card:
    """What has become of a leaver's book."""
    fates = loss.fates
    fields = [
        ("交接", f"{loss.customers} 位，{cal.local(loss.handed_at):%m-%d} 起"),
        ("接手后已联系", f"{fates[Fate.FOLLOWED]} 位"),
        ("还在期限内", f"{fates[Fate.WAITING]} 位"),
        ("流失", f"{loss.lost} 位（回公海或作废 {fates[Fate.GONE]}，{within_days} 天内没人联系 {fates[Fate.SILENT]}）"),
    ]
    if loss.deals_open:
        money = f"，{loss.money_lost}" if loss.money_lost.fen else ""
        fields.append(("丢单", f"{loss.deals_lost}/{loss.deals_open} 个在谈商机{money}"))
    share = f"{loss.lost / loss.customers:.0%}" if loss.customers else "—"
    return Card(
        title=f"{loss.leaver.name}离开后流失 {loss.lost}/{loss.customers} 位客户",
        source=SOURCE,
        emphasis=(share, "客户流失"),
        fields=tuple(fields),
        text=f"流失的：{_names(loss.names)}" if loss.names else "",
        private=True,
    )


def _parcel(parcel: Parcel) -> str:
    book = parcel.book
    plans = sum(plan.is_open for plan in book.plans)
    fills = f"{plainly(parcel.before)} → {plainly(parcel.after)}/{plainly(parcel.most)}"
    counted = _counted(len(book.leads), len(book.accounts), len(book.deals), plans)
    return f"{counted}；库容 {fills}{'，超出' if parcel.is_too_much else ''}"


def _counted(leads: int, accounts: int, deals: int, plans: int) -> str:
    counts = ((leads, "条线索"), (accounts, "个客户"), (deals, "个商机"), (plans, "个计划"))
    return "、".join(f"{number} {what}" for number, what in counts if number) or "没有"


def _groups(draft: Draft) -> list[str]:
    lines = [
        f"{group.name} {group.count} 家 → {draft.names.get(group.receiver, '')}（{group.why}）"
        for group in draft.groups
        if group.receiver != draft.order.leaver.id
    ]
    return lines[:GROUPS] + ([f"还有 {len(lines) - GROUPS} 组"] if len(lines) > GROUPS else [])


def _brief(number: int, line: BriefLine, cal: WorkCalendar) -> str:
    last = f"上次 {cal.local(line.last_at):%m-%d}" if line.last_at else "还没联系过"
    parts = [last]
    if line.next_at:
        parts.append(f"下次 {cal.local(line.next_at):%m-%d %H:%M} {line.next_what}".rstrip())
    parts += [f"承诺 {promise}" for promise in line.promises]
    parts += [f"商机 {deal}" for deal in line.deals]
    if line.risks:
        parts.append(f"风险 {'、'.join(line.risks)}")
    grade = f"{line.grade} " if line.grade else ""
    return f"{number}. {grade}{line.name}：{'；'.join(parts)}"


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMED])
    return f"{shown}等 {len(names)} 家" if len(names) > NAMED else shown
