"""One person's two accounts: a code said in one chat and repeated in the other joins them; and how they part again.

The code proves that both chats are in the same hands. Both hear of it at once, so that a stolen code is noticed.
"""

from dataclasses import dataclass
from datetime import datetime

from core.errors import AlreadyLinked, BadInput, NoOtherAccount, NotEnrolled, NotFound, NotLinkable
from core.model.ids import MemberId
from core.model.link import Holdings, LinkCode
from core.model.member import CHANNELS, ChannelUser, Closed, Member, Sender, account_key
from core.notices import AccountLinked, AccountUnlinked
from core.ports import UnitOfWork
from core.rules.links import DIGITS, LIVES, PAUSE, WRONG_TRIES, digest_of, is_code, new_code
from core.rules.permissions import may_manage, require
from core.services.members import give_account, merge


@dataclass(frozen=True)
class Issued:
    """A fresh code, until when it holds, and the platforms where it may be said."""

    code: str
    until: datetime
    where: tuple[str, ...]


@dataclass(frozen=True)
class Linked:
    """Two accounts are one person's now."""

    member: Member
    channel: str
    moved: Holdings


@dataclass(frozen=True)
class Unsure:
    """The account has customers of its own; they move when its person says so."""

    link_id: int
    member: Member
    holdings: Holdings


@dataclass(frozen=True)
class Wrong:
    """No such code; `left` more tries, or none before `paused_until`."""

    left: int
    paused_until: datetime | None = None


def issue_code(uow: UnitOfWork) -> Issued:
    """Give the actor a code for the other platform; an earlier one is worth nothing any more."""
    channels = uow.members.open_channels_of(uow.actor.id)
    where = tuple(channel for channel in uow.playbook.channels if channel not in channels)
    if not where and len(channels) == 1:
        raise NotLinkable(f"聊单目前只接通了{CHANNELS[channels[0]]}，不用绑定。接通另一个平台后再发送「绑定」")
    if not where:
        raise AlreadyLinked("和".join(CHANNELS[channel] for channel in channels))
    uow.members.reserve()
    live = uow.links.live(uow.now)
    for old in live:
        if old.member_id == uow.actor.id:
            old.used_at = uow.now
    code, salt = new_code()
    while any(is_code(code, old.salt, old.digest) for old in live):
        code, salt = new_code()
    until = uow.now + LIVES
    uow.links.add(
        LinkCode(
            member_id=uow.actor.id,
            channel=uow.channel,
            salt=salt,
            digest=digest_of(code, salt),
            created_at=uow.now,
            expires_at=until,
        )
    )
    return Issued(code, until, where)


def redeem(uow: UnitOfWork, account: Sender, display_id: str, code: str) -> Linked | Unsure | Wrong:
    """Join `account` to whoever was given `code` on another platform.

    A wrong code is an answer, not a refusal: its count must be kept. Whoever left is no more let in than any stranger.
    """
    if len(code) != DIGITS:
        raise BadInput(f"绑定码是 {DIGITS} 位数字，请核对后再发一次，例如「绑定 123456」")
    uow.members.reserve()
    door = uow.members.account(account.channel, account.user_id)
    if door is not None and (door.has_left or not _may_speak(uow, door)):
        raise NotEnrolled
    tries = uow.links.tries(account.channel, account_key(account.channel, account.user_id))
    if tries.paused_until is not None and tries.paused_until > uow.now:
        return Wrong(0, tries.paused_until)
    given = next((one for one in uow.links.live(uow.now) if is_code(code, one.salt, one.digest)), None)
    owner = uow.members.get(given.member_id) if given is not None else None
    if given is not None and door is not None and door.is_open and door.member_id == given.member_id:
        raise NotLinkable(_own_chat(uow, given))
    if given is None or owner is None or not owner.active or given.channel == account.channel:
        tries.wrong, tries.paused_until = tries.wrong + 1, None
        if tries.wrong >= WRONG_TRIES:
            tries.wrong, tries.paused_until = 0, uow.now + PAUSE
        return Wrong(WRONG_TRIES - tries.wrong if tries.paused_until is None else 0, tries.paused_until)
    tries.wrong, tries.paused_until = 0, None
    other = uow.members.get(door.member_id) if door is not None and door.is_open else None
    _check_joinable(uow, owner, other, account.channel)
    given.used_at, given.taken_by = uow.now, _door_name(account)
    held = uow.members.holdings([other.id])[other.id] if other is not None else Holdings()
    if held:
        given.expires_at = uow.now + LIVES
        uow.flush()
        return Unsure(given.id, owner, held)
    return _join(uow, given, account, display_id, held)


def confirm(uow: UnitOfWork, account: Sender, link_id: int) -> Linked:
    """Join after the person has agreed that what they hold moves."""
    uow.members.reserve()
    given = uow.links.get(link_id)
    if given is None or given.taken_by != _door_name(account) or given.settled_at is not None:
        raise NotFound("这次绑定")
    if given.expires_at <= uow.now:
        raise NotLinkable("确认得太晚，绑定码已经过期。请在另一个平台重新发送「绑定」")
    owner = uow.members.get(given.member_id)
    other = uow.members.known_as(account.channel, account.user_id)
    _check_joinable(uow, owner, other, account.channel)
    held = uow.members.holdings([other.id])[other.id] if other is not None else Holdings()
    return _join(uow, given, account, "", held)


def unlink(uow: UnitOfWork, member: Member, channel: str) -> ChannelUser:
    """Take an account of `channel` away from `member`; what waits for it goes to the remaining one.

    By the person or an administrator. NoOtherAccount when it is the only one.
    """
    require(member.id == uow.actor.id or may_manage(uow.actor), "解绑别人的账号")
    uow.members.reserve()
    doors = uow.members.open_accounts([member.id]).get(member.id, [])
    door = next((one for one in doors if one.channel == channel), None)
    if door is None:
        raise NotLinkable(f"{member.name}没有绑定{CHANNELS[channel]}账号，不需要解绑")
    remaining = [one for one in doors if one is not door]
    if not remaining:
        raise NoOtherAccount(member.name)
    uow.does("member.unlink")
    for message in uow.outbox.waiting_at(door.channel, door.user_id, uow.now):
        if not message.replaces:  # a card that they have seen may still be settled there
            message.readdress(remaining[0])
    door.close(Closed.UNBOUND, uow.now)
    if member.preferred_channel == channel:
        member.preferred_channel = ""
    for one in doors:
        here = one.channel == uow.channel and uow.actor.id == member.id
        if not here:  # whoever did it has the answer
            by = uow.actor.name
            gone = AccountUnlinked(to=member.id, channel=channel, account=door.display_id, by=by, at=uow.now)
            uow.tell(gone, at=Sender(one.channel, one.user_id))
    return door


def prefer(uow: UnitOfWork, channel: str) -> None:
    """Let the actor's notices go to `channel`; empty lets us choose."""
    if channel and channel not in uow.members.open_channels_of(uow.actor.id):
        platform = CHANNELS[channel]
        raise NotLinkable(f"您还没有绑定{platform}账号。请先在这里发送「绑定」，拿绑定码到{platform}里说")
    uow.does("member.prefer")
    uow.actor.preferred_channel = channel


def _join(uow: UnitOfWork, given: LinkCode, account: Sender, display_id: str, held: Holdings) -> Linked:
    owner = uow.members.get(given.member_id)
    door = uow.members.account(account.channel, account.user_id)
    other = uow.members.get(door.member_id) if door is not None and door.is_open else None
    uow.does("member.link")
    given.settled_at = uow.now
    if other is not None and other is not owner:
        merge(uow, other, owner)
    joined = give_account(uow, owner, account.channel, display_id or account.user_id, door)
    uow.flush()
    linked = AccountLinked(to=owner.id, channel=account.channel, account=joined.display_id, at=uow.now)
    for one in uow.members.open_accounts([owner.id])[owner.id]:
        if one is not joined:
            uow.tell(linked, at=Sender(one.channel, one.user_id))
    return Linked(owner, account.channel, held)


def _check_joinable(uow: UnitOfWork, owner: Member, other: Member | None, channel: str) -> None:
    """Each person has one account on a platform; nobody loses one by joining."""
    theirs, platform = set(uow.members.open_channels_of(owner.id)), CHANNELS[channel]
    if channel in theirs:
        way = f"要换成这个，请先在原来的账号里发送「解绑 {platform}」"
        raise NotLinkable(f"{owner.name}已经绑定了另一个{platform}账号。{way}")
    both = theirs & set(uow.members.open_channels_of(other.id)) if other is not None else set()
    if other is not None and both:
        names = "、".join(CHANNELS[one] for one in sorted(both))
        raise NotLinkable(f"{other.name}和{owner.name}都绑定了{names}账号，不能合并。请先解绑其中一个，再重新绑定")


def _may_speak(uow: UnitOfWork, door: ChannelUser) -> bool:
    return not door.is_open or uow.members.get(door.member_id).active


def _own_chat(uow: UnitOfWork, given: LinkCode) -> str:
    channels = uow.members.open_channels_of(MemberId(given.member_id))
    missing = "或".join(name for channel, name in CHANNELS.items() if channel not in channels)
    return f"绑定码要到{missing}里说：在那边找到聊单，发送「绑定 {'＊' * DIGITS}」。在这里说没有用"


def _door_name(account: Sender) -> str:
    return f"{account.channel}:{account_key(account.channel, account.user_id)}"
