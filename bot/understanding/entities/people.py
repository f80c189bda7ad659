"""People in a sentence: 李总 and 王工 of a customer, colleagues by name, 小陈, 王经理, user id or @."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from bot.understanding.entities.words import WORDS
from core.model.ids import Ref
from core.model.member import Member, Role
from core.model.naming import Named, NamedPerson
from core.rules.hanzi import is_hanzi
from core.rules.naming import (
    SPOKEN_TITLES,
    bare,
    full_name_key,
    person_key,
    split_address,
    spoken_titles,
    surname_of,
    surnames,
)
from core.rules.permissions import Scope, scope_of
from core.rules.sentences import Sentence, is_common
from core.services.naming import SHOWN

ROWS = 100
_NAME = range(2, 5)
_BY_GIVEN_NAME = re.compile("([一-龥])(?:姐|哥|总(?![价额部体结是之共量算监裁经会数得要归]))(?![们夫妹弟])")
_HANDED_TO = re.compile("(?:转|抄送|派|分|交|指派|移交|划)给?$")
"""What only a colleague is given: 转给敏总审批."""

_TITLE = re.compile("|".join(SPOKEN_TITLES))


@dataclass(frozen=True, slots=True)
class _Address:
    """A stretch of `Sentence.plain` that addresses somebody: by surname and title, nickname, or whole name."""

    start: int
    end: int
    surname: str
    title: str = ""
    nickname: bool = False
    elder: bool = False
    """Called 老李 or 李姐, which somebody of a customer's is as likely as a colleague."""
    given: bool = False
    """Called 芳姐, by the given name."""

    def fits(self, name: str, title: str) -> bool:
        """Say whether a contact person is addressed so."""
        plain = bare(name)
        if self.given:
            return len(plain) > 1 and plain.endswith(self.surname) and plain != self.surname
        if self.title or self.nickname:
            surname, said = split_address(plain)
            surname = surname if said else surname_of(plain)
            if surname != self.surname:
                return False
            spoken = (said,) if said else spoken_titles(title)
            return self.nickname or not spoken or self.title in spoken
        return plain == self.surname


@dataclass(frozen=True, slots=True)
class Places:
    """Where customers are named: whoever follows an end is no colleague, 华为王经理; `first` is where one begins."""

    ends: Collection[int]
    first: int = 0


def find_people(
    ctx: Context, sentence: Sentence, text: str, customers: Sequence[Named], places: Places
) -> list[Mention]:
    """Find the people a sentence names. Where it names `customers` too, contact persons are theirs.

    Whoever is none of theirs and is named before them may be another's: 见完宋主任去了栖云.
    """
    addresses = list(_addresses(sentence))
    names = list(_names(sentence))
    if not addresses and not names and not sentence.words():
        return []
    contacts = _contacts(ctx, addresses, names, customers)
    colleagues = _colleagues(ctx, sentence, addresses, names)
    mentions = []
    for address in (*addresses, *names):
        known = _of_customers(address, customers, contacts)
        if not known and address.title and address.end < places.first:
            known = _of_customers(address, (), contacts)
        if not (address.title and _is_theirs(sentence, address, places.ends)):
            ours = _members(ctx, address, colleagues)
            handed = _HANDED_TO.search(sentence.plain[: address.start]) is not None
            known = ours if ours and (handed or (address.elder and not customers)) else known + ours
        if known:
            start, end = sentence.span(address.start, address.end)
            kind = "member" if known and all(one.ref.startswith("member:") for one in known) else "contact"
            if text[start - 1 : start] == "@":
                start -= 1
            mentions.append(Mention(start, end, kind, text[start:end], tuple(known[:SHOWN])))
    return mentions + _by_user_id(ctx, sentence, text)


def _is_theirs(sentence: Sentence, address: _Address, ends: Collection[int]) -> bool:
    """Say whether somebody is spoken of as a customer's: 华为王经理, 华为的王经理, 联系人王经理."""
    start = address.start
    behind = start - 1 if sentence.plain[start - 1 : start] == "的" else start
    return behind in ends or sentence.plain[:start].endswith("联系人")


def _addresses(sentence: Sentence) -> Iterator[_Address]:
    plain = sentence.plain
    for match in _TITLE.finditer(plain):
        title, end = match[0], match.end()
        behind = plain[end : end + 1] if sentence.follows_at_once(end) else ""
        if behind and behind in WORDS["not_after"].get(title, ""):
            continue
        for length in (2, 1):
            start = match.start() - length
            surname = plain[start : match.start()] if start >= 0 else ""
            if surname in surnames() and all(sentence.follows_at_once(place) for place in range(start + 1, end)):
                yield _Address(start, end, surname, title)
                break
    for match in _BY_GIVEN_NAME.finditer(plain):
        if not sentence.follows_at_once(match.start() + 1):
            continue
        if match[1] in surnames() and "总" not in match[0]:  # 刘总 is found by the title
            yield _Address(*match.span(), match[1], nickname=True, elder=True)
        elif match[1] not in surnames():
            yield _Address(*match.span(), match[1], given=True)
    for start, character in enumerate(plain[:-1]):
        if character not in WORDS["nicknames"] or not sentence.follows_at_once(start + 1):
            continue
        surname = plain[start + 1]
        behind = plain[start + 1 : start + 3]
        if surname in surnames() and not is_common(character + surname) and not is_common(behind):
            yield _Address(start, start + 2, surname, nickname=True, elder=character == "老")


def _names(sentence: Sentence) -> Iterator[_Address]:
    """Yield what may be somebody's whole name; `surname` holds all of it."""
    plain = sentence.plain
    for start, character in enumerate(plain):
        if character not in surnames() and plain[start : start + 2] not in surnames():
            continue
        for length in _NAME:
            end = start + length
            name = plain[start:end]
            if len(name) < length or not is_hanzi(name[-1]) or not sentence.follows_at_once(end - 1):
                break
            if not is_common(name):
                yield _Address(start, end, name)


def _contacts(
    ctx: Context, addresses: Sequence[_Address], names: Sequence[_Address], customers: Sequence[Named]
) -> list[NamedPerson]:
    """Ask for the people of the customers named, and for the own ones of that name or title."""
    keys = [
        person_key(one.surname, title)
        for one in addresses
        if not one.nickname and not one.given
        for title in (one.title, "")
    ]
    keys += [person_key(one.surname, title) for one in addresses if one.elder for title in (*SPOKEN_TITLES, "")]
    keys += [full_name_key(one.surname) for one in names]
    hits = ctx.uow.names.called(dict.fromkeys(keys), Scope(ctx.member.id), ROWS) if keys else []
    accounts = [one.ref.id for one in customers if one.ref.kind == "account"]
    scope = scope_of(ctx.member)
    found = [_lead_person(one) for one in customers if one.contact]
    contact_ids = [hit.id for hit in hits if hit.kind == "contact"]
    if contact_ids or (accounts and (addresses or names)):
        found += ctx.uow.names.people(contact_ids, accounts, scope)  # type: ignore[arg-type]
    given = {one.surname for one in addresses if one.given}
    if given and not customers:
        found += ctx.uow.names.own_people_ending(given, ctx.member.id)
    leads = {Ref("lead", hit.id) for hit in hits if hit.kind == "lead"}
    if leads:
        found += [_lead_person(one) for one in ctx.uow.names.customers(leads, Scope(ctx.member.id)) if one.contact]
    return list(dict.fromkeys(found))


def _lead_person(lead: Named) -> NamedPerson:
    return NamedPerson(lead.ref, lead.contact, lead.contact_title, lead.ref, lead.name, lead.owner_id)


def _of_customers(address: _Address, customers: Sequence[Named], people: Sequence[NamedPerson]) -> list[Candidate]:
    """Return the contact persons who are addressed so: those of the customers named, else the own ones."""
    refs = {one.ref for one in customers}
    chosen = [one for one in people if address.fits(one.name, one.title) and (not refs or one.customer in refs)]
    if address.nickname and not address.elder and not refs:
        return []
    titled = [one for one in chosen if not address.title or one.title or split_address(bare(one.name))[1]] or chosen
    return [Candidate(_written(one.ref), one.name, "contact", True, _written(one.customer)) for one in titled]


def _written(ref: Ref) -> str:
    return f"{ref.kind}:{ref.id}"


def _colleagues(
    ctx: Context, sentence: Sentence, addresses: Sequence[_Address], names: Sequence[_Address]
) -> list[Member]:
    whole = {one.surname for one in names}
    family = {one.surname for one in addresses}
    found = list(ctx.uow.members.called(whole, family)) if whole or family else []
    if any(one.given for one in addresses):  # rare enough to look at everybody
        found += [member for member in ctx.uow.members.everybody() if member.active and member not in found]
    return found


def _members(ctx: Context, address: _Address, colleagues: Iterable[Member]) -> list[Candidate]:
    """Return the colleagues who are addressed so; by surname only those nearest to whoever speaks."""
    fitting = [member for member in colleagues if _is_called(member, address)]
    if address.title or address.nickname:
        fitting = [one for one in fitting if one.id != ctx.member.id]
        if not address.elder:
            nearest = max((_nearness(one, ctx.member) for one in fitting), default=0)
            fitting = [one for one in fitting if _nearness(one, ctx.member) == nearest]
    return [Candidate(f"member:{one.id}", one.name, "full" if not address.title else "core") for one in fitting]


def _nearness(one: Member, other: Member) -> int:
    """Count how far down two departments are the same."""
    paths = zip(one.department.split("/"), other.department.split("/"), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], paths)))


def _is_called(member: Member, address: _Address) -> bool:
    name = bare(member.name)
    if address.given:
        return len(name) > 1 and name.endswith(address.surname)
    if not (address.title or address.nickname):
        return name == address.surname
    if surname_of(name) != address.surname:
        return False
    titles = {title for role in member.roles for title in WORDS["role_titles"].get(Role(role), ())}
    return address.nickname or address.title in titles


def _by_user_id(ctx: Context, sentence: Sentence, text: str) -> list[Mention]:
    """Find colleagues by the account the platform knows them by: zhangwei, @zhangwei."""
    words = {sentence.span(*word): text[slice(*sentence.span(*word))] for word in sentence.words()}
    known = ctx.uow.members.known_by(ctx.uow.channel, {word for word in words.values() if not word.isdigit()})
    mentions = []
    for (start, end), word in words.items():
        if (member := known.get(word)) is not None:
            begin = start - 1 if text[start - 1 : start] == "@" else start
            choice = Candidate(f"member:{member.id}", member.name, "id")
            mentions.append(Mention(begin, end, "member", text[begin:end], (choice,)))
    return mentions
