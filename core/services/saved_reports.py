"""Reports that somebody gave a name to: kept, opened by whoever they are shared with, renamed, put away.

A saved report holds what is asked, never figures: whoever opens it sees only what they may see.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from core.errors import BadInput, NotAllowed
from core.model.member import Member, Role
from core.model.report import Glance, SavedReport, View
from core.ports import UnitOfWork
from core.rules.permissions import may_manage, within
from core.services.reports.views import said_view

LONGEST_NAME, MOST_SAVED = 30, 50
FRESH: Final = timedelta(minutes=30)
"""How long after a look 换成上个月 is still about it."""
ALL: Final = "all"


def look_at(uow: UnitOfWork, view: View) -> None:
    """Note which report the actor looks at now."""
    if uow.actor.id:
        uow.yardsticks.look(Glance(member_id=uow.actor.id, view=view.as_json(), at=uow.now))


def last_look(uow: UnitOfWork) -> View | None:
    """Return the report that the actor looked at a moment ago; None when that is too long ago."""
    glance = uow.yardsticks.glance(uow.actor.id)
    if glance is None or uow.now - glance.at > FRESH:
        return None
    return View.from_json(glance.view)


def saved_for(uow: UnitOfWork) -> list[SavedReport]:
    """Return the saved reports that the actor may open: their own, then those that are shared with them."""
    found = [one for one in uow.yardsticks.saved() if may_open(one, uow.actor)]
    return sorted(found, key=lambda one: (one.member_id != uow.actor.id, one.name, one.id))


def may_open(saved: SavedReport, member: Member) -> bool:
    """Say whether a member may open a saved report: their own, or one that is shared with them."""
    return member.id in (0, saved.member_id) or any(_means(whom, member) for whom in saved.shared)


def find_saved(uow: UnitOfWork, name: str) -> SavedReport:
    """Return the saved report of a name, the actor's own before a shared one; BadInput lists those there are."""
    wanted, found = folded(name), saved_for(uow)
    named = [one for one in found if folded(one.name) == wanted]
    if not named:
        named = [one for one in found if wanted and wanted in folded(one.name)]
        if len(named) > 1:
            raise BadInput(f"有几个报表都像「{name}」：{'、'.join(one.name for one in named[:6])}。请说全名")
    if named:
        return named[0]
    listed = "、".join(one.name for one in found[:8])
    raise BadInput(
        f"没有叫「{name}」的报表。{f'您能看的有：{listed}' if listed else '先看一个报表，再说「把这个存成 区域月报」'}"
    )


def is_saved(uow: UnitOfWork, name: str) -> bool:
    """Say whether the actor may open a report of exactly this name."""
    return any(may_open(one, uow.actor) for one in uow.yardsticks.saved(folded(name)))


def own_saved(uow: UnitOfWork, name: str) -> SavedReport:
    """Return a saved report that the actor may change: their own; an administrator's word counts for all."""
    found = find_saved(uow, name)
    if found.member_id != uow.actor.id and not may_manage(uow.actor):
        raise NotAllowed(f"改动「{found.name}」这个报表，它是别人存的")
    return found


def save_report(uow: UnitOfWork, name: str, view: View) -> tuple[SavedReport, bool]:
    """Keep a view under a name; return it, and whether it took the place of an own one of that name."""
    called = checked_name(name)
    mine = [one for one in uow.yardsticks.saved() if one.member_id == uow.actor.id]
    known = next((one for one in mine if folded(one.name) == folded(called)), None)
    if known is None and len(mine) >= MOST_SAVED:
        raise BadInput(f"一个人最多存 {MOST_SAVED} 个报表，请先「删除报表 名字」再存")
    uow.does("report.save")
    if known is not None:
        known.view, known.words = view.as_json(), said_view(uow, view)[:300]
        uow.flush()
        return known, True
    made = SavedReport(
        member_id=uow.actor.id, name=called, words=said_view(uow, view)[:300], view=view.as_json(),
        created_at=uow.now, updated_at=uow.now,
    )  # fmt: skip
    uow.yardsticks.add(made)
    uow.flush()
    return made, False


def rename_report(uow: UnitOfWork, saved: SavedReport, name: str) -> None:
    """Give a saved report another name."""
    called = checked_name(name)
    others = (one for one in uow.yardsticks.saved() if one.member_id == saved.member_id and one.id != saved.id)
    if any(folded(one.name) == folded(called) for one in others):
        raise BadInput(f"已经有一个叫「{called}」的报表，请换个名字")
    uow.does("report.rename")
    saved.name = called


def remove_report(uow: UnitOfWork, saved: SavedReport) -> None:
    """Put a saved report away; whoever had it sent gets it no more."""
    uow.does("report.delete")
    saved.deleted_at = uow.now


def share_report(uow: UnitOfWork, saved: SavedReport, with_whom: Sequence[str], *, ends: bool = False) -> None:
    """Let others open a saved report, or no more; each sees the figures that they may see."""
    uow.does("report.share")
    kept = [one for one in saved.shared if one not in with_whom]
    saved.shared = tuple(kept if ends else (*kept, *with_whom))


def checked_name(name: str) -> str:
    """Return a name as it is kept; BadInput when it is none."""
    called = " ".join(name.split()).strip("「」“”\"'《》")
    if not called or len(called) > LONGEST_NAME:
        raise BadInput(f"报表的名字要有 1 到 {LONGEST_NAME} 个字，例如「把这个存成 区域月报」")
    return called


def folded(name: str) -> str:
    """Return a name as names are compared."""
    return "".join(name.split()).strip("「」“”\"'《》").casefold()


def _means(whom: str, member: Member) -> bool:
    kind, _, what = whom.partition(":")
    if kind == ALL:
        return True
    if kind == "department":
        return bool(member.department) and within(member.department, what)
    if kind == "role":
        return what in set(Role) and Role(what) in member.roles
    return kind == "member" and what == str(member.id)
