"""Cards about grades and tags: set, listed, and who carries them."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Button, Card
from bot.cards.labels import with_verb
from bot.cards.leads import undo_button
from core.calendar import WorkCalendar
from core.model.book import Held
from core.model.deadline import DeadlineKind
from core.model.ids import MemberId
from core.model.playbook import Tags
from core.ports import UnitOfWork
from core.services.cadence import wanted
from core.services.customers import Customer
from core.services.grading import Graded

LISTED, BUTTONS = 15, 5


def graded_card(uow: UnitOfWork, about: Customer, graded: Graded) -> Card:
    """A customer was given a grade, and what follows from it."""
    first = [d.limit_at for d in uow.deadlines.of(about.ref) if d.kind == DeadlineKind.FIRST_CONTACT]
    rule = uow.playbook.cadence.grades.get(graded.grade)
    follows = (
        ("首次联系期限", f"{uow.calendar.local(min(first)):%m-%d %H:%M}" if first else ""),
        ("跟进节奏", wanted(rule) if rule is not None else "没有要求"),
    )
    return Card(
        title=f"已把「{about.name}」定为 {graded.grade} 级",
        subtitle=f"原来是 {graded.before} 级" if graded.before else "原来没有等级",
        source="聊单 · 客户",
        fields=tuple((label, value) for label, value in follows if value),
        buttons=(undo_button(uow.command),),
    )


def tag_list_card(tags: Tags) -> Card:
    """The company's tags by group."""
    lines = [f"{group.name}：{'、'.join(tag.name for tag in group.tags)}" for group in tags.groups]
    if tags.known:
        lines.append(f"其他：{'、'.join(tag.name for tag in tags.known)}")
    return Card(
        title="公司的标签",
        subtitle="也可以打没列出的标签" if tags.free else "只能用列出的标签",
        source="聊单 · 标签",
        text="\n".join(lines) or "还没有设标签，直接「打标签 客户名 标签」就行",
    )


def marked_card(found: Sequence[Held], words: str, holders: Mapping[MemberId, str], cal: WorkCalendar) -> Card:
    """Who carries these tags or this grade."""
    if not found:
        return Card(title=f"名下没有「{words}」的客户", private=True)
    lines = [
        f"{n}. {one.name}（{holders.get(one.owner_id, '')}）"
        + (f"上次 {cal.local(one.last_at):%m-%d}" if one.last_at else "还没联系过")
        for n, one in enumerate(found[:LISTED], 1)
    ]
    if len(found) > LISTED:
        lines.append(f"还有 {len(found) - LISTED} 家")
    return Card(
        title=f"「{words}」的客户 {len(found)} 家",
        source="聊单 · 标签",
        text="\n".join(lines),
        buttons=tuple(
            Button(label=with_verb("看", one.name), action="account.show", values={"customer": str(one.ref)})
            for one in found[:BUTTONS]
        ),
        private=True,
    )
