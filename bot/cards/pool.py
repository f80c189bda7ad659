"""Cards about the pools: looked through, claimed from, given back to, taken back by the clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.cards.card import Button, Card, Option, Select, Style
from bot.cards.labels import with_verb
from bot.cards.leads import lead_fields, log_button, return_button, undo_button
from core.calendar import WorkCalendar
from core.model.customer import Account
from core.model.ids import Ref
from core.model.lead import Lead
from core.model.playbook import Hideable, Pool
from core.notices import LeadLine
from core.notices.pool import LeadsExpiring, LeadsRecycled, ReviewNeeded
from core.rules.duplicates import mask_person, mask_phone
from core.rules.masking import hide_numbers

LISTED = 5
LINES = 20
OPTIONS = 10


def claimed_card(lead: Lead, deadline: datetime | None, cal: WorkCalendar, command: str) -> Card:
    """A lead was claimed; now its details are open to the holder."""
    until = f"请在 {cal.local(deadline):%m-%d %H:%M} 前首次跟进，否则回收到公海" if deadline else ""
    return Card(
        title=f"领取成功：{lead.name}",
        subtitle=f"{lead.ref} · 已归到您名下",
        source="聊单 · 公海",
        fields=lead_fields(lead, ""),
        text=until,
        buttons=(log_button(str(lead.ref)), return_button(lead.id), undo_button(command)),
    )


def several_claimed_card(leads: Sequence[Lead], wanted: int, why: str, command: str) -> Card:
    """Several leads were claimed in their order; when they were fewer than wanted, why."""
    lines = [f"{lead.ref} {lead.name} {lead.contact_name} {lead.phone or ''}".rstrip() for lead in leads]
    return Card(
        title=f"领取成功 {len(leads)} 条" + (f"，想领 {wanted} 条" if len(leads) < wanted else ""),
        subtitle=why,
        source="聊单 · 公海",
        text="\n".join(lines),
        buttons=(Button(label="今天", action="today.plan", style=Style.PRIMARY), undo_button(command)),
        private=True,
    )


def account_claimed_card(account: Account, command: str) -> Card:
    """An account was claimed."""
    return Card(
        title=f"领取成功：{account.name}",
        subtitle=f"{account.ref} · 已归到您名下",
        source="聊单 · 公海",
        fields=tuple((what, said) for what, said in (("电话", account.phone or ""), ("地区", account.region)) if said),
        buttons=(log_button(str(account.ref)), undo_button(command)),
    )


def returned_card(lead: Lead, reason: str, command: str, *, tapped: bool) -> Card:
    """A lead was given back."""
    return Card(
        title=f"已退回公海：{lead.name}",
        subtitle=f"原因：{reason}",
        source="聊单 · 公海",
        text="未完成的计划已暂停，重新领取后再安排",
        buttons=() if tapped else (undo_button(command),),
        settled="已退回" if tapped else "",
    )


def pools_card(pools: Sequence[tuple[Pool, int]]) -> Card:
    """Which of the pools that the asker may use."""
    return Card(
        title="看哪个公海？",
        source="聊单 · 公海",
        text="\n".join(f"{pool.name}：{count} 条" for pool, count in pools),
        buttons=tuple(
            Button(label=pool.name[:10], action="pool.search", values={"pool": pool.name}) for pool, _ in pools[:LISTED]
        ),
    )


def pool_card(
    found: Sequence[Lead | Account],
    pool: Pool,
    total: int,
    words: str,
    next_after: int | None,
    seen: Collection[Ref],
    *,
    open_to_all: bool = False,
) -> Card:
    """A pool, masked as it says; what lies beyond the day's views is masked altogether (`seen` are within them)."""
    if not found:
        return Card(
            title=f"{pool.name}里没有符合「{words}」的线索"
            if words
            else f"{pool.name}里暂时没有线索，有新的会出现在这里"
        )
    hidden = frozenset() if open_to_all else frozenset(pool.hidden)
    lines = [_pool_line(one, hidden if one.ref in seen else frozenset(Hideable)) for one in found]
    shown = [one for one in found if one.ref in seen][:LISTED]
    buttons = [
        Button(
            label=with_verb("领", one.name),
            action="lead.claim",
            values={"customer": str(one.ref), **({"words": words} if words else {})},
            style=Style.PRIMARY if number == 0 else Style.PLAIN,
        )
        for number, one in enumerate(shown)
        if Hideable.NAME not in hidden
    ]
    if next_after is not None:
        values = {"words": words, "after": str(next_after), "pool": pool.name}
        buttons.append(Button(label="下一页", action="pool.search", values=values))
    beyond = len(found) - len([one for one in found if one.ref in seen])
    limit = f"今天已看满 {pool.views_per_day} 条，其余的名称和联系方式明天再看" if beyond else ""
    return Card(
        title=_pool_title(pool.name, total, words),
        subtitle=limit or "联系方式领取后可见；也可以发送「领取 编号」",
        source="聊单 · 公海",
        text="\n".join(lines),
        buttons=tuple(buttons),
    )


def tapped_pool_card(card: Card, gone: Mapping[str, str], total: int, words: str) -> Card:
    """The pool as it was shown, with what became of the leads in `gone`; their buttons are gone too."""
    lines = [
        f"{line.partition('｜')[0]}｜{gone[ref]}" if (ref := line.partition(" ")[0]) in gone else line
        for line in card.text.splitlines()
    ]
    left = tuple(button for button in card.buttons if button.values.get("customer") not in gone)
    return replace(
        card,
        title=_pool_title(card.title.partition(" ")[0], total, words),
        text="\n".join(lines),
        buttons=left or (Button(label="看公海", action="pool.search", style=Style.PRIMARY),),
        repeats=True,
    )


def _pool_title(name: str, total: int, words: str) -> str:
    return f"{name} {total} 条" + (f" · {words}" if words else "")


def _pool_line(one: Lead | Account, hidden: frozenset[Hideable]) -> str:
    # Whole numbers are hidden first and the text is cut then: half a number could not be recognised any more.
    open_to_see = not hidden
    name = one.name if open_to_see else hide_numbers(one.name)
    name = f"{name[:2]}***" if Hideable.NAME in hidden else name
    need = _hidden(one.need if isinstance(one, Lead) else one.note, Hideable.NEED, hidden)[:16]
    source = _hidden(one.source, Hideable.SOURCE, hidden)
    about = " ".join(part for part in (one.region, one.industry, source, need) if part)
    person = one.contact_name if isinstance(one, Lead) else ""
    if Hideable.NAME in hidden and Hideable.CONTACT in hidden:
        person, phone = "", ""
    else:
        person = mask_person(person) if Hideable.CONTACT in hidden else person
        phone = mask_phone(one.phone) if Hideable.PHONE in hidden else one.phone or ""
    reach = " ".join(part for part in (person, phone) if part)
    return f"{one.ref} {name}" + (f"｜{about}" if about else "") + (f"｜{reach}" if reach else "")


def _hidden(text: str, what: Hideable, hidden: frozenset[Hideable]) -> str:
    if what in hidden:
        return ""
    return hide_numbers(text) if hidden else text


def limits_card(rows: Sequence[tuple[str, str]], waiting: Sequence[str]) -> Card:
    """What the asker may still claim, and what they must wait for."""
    return Card(title="领取额度", source="聊单 · 公海", fields=tuple(rows), text="\n".join(waiting), private=True)


def expiring_card(notice: LeadsExpiring, cal: WorkCalendar) -> Card:
    """Records that leave soon; each can be followed up, kept longer or given back from here."""
    leads, first = notice.leads, notice.leads[0]
    buttons: tuple[Button, ...]
    if len(leads) == 1:
        buttons = tuple(_deeds(first.ref))
    elif len(leads) == 2:  # noqa: PLR2004 - three buttons each, and six is what a card holds
        buttons = tuple(button for line in leads for button in _deeds(line.ref, line.name))
    else:
        buttons = tuple(_deeds(""))
    return Card(
        title=f"{first.name} 即将回收到公海" if len(leads) == 1 else f"{len(leads)} 条线索即将回收到公海",
        subtitle="记一次有效跟进就能留住",
        source="聊单 · 回收提醒",
        text=_lines(leads, cal, "回收"),
        buttons=buttons,
        selects=(_which(leads),) if len(leads) > 2 else (),  # noqa: PLR2004
    )


def recycled_card(notice: LeadsRecycled, cal: WorkCalendar) -> Card:
    """Records that the clock took, and why; whoever thinks it unjust may appeal."""
    one = len(notice.leads) == 1
    first = notice.leads[0]
    gone = f"已回收，交{notice.gone}" if notice.gone and "公海" not in notice.gone and "池" not in notice.gone else ""
    went = gone or f"已回收到{notice.gone}"
    return Card(
        title=f"{first.name} {went}" if one else f"{len(notice.leads)} 条线索{went}",
        subtitle=f"原因：{notice.reason}",
        source="聊单 · 公海",
        text=_lines(notice.leads, cal, "到期"),
        buttons=(
            Button(label="看公海", action="pool.search", style=Style.PRIMARY),
            Button(label="申诉", action="appeal.file", values={"customer": first.ref} if one else {}),
            Button(label="为什么", action="explain", values={"customer": first.ref} if one else {}),
        ),
        selects=() if one else (_which(notice.leads),),
    )


def review_card(notice: ReviewNeeded, cal: WorkCalendar) -> Card:
    """To a leader: these have gone round too often."""
    first = notice.leads[0]
    one = len(notice.leads) == 1
    values = {"customer": first.ref} if one else {}
    return Card(
        title=f"{first.name} 已第 {notice.times} 次超时"
        if one
        else f"{len(notice.leads)} 条线索已第 {notice.times} 次超时",
        subtitle=f"刚从{notice.holder}名下收回，不再回公海，请您决定",
        source="聊单 · 回收",
        text=_lines(notice.leads, cal, "到期"),
        buttons=(
            Button(label="转培育", action="lead.nurture", values=values, style=Style.PRIMARY),
            Button(label="作废", action="lead.invalidate", values=values, style=Style.DANGER),
            Button(label="放回公海", action="pool.release", values=values),
        ),
        selects=() if one else (_which(notice.leads),),
    )


def _deeds(ref: str, name: str = "") -> list[Button]:
    """The three things one may do about a record that leaves; named when several share a card."""
    values = {"customer": ref} if ref else {}
    said = [with_verb(verb, name) for verb in ("跟进", "延期", "退回")] if name else ["记跟进", "申请延期", "退回"]
    return [
        Button(label=said[0], action="followup.log", values=values, style=Style.PRIMARY),
        Button(label=said[1], action="lead.extend", values=values),
        Button(label=said[2], action="lead.return", values=values, style=Style.DANGER),
    ]


def _which(leads: Sequence[LeadLine]) -> Select:
    options = (Option(id=line.ref, label=line.name, chosen=n == 0) for n, line in enumerate(leads[:OPTIONS]))
    return Select(key="customer", title="哪一条", options=tuple(options))


def _lines(leads: Sequence[LeadLine], cal: WorkCalendar, verb: str) -> str:
    shown = [f"{line.ref} {line.name}：{cal.local(line.at):%m-%d %H:%M} {verb}" for line in leads[:LINES]]
    more = len(leads) - len(shown)
    return "\n".join(shown) + (f"\n还有 {more} 条，发送「今天」查看" if more else "")
