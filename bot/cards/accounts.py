"""Cards about accounts, their people and their tags."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Button, Card, Style
from bot.cards.customers import tag_field
from bot.cards.leads import log_button, undo_button
from core.model.customer import Account, Contact
from core.model.ids import Ref
from core.model.lead import Lead
from core.rules.duplicates import mask_phone
from core.services.customers import Customer
from core.services.duplicates import OnRecord


def account_created_card(account: Account, contact: Contact | None, question: str, command: str) -> Card:
    """A company was put on record."""
    known = (
        ("行业", account.industry),
        ("规模", account.size),
        ("地区", account.region),
        ("联系人", " ".join(part for part in (contact.name, contact.phone) if part) if contact else ""),
    )
    return Card(
        title=f"新客户 {account.ref} {account.name}",
        subtitle="已归到您名下",
        source="聊单 · 客户",
        fields=tuple((label, value) for label, value in known if value),
        text=question,
        buttons=(log_button(str(account.ref)), undo_button(command)),
    )


def contact_card(about: Customer, kept: Customer | Contact, command: str) -> Card:
    """A person was added, or completed."""
    name, phone, email = (
        (kept.contact_name, kept.phone, kept.email)
        if isinstance(kept, Lead)
        else (kept.name, kept.phone, getattr(kept, "email", None))
    )
    known = (("联系人", name), ("电话", phone or ""), ("邮箱", email or ""))
    return Card(
        title=f"已记下联系人：{about.name}",
        source="聊单 · 客户",
        fields=tuple((label, value) for label, value in known if value),
        buttons=(undo_button(command),),
    )


def tags_card(about: Customer, title: str, command: str) -> Card:
    """A customer was marked; what it is marked with now."""
    return Card(
        title=f"{about.name} {title}",
        source="聊单 · 客户",
        fields=tag_field(about) or (("标签", "没有了"),),
        buttons=(undo_button(command),),
    )


def phone_card(phone: str, own: Sequence[OnRecord], others: Sequence[OnRecord], people: Mapping[Ref, str]) -> Card:
    """Whose number it is: the own ones with their name, others' only that somebody is in touch."""
    if not own and not others:
        return Card(
            title=f"{mask_phone(phone)} 没有记录",
            text="可以发送「新线索 公司名 电话」新建",
            private=True,
        )
    lines = [_own_line(match, people) for match in own]
    lines += [f"已有记录，{f'{match.holder}在跟' if match.holder else '在公海里'}" for match in others]
    buttons = tuple(
        Button(label="看看客户", action="account.show", values={"customer": str(match.found.ref)}, style=Style.PRIMARY)
        for match in own[:1]
    )
    shown = phone if own else mask_phone(phone)
    return Card(title=f"{shown} 的记录", source="聊单 · 查号码", text="\n".join(lines), buttons=buttons, private=True)


def _own_line(match: OnRecord, people: Mapping[Ref, str]) -> str:
    found = match.found
    person = found.contact_name if isinstance(found, Lead) else people.get(found.ref, "")
    return f"{found.name}{f' {person}' if person else ''}（{match.holder or '公海'}）"
