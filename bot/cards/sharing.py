"""Cards about deals that colleagues share: offered, answered, ended."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Button, Card, Style
from bot.cards.deals import show_button
from bot.cards.leads import undo_button
from core.calendar import WorkCalendar
from core.model.deal import Deal, DealShare, ShareState
from core.model.ids import MemberId
from core.model.member import Member
from core.notices.deals import DealShareAnswered, DealShareAsked, DealShareEnded

SOURCE = "聊单 · 商机分成"


def share_words(splits: Mapping[MemberId, int], names: Mapping[MemberId, str]) -> str:
    """Whose the credit is: 张伟 30%，李娜 70%."""
    return "，".join(f"{names.get(member, '已离职同事')} {share}%" for member, share in splits.items())


def waiting_words(team: Sequence[tuple[Member, DealShare]]) -> str:
    """What colleagues were asked and have not answered."""
    return "，".join(f"{member.name} {one.share}%" for member, one in team if one.state == ShareState.ASKED)


def offered_card(deal: Deal, colleague: Member, share: int, mine: str, now: str, command: str) -> Card:
    """A colleague was asked; nothing is shared before they agree."""
    return Card(
        title=f"已请{colleague.name}确认分成：{deal.name}",
        subtitle=str(deal.ref),
        source=SOURCE,
        fields=(("分成", f"{colleague.name} {share}%，{mine}"), ("现在", now)),
        text=f"{colleague.name}同意后生效，说反了就再说一次，例如「{deal.ref}跟{colleague.name}分30%」",
        buttons=(show_button(str(deal.ref)), undo_button(command)),
    )


def ended_own_card(deal: Deal, colleague: Member, now: str, command: str) -> Card:
    """A share was ended."""
    return Card(
        title=f"{colleague.name}不再分「{deal.name}」",
        source=SOURCE,
        fields=(("现在", now),),
        buttons=(undo_button(command),),
    )


def asked_card(notice: DealShareAsked, _: WorkCalendar) -> Card:
    """To the colleague: a part of a deal's credit."""
    answer = {"number": str(notice.number)}
    known = (("客户", notice.customer), ("阶段", notice.stage), ("金额", notice.amount))
    return Card(
        title=f"{notice.by}请您一起做「{notice.deal}」",
        subtitle=notice.deal_ref,
        source=SOURCE,
        emphasis=(f"{notice.share}%", "您的业绩分成"),
        fields=(*((label, value) for label, value in known if value), ("负责人留", f"{notice.rest}%")),
        text="同意后您能看到这个商机和客户，也能记跟进",
        buttons=(
            Button(label="同意", action="share.agree", values=answer, style=Style.PRIMARY),
            Button(label="不同意", action="share.decline", values=answer, style=Style.DANGER),
        ),
        private=True,
    )


def answered_card(notice: DealShareAnswered, _: WorkCalendar) -> Card:
    """To the holder: what the colleague said."""
    how = f"同意了，占 {notice.share}%" if notice.agreed else f"没有同意 {notice.share}% 的分成，业绩仍按原来算"
    return Card(
        title=f"{notice.by}{how}",
        subtitle=notice.deal,
        source=SOURCE,
        buttons=(show_button(notice.deal_ref),),
    )


def ended_card(notice: DealShareEnded, _: WorkCalendar) -> Card:
    """To the other: it is over."""
    return Card(title=f"「{notice.deal}」的分成取消了", subtitle=f"{notice.by}取消的", source=SOURCE)


def answer_card(deal: Deal, share: DealShare, now: str, *, agreed: bool) -> Card:
    """To the colleague who has just answered."""
    if not agreed:
        return Card(title=f"好的，没有参与「{deal.name}」的分成", source=SOURCE)
    return Card(
        title=f"已同意，您占「{deal.name}」{share.share}%",
        subtitle=str(deal.ref),
        source=SOURCE,
        fields=(("现在", now),),
        buttons=(show_button(str(deal.ref)),),
    )
