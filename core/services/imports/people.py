"""Who a file means by the name of a holder: a name, a user id, or `platform:userid`."""

import re
from dataclasses import dataclass, field

from core.model.ids import MemberId
from core.model.member import Member
from core.ports import UnitOfWork

CHANNELS = ("wecom", "dingtalk")
_BRACKETS = re.compile(r"[(（\[【].*$")


@dataclass
class People:
    """Members by what files call them. Who is unknown, has left, or shares a name with a colleague is nobody."""

    _by_words: dict[str, MemberId | None] = field(default_factory=dict)
    _everybody: list[Member] | None = None

    def find(self, uow: UnitOfWork, words: str) -> MemberId | None:
        """Return whom `words` mean."""
        if words not in self._by_words:
            self._by_words[words] = self._find(uow, words)
        return self._by_words[words]

    def _find(self, uow: UnitOfWork, words: str) -> MemberId | None:
        if self._everybody is None:
            self._everybody = [member for member in uow.members.everybody() if member.active]
        for candidate in dict.fromkeys((words, _BRACKETS.sub("", words).strip())):
            named = [m.id for m in self._everybody if m.name.casefold() == candidate.casefold()]
            if len(named) == 1:
                return named[0]
            channel, _, user_id = candidate.partition(":")
            known = [(channel, user_id.strip())] if user_id else [(one, candidate) for one in CHANNELS]
            for one, account in known if not named else ():
                member = uow.members.known_as(one, account)
                if member is not None and member.active:
                    return member.id
        return None
