"""What colleagues can do and when they take leads, as their leaders say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from core.errors import BadInput
from core.model.member import LEADING, SELLING, Member, Role
from core.model.playbook.assignment import HEAVIEST, DutyHours, Hours
from core.model.routing import Shift
from core.ports import UnitOfWork
from core.rules.fields.kind import folded
from core.rules.permissions import require, scope_of

MOST_WORDS = 50
LONGEST_WORD = 20
_HOURS: TypeAdapter[Hours] = TypeAdapter(DutyHours)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What somebody says of a colleague; what is not said stays. `drops` takes regions and skills away instead."""

    regions: Sequence[str] = ()
    skills: Sequence[str] = ()
    weight: int | None = None
    duty: str | None = None
    capacity: int | None = None
    drops: bool = False


def set_profile(uow: UnitOfWork, member: Member, said: Profile, *, anew: bool = False) -> list[str]:
    """Note what a colleague can do; return what was changed, in words. Their leader or an administrator may.

    `anew` lets what is said take the place of what was known instead of adding to it.
    """
    require_leading(uow, member, f"设置{member.name}的分配资料")
    if not member.is_any(SELLING):
        raise BadInput(f"{member.name}不做销售，不参与线索分配。请换一位同事再发一次")
    if not anew:
        uow.does("member.profile")
    changed: list[str] = []
    regions, skills = _words(said.regions, "地区"), _words(said.skills, "技能")
    if regions:
        member.regions = _merged(() if anew else member.regions, regions, drops=said.drops)
        changed.append(f"负责地区：{'、'.join(member.regions) or '不限'}")
    if skills:
        member.skills = _merged(() if anew else member.skills, skills, drops=said.drops)
        changed.append(f"会：{'、'.join(member.skills) or '没有登记'}")
    if said.weight is not None:
        if not 0 <= said.weight <= HEAVIEST:
            raise BadInput(f"权重写 0 到 {HEAVIEST} 的整数，例如「{member.name}权重3」")
        member.weight = said.weight
        changed.append(f"权重：{said.weight}" + ("（暂不自动分配）" if said.weight == 0 else ""))
    if said.capacity is not None:
        if not 0 <= said.capacity <= 100_000:  # noqa: PLR2004 - nobody holds more
            raise BadInput(f"库容写 0 到 100000 的整数，例如「{member.name}库容60」")
        member.capacity = said.capacity
        changed.append(f"库容：{said.capacity} 条")
    if said.duty is not None:
        member.duty = read_duty(said.duty)
        changed.append(f"接线索时间：{member.duty or '全天'}")
    if not changed:
        raise BadInput("要设什么？例如「李娜负责江苏」「李娜会英语」「李娜权重3」「李娜 9:00-18:00 接线索」")
    return changed


def read_duty(written: str) -> str:
    """Read duty hours and write them as they are kept; 全天 is none. Raise BadInput with what is allowed."""
    if written.strip() in ("", "全天", "不限"):
        return ""
    try:
        return str(_HOURS.validate_python(written.strip()))
    except ValidationError:
        raise BadInput(f"接线索时间「{written[:20]}」看不懂，请写成 9:00-18:00，或者「全天」") from None


def set_shifts(uow: UnitOfWork, members: Sequence[Member], day: date, *, on_duty: bool) -> list[str]:
    """Put colleagues on duty on a day, or take them off; return everybody who is on duty then."""
    for member in members:
        require_leading(uow, member, f"排{member.name}的值班")
    if day < uow.calendar.local(uow.now).date():
        raise BadInput(f"{day:%m-%d} 已经过去了，请换一个以后的日子再发一次")
    uow.does("roster.set")
    there = {shift.member_id: shift for shift in uow.shifts.on(day)}
    for member in members:
        shift = there.get(member.id)
        if on_duty and shift is None:
            added = Shift(
                member_id=member.id, day=day, created_by=uow.actor.id or None, created_at=uow.now, updated_at=uow.now
            )
            uow.shifts.add(added)
        elif not on_duty and shift is not None:
            shift.deleted_at = uow.now
    uow.flush()
    return on_duty_names(uow, day)


def on_duty_names(uow: UnitOfWork, day: date) -> list[str]:
    """Name everybody who is on duty on a day."""
    numbers = [shift.member_id for shift in uow.shifts.on(day)]
    members = uow.members.find(numbers)
    return [members[number].name for number in numbers if number in members]


def require_leading(uow: UnitOfWork, member: Member, what: str) -> None:
    """Refuse unless the actor leads somebody, or administers."""
    leads = uow.actor.is_any(LEADING) and scope_of(uow.actor).covers(member.id, member.department)
    require(uow.actor.id == 0 or Role.ADMIN in uow.actor.roles or leads, what)


def _words(said: Sequence[str], what: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip() for word in said if word.strip()))
    if any(len(word) > LONGEST_WORD for word in words):
        raise BadInput(f"{what}每个不超过 {LONGEST_WORD} 个字，请改短后再发一次")
    return words


def _merged(kept: Sequence[str], words: Sequence[str], *, drops: bool) -> tuple[str, ...]:
    if drops:
        gone = {folded(word) for word in words}
        return tuple(word for word in kept if folded(word) not in gone)
    known = {folded(word) for word in kept}
    merged = (*kept, *(word for word in words if folded(word) not in known))
    if len(merged) > MOST_WORDS:
        raise BadInput(f"一个人最多登记 {MOST_WORDS} 项，请先去掉不用的")
    return merged
