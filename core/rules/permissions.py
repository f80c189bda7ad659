"""Who may see and change what: the one place that decides (semantics B.13).

A rep sees the customers they hold, a manager or director those of their department and below, nobody else any. Those
who serve all of the sales people (`NAMING`) may still name every customer: a payment, a fault or a wish to get no more
mails is about one, whatever becomes of it. What they name is called by its full name and shows nothing more.
The pool is open to everybody who sells, with names and numbers masked.
"""

from dataclasses import dataclass

from core.errors import NotAllowed
from core.model.ids import MemberId
from core.model.member import LEADING, SELLING, Member, Role


@dataclass(frozen=True)
class Scope:
    """Whose records one may see: the own ones, and those whose holder sits in `department` or below it."""

    member_id: MemberId
    department: str | None = None
    everything: bool = False

    def covers(self, owner_id: MemberId | None, owner_department: str) -> bool:
        """Say whether a record held by this owner lies inside."""
        if self.everything:
            return True
        if owner_id is None:
            return False
        return owner_id == self.member_id or (self.department is not None and within(owner_department, self.department))


NOTHING = Scope(MemberId(-1))
NAMING = frozenset({Role.FINANCE, Role.LEGAL, Role.SERVICE, Role.MARKETING, Role.ADMIN})


def scope_of(member: Member) -> Scope:
    """Return what `member` may see and change; the system itself sees everything."""
    if member.id == 0:
        return Scope(member.id, everything=True)
    if not member.active or not member.is_any(SELLING):
        return NOTHING
    if member.is_any(LEADING) and member.department:
        return Scope(member.id, member.department)
    return Scope(member.id)


def naming_scope(member: Member) -> Scope:
    """Return whom a sentence of `member` may name; to whoever sells, only those they see are there at all."""
    if member.active and member.is_any(NAMING):
        return Scope(member.id, everything=True)
    return scope_of(member)


def money_scope(member: Member) -> Scope:
    """Return whose contracts and money `member` may see: finance sees all of it, everybody else that of their own."""
    if member.active and member.is_any(frozenset({Role.FINANCE})):
        return Scope(member.id, everything=True)
    return scope_of(member)


def contract_scope(member: Member) -> Scope:
    """Return whose contracts `member` may read: legal reads them all, as finance does."""
    if member.active and member.is_any(frozenset({Role.FINANCE, Role.LEGAL})):
        return Scope(member.id, everything=True)
    return scope_of(member)


def within(department: str, above: str) -> bool:
    """Say whether a department path lies at or below another."""
    return department == above or department.startswith(above + "/")


def may_open_pool(member: Member) -> bool:
    """Say whether `member` may list the pool and claim from it."""
    return member.id == 0 or (member.active and member.is_any(SELLING))


def may_create_leads(member: Member) -> bool:
    """Say whether `member` may put leads on record; marketing hands theirs to the pool."""
    return may_open_pool(member) or (member.active and member.is_any(frozenset({Role.MARKETING, Role.ADMIN})))


def may_manage(member: Member) -> bool:
    """Say whether `member` looks after the installation: accounts, members, what failed."""
    return member.id == 0 or (member.active and Role.ADMIN in member.roles)


def require(allowed: bool, what: str) -> None:
    """Refuse with NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed(what)
