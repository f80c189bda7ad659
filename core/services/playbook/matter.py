"""A change of the playbook as a matter of approval: what would be otherwise, what that would do, and how it comes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from core.errors import BadInput
from core.model.approval import Approval
from core.model.ids import Ref
from core.model.member import Member
from core.model.version import DraftState, PlaybookDraft, PlaybookVersion, Treatment
from core.ports import UnitOfWork
from core.rules.playbook_changes import Difference, moves_clocks, sections, weighty
from core.rules.playbook_outline import section_title
from core.services.playbook.applying import Change, administrators, apply_change, compared, differences_of, version_of
from core.services.playbook.clocks import preview

PLAYBOOK: Final = "playbook"
ALONE: Final = "公司只有一位管理员，没有第二人确认"
SHOWN: Final = 8
LONGEST: Final = timedelta(days=60)
"""So long at most a change waits to be decided."""

TREATMENTS: Final = {
    "": "",
    Treatment.FROM_NOW: "已经在走的按老规则走完",
    Treatment.RECALCULATE: "没结束的都按新规则重算",
}


class PlaybookMatter:
    """See `core.services.approvals.subjects.Subject`. Its subject is the draft."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return what parts it changes, whether it weighs much, and from which version it was made."""
        draft = _draft(uow, subject)
        found = changes_of(uow, draft)
        return {
            "sections": "、".join(section_title(one) for one in sorted(sections(found))),
            "weighty": bool(weighty(found)),
            "base": draft.base,
        }

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return the changes one by one, what becomes of running clocks, and how many that would meet."""
        draft = _draft(uow, subject)
        found = changes_of(uow, draft)
        more = f"\n还有 {len(found) - SHOWN} 处" if len(found) > SHOWN else ""
        changes = "\n".join(f"· {one}" for one in found[:SHOWN]) or "只是文字写法不同"
        return (
            ("restores", "退回", f"到第 {draft.restores} 版" if draft.restores is not None else ""),
            ("changes", "改动", f"\n{changes}{more}" if len(found) > 1 else changes.removeprefix("· ")),
            ("treatment", "在走的时钟", TREATMENTS[draft.treatment]),
            ("effect", "试算", _effect(uow, draft, found)),
            ("base", "原版本", f"第 {draft.base} 版" if draft.base else "内置的通用规则"),
        )

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Put the change in force; refuses, and with it the yes, when somebody was faster meanwhile."""
        author = uow.members.get(approval.submitter_id)
        draft = _draft(uow, approval.subject)
        confirmed = uow.actor if uow.actor.id not in (0, author.id) else None
        alone = confirmed is None and len(administrators(uow)) == 1 and weighty(changes_of(uow, draft))
        put_in_force(uow, draft, author, confirmed=confirmed, remark=ALONE if alone else "")

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let nothing change."""
        _draft(uow, approval.subject).settle(DraftState.DROPPED, uow.now, uow.actor.id or None)

    def afterwards(self, uow: UnitOfWork, approval: Approval) -> str:
        """Say which version it has become."""
        return f"第 {_draft(uow, approval.subject).number} 版规则已生效"

    def overtaken(self, uow: UnitOfWork, approval: Approval | None = None) -> list[Ref]:
        """Return the changes that were made from a version which is not the newest any more, and put them down."""
        newest, gone = uow.versions.newest(), []
        for one in uow.approvals.since(uow.now - LONGEST, PLAYBOOK):
            draft = uow.versions.draft(one.subject_id)
            is_other = one.is_running and (approval is None or one.id != approval.id)
            if is_other and draft is not None and newest is not None and draft.base < newest.number:
                draft.settle(DraftState.DROPPED, uow.now, uow.actor.id or None)
                gone.append(one.subject)
        return gone


def put_in_force(
    uow: UnitOfWork, draft: PlaybookDraft, author: Member, *, confirmed: Member | None = None, remark: str = ""
) -> PlaybookVersion:
    """Let a draft be the next version. Raises PlaybookOutdated when somebody was faster."""
    change = Change(
        document=uow.documents.read(draft.document),
        why=draft.why,
        base=draft.base,
        treatment=Treatment(draft.treatment) if draft.treatment else None,
        restores=draft.restores,
        by=author,
        confirmed=confirmed,
        remark=remark,
    )
    version = apply_change(uow, change)
    draft.settle(DraftState.APPLIED, uow.now, uow.actor.id or None, version.number)
    return version


def changes_of(uow: UnitOfWork, draft: PlaybookDraft) -> list[Difference]:
    """Return what a draft would change, or has changed once it is in force."""
    if draft.number is not None:
        return differences_of(uow, version_of(uow, draft.number))
    return compared(uow, uow.documents.read(draft.document))


def _effect(uow: UnitOfWork, draft: PlaybookDraft, found: Sequence[Difference]) -> str:
    """Say how many clocks would move, as long as nothing has happened yet."""
    if draft.state != DraftState.PROPOSED or not moves_clocks(found):
        return ""
    would = preview(uow, uow.documents.read(draft.document).playbook)
    about = "约 " if would.is_estimate else ""
    at_once = f"，{about}{would.due_at_once} 条马上到期" if would.due_at_once else ""
    return f"正在走的 {about}{would.running} 个，重算会变 {about}{would.moved} 个{at_once}"


def _draft(uow: UnitOfWork, subject: Ref) -> PlaybookDraft:
    found = uow.versions.draft(subject.id)
    if found is None:
        raise BadInput("没有找到这份改动，请重新提一次")
    return found
