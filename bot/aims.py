"""Of whom something is said: a member, a department by its path, or the whole company."""

from collections.abc import Iterable
from typing import Any, Final

from bot.context import Context
from core.model.member import LEADING, Member
from core.ports import UnitOfWork
from core.rules.permissions import require, within
from core.services.members import find_member, team_of

COMPANY: Final = ("全公司", "公司", "集团", "全集团", "整个公司")
OWN: Final = ("我们部门", "本部门", "我们组", "咱们组", "本组", "全组", "团队", "部门")
"""Words for the department that whoever speaks leads."""
_REF: Final = "department:"


class Aims(tuple[Member | str, ...]):
    """Members, and departments by their path; '' is the whole company."""

    __slots__ = ()


class Figures(tuple[str, ...]):
    """What each of several is to bring, in their order; the same figure may stand there twice."""

    __slots__ = ()


NO_FIGURES: Final = Figures()


def figures(_: Context, given: Any) -> Figures:
    """Read figures one by one."""
    return Figures(map(str, given if isinstance(given, list) else str(given).replace("，", "、").split("、")))


def departments_by_name(uow: UnitOfWork) -> dict[str, str]:
    """Return what departments are called, and their references: 华东 → department:销售部/华东."""
    paths = {one.department for one in uow.members.everybody() if one.active and one.department}
    parts = {path.rsplit("/", cut)[0] for path in paths for cut in range(path.count("/") + 1)}
    found = {path.rpartition("/")[2]: f"{_REF}{path}" for path in sorted(parts)}
    own = uow.actor.department
    mine = dict.fromkeys(OWN, f"{_REF}{own}") if own else {}
    return mine | found | dict.fromkeys(COMPANY, _REF)


def members_of(uow: UnitOfWork, department: str) -> list[Member]:
    """Return who is in a department that is called so, or in one below it; nobody where none is."""
    path = departments_by_name(uow).get(department, "-").removeprefix(_REF)
    everybody = [one for one in uow.members.everybody() if one.active and one.department]
    return [one for one in everybody if not path or within(one.department, path)]


def seen_by(ctx: Context) -> list[Member]:
    """Return whoever asks, and who they lead."""
    return [ctx.member, *(team_of(ctx.uow) if ctx.member.is_any(LEADING) else ())]


def among(ctx: Context, people: list[Member], member: Member | None, department: str, what: str) -> list[Member]:
    """Return of `people` the one or the department that was named, everybody where none was.

    Raises NotAllowed, which says that it was `what` of theirs, for somebody or somewhere that is not among them.
    """
    if member is None and not department:
        return people
    named = {member.id} if member is not None else {one.id for one in members_of(ctx.uow, department)}
    found = [one for one in people if one.id in named]
    require(bool(found), f"查看{member.name if member is not None else department}的{what}")
    return found


def aims(ctx: Context, given: Any) -> Aims:
    """Read whom targets are for."""
    words: Iterable[Any] = given if isinstance(given, list) else str(given).replace("，", "、").split("、")
    known = departments_by_name(ctx.uow)
    return Aims(dict.fromkeys(_aim(ctx, known, str(word).strip()) for word in words if str(word).strip()))


def called(aim: Member | str) -> str:
    """Name whom a target is for."""
    return aim.name if isinstance(aim, Member) else aim or COMPANY[0]


def _aim(ctx: Context, known: dict[str, str], word: str) -> Member | str:
    ref = known.get(word, word)
    return ref.removeprefix(_REF) if ref.startswith(_REF) else find_member(ctx.uow, word)
