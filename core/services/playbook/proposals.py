"""A change of the playbook on its way through chat: drafted, decided by its author, approved as the flow wants it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.model.approval import Approval
from core.model.ids import Ref
from core.model.version import DraftState, PlaybookDraft, PlaybookVersion, Treatment
from core.ports import Document, Edit, UnitOfWork
from core.rules.playbook_changes import Difference, moves_clocks, weighty
from core.rules.playbook_outline import section_title
from core.services.approvals.deciding import OVERTAKEN
from core.services.approvals.submitting import drop as void
from core.services.approvals.submitting import submit
from core.services.playbook.applying import (
    compared,
    document_of,
    newest_number,
    require_administrator,
    version_of,
)
from core.services.playbook.clocks import Preview, preview
from core.services.playbook.matter import PLAYBOOK, PlaybookMatter


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """What would change, before anything does."""

    draft: PlaybookDraft
    found: tuple[Difference, ...]
    preview: Preview | None
    weighty: tuple[str, ...]

    @property
    def moves_clocks(self) -> bool:
        return self.preview is not None


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What became of a draft: a version, or an approval that waits for others."""

    version: PlaybookVersion | None = None
    approval: Approval | None = None


def draft_change(uow: UnitOfWork, document: Document, why: str, restores: int | None = None) -> Drafted:
    """Keep a changed document for its author's decision. Refuses whoever may not, and what changes nothing."""
    require_administrator(uow)
    found = tuple(compared(uow, document))
    if not found and restores is None:
        raise BadInput("和现在的规则一样，没有要改的。发送「看看规则」查看现在的设置")
    draft = PlaybookDraft(
        document=document.text,
        base=newest_number(uow),
        restores=restores,
        why=why,
        drafted_at=uow.now,
        drafted_by=uow.actor.id,
    )
    uow.versions.add_draft(draft)
    return _drafted(uow, draft, document, found)


def drafted_before(uow: UnitOfWork, draft_id: int) -> Drafted:
    """Return the actor's own draft as it would change what is in force now."""
    require_administrator(uow)
    draft = _waiting(uow, draft_id, DraftState.OPEN)
    document = uow.documents.read(draft.document)
    return _drafted(uow, draft, document, tuple(compared(uow, document)))


def _drafted(uow: UnitOfWork, draft: PlaybookDraft, document: Document, found: tuple[Difference, ...]) -> Drafted:
    return Drafted(
        draft=draft,
        found=found,
        preview=preview(uow, document.playbook) if moves_clocks(found) else None,
        weighty=weighty(found),
    )


def decide(uow: UnitOfWork, draft_id: int, treatment: Treatment | None) -> Decided:
    """Put the actor's own draft in force, or before whoever the flow for rules asks."""
    require_administrator(uow)
    draft = _waiting(uow, draft_id, DraftState.OPEN)
    if draft.drafted_by != uow.actor.id:
        raise BadInput("这份改动是别人起草的，请由起草人决定，或者自己重新提一次")
    found = compared(uow, uow.documents.read(draft.document))
    draft.treatment = treatment if treatment is not None and moves_clocks(found) else ""
    draft.state, draft.proposed_at = DraftState.PROPOSED, uow.now
    titles = "、".join(dict.fromkeys(section_title(one.section) for one in found)) or "文字写法"
    title = f"退回规则到第 {draft.restores} 版" if draft.restores is not None else f"改规则：{titles}"
    approval = submit(uow, PLAYBOOK, Ref("draft", draft.id), title=title, reason=draft.why)
    if approval is not None:
        return Decided(approval=approval)
    void_overtaken(uow)
    return Decided(version=version_of(uow, draft.number or 0))


def void_overtaken(uow: UnitOfWork) -> None:
    """Let changes that were made from an older version wait for nobody any more; their authors are told."""
    for ref in PlaybookMatter().overtaken(uow):
        void(uow, ref, {PLAYBOOK}, OVERTAKEN)


def drop(uow: UnitOfWork, draft_id: int) -> None:
    """Let the actor's own draft go; nothing was changed by it."""
    draft = _waiting(uow, draft_id, DraftState.OPEN)
    if draft.drafted_by == uow.actor.id:
        draft.settle(DraftState.DROPPED, uow.now, uow.actor.id)


def _waiting(uow: UnitOfWork, draft_id: int, state: DraftState) -> PlaybookDraft:
    draft = uow.versions.draft(draft_id)
    if draft is None:
        raise BadInput("没有找到这份改动，请重新提一次")
    if draft.state == DraftState.APPLIED:
        raise BadInput(f"这份改动已经生效，是第 {draft.number} 版。发送「规则历史」查看")
    if draft.state != state:
        waits = draft.state == DraftState.PROPOSED
        raise BadInput("这份改动已经在审批" if waits else "这份改动已经放弃，没有生效")
    return draft


def with_edits(uow: UnitOfWork, edits: Sequence[Edit]) -> Document:
    """Return the document in force with some settings changed; comments and order stay.

    A section that the document leaves to the defaults is written out first, so that a change of one item keeps the
    others.
    """
    text = document_of(uow, newest_number(uow))
    written = uow.documents.read(text).content
    told = uow.playbook.model_dump(mode="json", by_alias=True, exclude_none=True)
    absent = dict.fromkeys(str(edit.path[0]) for edit in edits if edit.path[0] not in written)
    whole = [Edit(path=(section,), value=told[section]) for section in absent if section in told]
    return uow.documents.read(uow.documents.edited(text, [*whole, *edits]))
