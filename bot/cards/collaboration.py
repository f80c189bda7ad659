"""Cards about working along on a customer."""

from collections.abc import Sequence

from bot.cards.card import Button, Card
from bot.cards.leads import log_button, undo_button
from core.calendar import WorkCalendar
from core.model.member import Member
from core.model.routing import Collaboration
from core.notices.assignment import CollaborationBegun, CollaborationEnded
from core.services.customers import Customer

SOURCE = "聊单 · 协作"


def begun_card(
    about: Customer,
    colleague: Member,
    begun: Collaboration,
    holder: tuple[str, int],
    team: Sequence[tuple[Member, Collaboration]],
    cal: WorkCalendar,
    command: str,
) -> Card:
    """Somebody works along now, and how the credit is shared."""
    shares = [f"{holder[0]} {holder[1]}%", *(f"{member.name} {one.share}%" for member, one in team)]
    until = f"{cal.local(begun.until):%Y-%m-%d} 为止" if begun.until else "一直，直到您说不再一起跟"
    return Card(
        title=f"{colleague.name}和{holder[0]}一起跟「{about.name}」",
        subtitle="能看，也能记跟进" if begun.may_write else "只能看",
        source=SOURCE,
        fields=(("业绩", "，".join(shares)), ("到", until)),
        text=f"已通知{colleague.name}；{colleague.name}记的跟进会告诉{holder[0]}",
        buttons=(undo_button(command),),
    )


def invited_card(notice: CollaborationBegun, cal: WorkCalendar) -> Card:
    """To the colleague: work along."""
    until = f"{cal.local(notice.until):%Y-%m-%d} 为止" if notice.until else ""
    known = (("负责人", notice.holder), ("您的业绩", f"{notice.share}%"), ("到", until))
    look = Button(label="看看客户", action="account.show", values={"customer": notice.customer_ref})
    return Card(
        title=f"{notice.by}请您一起跟「{notice.customer}」",
        subtitle="能看，也能记跟进" if notice.may_write else "只能看，不能写",
        source=SOURCE,
        fields=tuple((label, value) for label, value in known if value),
        buttons=(log_button(notice.customer_ref), look) if notice.may_write else (look,),
    )


def ended_card(notice: CollaborationEnded, _: WorkCalendar) -> Card:
    """To both: it is over."""
    how = f"{notice.by}结束了协作" if notice.by else "到了约定的日子"
    return Card(
        title=f"{notice.colleague}不再一起跟「{notice.customer}」",
        subtitle=how,
        source=SOURCE,
        text="之前记的跟进和业绩分成都留着",
    )
