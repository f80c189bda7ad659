"""Who belongs to a group of the playbook."""

from core.model.member import Member
from core.model.playbook import Group
from core.rules.permissions import within


def belongs(member: Member, group: Group) -> bool:
    """Say whether a member is named by the group, sits in one of its departments or below, or has one of its roles."""
    return (
        group.is_everybody
        or member.name in group.members
        or any(within(member.department, department) for department in group.departments)
        or not set(group.roles).isdisjoint(member.roles)
    )
