"""Who decides for whom."""

from core.model.member import LEADING, Member
from core.ports import UnitOfWork
from core.rules.permissions import may_manage, scope_of


def leaders_of(uow: UnitOfWork, member: Member) -> list[Member]:
    """Return who may decide about a member, the nearest first: their manager, further leaders, administrators."""
    manager = uow.members.find([member.manager_id]).get(member.manager_id) if member.manager_id is not None else None
    found = [manager] if manager is not None and manager.active else []
    everybody = [one for one in uow.members.everybody() if one.active and one.id != member.id]
    above = [one for one in everybody if one.is_any(LEADING) and scope_of(one).covers(member.id, member.department)]
    above.sort(key=lambda one: (-len(one.department), one.id))
    administrators = [one for one in everybody if may_manage(one)]
    return list({one.id: one for one in (*found, *above, *administrators) if one.id != member.id}.values())


def may_decide(uow: UnitOfWork, member: Member) -> bool:
    """Say whether the actor may decide what `member` asks for; nobody decides for themselves."""
    actor = uow.actor
    if actor.id == 0:
        return True
    return actor.id != member.id and (
        actor.id == member.manager_id or any(actor.id == one.id for one in leaders_of(uow, member))
    )
