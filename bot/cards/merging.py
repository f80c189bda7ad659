"""Cards about two records that are one: what they say differently, what came of it, who is asked."""

from collections.abc import Sequence

from bot.cards.card import Button, Card, Style
from bot.cards.leads import STATES, log_button, undo_button
from core.calendar import WorkCalendar
from core.model.lead import Lead, LeadState
from core.notices.merging import CustomersMerged, MergeAnswered, MergeAsked
from core.rules.merging import CUSTOM, LABELS, Customer, Difference
from core.rules.today import shortened
from core.services.merging import Merged

VALUE = 24


def choice_words(kept: Customer, other: Customer, found: Sequence[tuple[Difference, str, str]], taken: set[str]) -> str:
    """Say who goes over into whom, and what they say differently; what stays is marked."""
    lines = [f"合并：{other.name}（{_about(other)}）→ {kept.name}（{_about(kept)}）"]
    lines.append(f"跟进、计划、联系人、商机都转到 {kept.ref}，以后说 {other.ref} 就是 {kept.ref}")
    if found:
        lines.append("两边不一样的（✓ 会留下）：")
    for one, mine, theirs in found:
        marks = ("", "✓") if one.field in taken else ("✓", "")
        lines.append(f"{one_label(one)}：{marks[0]}{shortened(mine, VALUE)} ｜ {marks[1]}{shortened(theirs, VALUE)}")
    return "\n".join(lines)


def one_label(one: Difference) -> str:
    """Name a field that differs."""
    return LABELS.get(one.field) or one.field.removeprefix(CUSTOM)


def merged_card(merged: Merged, command: str, *, settled: str = "") -> Card:
    """Two records became one."""
    kept, moved = merged.kept, merged.moved
    counted = (
        ("跟进记录", moved.followups),
        ("计划", moved.plans),
        ("联系人", moved.contacts),
        ("商机", moved.deals),
    )
    return Card(
        title=f"已合并：{merged.gone.name} → {kept.name}",
        subtitle=f"{merged.gone.ref} 并入 {kept.ref}",
        source="聊单 · 客户",
        fields=tuple((label, f"转来 {number}") for label, number in counted if number),
        text=f"以后说「{merged.gone.ref}」或「{merged.gone.name}」，找到的就是 {kept.ref}",
        buttons=(
            log_button(str(kept.ref)),
            Button(label="看看客户", action="account.show", values={"customer": str(kept.ref)}),
            undo_button(command),
        ),
        settled=settled,
    )


def told_card(notice: CustomersMerged, _: WorkCalendar) -> Card:
    """To whoever held one of two records that became one."""
    if notice.kept_ref:
        return Card(
            title=f"{notice.by}把两条记录合并成了「{notice.kept}」",
            subtitle=f"{notice.kept_ref} · 在您名下",
            source="聊单 · 客户",
            text="跟进记录、计划和联系人都在这一条上",
            buttons=(
                Button(label="看看客户", action="account.show", values={"customer": notice.kept_ref}),
                log_button(notice.kept_ref),
            ),
        )
    whose = f"，之后由{notice.holder}跟进" if notice.holder else ""
    return Card(
        title=f"{notice.by}把「{notice.gone}」与另一条记录合并了",
        source="聊单 · 客户",
        text=f"是同一家公司{whose}；跟进记录和计划都已转过去",
    )


def consent_card(name: str, holder: str) -> Card:
    """What would be asked of whoever holds the other record, of which nothing is told."""
    return Card(
        title=f"问一下{holder or '对方'}：和「{name}」合并",
        source="聊单 · 客户",
        text=f"那一条在{holder or '同事'}名下，要对方或其主管同意。对方只看到是您在问，看不到您这一条的内容",
    )


def waiting_card(name: str, holder: str, command: str) -> Card:
    """Whoever holds the other record was asked."""
    return Card(
        title=f"已问{holder or '对方'}：和「{name}」合并",
        source="聊单 · 客户",
        text="同意后会告诉您；7 天没有回复可以再问一次",
        buttons=(undo_button(command),),
    )


def asked_card(notice: MergeAsked, _: WorkCalendar) -> Card:
    """To whoever holds what a colleague's record is the same as, and to who leads them."""
    values = {"request": str(notice.request_id)}
    return Card(
        title=f"{notice.by}也有一条「{notice.name}」，想合并",
        subtitle=f"{notice.ref} · {notice.holder}名下 · {notice.matched}",
        source="聊单 · 客户",
        text=f"同意后两条变成一条，由{notice.after}跟进；跟进、计划、联系人都保留，同意的人可以马上撤销",
        buttons=(
            Button(label="同意合并", action="merge.agree", values=values, style=Style.PRIMARY),
            Button(label="不是同一家", action="merge.decline", values=values),
            Button(label="看看客户", action="account.show", values={"customer": notice.ref}),
        ),
    )


def answered_card(notice: MergeAnswered, _: WorkCalendar) -> Card:
    """To whoever asked: what the other holder said."""
    if not notice.agreed:
        return Card(
            title=f"{notice.by}说和「{notice.name}」不是同一家，没有合并",
            subtitle=notice.ref,
            source="聊单 · 客户",
            text="有不同看法，请找主管定",
        )
    return Card(
        title=f"{notice.by}同意了：「{notice.name}」已合并",
        source="聊单 · 客户",
        text=f"之后由{notice.holder}跟进，跟进记录和计划都在一起",
    )


def declined_card() -> Card:
    """The wish was declined."""
    return Card(title="好的，没有合并", text="已告诉提出的同事", settled="不是同一家")


def _about(record: Customer) -> str:
    state = f"，{STATES[LeadState(record.state)]}" if isinstance(record, Lead) else ""
    return f"{record.ref}{state}"
